import Dispatch

/// Runs `body` to its end, and tells it to `stop` once a signal came (``Interruption``): this thread has nothing else to do.
func awaiting(stop: () -> Void, _ body: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    Task {
        do { try await body() } catch { outcome.error = error }
        done.signal()
    }
    var isStopping = false
    while done.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
        guard !isStopping, Interruption.exitCode != nil else { continue }
        isStopping = true
        stop()
    }
    if let error = outcome.error { throw error }
}

/// Written before the semaphore is signalled, read after.
private final class Outcome: @unchecked Sendable {
    var error: (any Error)?
}
