import Foundation
import Testing

/// How a person goes on from a plan that is held.
@Suite struct `A held plan` {
    private static let here = "--database popl.sqlite --team acme"

    private func people(_ numbers: ClosedRange<Int>) -> String {
        "id,login,email,status\n" + numbers.map { "\($0),p\($0)@acme.example,p\($0)@acme.example,active\n" }.joined()
    }

    private func folder() throws -> ProgramFolder {
        let folder = try ProgramFolder()
        try folder.write("all.csv", people(1...20))
        try folder.write("some.csv", people(1...10))
        #expect(try folder.run("sync all.csv \(Self.here) --create-team").exit == 0)
        return folder
    }

    /// The command that the report ends with, its lines joined as a shell joins them.
    private func proposed(_ run: ProgramRun) throws -> String {
        let lines = run.out.replacing("\\\n", with: "").split(separator: "\n")
        return try #require(lines.last).trimmingCharacters(in: .whitespaces)
    }

    @Test(arguments: ["plan", "sync"])
    func `proposes each guard once, with its figure, whatever was accepted before`(command: String) throws {
        let folder = try folder()
        let stale = "--accept deactivations=9 --accept=export-shrunk=1"
        let run = try folder.run("\(command) some.csv \(Self.here) \(stale)")
        #expect(run.exit == 3)
        let next = try proposed(run)
        #expect(next.matches(of: /--accept.deactivations=10/).count == 1, "\(next)")
        #expect(!next.contains("=9") && !next.contains("export-shrunk=1 "), "\(next)")
        #expect(next.hasPrefix("popl-sync sync "))
        let again = try folder.run(next.split(separator: " ").dropFirst().map(String.init))
        #expect(again.exit == 0, "\(next)\n\(again.out)")
    }

    @Test func `keeps what was accepted in the command that applies it`() throws {
        let folder = try folder()
        let held = try folder.run("plan some.csv \(Self.here)").out
        let accepted = held.matches(of: /--accept [a-z.-]+=[0-9]+/).map { String($0.0) }
        let run = try folder.run("plan some.csv \(Self.here) --out x.plan \(Set(accepted).joined(separator: " "))")
        #expect(run.exit == 0, "\(run.out)")
        let next = try proposed(run)
        #expect(try folder.run(next.split(separator: " ").dropFirst().map(String.init)).exit == 0, "\(next)")
    }
}
