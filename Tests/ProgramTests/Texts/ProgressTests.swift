import Foundation
import Testing

/// Progress: on a terminal only, one line of it at most, with rate and time left. `script` (util-linux) makes the terminal.
@Suite struct `Progress` {
    private func onTerminal(columns: Int, _ words: String) throws -> String {
        let long = try LongRun()
        let command = "stty cols \(columns) rows 24; '\(ProgramFolder.program.path)' \(words)"
        let run = try long.folder.start(
            command: ["/usr/bin/script", "--quiet", "--return", "--command", command, "/dev/null"],
            environment: ["TERM": "tmux-256color", "SHELL": "/bin/sh", "NO_COLOR": "1"]
        ).end()
        #expect(run.exit == 0, "\(run.out)")
        return run.out
    }

    /// What is written over, each time.
    private func lines(_ shown: String) -> [String] {
        shown.components(separatedBy: "\r\u{1B}[K").dropFirst().map { $0.components(separatedBy: "\r\n")[0] }
    }

    @Test func `shows how far, how fast and how long yet`() throws {
        let shown = try onTerminal(columns: 80, LongRun.arguments.joined(separator: " "))
        let applying = lines(shown).filter { $0.hasPrefix("applying: ") }
        #expect(!applying.isEmpty, "\(shown)")
        for line in applying {
            #expect(line.contains(/^applying: [\d,]+ of 12,000 changes, [\d,]+ a second, \d+ (s|min) left$/), "\(line)")
        }
        // The line is taken away before the report begins.
        #expect(shown.contains("\r\u{1B}[KRun "))
        #expect(shown.contains("Done: all 12,000 changes were applied."))
    }

    @Test(arguments: [80, 40]) func `is never wider than the terminal`(columns: Int) throws {
        let shown = try onTerminal(columns: columns, LongRun.arguments.joined(separator: " "))
        let progress = lines(shown).filter { $0.contains(": ") || $0.hasSuffix("…") }
        #expect(!progress.isEmpty)
        for line in progress where !line.hasPrefix("Run ") { #expect(line.count < columns, "\(line)") }
    }

    @Test func `is not shown where nobody looks`() throws {
        let long = try LongRun()
        let run = try long.folder.run(LongRun.arguments)
        #expect(run.exit == 0)
        #expect(!run.err.contains("\r") && !run.err.contains("applying"))
        #expect(
            try !onTerminal(columns: 80, (LongRun.arguments + ["--quiet"]).joined(separator: " ")).contains("applying"))
    }

    @Test func `wraps what goes wrong at its words`() throws {
        let long = try LongRun()
        let command =
            "stty cols 60; '\(ProgramFolder.program.path)' plan people.csv --database popl.sqlite --team nobody-knows-this"
        let shown = try long.folder.start(
            command: ["/usr/bin/script", "--quiet", "--command", command, "/dev/null"],
            environment: ["SHELL": "/bin/sh"]
        ).end().out
        let lines = shown.components(separatedBy: "\r\n")
        #expect(lines[0] == "Error: Nothing was done: there is no team nobody-knows-this")
        #expect(lines[1].hasPrefix("in popl.sqlite."), "\(shown)")
    }
}
