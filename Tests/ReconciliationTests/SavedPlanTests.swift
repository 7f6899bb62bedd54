import Exports
import Foundation
import JSON
import Reconciliation
import SCIM
import Testing
import TestSupport

@Suite struct `A saved plan` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        lab.mapping.groups.separator = .semicolon
        try lab.night(Self.before.replacing("suspended", with: "active"))
        try lab.night(Self.before)
    }

    private static let before = """
        id,login,title,status,groups
        1,ann@acme.test,CEO,active,Board
        2,bob@acme.test,Dev,active,Crew
        3,cal@acme.test,Ops,active,Crew
        4,dan@acme.test,Bot,suspended,

        """
    private static let after = """
        id,login,title,status,groups
        1,bob@acme.test,Chair,active,Board
        2,ann@acme.test,,active,Board
        4,dan@acme.test,Bot,active,Crew
        5,eve@acme.test,"Head of ""Ops"" 🚀",active,Crew;Neu
        5b,no body@acme.test,,active,

        """

    /// As a file would give it back.
    private func saved(_ plan: Plan) throws -> Plan {
        try PlanDocument.decode(PlanDocument.encode(plan), file: "plan.json")
    }

    @Test func `says what the plan said`() throws {
        let plan = try lab.plan(Self.after)
        let read = try saved(plan)
        #expect(read.digest == plan.digest)
        #expect(read.digest.count == 64)
        expectNoDifference(PlanDocument.encode(read), PlanDocument.encode(plan))
        expectNoDifference(read.told, plan.told)
        expectNoDifference(read.heldGuards, plan.heldGuards)
        expectNoDifference(read.pinned, plan.pinned)
        #expect(read.verdict == plan.verdict)
        #expect(read.exportDate == plan.exportDate)
    }

    @Test func `does what applying at once does`() throws {
        let twin = try Lab()
        twin.mapping = lab.mapping
        try twin.night(Self.before.replacing("suspended", with: "active"))
        try twin.night(Self.before)
        try twin.apply(try twin.plan(Self.after))
        let report = try lab.apply(try saved(try lab.plan(Self.after)))
        #expect(report.isComplete)
        expectNoDifference(try lab.roster(), try twin.roster())
        expectNoDifference(try lab.groups(), try twin.groups())
        #expect(try lab.plan(Self.after).isSilent)
        #expect(try lab.plan(Self.after).links.isEmpty)
    }

    @Test(arguments: [
        ("\"new\":\"Chair\"", "\"new\":\"Fool\""), ("\"line\":2", "\"line\":3"), ("\"held\":false", "\"held\":true"),
        ("\"deactivate\":1", "\"deactivate\":0"), ("\"acme\"", "\"globex\""),
    ])
    func `is refused once it was edited`(old: String, new: String) throws {
        let text = String(decoding: PlanDocument.encode(try lab.plan(Self.after)), as: UTF8.self)
        let range = try #require(text.firstRange(of: old))
        let edited = text.replacingCharacters(in: range, with: new)
        let refusal = try #require(throws: Refusal.self) {
            _ = try PlanDocument.decode(Array(edited.utf8), file: "p.json")
        }
        #expect(refusal.code == "plan-tampered")
    }

    @Test func `is refused when a change was taken out of it`() throws {
        let text = String(decoding: PlanDocument.encode(try lab.plan(Self.after)), as: UTF8.self)
        let start = try #require(text.firstRange(of: "{\"kind\":\"create\"")).lowerBound
        let end = try #require(text[start...].firstRange(of: ",{\"kind\"")).upperBound
        let cut = text.replacingCharacters(in: start..<end, with: "{\"kind\"")
        let refusal = try #require(throws: Refusal.self) {
            _ = try PlanDocument.decode(Array(cut.utf8), file: "p.json")
        }
        #expect(refusal.code == "plan-tampered")
    }

    @Test func `is refused when it is something else`() throws {
        func code(_ text: String) throws -> String {
            try #require(throws: Refusal.self) { _ = try PlanDocument.decode(Array(text.utf8), file: "p.json") }.code
        }
        #expect(try code("") == "plan-unreadable")
        #expect(try code("<html>") == "plan-unreadable")
        #expect(try code("[]") == "plan-version")
        #expect(try code("{\"formatVersion\":2}") == "plan-version")
        #expect(try code("{\"formatVersion\":1}") == "plan-unreadable")
        let text = String(decoding: PlanDocument.encode(try lab.plan(Self.after)), as: UTF8.self)
        #expect(try code(String(text.dropLast(40))) == "plan-unreadable")
    }

    @Test func `leaves alone what changed since, and does the rest`() throws {
        let plan = try saved(try lab.plan(Self.after))
        try lab.set("title", .string("Mine"), of: "dan@acme.test")
        let report = try lab.apply(plan)
        let outcomes = zip(plan.changes, report.outcomes).filter { $0.1 != .applied }
        #expect(outcomes.map(\.0.name) == ["dan@acme.test"])
        if case .superseded? = outcomes.first?.1 {} else { Issue.record("\(outcomes)") }
        #expect(!report.isComplete)
        #expect(!report.isInterrupted)
        #expect(try lab.member("dan@acme.test").title == "Mine")
        #expect(try !lab.member("dan@acme.test").isActive)
        #expect(try lab.member("eve@acme.test").isActive)
        // The next night brings the rest in step.
        try lab.night(Self.after)
        #expect(try lab.member("dan@acme.test").title == "Bot")
        #expect(try lab.plan(Self.after).isSilent)
    }

    @Test func `leaves both alone when one of two who swap names changed since`() throws {
        let plan = try saved(try lab.plan(Self.after))
        try lab.set("nickName", .string("Bobby"), of: "bob@acme.test")
        let report = try lab.apply(plan)
        let superseded = zip(plan.changes, report.outcomes).filter {
            if case .superseded = $0.1 { true } else { false }
        }
        #expect(Set(superseded.map(\.0.name)) == ["ann@acme.test", "bob@acme.test"])
        #expect(report.outcomes.allSatisfy { if case .failed = $0 { false } else { true } })
        #expect(try lab.member("ann@acme.test").externalID == "1")
        #expect(try lab.apply(try lab.plan(Self.after)).isComplete)
        #expect(try lab.member("ann@acme.test").externalID == "2")
    }

    @Test func `lets go of somebody who was deleted since`() throws {
        let plan = try saved(try lab.plan(Self.after))
        try lab.service.delete(.user, id: try lab.id("cal@acme.test"), context: lab.online)
        let report = try lab.apply(plan)
        let superseded = zip(plan.changes, report.outcomes).filter {
            if case .superseded = $0.1 { true } else { false }
        }
        #expect(superseded.map(\.0.kind).contains(.deactivate))
        #expect(try lab.member("eve@acme.test").isActive)
    }

    @Test func `finds its own work when it is applied again`() throws {
        let plan = try saved(try lab.plan(Self.after))
        #expect(try lab.apply(plan).isComplete)
        let before = try lab.members()
        let groups = try lab.groups()
        #expect(try lab.apply(plan).isComplete)
        #expect(try lab.members() == before)
        #expect(try lab.groups() == groups)
    }

    @Test func `is refused once it has expired`() throws {
        let plan = try saved(try lab.plan(Self.after))
        func code(_ hours: Double) throws -> String? {
            let asOf = Timestamp(rawValue: lab.clock.now.rawValue + Int64(hours * 3_600_000))
            do {
                try plan.requireFit(for: lab.store, team: lab.team, asOf: asOf, file: "p.json")
                return nil
            } catch let refusal as Refusal {
                return refusal.code
            }
        }
        #expect(try code(72) == nil)
        #expect(try code(72.1) == "plan-expired")
    }

    @Test func `is refused by another database's team of the same name`() throws {
        let plan = try saved(try lab.plan(Self.after))
        let twin = try Lab()
        twin.clock.advance(hours: 1)
        try twin.move(toNewTeam: "other")
        let refusal = try #require(throws: Refusal.self) {
            try plan.requireFit(for: twin.store, team: twin.team, asOf: lab.clock.now, file: "p.json")
        }
        #expect(refusal.code == "plan-foreign")
        // Made at the very same moment, and yet without what the plan saw.
        let copy = try Lab()
        #expect(copy.team.created == lab.team.created)
        #expect(throws: Refusal.self) {
            try plan.requireFit(for: copy.store, team: copy.team, asOf: lab.clock.now, file: "p.json")
        }
        // One that went on from there is the same.
        try lab.set("title", .string("Mine"), of: "dan@acme.test")
        try plan.requireFit(for: lab.store, team: lab.team, asOf: lab.clock.now, file: "p.json")
    }

    @Test func `names its inputs by the digest of their bytes`() throws {
        let plan = try lab.plan(Self.after)
        let digest = Array(Self.after.utf8).withUnsafeBytes { sha256Hex($0) }
        #expect(plan.inputs.map(\.sha256) == [digest])
        #expect(plan.inputs.map(\.modified) == [lab.clock.now])
    }

    @Test func `links nobody as in step who changed since`() throws {
        let twin = try Lab()
        let csv = "id,login,status\n1,ann@acme.test,active\n"
        try twin.night(csv)
        try twin.set("nickName", .string("Annie"), of: "ann@acme.test")
        let plan = try PlanDocument.decode(PlanDocument.encode(try twin.plan(csv)), file: "p.json")
        #expect(plan.changes.isEmpty && plan.links.count == 1)
        try twin.set("userName", .string("ann2@acme.test"), of: "ann@acme.test")
        try twin.apply(plan)
        #expect(try twin.plan(csv).told == ["update ann2@acme.test userName ann2@acme.test→ann@acme.test"])
    }

    @Test func `takes no stranger for the joiner it was to make`() throws {
        let plan = try saved(try lab.plan(Self.after))
        try lab.invite("EVE@acme.test")
        let report = try lab.apply(plan)
        let index = try #require(plan.changes.firstIndex { $0.kind == .create })
        if case .failed = report.outcomes[index] {} else { Issue.record("\(report.outcomes[index])") }
        #expect(try lab.groups()["Neu"] == [])
        #expect(try lab.member("eve@acme.test").version == 1)
    }
}
