import NIOPosix
import SCIM
import Synchronization

/// The one line in which writes wait for the store. While one transaction goes to the disk others gather, and the next
/// takes all of them along: the more there is to write, the less each waits for.
final class WriteQueue: Sendable {
    private enum Job: Sendable {
        case shared(PreparedRequest, CheckedContinuation<ResourceAnswer, any Error>)
        /// With transactions of its own.
        case alone(@Sendable () -> Void)
    }

    private struct State {
        var jobs: [Job] = []
        var isWorking = false
    }

    private let service: SCIMService
    private let metrics: Metrics
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    /// Writes in one transaction: the first of them waits for the last.
    private static let sharedLimit = 128

    init(_ service: SCIMService, _ metrics: Metrics) {
        self.service = service
        self.metrics = metrics
        thread.start()
    }

    /// Durable when it returns. Throws as ``SCIMService/perform(_:showing:context:)``.
    func commit(_ request: PreparedRequest) async throws -> ResourceAnswer {
        try await withCheckedThrowingContinuation { add(.shared(request, $0)) }
    }

    /// Runs `body`, which writes by itself, in its turn.
    func alone<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            add(.alone { continuation.resume(with: Result(catching: body)) })
        }
    }

    /// What was added before is done first.
    func shutDown() async throws { try await thread.shutdownGracefully() }

    private func add(_ job: Job) {
        let isIdle = state.withLock { state in
            state.jobs.append(job)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if isIdle { thread.submit { _ in self.work() } }
    }

    private func work() {
        while let jobs = next() {
            if case .alone(let body) = jobs.first { body() } else { commit(jobs) }
        }
    }

    /// One that stands alone, or all in front of the first that does.
    private func next() -> [Job]? {
        state.withLock { state in
            guard let first = state.jobs.first else {
                state.isWorking = false
                return nil
            }
            if case .alone = first { return [state.jobs.removeFirst()] }
            let shared = Array(
                state.jobs.prefix(Self.sharedLimit).prefix { if case .shared = $0 { true } else { false } })
            state.jobs.removeFirst(shared.count)
            return shared
        }
    }

    private func commit(_ jobs: [Job]) {
        var requests: [PreparedRequest] = []
        var callers: [CheckedContinuation<ResourceAnswer, any Error>] = []
        for case .shared(let request, let caller) in jobs {
            requests.append(request)
            callers.append(caller)
        }
        do {
            let results = try service.commit(requests)
            metrics.committed(writes: results.count)
            for (caller, result) in zip(callers, results) { caller.resume(with: result.mapError { $0 }) }
        } catch {
            for caller in callers { caller.resume(throwing: error) }
        }
    }
}
