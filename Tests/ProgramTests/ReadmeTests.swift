import Foundation
import Testing

@Suite struct `README` {
    @Test func `shows the plan that the program prints`() throws {
        let readme = try DocumentFolder.text("README.md")
        let block = try #require(readme.components(separatedBy: "```\n").dropFirst().first)
        #expect(block.hasPrefix("$ popl-sync plan\n"))
        let document = try DocumentFolder(["popl-sync.yaml": "okta/popl-sync.yaml"])
        try document.lay(night: "monday")
        #expect(try document.run("popl-sync team create fernhill && popl-sync sync").exit == 0)
        try document.lay(night: "tuesday")
        let printed = try document.run("popl-sync plan")
        #expect(printed.exit == 0)
        DocumentFolder.expect(String(block.dropFirst("$ popl-sync plan\n".count)), isShownOf: printed.said)
        #expect(block.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `names commands that work, in the order in which they stand`() throws {
        let readme = try DocumentFolder.text("README.md")
        let sections = readme.components(separatedBy: "\n## ")
        let uses = try #require(sections.first { $0.hasPrefix("Three uses") }).components(separatedBy: "\n**")
        #expect(uses.count == 1 + 3)
        let wrong = try #require(sections.first { $0.hasPrefix("When something went wrong") })
        for use in uses.dropFirst() + [wrong] {
            let document = try DocumentFolder([
                "okta-users.json": "okta/monday/users.json", "people.csv": "okta/rockstar-users.csv",
            ])
            if use == wrong {
                try document.lay("okta/tuesday/users.json", as: "tuesday.json")
                let roster = "--database popl.sqlite --team acme"
                #expect(try document.run("popl-sync import okta-users.json \(roster) --create-team").exit == 0)
                #expect(try document.run("popl-sync import tuesday.json \(roster)").exit == 1)
            }
            let commands = use.split(separator: "\n").filter { $0.hasPrefix("    ") }
            #expect(!commands.isEmpty)
            for command in commands {
                let run = try document.run(String(command))
                #expect(run.exit == 0, "\(command)\n\(run.said)")
            }
        }
    }

    @Test(arguments: [
        "README.md", "docs/architecture.md", "docs/formats.md", "docs/operations.md", "docs/okta.md", "docs/entra.md",
        "docs/threat-model.md", "docs/tutorial-okta.md", "docs/tutorial-entra.md", "docs/troubleshooting.md",
        "docs/CONTRIBUTING.md", "docs/SECURITY.md",
    ])
    func `and its neighbours link to what is there`(name: String) throws {
        let folder = ProgramFolder.root.appending(path: name).deletingLastPathComponent()
        for link in try DocumentFolder.text(name).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
            let target = folder.appending(path: String(link.1))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(link.1)")
        }
    }

    /// `ExitCode` is the table; every page that repeats it must agree.
    @Test(arguments: ["README.md", "docs/operations.md"]) func `lists every exit code`(name: String) throws {
        let text = try DocumentFolder.text(name)
        for code in [0, 1, 2, 3, 64, 65, 66, 69, 70, 73, 75, 77, 78, 130, 143] {
            #expect(text.contains("\n| \(code) |"), "\(code)")
        }
    }
}
