import Exports
import Foundation
import Reconciliation
import SCIM
import Testing
import TestSupport

@Suite struct `An undo` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        lab.mapping.groups.separator = .semicolon
        try lab.night(Self.monday)
    }

    private static let monday = """
        id,login,title,status,groups
        1,ann@acme.test,CEO,active,Board
        2,bob@acme.test,Dev,active,Crew
        3,cal@acme.test,Ops,active,Crew

        """
    private static let tuesday = """
        id,login,title,status,groups
        1,bob@acme.test,Chair,active,Board
        2,ann@acme.test,Dev,active,Board
        5,eve@acme.test,Head,active,Crew;Neu

        """

    private func undo(_ run: RunID) throws -> Plan {
        let record = try #require(try lab.runs().first { $0.id == run })
        return try UndoPlanner(store: lab.store, policy: lab.policy, asOf: lab.clock.now).plan(record, team: lab.team)
    }

    @discardableResult
    private func apply(_ plan: Plan, accepting: [String] = []) throws -> RunReport {
        // As a file would give it back.
        try lab.apply(
            try PlanDocument.decode(PlanDocument.encode(plan), file: "undo.plan"), accepting: accepting, command: "undo"
        )
    }

    @Test func `restores what the run changed`() throws {
        let roster = try lab.members().map(\.attributes)
        let groups = try lab.groups()
        let run = try lab.night(Self.tuesday).run
        let plan = try undo(run)
        #expect(plan.undoes == run)
        #expect(plan.pinned.isEmpty)
        #expect(try apply(plan).isComplete)
        let after = try lab.members()
        for (was, now) in zip(roster, after) { #expect(now.attributes.saysTheSame(as: was)) }
        #expect(after.count == 4)
        #expect(try !lab.member("eve@acme.test").isActive)
        var expected = groups
        expected["Neu"] = []
        #expect(try lab.groups() == expected)
    }

    @Test func `is idempotent, and the next plan shows the changes again`() throws {
        let told = try lab.plan(Self.tuesday).told.filter { $0.contains("→") && !$0.contains("reate") }
        let run = try lab.night(Self.tuesday).run
        try apply(try undo(run))
        let again = try undo(run)
        #expect(again.changes.isEmpty)
        #expect(again.pinned.isEmpty)
        let plan = try lab.plan(Self.tuesday)
        #expect(Set(told).isSubset(of: plan.told))
        #expect(plan.changes.contains { $0.kind == .reactivate && $0.name == "eve@acme.test" })
        #expect(try lab.apply(plan).isComplete)
        #expect(try lab.plan(Self.tuesday).isSilent)
    }

    @Test func `is undone by an undo`() throws {
        let run = try lab.night(Self.tuesday).run
        let roster = try lab.roster()
        let groups = try lab.groups()
        let back = try apply(try undo(run)).run
        let forth = try undo(back)
        #expect(forth.pinned.isEmpty)
        #expect(try apply(forth).isComplete)
        #expect(try lab.roster() == roster)
        #expect(try lab.groups() == groups)
    }

    @Test func `leaves alone who was touched since, and does the rest`() throws {
        let run = try lab.night(Self.tuesday).run
        try lab.set("title", .string("Mine"), of: "eve@acme.test")
        try lab.service.delete(.user, id: try lab.id("cal@acme.test"), context: lab.online)
        let plan = try undo(run)
        #expect(Set(plan.pinned.map(\.reason)) == ["changed since the run", "deleted since the run"])
        #expect(plan.pinned.map(\.member.userName).contains("eve@acme.test"))
        // She stays, and so loses her groups: that is for a person to see.
        #expect(plan.heldGuards == ["group-emptied=2"])
        #expect(try apply(plan, accepting: ["group-emptied=2"]).isComplete)
        #expect(try lab.member("eve@acme.test").title == "Mine")
        #expect(try lab.member("eve@acme.test").isActive)
        #expect(try lab.member("ann@acme.test").externalID == "1")
    }

    @Test func `gives a recycled address back to whoever had it`() throws {
        let head = "id,login,firstName,lastName,status\n1,ann@acme.test,Ann,Lee,active\n"
        try lab.night(head + "3,cal@acme.test,Cal,Roe,active\n")
        let run = try lab.night(head + "7,cal@acme.test,Callie,Poe,active\n").run
        #expect(try lab.member("cal@acme.test").externalID == "7")
        #expect(try apply(try undo(run)).isComplete)
        #expect(try lab.member("cal@acme.test").externalID == "3")
        #expect(try lab.member("cal@acme.test").isActive)
        #expect(try lab.members().count { !$0.isActive && $0.externalID == "7" } == 1)
    }

    @Test func `moves nobody to a name that somebody else has by now`() throws {
        let run = try lab.night(Self.monday.replacing("cal@", with: "carl@")).run
        try lab.invite("cal@acme.test")
        let plan = try undo(run)
        #expect(plan.changes.isEmpty)
        #expect(plan.pinned.map(\.member.userName) == ["carl@acme.test"])
    }

    @Test func `is held by the same guards`() throws {
        let many = Self.monday + (10...30).map { "\($0),p\($0)@acme.test,T,active,\n" }.joined()
        let run = try lab.night(many, accepting: ["creates=21"]).run
        let plan = try undo(run)
        #expect(plan.heldGuards.contains("deactivations=21"))
        #expect(throws: Held.self) { _ = try plan.approve(accepting: []) }
    }

    /// Twelve people and what one of them is, before and after a night that changes it for some.
    private func undoing(
        _ changed: Int, from old: String, to new: String, accepting: [String] = []
    ) throws -> Plan {
        func list(_ title: (Int) -> String) -> String {
            "id,login,title,status\n" + (1...100).map { "\($0),p\($0)@acme.test,\(title($0)),active\n" }.joined()
        }
        lab.map("title", from: "title", clears: true)
        lab.policy.limits.updatesPercent = 100
        lab.policy.limits.createsPercent = 10_000
        lab.policy.limits.deactivationCount = 100
        lab.policy.limits.deactivationPercent = 100
        lab.policy.limits.domainLeavingPercent = 100
        try lab.night(list { _ in old })
        return try undo(try lab.night(list { $0 <= changed ? new : old }, accepting: accepting).run)
    }

    @Test(arguments: [(80, false), (81, true)])
    func `is held when it changes one attribute for nearly all`(count: Int, held: Bool) throws {
        let accepted = held ? ["attribute-changed.title=81"] : []
        let plan = try undoing(count, from: "Dev", to: "Lead", accepting: accepted)
        expectNoDifference(plan.guards.filter(\.held).map { "\($0.key)=\($0.figure)" }, accepted)
    }

    @Test(arguments: [(20, false), (21, true)])
    func `is held when it empties one attribute for many`(count: Int, held: Bool) throws {
        let plan = try undoing(count, from: "", to: "Lead")
        expectNoDifference(
            plan.guards.filter(\.held).map { "\($0.key)=\($0.figure)" }, held ? ["attribute-emptied.title=21"] : [])
    }

    @Test(arguments: [(2, false), (3, true)])
    func `is held when it empties a group`(joining: Int, held: Bool) throws {
        // Of 4 or 5 members, those who came by the run leave by the undo.
        let crew = "id,login,title,status,groups\n"
        func list(_ members: Int) -> String {
            crew + (1...8).map { "\($0),p\($0)@acme.test,T,active,\($0 <= members ? "Crew" : "Rest")\n" }.joined()
        }
        try lab.night(list(2), accepting: ["group-emptied=1"])
        let run = try lab.night(list(2 + joining)).run
        let plan = try undo(run)
        let finding = try #require(plan.guardNamed("group-emptied"))
        #expect(finding.held == held)
        if held { #expect(finding.message.contains("\"Crew\"")) }
    }

    @Test func `is held when most of an e-mail domain would leave`() throws {
        let many = Self.monday + (10...19).map { "\($0),p\($0)@globex.test,T,active,\n" }.joined()
        let plan = try undo(try lab.night(many, accepting: ["creates=10"]).run)
        #expect(plan.heldGuards.contains("domain-leaving=100"))
    }

    @Test func `leaves protected members as they are`() throws {
        let run = try lab.night(Self.monday.replacing("Ops", with: "Boss")).run
        lab.policy.protect = [Pattern("cal@*")]
        let plan = try undo(run)
        #expect(plan.changes.isEmpty)
        #expect(plan.pinned.map(\.reason) == ["protected by the configuration"])
    }
}
