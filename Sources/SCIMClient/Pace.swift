import Synchronization

/// How many requests are on their way at once, as the service takes them: one more after each round that went well, half
/// as many when it asks to wait or fails, and none at all before the moment that it names (RFC 9110 §10.2.3).
package final class Pace: Sendable {
    private struct State {
        var allowed: Double
        var underway = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var pausedUntil: ContinuousClock.Instant?
        var lastGood: ContinuousClock.Instant?
        /// Seconds, the least seen and a running mean.
        var quickest = Double.infinity
        var usual = 0.0
    }

    /// Never more than that.
    package let most: Int
    private let state: Mutex<State>

    package init(most: Int) {
        self.most = max(1, most)
        state = Mutex(State(allowed: Double(min(4, max(1, most)))))
    }

    /// When the service answered as it should the last time; `nil` before the first.
    package var lastGood: ContinuousClock.Instant? { state.withLock { $0.lastGood } }
    /// How many may be on their way now.
    package var allowed: Int { state.withLock { Int($0.allowed) } }
    /// Before which nothing is sent, as the service asked.
    var pausedUntil: ContinuousClock.Instant? { state.withLock { $0.pausedUntil } }

    /// Waits for a turn. Each is given back by ``leave(_:)``.
    func enter() async {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in
            let isMine = state.withLock { state in
                guard state.underway < Int(state.allowed) else {
                    state.waiting.append(turn)
                    return false
                }
                state.underway += 1
                return true
            }
            if isMine { turn.resume() }
        }
        while let pause = state.withLock({ $0.pausedUntil }), pause > .now {
            do { try await Task.sleep(until: pause) } catch { return }
        }
    }

    enum End {
        case good(Duration)
        /// It asks to wait that long.
        case throttled(Duration?)
        case bad
        /// Says nothing of the service.
        case other
    }

    func leave(_ end: End) {
        let next = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.underway -= 1
            switch end {
            case .good(let took):
                state.lastGood = .now
                let seconds = took / .seconds(1)
                state.quickest = min(state.quickest, seconds)
                state.usual = state.usual == 0 ? seconds : state.usual * 0.9 + seconds * 0.1
                // A service that gets slower the more is asked of it gains nothing by more. Below a few milliseconds it
                // is this machine's own noise.
                let isCrowded = state.usual > max(state.quickest * 8, 0.02)
                if isCrowded {
                    state.allowed = max(2, state.allowed - 0.5 / state.allowed)
                } else {
                    state.allowed = min(Double(most), state.allowed + 1 / state.allowed)
                }
            case .throttled(let wait):
                state.allowed = max(1, state.allowed / 2)
                if let wait {
                    let until = ContinuousClock.now + wait
                    state.pausedUntil = max(state.pausedUntil ?? until, until)
                }
            case .bad: state.allowed = max(1, state.allowed / 2)
            case .other: break
            }
            var next: [CheckedContinuation<Void, Never>] = []
            while state.underway < Int(state.allowed), !state.waiting.isEmpty {
                state.underway += 1
                next.append(state.waiting.removeFirst())
            }
            return next
        }
        for turn in next { turn.resume() }
    }
}
