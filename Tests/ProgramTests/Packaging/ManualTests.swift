import Foundation
import Testing

@Suite struct `Manual` {
    private let folder: ProgramFolder
    private let pages: [String]

    init() throws {
        folder = try ProgramFolder()
        let made = try folder.start(
            command: [DebianPackage.script("packaging/manual.py"), ProgramFolder.program.path, folder.url.path]
        ).end()
        try #require(made.exit == 0, "\(made.err)")
        pages = try folder.names()
    }

    @Test func `has a page for each command, and one for the configuration`() throws {
        let commands = `Command line`.commands.filter { !$0.contains(" ") && !$0.isEmpty }
        let expected = commands.map { "popl-sync-\($0).1" } + ["popl-sync.1", "popl-sync.yaml.5"]
        #expect(pages == expected.sorted())
    }

    @Test func `is without fault, to mandoc and to man`() throws {
        for page in pages {
            let lint = try folder.start(command: ["/usr/bin/mandoc", "-T", "lint", "-W", "warning", page]).end()
            #expect(lint.exit == 0, "\(lint.out)\(lint.err)")
            let man = try folder.start(
                command: ["/usr/bin/man", "--warnings", "--local-file", folder.path(page)],
                environment: ["MANPAGER": "cat", "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MAN_KEEP_STDERR": "1"]
            ).end()
            #expect(man.exit == 0 && man.err.isEmpty, "\(page): \(man.err)")
        }
    }

    /// As it is read: every option of every command, every exit code, every key.
    @Test func `says what the program says`() throws {
        for command in `Command line`.commands.dropFirst() {
            let text = try read("popl-sync-\(command.split(separator: " ")[0]).1")
            let help = try folder.run("\(command) --help").out
            let options = help.matches(of: /\n  (?:-\w, )?(--[a-z-]+)/).map(\.1)
            for option in options { #expect(text.contains(option), "\(command): \(option)") }
        }
        let sync = try read("popl-sync-sync.1")
        #expect(sync.contains("popl-sync sync okta.csv") || sync.contains("popl-sync sync"))
        for heading in ["SYNOPSIS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"] {
            #expect(sync.contains("\n\(heading)\n"), "\(heading)")
        }
        for code in [0, 1, 2, 3, 64, 65, 66, 69, 70, 73, 75, 77, 78, 130, 143] {
            #expect(sync.contains("\n     \(code) "), "\(code)")
        }
        let configuration = try read("popl-sync.yaml.5")
        for key in try DocumentFolder.text("docs/configuration.md").matches(of: /\n\| `([^`]+)` \|/).map(\.1) {
            #expect(configuration.contains("\n     \(key)"), "\(key)")
        }
    }

    private func read(_ page: String) throws -> String {
        try folder.start(
            command: ["/usr/bin/mandoc", "-T", "utf8", "-O", "width=100", page], environment: ["MANPAGER": "cat"]
        ).end().out.replacing(/.\u{08}/, with: "")
    }
}
