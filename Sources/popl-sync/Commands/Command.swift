import ArgumentParser
import Exports
import Foundation
import Reporting

/// A command as this program runs it: it performs, and whatever goes wrong becomes one message and one exit code.
protocol Command: ParsableCommand {
    var common: CommonOptions { get }
    /// Whether stdout is for a machine, who then gets the error as a document too.
    var wantsJSON: Bool { get }
    /// The same as events, one a line.
    var wantsEvents: Bool { get }
    func perform(_ terminal: Terminal) throws -> ExitCode
}

extension Command {
    var wantsEvents: Bool { false }

    mutating func run() throws {
        // A reader of stdout that goes away must not end a run; the failed write is noticed where it happens.
        signal(SIGPIPE, SIG_IGN)
        let terminal = Terminal(common)
        let code: ExitCode
        do {
            code = try perform(terminal)
        } catch {
            terminal.progress.end()
            let failure = Failure(describing: error).withNextCommand(of: Self.self)
            code = terminal.report(failure, wantsJSON: wantsJSON, wantsEvents: wantsEvents)
        }
        if code != .done { throw ArgumentParser.ExitCode(code.rawValue) }
    }
}
