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
        case .text: StandardError.write(failure.text(columns: StandardError.columns))
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
            exitCode: exit.rawValue, code: code, message: message, mend: wholeMend, place: place, inputs: inputs)
    }

    /// What to do next, the command to type included.
    var wholeMend: String? {
        let parts = [mend, next].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// `Error: popl-sync.yaml:12:3: …`, what to do on a line of its own, and the command to type on the last one. Each is
    /// one line where it goes to a file; on a terminal it is wrapped at its words, the command excepted.
    fileprivate func text(columns: Int?) -> String {
        let position = place.map { place in
            ([place.file] + [place.line.map(String.init), place.column].compactMap(\.self)).joined(separator: ":")
                + ": "
        }
        // A message that names its file already does not name it twice.
        let prefix = place.map { message.hasPrefix($0.file) } == true ? "" : position ?? ""
        let sentences = (["Error: \(prefix)\(message)"] + [mend].compactMap(\.self)).map(TerminalText.visible)
        let lines = columns.map { columns in sentences.flatMap { TerminalText.wrapped($0, columns: columns) } }
        let command = next.map { ["  " + TerminalText.visible($0)] } ?? []
        return ((lines ?? sentences) + command).map { $0 + "\n" }.joined()
    }
}
