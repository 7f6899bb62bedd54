import Dispatch
import Synchronization

/// A value that is made on another thread while this one goes on with something else.
final class Ahead<Value: Sendable>: Sendable {
    private let isMade = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<Value, any Error>?>(nil)

    /// Starts at once.
    init(_ make: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global().async { [self] in
            let made = Result(catching: make)
            result.withLock { $0 = made }
            isMade.signal()
        }
    }

    /// Waits for the value, or throws what making it threw. To be called once.
    func take() throws -> Value {
        isMade.wait()
        guard let made = result.withLock({ $0.take() }) else { preconditionFailure("the value was taken already") }
        return try made.get()
    }
}
