import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Two sources of one team` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func csv(_ rows: String...) -> String {
        "id,login,title,department,status\n" + rows.map { $0 + "\n" }.joined()
    }

    private func night(_ source: String, _ csv: String) throws {
        lab.source = source
        #expect(try lab.night(csv).isComplete)
    }

    private func plan(_ source: String, _ csv: String) throws -> Plan {
        lab.source = source
        return try lab.plan(csv)
    }

    private let okta = "id,login,title,department,status\n1,ann@acme.test,Head,,active\n2,bob@acme.test,Dev,,active\n"
    private let hr =
        "id,login,title,department,status\nE1,ann@acme.test,Chief,Board,active\nE3,cal@acme.test,Clerk,Ops,active\n"

    @Test func `do not write in turns, and the second fills what the first leaves empty`() throws {
        try night("okta", okta)
        try night("hr", hr)
        let ann = try lab.member("ann@acme.test")
        #expect(ann.title == "Head")
        #expect(ann.department == "Board")
        #expect(ann.externalID == "1")
        for _ in 1...2 {
            #expect(try plan("okta", okta).isSilent)
            #expect(try plan("hr", hr).isSilent)
            try night("okta", okta)
            try night("hr", hr)
        }
        expectNoDifference(try lab.member("ann@acme.test"), ann)
    }

    @Test func `have precedence per attribute as the configuration says`() throws {
        lab.policy.attributePrecedence = ["title": ["okta", "hr"]]
        lab.policy.precedence = ["hr"]
        try night("okta", okta)
        try night("hr", hr)
        #expect(try lab.member("ann@acme.test").externalID == "E1")
        #expect(try lab.member("ann@acme.test").title == "Head")
        #expect(try plan("okta", okta).isSilent)
        #expect(try plan("hr", hr).isSilent)
        #expect(try plan("okta", okta).isSilent)
    }

    @Test(arguments: [true, false]) func `let go of whom the other one manages, and the last one deactivates`(
        isFlagged: Bool
    ) throws {
        try night("okta", okta)
        try night("hr", hr)
        let without =
            csv("E3,cal@acme.test,Clerk,Ops,active") + (isFlagged ? "E1,ann@acme.test,Chief,Board,suspended\n" : "")
        let plan = try plan("hr", without)
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.released.map { "\($0.member.userName) \($0.managers)" }, ["ann@acme.test [\"okta\"]"])
        let saved = try PlanDocument.decode(PlanDocument.encode(plan), file: "saved")
        expectNoDifference(saved.released, plan.released)
        try lab.apply(saved)
        #expect(try lab.member("ann@acme.test").isActive)
        let again = try self.plan("hr", without)
        #expect(again.released.isEmpty)
        #expect(again.isSilent)
        let last = try self.plan("okta", csv("2,bob@acme.test,Dev,,active"))
        expectNoDifference(last.told, ["deactivate ann@acme.test active true→false"])
        try lab.apply(last)
        #expect(try lab.member("cal@acme.test").isActive)
    }

    @Test func `do not remove each other's people`() throws {
        try night("okta", csv("1,ann@acme.test,Head,,active"))
        try night("hr", csv("E3,cal@acme.test,Clerk,,active"))
        #expect(try plan("okta", csv("1,ann@acme.test,Head,,active")).isSilent)
        try night("hr", csv("E4,dan@acme.test,Clerk,,active"))
        #expect(try lab.member("ann@acme.test").isActive)
        #expect(try !lab.member("cal@acme.test").isActive)
    }

    private func grouped(_ rows: String...) -> String {
        "id,login,status,groups\n" + rows.map { $0 + "\n" }.joined()
    }

    /// Both name the group Sales; ann is in both exports.
    @Test func `fill one group together, and take nobody of the other's out of it`() throws {
        lab.mapping.groups.separator = .semicolon
        let okta = grouped("1,ann@acme.test,active,Sales", "2,bob@acme.test,active,Sales;Crew")
        let hr = grouped("E1,ann@acme.test,active,Board", "E3,cal@acme.test,active,Sales;Board")
        try night("okta", okta)
        try night("hr", hr)
        let both = [
            "Sales": ["ann@acme.test", "bob@acme.test", "cal@acme.test"], "Crew": ["bob@acme.test"],
            "Board": ["ann@acme.test", "cal@acme.test"],
        ]
        expectNoDifference(try lab.groups(), both)
        for _ in 1...2 {
            for (source, csv) in [("okta", okta), ("hr", hr)] {
                #expect(try plan(source, csv).isSilent, "\(source)")
                try night(source, csv)
            }
        }
        expectNoDifference(try lab.groups(), both)
        // Each still takes its own out.
        try night("hr", grouped("E1,ann@acme.test,active,Board", "E3,cal@acme.test,active,Board"))
        #expect(try lab.groups()["Sales"] == ["ann@acme.test", "bob@acme.test"])
        try night("okta", grouped("1,ann@acme.test,active,Crew", "2,bob@acme.test,active,Sales;Crew"))
        #expect(try lab.groups()["Sales"] == ["bob@acme.test"])
    }

    @Test func `leave who is in a common group to the one with precedence`() throws {
        lab.mapping.groups.separator = .semicolon
        lab.policy.attributePrecedence = ["groups": ["hr", "okta"]]
        let okta = grouped("1,ann@acme.test,active,Sales", "2,bob@acme.test,active,Sales")
        let hr = grouped("E1,ann@acme.test,active,Board", "E3,cal@acme.test,active,Sales;Board")
        try night("okta", okta)
        try night("hr", hr)
        #expect(try lab.groups()["Sales"] == ["bob@acme.test", "cal@acme.test"])
        #expect(try plan("okta", okta).isSilent)
        #expect(try plan("hr", hr).isSilent)
    }

    private func files(_ person: String, group id: String, _ name: String) throws -> [InputFile] {
        let list =
            #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"\#(id)","displayName":"\#(name)","members":[{"value":"\#(person)"}]}]}"#
        return [
            InputFile(try lab.write("id,login,status\n\(person),\(person)@acme.test,active\n"), role: .users),
            InputFile(try lab.write(list, as: "\(id)-\(name).json"), role: .groups),
        ]
    }

    private func plan(_ source: String, _ files: [InputFile]) throws -> Plan {
        lab.source = source
        return try lab.plan(files: files)
    }

    @Test func `do not rename a common group in turns`() throws {
        lab.mapping.groups.separator = .semicolon
        try lab.apply(try plan("okta", try files("ann", group: "g1", "Sales")))
        let hr = grouped("E3,cal@acme.test,active,Sales")
        try night("hr", hr)
        try lab.apply(try plan("okta", try files("ann", group: "g1", "Field")))
        #expect(try lab.groups() == ["Field": ["ann@acme.test", "cal@acme.test"]])
        #expect(try plan("hr", hr).isSilent)
        #expect(try plan("okta", try files("ann", group: "g1", "Field")).isSilent)
    }

    @Test func `leave a group of the other's name and another id alone, and say so`() throws {
        try lab.apply(try plan("okta", try files("ann", group: "g1", "Sales")))
        let second = try plan("hr", try files("cal", group: "h1", "Sales"))
        #expect(second.notices.contains { $0.code == "group-name-taken" && $0.level == .warning })
        try lab.apply(second)
        #expect(try lab.groups() == ["Sales": ["ann@acme.test"]])
        #expect(try plan("okta", try files("ann", group: "g1", "Sales")).isSilent)
    }

    @Test func `give whoever is left the last word on the attributes`() throws {
        try night("okta", okta)
        try night("hr", hr)
        try night("okta", csv("2,bob@acme.test,Dev,,active"))
        #expect(try lab.member("ann@acme.test").title == "Head")
        try night("hr", hr)
        #expect(try lab.member("ann@acme.test").title == "Chief")
        #expect(try plan("hr", hr).isSilent)
    }
}
