import Dispatch
import Synchronization

/// The same work on several things at once.
enum Concurrently {
    /// What `transform` gives for 0, 1, … `count` − 1, in that order; it runs on all cores.
    static func map<Value: Sendable>(_ count: Int, _ transform: @Sendable (Int) -> Value) -> [Value] {
        if count == 1 { return [transform(0)] }
        let values = Mutex<[Value?]>(Array(repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let value = transform(index)
            values.withLock { $0[index] = value }
        }
        return values.withLock { $0.compactMap(\.self) }
    }
}
