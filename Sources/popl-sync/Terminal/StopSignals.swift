@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM for what runs until it is told to stop. The first one asks it to; a second one ends the process at
/// once, as if nobody listened.
final class StopSignals: Sendable {
    private let first = Mutex<Int32?>(nil)
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [self] in
                let isFirst = first.withLock { first in
                    defer { first = first ?? number }
                    return first == nil
                }
                guard isFirst else { _exit(128 + number) }
                stop()
            }
            source.resume()
        }
    }

    /// 130 or 143 once one came.
    var exitCode: ExitCode? {
        switch first.withLock({ $0 }) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }
}
