import Exports
import Foundation
import Logging
import Reporting

/// Where a command talks: stdout for the result, stderr for progress, log and errors.
struct Terminal {
    /// For stdout.
    let style: Style
    let log: Logger
    let progress: Progress
    private let logFormat: LogFormat

    init(_ options: CommonOptions) {
        let environment = ProcessInfo.processInfo.environment
        let isColourless =
            options.noColor || !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        style = Style(colour: StandardOutput.isTerminal && !isColourless)
        logFormat = options.logFormat
        var log = Logger(label: "popl-sync") { _ in ErrorStreamLog(format: options.logFormat) }
        // Whoever watches has the report itself before their eyes, and it says what a notice would.
        let isWatched = StandardError.isTerminal && StandardOutput.isTerminal && options.logFormat == .text
        log.logLevel = options.quiet ? .error : options.verbose ? .debug : isWatched ? .warning : .notice
        self.log = log
        progress = Progress(isShown: StandardError.isTerminal && !options.quiet && options.logFormat == .text)
    }

    /// Says what went wrong on stderr, and on stdout too when a machine reads it there.
    func report(_ failure: Failure, wantsJSON: Bool = false, wantsEvents: Bool = false) -> ExitCode {
        switch logFormat {
        case .text: StandardError.write(failure.text)
        case .json:
            log.error(
                "failed",
                metadata: [
                    "code": "\(failure.code)", "exit": "\(failure.exit.rawValue)", "detail": "\(failure.loggedMessage)",
                ])
        }
        if wantsJSON || wantsEvents, (65...78).contains(failure.exit.rawValue) {
            // When stdout itself is what failed, stderr has said so.
            let document = failure.document
            _ = try? StandardOutput.write(bytes: wantsJSON ? document.json : document.events)
        }
        return failure.exit
    }
}

extension Failure {
    var document: ErrorDocument {
        ErrorDocument(
            exitCode: exit.rawValue, code: code, message: message, mend: mend, place: place, inputs: inputs)
    }

    /// `Error: popl-sync.yaml:12:3: …`, and what to do on a line of its own.
    fileprivate var text: String {
        let position = place.map { place in
            ([place.file] + [place.line.map(String.init), place.column].compactMap(\.self)).joined(separator: ":")
                + ": "
        }
        // A message that names its file already does not name it twice.
        let prefix = place.map { message.hasPrefix($0.file) } == true ? "" : position ?? ""
        let lines = ["Error: \(prefix)\(message)"] + (mend.map { [$0] } ?? [])
        return lines.map { TerminalText.visible($0) + "\n" }.joined()
    }
}
