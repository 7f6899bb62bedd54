import Dispatch

/// Runs `body` to its end on this thread, which has nothing else to do.
func awaiting(_ body: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    Task {
        do { try await body() } catch { outcome.error = error }
        done.signal()
    }
    done.wait()
    if let error = outcome.error { throw error }
}

/// Written before the semaphore is signalled, read after.
private final class Outcome: @unchecked Sendable {
    var error: (any Error)?
}
