import Foundation
import Testing

/// A folder in which the commands of a document are run as its reader would type them: by a shell, with `popl-sync` on
/// the path, one after the other.
struct DocumentFolder {
    let folder: ProgramFolder

    /// - Parameter samples: files to lay there, by the name that the document uses, from `samples/`.
    init(_ samples: [String: String]) throws {
        folder = try ProgramFolder()
        for (name, sample) in samples { try lay(sample, as: name) }
    }

    func lay(_ sample: String, as name: String) throws {
        let target = folder.url.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: ProgramFolder.root.appending(path: "samples/\(sample)"), to: target)
        // A sample is as fresh as tonight's export would be.
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: target.path)
    }

    /// The exports of one night of `samples/okta`, over those of the night before.
    func lay(night: String) throws {
        let samples = ProgramFolder.root.appending(path: "samples/okta/\(night)")
        for name in try FileManager.default.contentsOfDirectory(atPath: samples.path) {
            try lay("okta/\(night)/\(name)", as: "exports/\(name)")
        }
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: ProgramFolder.root.appending(path: name), encoding: .utf8)
    }

    /// Runs one command line, stdout and stderr together. The id of a run in it, which a document can only give as an
    /// example, stands for the newest run that changed something.
    func run(_ command: String) throws -> (exit: Int32, said: String) {
        guard let example = command.firstMatch(of: /\d{8}T\d{6}Z-[0-9a-f]{8}/) else { return try shell(command) }
        let roster = command.matches(of: /--(?:database|team) \S+/).map { " \($0.output)" }.joined()
        let said = try shell("popl-sync history --format json\(roster) 2>&-").said
        let history = try JSONDecoder().decode(ScenarioValue.self, from: Data(said.utf8))
        let newest = history["runs"]?.array?.first { run in
            if case .number(let applied) = run["outcomes"]?["applied"] { applied > 0 } else { false }
        }
        let id = try #require(newest?["run"]?.string, "no run changed anything")
        return try shell(command.replacing(example.output, with: id))
    }

    /// Runs every line of the `sh` blocks in `text`, in order, and expects the exit code behind `# exit`, else 0. A block
    /// without a language right after one shows what its last line prints, `[…]` what is left out of that. Brings back how
    /// many lines there were.
    func follow(_ text: String) throws -> Int {
        var count = 0
        for block in text.components(separatedBy: "```sh\n").dropFirst() {
            let parts = block.components(separatedBy: "```\n")
            var said = ""
            for line in parts[0].split(separator: "\n") {
                let words = line.components(separatedBy: " # exit ")
                let run = try run(words[0])
                let expected = words.count > 1 ? Int32(words[1]) : 0
                #expect(run.exit == expected, "\(line)\n\(run.said)")
                said = run.said
                count += 1
            }
            guard parts.count > 2, parts[1] == "\n" else { continue }
            Self.expect(parts[2], isShownOf: said)
        }
        return count
    }

    /// A line of `[…]` stands for any number of lines; everything else was printed as it is shown.
    static func expect(_ block: String, isShownOf said: String) {
        let pieces = block.split(separator: #/ *\[…\]\n/#, omittingEmptySubsequences: false)
        let pattern = pieces.map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: "(?:.*\n)*")
        let shown = said.range(of: "^\(pattern)$", options: .regularExpression)
        #expect(shown == said.startIndex..<said.endIndex, "shown:\n\(block)\nprinted:\n\(said)")
    }

    private func shell(_ command: String) throws -> (exit: Int32, said: String) {
        let output = folder.url.appending(path: ".said")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder.url
        process.environment = ["PATH": ProgramFolder.program.deletingLastPathComponent().path + ":/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }
}
