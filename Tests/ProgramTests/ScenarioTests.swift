import Foundation
import Testing

/// Every folder of `samples/scenarios`, played with the built program.
@Suite struct `Scenarios` {
    @Test(arguments: Scenario.all)
    func `the program does what the folder says`(_ named: Scenario.Named) throws {
        let scenario = try named.read()
        var run = try ScenarioRun(scenario)
        defer { run.clear() }
        for disagreement in try run.play() { Issue.record("\(scenario.name): \(disagreement)") }
        #expect(try Formats.undocumented(run.documents) == [])
    }

    /// The names that people look for; a folder that was lost would otherwise not be missed.
    @Test func `none of the scenarios is missing`() {
        let there = Set(Scenario.folders)
        let wanted: Set = [
            "empty-export", "export-ends-midway", "one-page-of-many", "error-page-saved-as-export", "stale-export",
            "shrunken-export", "wrong-tenant-export", "rename-keeps-the-person", "swapped-addresses",
            "recycled-address", "case-and-unicode", "unmanaged-members", "last-admin", "rehire", "same-person-twice",
            "poison-record",
            "status-unknown", "sign-in-trouble-is-not-departure", "second-run-silent", "dry-run-is-dry",
            "certificate-rollover", "bad-metadata-keeps-the-good-copy", "hostile-metadata", "formula-in-our-csv",
            "joiner", "mover", "leaver", "groups", "blank-is-not-clear", "incomplete-creates-and-updates", "undo",
            "already-so", "column-emptied", "reissued-anchors", "trickle", "scope-edit", "guard-not-fooled", "grace",
            "two-sources", "attribute-not-kept", "crash-anywhere", "overlap", "disk-in-the-way", "cron-truth",
            "interrupted-by-the-operator",
            "why", "why-not",
        ]
        #expect(wanted.subtracting(there).isEmpty)
    }
}

/// The scenarios are only as good as what compares them.
@Suite struct `Scenario matcher` {
    private func value(_ text: String) throws -> ScenarioValue {
        try JSONDecoder().decode(ScenarioValue.self, from: Data(text.utf8))
    }

    private func agree(_ expected: String, _ found: String) throws -> Bool {
        var matcher = ScenarioMatcher()
        return matcher.differences(expected: try value(expected), found: try value(found)).isEmpty
    }

    @Test func `lets an object hold more than was asked for, and no less`() throws {
        #expect(try agree(#"{"a": 1}"#, #"{"a": 1, "b": 2}"#))
        #expect(try !agree(#"{"a": 1, "b": 2}"#, #"{"a": 1}"#))
        #expect(try agree(#"{"b": null}"#, #"{"a": 1}"#))
    }

    @Test func `takes array elements in any order, and counts them`() throws {
        #expect(try agree("[1, 2]", "[2, 1]"))
        #expect(try !agree("[1]", "[2, 1]"))
        #expect(try !agree("[1, 1]", "[1, 2]"))
        #expect(try agree(#"[1, "…"]"#, "[2, 1]"))
    }

    @Test func `knows the same person again, and another one too`() throws {
        #expect(try agree(#"[["<ada>"], ["<ada>"]]"#, #"[["x"], ["x"]]"#))
        #expect(try !agree(#"{"a": "<ada>", "b": "<ada>"}"#, #"{"a": "x", "b": "y"}"#))
        #expect(try !agree(#"{"a": "<ada>", "b": "<bob>"}"#, #"{"a": "x", "b": "x"}"#))
    }

    @Test func `looks for a part of a text where dots say so`() throws {
        #expect(try agree(#""…empty…""#, #""an empty export""#))
        #expect(try !agree(#""…full…""#, #""an empty export""#))
        #expect(try !agree(#""*""#, "null"))
    }

    @Test func `tells composed from decomposed letters`() throws {
        #expect(try !agree(#""Zo\u00EB""#, #""Zoe\u0308""#))
    }
}
