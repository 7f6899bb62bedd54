import Foundation
import Testing

/// `metrics-file`, held against Prometheus' own tool (promtool).
@Suite struct `Metrics file` {
    private static let tool = ProgramFolder.root.appending(path: ".build/conformance/bin/promtool").path

    /// What `promtool check metrics` says of it; empty when nothing.
    private func objections(_ folder: ProgramFolder, _ file: String) throws -> String {
        let run = try folder.start(command: ["/bin/sh", "-c", "'\(Self.tool)' check metrics < '\(file)'"]).end()
        return run.exit == 0 ? run.out + run.err : "exit \(run.exit) \(run.out)\(run.err)"
    }

    /// By metric and labels other than team and source.
    private func values(_ folder: ProgramFolder, _ file: String = "popl.prom") throws -> [String: Double] {
        var values: [String: Double] = [:]
        for line in try folder.read(file).split(separator: "\n") where !line.hasPrefix("#") {
            let sample = try #require(line.wholeMatch(of: /popl_sync_(\w+)\{team="acme",source="okta"(.*)\} (\S+)/))
            values[String(sample.1 + sample.2)] = Double(sample.3)
        }
        return values
    }

    @Test func `says how a run ended, and promtool has no objection`() throws {
        let night = try Night("metrics-file: popl.prom")
        let before = Date().timeIntervalSince1970
        #expect(try night.sync().exit == 0)
        #expect(try objections(night.folder, "popl.prom") == "")
        let values = try values(night.folder)
        #expect(values["last_run_exit_code"] == 0)
        #expect((before - 1...before + 600).contains(try #require(values["last_run_timestamp_seconds"])))
        #expect(values["last_success_timestamp_seconds"] == values["last_run_timestamp_seconds"])
        #expect(values["export_timestamp_seconds"] == 1_795_410_000)
        #expect(values["planned_changes,kind=\"create\""] == 3)
        #expect(values["changes,outcome=\"applied\""] == 3)
        #expect(values["guard_held,guard=\"deactivations\""] == 0)
        #expect(values["active_members"] == 3)
        #expect(values["suspected_members"] == 0)
    }

    @Test func `keeps the last success when a run is held or fails`() throws {
        let night = try Night("metrics-file: popl.prom")
        #expect(try night.sync().exit == 0)
        let success = try values(night.folder)
        try night.export([1])
        #expect(try night.sync().exit == 3)
        var values = try values(night.folder)
        #expect(values["last_run_exit_code"] == 3)
        #expect(values["guard_held,guard=\"deactivations\""] == 1)
        #expect(values["last_success_timestamp_seconds"] == success["last_success_timestamp_seconds"])
        #expect(try #require(values["last_run_timestamp_seconds"]) > success["last_run_timestamp_seconds"] ?? 0)
        try FileManager.default.removeItem(at: night.folder.url.appending(path: "users.csv"))
        #expect(try night.sync().exit == 66)
        values = try self.values(night.folder)
        #expect(values["last_run_exit_code"] == 66)
        #expect(values["last_success_timestamp_seconds"] == success["last_success_timestamp_seconds"])
        #expect(values["export_timestamp_seconds"] == success["export_timestamp_seconds"])
        #expect(values["active_members"] == 3)
        #expect(values["guard_held,guard=\"deactivations\""] == nil)
        #expect(try objections(night.folder, "popl.prom") == "")
    }

    @Test func `tells when the last certificate for sign-in ends`() throws {
        let night = try Night("metrics-file: popl.prom")
        try DocumentFolder.copy("okta/monday/metadata.xml", into: night.folder)
        #expect(try night.sync("metadata.xml", "users.csv").exit == 0)
        #expect(try values(night.folder)["signing_certificate_expiry_timestamp_seconds"] == 1_930_089_600)
    }

    @Test func `is one for each team and source, whatever they are called`() throws {
        let night = try Night(
            "metrics-file: \"{team}-{source}.prom\"", team: "a \"b\"", source: "../x\\n{team}")
        let run = try night.sync()
        #expect(run.exit == 0, "\(run.err)")
        let file = try #require(try night.folder.names().first { $0.hasSuffix(".prom") })
        #expect(file == "a__b_-___x__team_.prom")
        #expect(try objections(night.folder, file) == "")
        #expect(try night.folder.read(file).contains(#"{team="a \"b\"",source="../x\n{team}"}"#))
    }

    /// By the option too, and whatever was there before; nothing is left beside it.
    @Test func `is replaced whole, for everybody to read`() throws {
        let night = try Night()
        try night.folder.write("here.prom", "popl_sync_last_success_timestamp_seconds nonsense\n\u{0}")
        let run = try night.folder.start(
            command: [
                "/bin/sh", "-c",
                "umask 077; exec '\(ProgramFolder.program.path)' import users.csv --metrics-file here.prom \(Night.words.joined(separator: " "))",
            ]
        ).end()
        #expect(run.exit == 0, "\(run.err)")
        #expect(try objections(night.folder, "here.prom") == "")
        let attributes = try FileManager.default.attributesOfItem(atPath: night.folder.path("here.prom"))
        #expect(attributes[.posixPermissions] as? Int == 0o644)
        #expect(try !night.folder.names().contains { $0.hasSuffix(".tmp") })
    }

    @Test func `has an explanation of every metric in docs, and of no other`() throws {
        let night = try Night("metrics-file: popl.prom")
        try DocumentFolder.copy("okta/monday/metadata.xml", into: night.folder)
        #expect(try night.sync("metadata.xml", "users.csv").exit == 0)
        let text = try night.folder.read("popl.prom")
        let printed = Set(text.matches(of: /# TYPE (\w+) gauge/).map { String($0.1) })
        let page = try DocumentFolder.text("docs/operations.md")
        let documented = Set(
            page.matches(of: /`(popl_sync_\w*(?:seconds|code|members|changes|held|records))`/).map { String($0.1) })
        #expect(documented == printed)
        let used = Set(
            try DocumentFolder.text("docs/alerts.yml").matches(of: /popl_sync_\w+/).map { String($0.output) })
        #expect(used.subtracting(printed).isEmpty)
    }

    @Test func `has alert rules that Prometheus loads, and that speak when they should`() throws {
        let folder = try ProgramFolder()
        let root = ProgramFolder.root
        for words in [
            ["check", "rules", root.appending(path: "docs/alerts.yml").path],
            ["test", "rules", root.appending(path: "Tests/Conformance/alerts-test.yml").path],
        ] {
            let run = try folder.start(command: [Self.tool] + words).end()
            #expect(run.exit == 0, "\(run.out)\(run.err)")
        }
        // Each of them is tested.
        let rules = try DocumentFolder.text("docs/alerts.yml").matches(of: /alert: (\w+)/).map { String($0.1) }
        let tests = try DocumentFolder.text("Tests/Conformance/alerts-test.yml")
        for rule in rules { #expect(tests.contains("alertname: \(rule)\n        exp_alerts"), "\(rule)") }
    }
}
