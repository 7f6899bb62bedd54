import Foundation
import JSON

/// Why a service cannot be worked with any more: not about one resource, about all.
package enum ServiceFailure: Error, Hashable, Sendable {
    /// A sentence's end: `the service …`. Nothing it was asked for a while was answered.
    case unavailable(String)
    /// 401, or 403 for what every request needs.
    case refused(Int)
    /// Whoever runs this wants it to end.
    case stopped
}

/// Requests that are made again where that can do no harm, at the service's pace and within a budget of time.
package struct PatientClient: Sendable {
    package let client: SCIMClient
    package let pace: Pace
    private let patience: Duration
    private let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - patience: for how long one request is tried.
    ///   - isStopped: asked before each try.
    package init(
        _ client: SCIMClient, pace: Pace, patience: Duration, isStopped: @escaping @Sendable () -> Bool
    ) {
        self.client = client
        self.pace = pace
        self.patience = patience
        self.isStopped = isStopped
    }

    /// The same with little patience, for what can be done without.
    package var hurried: PatientClient {
        PatientClient(client, pace: pace, patience: .seconds(5), isStopped: isStopped)
    }

    /// What one try came to.
    package enum Attempt: Sendable {
        /// An answer to go by: done, or refused for good.
        case answered(Answer)
        /// Whether the service did it is not known, or it asks to be asked again; in words that follow "the service".
        case unclear(String)
    }

    /// Tries once. Throws only what no other request would fare better with.
    package func attempt(
        _ method: SCIMClient.Method, _ path: String, body: JSONValue? = nil, ifMatch: String? = nil
    ) async throws(ServiceFailure) -> Attempt {
        await pace.enter()
        if isStopped() || Task.isCancelled {
            pace.leave(.other)
            throw .stopped
        }
        let start = ContinuousClock.now
        let answer: Answer
        do {
            answer = try await client.send(method, path, body: body, ifMatch: ifMatch)
        } catch {
            pace.leave(.bad)
            switch error {
            case .redirected, .answerTooLarge: throw .unavailable(error.reason)
            case .insecure where pace.lastGood == nil: throw .unavailable(error.reason)
            default: return .unclear(error.reason)
            }
        }
        switch answer.status {
        case 401:
            pace.leave(.other)
            throw .refused(401)
        case 429, 503:
            pace.leave(.throttled(answer.retryAfter(now: Date())))
            return .unclear(answer.status == 429 ? "asks to wait" : "is overloaded or being maintained")
        case 408, 425, 500, 502, 504, 520...599:
            pace.leave(.bad)
            return .unclear("is answering \(answer.status)")
        case 200..<300 where answer.isIllegible(to: method):
            pace.leave(.bad)
            return .unclear("answered with \(answer.kind)")
        default:
            pace.leave(.good(start.duration(to: .now)))
            return .answered(answer)
        }
    }

    /// GET, until there is an answer to go by.
    package func read(_ path: String) async throws(ServiceFailure) -> Answer {
        var tries = Tries(self)
        while true {
            switch try await attempt(.get, path) {
            case .answered(let answer): return answer
            case .unclear(let reason): try await tries.wait(reason)
            }
        }
    }

    /// Counts tries, and waits longer after each.
    package struct Tries {
        private let client: PatientClient
        private let start = ContinuousClock.now
        private var count = 0

        package init(_ client: PatientClient) { self.client = client }

        /// Waits before the next try, or throws when the budget is used up. Of a service that never answered at all less
        /// is waited for: most often its URL is wrong.
        package mutating func wait(_ reason: String) async throws(ServiceFailure) {
            let patience = client.pace.lastGood == nil ? min(client.patience, .seconds(30)) : client.patience
            let longest = min(0.1 * Double(1 << min(count, 8)), 20)
            let pause = Duration.seconds(Double.random(in: longest / 2...longest))
            let next = max(.now + pause, client.pace.pausedUntil ?? .now)
            guard start.duration(to: next) < patience else { throw .unavailable(reason) }
            if client.isStopped() || Task.isCancelled { throw .stopped }
            count += 1
            try? await Task.sleep(for: pause)
        }
    }

    /// Whether nothing at all was answered for as long as one request is tried: then nothing more needs to be.
    package var isGivenUp: Bool {
        guard let last = pace.lastGood else { return true }
        return last.duration(to: .now) > patience
    }
}

extension Answer {
    /// What is there is not JSON; or a read is answered with nothing, or with what is neither a resource nor a list.
    fileprivate func isIllegible(to method: SCIMClient.Method) -> Bool {
        switch body {
        case .html, .unreadable: true
        case .empty: method == .get
        case .json(let value): method == .get && value.object == nil && value.array == nil
        }
    }
}
