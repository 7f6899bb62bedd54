import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Rejected records` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private let first = """
        id,login,email,title,status
        1,ann@acme.test,ann@acme.test,CEO,active
        2,bob@acme.test,bob@acme.test,Dev,active
        3,cal@acme.test,cal@acme.test,Ops,active

        """

    @Test(arguments: [
        "2,bob@acme.test,bob@acme.test;b@acme.test,Lead,active",
        "2,bo b@acme.test,bob@acme.test,Lead,active",
        "2,bob@acme.test,bob@acme.test,Lead,on the moon",
        ",bob@acme.test,bob@acme.test,Lead,active",
    ])
    func `pin exactly their person, and everybody else is applied`(poison: String) throws {
        try lab.night(first)
        let before = try lab.member("bob@acme.test")
        let plan = try lab.plan(
            """
            id,login,email,title,status
            1,ann@acme.test,ann@acme.test,Chair,active
            \(poison)
            4,dan@acme.test,dan@acme.test,New,active
            """)
        #expect(plan.changes.map(\.kind) == [.update, .create, .deactivate])
        #expect(plan.rejected.map(\.line) == [3])
        expectNoDifference(plan.pinnedNames, ["bob@acme.test"])
        #expect(plan.pinned.first?.line == 3)
        #expect(plan.heldGuards.isEmpty)
        try lab.apply(plan)
        #expect(try lab.member("bob@acme.test") == before)
        expectNoDifference(
            try lab.roster(),
            ["- 3 cal@acme.test Ops", "1 ann@acme.test Chair", "2 bob@acme.test Dev", "4 dan@acme.test New"])
    }

    @Test func `collapse where they say the same, with a note`() throws {
        let csv = """
            id,login,title,status
            1,ann@acme.test,CEO,active
            1,ann@acme.test,CEO,active
            2,bob@acme.test,Dev,active
            """
        let plan = try lab.plan(csv)
        #expect(plan.counts[.create] == 2)
        #expect(plan.rejected.isEmpty)
        #expect(plan.notices.contains { $0.code == "repeated-records" && $0.message.hasPrefix("1 ") })
        try lab.apply(plan)
        let second = try lab.plan(csv)
        #expect(second.isSilent)
        #expect(second.has(notice: "repeated-records"))
        let changed = try lab.plan(csv.replacing("CEO", with: "Chair"))
        #expect(changed.counts == [.update: 1])
        #expect(changed.has(notice: "repeated-records"))
    }

    @Test(arguments: [["CEO", "Chair"], ["Chair", "CEO"], ["Chair", "Head"], ["Chair", "CEO", "CEO"]])
    func `pin a member whose records contradict each other, naming every line`(titles: [String]) throws {
        try lab.night(first)
        let before = try lab.member("ann@acme.test")
        let rows = titles.map { "1,ann@acme.test,ann@acme.test,\($0),active\n" }.joined()
        let plan = try lab.plan(
            "id,login,email,title,status\n" + rows
                + "2,bob@acme.test,bob@acme.test,Dev,active\n3,cal@acme.test,cal@acme.test,Ops,active\n")
        #expect(plan.changes.isEmpty)
        #expect(plan.rejected.allSatisfy { $0.code == "contradicting-records" })
        #expect(plan.rejected.allSatisfy { $0.message.contains("lines 2 and 3") })
        #expect(Set(plan.rejected.map(\.line)).isSuperset(of: [2, 3]))
        expectNoDifference(plan.pinnedNames, ["ann@acme.test"])
        try lab.apply(plan)
        #expect(try lab.member("ann@acme.test") == before)
    }

    @Test func `create nobody of whom they say two things`() throws {
        let plan = try lab.plan("id,login,title,status\n1,ann@acme.test,CEO,active\n1,ann@acme.test,Chair,active\n")
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["contradicting-records:2", "contradicting-records:3"])
    }

    @Test func `pin the member they may be about though no link leads there`() throws {
        // The accounts were made anew, and one came twice: Ann is in the export, so she has not left.
        try lab.night(
            "id,login,firstName,lastName,title,status\n1,ann@acme.test,Ann,Lee,CEO,active\n2,bob@acme.test,Bob,Ray,Dev,active\n"
        )
        let plan = try lab.plan(
            """
            id,login,firstName,lastName,title,status
            91,ann@acme.test,Ann,Lee,CEO,active
            91,ann@acme.test,Ann,Lee,Chair,active
            2,bob@acme.test,Bob,Ray,Dev,active
            """)
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.pinnedNames, ["ann@acme.test"])
    }

    @Test func `are both rejected where two anchors have one login`() throws {
        try lab.night(first)
        let plan = try lab.plan(
            """
            id,login,email,title,status
            1,ann@acme.test,ann@acme.test,CEO,active
            2,new@acme.test,bob@acme.test,Dev,active
            3,cal@acme.test,cal@acme.test,Ops,active
            8,New@acme.test,new@acme.test,,active
            """)
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["shared-username:3", "shared-username:5"])
        expectNoDifference(plan.pinnedNames, ["bob@acme.test"])
        #expect(plan.rejected[0].message == "lines 3 and 5 are different people with the same userName")
    }

    @Test func `are both rejected where one of the two was in step`() throws {
        try lab.night(first)
        let plan = try lab.plan(first + "8,BOB@acme.test,other@acme.test,,active\n")
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["shared-username:3", "shared-username:5"])
        expectNoDifference(plan.pinnedNames, ["bob@acme.test"])
    }

    @Test func `that name nobody hold the removals up`() throws {
        try lab.night(first)
        let plan = try lab.plan("id,login,email,title,status\n1,ann@acme.test,ann@acme.test,CEO,active\n,@@,,,active\n")
        #expect(plan.counts == [.deactivate: 2])
        expectNoDifference(plan.heldGuards, ["completeness=2"])
    }

    @Test func `of joiners hold nobody up`() throws {
        try lab.night(first)
        let plan = try lab.plan(
            """
            id,login,email,title,status
            1,ann@acme.test,ann@acme.test,CEO,active
            2,bob@acme.test,bob@acme.test,Dev,active
            9,no body@acme.test,,,active
            """)
        expectNoDifference(plan.told, ["deactivate cal@acme.test active true→false"])
        #expect(plan.heldGuards.isEmpty)
    }

    @Test func `name the files of people who are in two of them`() throws {
        let head = "id,login,title,status\n"
        let a = try lab.write(head + "1,ann@acme.test,CEO,active\n", as: "a.csv")
        let b = try lab.write(head + "1,ann@acme.test,Chair,active\n2,bob@acme.test,,active\n", as: "b.csv")
        let plan = try lab.plan(files: [InputFile(a, role: .users), InputFile(b, role: .users)])
        #expect(plan.counts == [.create: 1])
        #expect(plan.rejected.count == 2)
        #expect(plan.rejected[0].message.hasPrefix("\(a):2 and \(b):2 name the same person"))
    }
}
