import Foundation
import Synchronization

/// Ctrl-C and SIGTERM while a plan is applied or the service runs: what is in flight is finished, and nothing more is
/// begun. Whoever is at work asks ``exitCode`` from time to time.
///
/// Before that nothing needs finishing, and the signals end the process as they always do. So does a second one: a run
/// that is killed anywhere converges on the next, and what the service answered is durable.
enum Interruption {
    private static let signal = Atomic<Int32>(0)

    /// From now on the first SIGINT or SIGTERM is only noted. One that was noted before still counts.
    static func startListening() {
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.signal.store($0, ordering: .relaxed) }
            action.sa_flags = SA_RESETHAND.flags
            sigaction(number, &action, nil)
        }
    }

    /// 130 or 143 once one came.
    static var exitCode: ExitCode? {
        switch signal.load(ordering: .relaxed) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }
}

extension UInt32 {
    fileprivate var flags: Int32 { Int32(bitPattern: self) }
}

extension Int32 {
    fileprivate var flags: Int32 { self }
}
