#if DEBUG
    import Foundation
    import Synchronization

    /// A crash on purpose, for the tests that kill the program at each step in turn: `POPL_SYNC_FAULT=write:17` ends the
    /// process with SIGKILL before its 17th write, `commit:5` before its fifth commit, `after-commit:5` after it;
    /// `commit:5:STOP` sends another signal. Not in release builds.
    enum Fault: String {
        case write
        case commit
        case afterCommit = "after-commit"

        private static let signals = ["KILL": SIGKILL, "TERM": SIGTERM, "INT": SIGINT, "STOP": SIGSTOP]

        private static let wanted: (fault: Fault, number: Int, signal: Int32)? = {
            let parts = (ProcessInfo.processInfo.environment["POPL_SYNC_FAULT"] ?? "").split(separator: ":")
            guard parts.count >= 2, let fault = Fault(rawValue: String(parts[0])), let number = Int(parts[1]),
                let signal = signals[parts.count > 2 ? String(parts[2]) : "KILL"]
            else { return nil }
            return (fault, number, signal)
        }()
        private static let reached = Atomic<Int>(0)

        static func reach(_ fault: Fault) {
            guard let wanted, wanted.fault == fault else { return }
            if reached.add(1, ordering: .relaxed).newValue == wanted.number { kill(getpid(), wanted.signal) }
        }
    }
#endif
