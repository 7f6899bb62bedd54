import Exports
import Foundation
import Reconciliation
import SCIM
import Testing
import TestSupport

@Suite struct `Groups` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private let people = """
        id,login,status
        1,ann@acme.test,active
        2,bob@acme.test,active
        3,cal@acme.test,active

        """

    /// A users file, and groups as a SCIM list: `anchor name: member anchors`.
    private func files(_ users: String, _ groups: [(anchor: String, name: String, members: [String])]) throws
        -> [InputFile]
    {
        let list = groups.map { group in
            let members = group.members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
            return
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"\#(group.anchor)","displayName":"\#(group.name)","members":[\#(members)]}"#
        }
        let json =
            #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":\#(list.count),"Resources":["#
            + list.joined(separator: ",") + "]}"
        return [
            InputFile(try lab.write(users), role: .users),
            InputFile(try lab.write(json, as: "groups-\(UUID().uuidString).json"), role: .groups),
        ]
    }

    @discardableResult
    private func night(
        _ users: String? = nil, _ groups: [(anchor: String, name: String, members: [String])]
    ) throws -> RunReport {
        let report = try lab.apply(try lab.plan(files: try files(users ?? people, groups)))
        lab.clock.advance(hours: 24)
        return report
    }

    private func plan(
        _ users: String? = nil, _ groups: [(anchor: String, name: String, members: [String])]
    ) throws -> Plan { try lab.plan(files: try files(users ?? people, groups)) }

    @Test func `are created with their members, newcomers too`() throws {
        let report = try night(nil, [("g1", "Sales", ["1", "2"]), ("g2", "Empty", [])])
        #expect(report.isComplete)
        expectNoDifference(try lab.groups(), ["Sales": ["ann@acme.test", "bob@acme.test"], "Empty": []])
        #expect(try lab.group("sales").externalID == "g1")
        let second = try plan(nil, [("g1", "Sales", ["1", "2"]), ("g2", "Empty", [])])
        #expect(second.isSilent)
        #expect(second.links.isEmpty)
    }

    @Test func `are renamed, and keep their id`() throws {
        try night(nil, [("g1", "Sales", ["1"])])
        let id = try lab.group("Sales").id
        let plan = try plan(nil, [("g1", "Vertrieb", ["1"])])
        expectNoDifference(plan.told, ["groupUpdate Sales displayName Sales→Vertrieb"])
        try lab.apply(plan)
        #expect(try lab.group("Vertrieb").id == id)
        expectNoDifference(try lab.groups(), ["Vertrieb": ["ann@acme.test"]])
    }

    @Test func `gain and lose members in one change`() throws {
        try night(nil, [("g1", "Sales", ["1", "2"])])
        let plan = try plan(nil, [("g1", "Sales", ["2", "3"])])
        #expect(plan.changes.map(\.kind) == [.groupUpdate])
        let (ann, cal) = try (lab.id("ann@acme.test"), lab.id("cal@acme.test"))
        #expect(plan.changes[0].addMembers == [.member(cal, userName: "cal@acme.test")])
        #expect(plan.changes[0].removeMembers == [.member(ann, userName: "ann@acme.test")])
        try lab.apply(plan)
        expectNoDifference(try lab.groups(), ["Sales": ["bob@acme.test", "cal@acme.test"]])
    }

    @Test func `swap names and rotate them`() throws {
        try night(nil, [("g1", "A", ["1"]), ("g2", "B", ["2"]), ("g3", "C", ["3"])])
        let ids = try ["A", "B", "C"].map { try lab.group($0).id }
        let next = [("g1", "B", ["1"]), ("g2", "C", ["2"]), ("g3", "A", ["3"])]
        #expect(try night(nil, next).isComplete)
        #expect(try ["B", "C", "A"].map { try lab.group($0).id } == ids)
        expectNoDifference(try lab.groups(), ["B": ["ann@acme.test"], "C": ["bob@acme.test"], "A": ["cal@acme.test"]])
        #expect(try plan(nil, next).isSilent)
    }

    @Test func `give a name up for a new group`() throws {
        try night(nil, [("g1", "Sales", ["1"])])
        let old = try lab.group("Sales").id
        #expect(try night(nil, [("g1", "Sales 2025", ["1"]), ("g2", "Sales", ["2"])]).isComplete)
        #expect(try lab.group("Sales 2025").id == old)
        #expect(try lab.group("Sales").id != old)
    }

    @Test func `refuse a name that a group of somebody else keeps, and the chain behind it`() throws {
        let foreign = ComplexValue([.init("displayName", .string("Staff")), .init("externalId", .string("x"))])
        _ = try lab.service.create(.group, attributes: foreign, context: lab.online)
        try night(nil, [("g1", "A", ["1"]), ("g2", "B", ["2"])])
        let plan = try plan(nil, [("g1", "Staff", ["1", "3"]), ("g2", "A", ["2"]), ("g4", "D", ["3"])])
        #expect(plan.changes.map(\.name) == ["D"])
        #expect(plan.notices.count { $0.code == "group-name-taken" } == 2)
        #expect(try lab.apply(plan).isComplete)
        #expect(Set(try lab.groups().keys) == ["A", "B", "D", "Staff"])
    }

    @Test func `are found again when they were made anew under the same name`() throws {
        try night(nil, [("g1", "Sales", ["1"])])
        let id = try lab.group("Sales").id
        try night(nil, [("g9", "Sales", ["1", "2"])])
        #expect(try lab.group("Sales").id == id)
        #expect(try lab.group("Sales").externalID == "g9")
        #expect(try plan(nil, [("g9", "Sales", ["1", "2"])]).isSilent)
    }

    @Test func `stay when the export lists them no more`() throws {
        try night(nil, [("g1", "Sales", ["1"]), ("g2", "Ops", ["2"])])
        let plan = try plan(nil, [("g2", "Ops", ["2"])])
        #expect(plan.isSilent)
        #expect(plan.has(notice: "groups-absent"))
    }

    @Test func `are left alone where two have one name`() throws {
        let plan = try plan(nil, [("g1", "Sales", ["1"]), ("g2", "SALES", ["2"])])
        #expect(plan.counts[.groupCreate] == nil)
        #expect(plan.notices.count { $0.code == "group-name-twice" } == 2)
    }

    @Test func `leave out members whom nobody knows, and say how many`() throws {
        let plan = try plan(nil, [("g1", "Sales", ["1", "77", "78"])])
        #expect(plan.notices.contains { $0.code == "group-members-unknown" && $0.message.hasPrefix("2 ") })
        try lab.apply(plan)
        expectNoDifference(try lab.groups(), ["Sales": ["ann@acme.test"]])
    }

    @Test func `keep members who are not ours, protected or pinned`() throws {
        let local = try lab.invite("local@acme.test")
        try night(nil, [("g1", "Sales", ["1", "2", "3"])])
        let group = try lab.group("Sales").id
        let add = PatchOperation(
            .add, path: AttributePath(attribute: "members"), value: .list([.string(local.rawValue)]))
        _ = try lab.service.patch(.group, id: group, [add], context: lab.online)
        lab.policy.protect = [Pattern("ann@*")]
        let poison = people.replacing("2,bob@acme.test,active", with: "2,bob@acme.test,whatever")
        let plan = try plan(poison, [("g1", "Sales", [])])
        let cal = try lab.id("cal@acme.test")
        #expect(plan.changes.map(\.removeMembers) == [[.member(cal, userName: "cal@acme.test")]])
        try lab.apply(plan)
        expectNoDifference(try lab.groups(), ["Sales": ["ann@acme.test", "bob@acme.test", "local@acme.test"]])
    }

    @Test func `gain no pinned member`() throws {
        try lab.night(people)
        let poison = people.replacing("2,bob@acme.test,active", with: "2,bob@acme.test,whatever")
        try night(poison, [("g1", "Sales", ["1", "2"])])
        expectNoDifference(try lab.groups(), ["Sales": ["ann@acme.test"]])
    }

    @Test func `lose nobody to a part, nor to an import`() throws {
        try night(nil, [("g1", "Sales", ["1", "2"])])
        lab.policy.neverDeactivates = true
        let kept = try plan(nil, [("g1", "Sales", ["3"])])
        #expect(kept.changes.allSatisfy { $0.removeMembers.isEmpty })
        lab.policy.neverDeactivates = false
        lab.policy.isPartialSnapshot = true
        lab.policy.incomplete = .createsAndUpdates
        let plan = try plan(nil, [("g1", "Sales", ["3"])])
        #expect(plan.changes.map(\.addMembers.count) == [1])
        #expect(plan.changes.allSatisfy { $0.removeMembers.isEmpty })
    }

    @Test func `can be planned without the people`() throws {
        try night(nil, [("g1", "Sales", ["1"])])
        let groups = try files(people, [("g1", "Sales", ["2"])])[1]
        let plan = try lab.plan(files: [groups])
        #expect(plan.changes.map(\.kind) == [.groupUpdate])
        expectNoDifference(plan.heldGuards, ["group-emptied=1"])
        try lab.apply(plan, accepting: ["group-emptied=1"])
        expectNoDifference(try lab.groups(), ["Sales": ["bob@acme.test"]])
    }

    @Test(arguments: [(["1", "2", "3"], false), (["1", "2"], false), (["1"], true), ([], true)])
    func `hold a plan that takes all or over half of a group's members`(left: [String], held: Bool) throws {
        let four = people + "4,dan@acme.test,active\n"
        try night(four, [("g1", "Sales", ["1", "2", "3", "4"])])
        let plan = try plan(four, [("g1", "Sales", left)])
        expectNoDifference(plan.heldGuards, held ? ["group-emptied=1"] : [])
        #expect(plan.guardNamed("group-emptied")?.setting == "guards.group-emptied")
        if held { #expect(plan.guardNamed("group-emptied")?.message.contains("\"Sales\"") == true) }
        lab.policy.limits.groupEmptied = 1
        #expect(try !self.plan(four, [("g1", "Sales", left)]).isHeld)
    }

    @Test func `may lose whoever leaves the team`() throws {
        try night(nil, [("g1", "Sales", ["1"])])
        let rest = "id,login,status\n2,bob@acme.test,active\n3,cal@acme.test,active\n"
        #expect(try !plan(rest, [("g1", "Sales", [])]).isHeld)
    }

    @Test func `are left alone where the source says so`() throws {
        lab.policy.syncsGroups = false
        #expect(try plan(nil, [("g1", "Sales", ["1"])]).counts[.groupCreate] == nil)
    }
}

@Suite struct `A column of groups` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        lab.mapping.groups.separator = .semicolon
    }

    private func csv(_ ann: String, _ bob: String, _ cal: String = "Crew") -> String {
        "id,login,status,groups\n1,ann@acme.test,active,\(ann)\n2,bob@acme.test,active,\(bob)\n3,cal@acme.test,active,\(cal)\n"
    }

    @Test func `makes and fills groups by name`() throws {
        let text = csv("Sales;Board", "sales")
        try lab.night(text)
        expectNoDifference(
            try lab.groups(),
            ["Board": ["ann@acme.test"], "Crew": ["cal@acme.test"], "Sales": ["ann@acme.test", "bob@acme.test"]])
        let second = try lab.plan(text)
        #expect(second.isSilent)
        #expect(second.links.isEmpty)
    }

    @Test func `moves people from group to group`() throws {
        try lab.night(csv("Sales", "Sales"))
        try lab.night(csv("Sales", "Board"))
        expectNoDifference(
            try lab.groups(), ["Board": ["bob@acme.test"], "Crew": ["cal@acme.test"], "Sales": ["ann@acme.test"]])
    }

    @Test func `empties a group that nobody lists any more`() throws {
        try lab.night(csv("Sales", "Board"))
        try lab.night(csv("Board", "Board"), accepting: ["group-emptied=1"])
        expectNoDifference(
            try lab.groups(), ["Board": ["ann@acme.test", "bob@acme.test"], "Crew": ["cal@acme.test"], "Sales": []])
    }

    @Test func `takes nobody out whose cell is blank`() throws {
        try lab.night(csv("Sales", "Sales"))
        #expect(try lab.plan(csv("", "Sales")).isSilent)
        #expect(try lab.plan(csv("", "Board")).counts == [.groupCreate: 1, .groupUpdate: 1])
        try lab.night(csv("", "Board"))
        expectNoDifference(try lab.groups()["Sales"], ["ann@acme.test"])
    }

    @Test func `counts for nothing beside a groups export`() throws {
        let json =
            #"{"totalResults":1,"Resources":[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g1","displayName":"Sales","members":[{"value":"3"}]}],"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]}"#
        let files = [
            InputFile(try lab.write(csv("Sales", "Board")), role: .users),
            InputFile(try lab.write(json, as: "groups.json"), role: .groups),
        ]
        let plan = try lab.plan(files: files)
        #expect(plan.counts[.groupCreate] == 1)
        #expect(!plan.has(notice: "group-name-twice"))
        try lab.apply(plan)
        expectNoDifference(try lab.groups(), ["Sales": ["cal@acme.test"]])
    }
}
