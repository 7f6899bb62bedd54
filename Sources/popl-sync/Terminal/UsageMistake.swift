import ArgumentParser
import Foundation

extension PoplSync {
    /// As ParsableCommand does it, but for a command line that cannot be understood: that one is told in the words of
    /// ``UsageMistake``.
    static func main() {
        // A program that has Swift inside reads its arguments there. Without them it would print its help and end well.
        guard !CommandLine.arguments.isEmpty else {
            StandardError.write("Error: the command line cannot be read: /proc is not mounted. Nothing was done.\n")
            Foundation.exit(ExitCode.usage.rawValue)
        }
        if let mistake = UsageMistake(ofHelp: CommandLine.arguments) {
            StandardError.write(mistake.text)
            Foundation.exit(ExitCode.usage.rawValue)
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error).rawValue == ExitCode.usage.rawValue else { exit(withError: error) }
            if !(error is ArgumentParser.ExitCode) { StandardError.write(UsageMistake(error).text) }
            Foundation.exit(ExitCode.usage.rawValue)
        }
    }
}

/// A command line that cannot be understood, and the command to type next: the same one mended where it is plain what
/// was meant, an example otherwise.
struct UsageMistake {
    private var message = ""
    private var help: String?
    private var lead = "For example:"
    private var next = ""

    init(_ error: any Error, arguments: [String] = CommandLine.arguments) {
        let full = PoplSync.fullMessage(for: error)
        // The parser names the command that it was at: `See 'popl-sync team --help' for more information.`
        let path = full.firstMatch(of: /See '(popl-sync[^']*?) --help'/).map { String($0.1) } ?? "popl-sync"
        let names = path.split(separator: " ").dropFirst().map(String.init)
        let command = Self.command(names)
        let subcommands = command.configuration.subcommands.compactMap { $0.configuration.commandName }
        let word = arguments.dropFirst(names.count + 1).first ?? "-"
        if !subcommands.isEmpty, !word.hasPrefix("-") {
            tell(ofUnknown: word, among: subcommands, path, arguments)
            return
        }
        let words = PoplSync.message(for: error)
        message = Self.folded(words)
        help = full.firstMatch(of: /\nHelp: +(.+)/).map { String($0.1) }
        next = command.example
        if words.contains("it needs --run") {
            lead = "Give one that history lists:"
            next = Shell.thisCommand(arguments, adding: "--run ID")
        } else if let mended = Self.mended(words, arguments) {
            lead = "Type:"
            next = mended
        }
    }

    /// `popl-sync help WORD` of a command that there is none of: the parser shows the help of what is above it.
    init?(ofHelp arguments: [String]) {
        guard arguments.dropFirst().first == "help" else { return nil }
        var known: [String] = []
        for word in arguments.dropFirst(2).prefix(while: { !$0.hasPrefix("-") }) {
            let command = Self.command(known)
            let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
            if names.isEmpty { return nil }
            guard names.contains(word) else {
                tell(ofUnknown: word, among: names, (["popl-sync"] + known).joined(separator: " "), arguments)
                return
            }
            known.append(word)
        }
        return nil
    }

    private mutating func tell(
        ofUnknown word: String, among commands: [String], _ path: String, _ arguments: [String]
    ) {
        guard let near = Spelling.nearest(to: word, among: commands) else {
            message = "There is no command \(word)."
            help = "It is one of: \(commands.joined(separator: ", "))."
            lead = "See what each does:"
            next = "\(path) --help"
            return
        }
        message = "There is no command \(word); did you mean \(near)?"
        lead = "Type:"
        next = Shell.thisCommand(arguments, replacing: [word: near])
    }

    /// The whole command line as it was probably meant.
    private static func mended(_ message: String, _ arguments: [String]) -> String? {
        if let found = message.firstMatch(of: /Unknown option '(-[^']*)'. Did you mean '(-[^']*)'\?/) {
            return Shell.thisCommand(arguments, replacing: [String(found.1): String(found.2)])
        }
        if let found = message.firstMatch(of: /--accept (\S+): .*Did you mean --accept (\S+)\?/) {
            return Shell.thisCommand(arguments, replacing: [String(found.1): String(found.2)])
        }
        // What other tools call it.
        if message.contains("Unknown option '--dry-run'") {
            return Shell.sameCommand(
                arguments, as: "plan", dropping: ["--dry-run": false, "--create-team": false, "--metrics-file": true])
        }
        guard let found = message.firstMatch(of: /The value '([^']*)' is invalid/) else { return nil }
        let values = message.matches(of: /\n +- (\S+)/).map { String($0.1) }
        return Spelling.nearest(to: String(found.1), among: values).map {
            Shell.thisCommand(arguments, replacing: [String(found.1): $0])
        }
    }

    /// In one line: the values that an option takes stand below each other otherwise.
    private static func folded(_ message: String) -> String {
        guard let start = message.firstRange(of: " Please provide one of the following:") else { return message }
        let values = message[start.upperBound...].matches(of: /\n +- (\S+)/).map { String($0.1) }
        return "\(message[..<start.lowerBound]) It takes: \(values.joined(separator: ", "))."
    }

    private static func command(_ names: [String]) -> any ParsableCommand.Type {
        names.reduce(PoplSync.self as any ParsableCommand.Type) { command, name in
            command.configuration.subcommands.first { $0.configuration.commandName == name } ?? command
        }
    }

    var text: String {
        (["Error: \(message)"] + [help].compactMap(\.self) + [lead, "  \(next)"]).joined(separator: "\n") + "\n"
    }
}
