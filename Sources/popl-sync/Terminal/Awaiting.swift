import Dispatch

/// Runs `body` to its end, and tells it to `stop` once a signal came (``Interruption``): this thread has nothing else to do.
func awaiting<Value: Sendable>(
    stop: () -> Void, _ body: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome<Value>()
    Task {
        do { outcome.result = .success(try await body()) } catch { outcome.result = .failure(error) }
        done.signal()
    }
    var isStopping = false
    while done.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
        guard !isStopping, Interruption.exitCode != nil else { continue }
        isStopping = true
        stop()
    }
    return try outcome.result.get()
}

/// Written before the semaphore is signalled, read after.
private final class Outcome<Value>: @unchecked Sendable {
    var result: Result<Value, any Error> = .failure(CancellationError())
}
