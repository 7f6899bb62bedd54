import Dispatch
import Synchronization

/// Runs `body` to its end while this thread does nothing else but call `meanwhile`, ten times a second.
func blocking<Value: Sendable>(
    meanwhile: () -> Void = {}, _ body: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let outcome = Outcome<Value>()
    Task {
        do { outcome.end(.success(try await body())) } catch { outcome.end(.failure(error)) }
    }
    while outcome.isDone.wait(timeout: .now() + .milliseconds(100)) == .timedOut { meanwhile() }
    guard let result = outcome.result.withLock({ $0 }) else { preconditionFailure("it is set before it is signalled") }
    return try result.get()
}

private final class Outcome<Value: Sendable>: Sendable {
    let isDone = DispatchSemaphore(value: 0)
    let result = Mutex<Result<Value, any Error>?>(nil)

    func end(_ result: Result<Value, any Error>) {
        self.result.withLock { $0 = result }
        isDone.signal()
    }
}
