import Foundation
import NIOPosix
import SCIM
import Synchronization

/// A store whose reads a test can slow down, or hold.
final class PacedStore: ResourceStore {
    private struct State {
        var pause = Duration.zero
        var isHolding = false
        var held = 0
    }

    private let store: any ResourceStore
    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)

    init(_ store: any ResourceStore) { self.store = store }

    /// Each read that begins from now on takes so much longer.
    func pause(_ time: Duration) { state.withLock { $0.pause = time } }

    /// Reads beside the event loops that begin from now on wait until ``letGo()``: slices of long lists, and what else
    /// may take long.
    func holdLongReads() { state.withLock { $0.isHolding = true } }

    /// How many wait.
    var held: Int { state.withLock { $0.held } }

    func letGo() {
        let held = state.withLock { state in
            defer { state = State() }
            return state.held
        }
        for _ in 0..<held { gate.signal() }
    }

    func read<Result>(_ body: (any StoreReading) throws -> Result) throws -> Result {
        let isBeside = MultiThreadedEventLoopGroup.currentEventLoop == nil
        let (pause, waits) = state.withLock { state in
            let waits = state.isHolding && isBeside
            if waits { state.held += 1 }
            return (state.pause, waits)
        }
        if waits { gate.wait() }
        if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
        return try store.read(body)
    }

    func write<Result>(_ body: (any StoreWriting) throws -> Result) throws -> Result { try store.write(body) }
}
