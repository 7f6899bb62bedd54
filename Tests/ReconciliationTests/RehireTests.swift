import Reconciliation
import SCIM
import Testing

@Suite struct `Rehires` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func hireAndLose() throws -> ResourceID {
        try lab.night(
            """
            id,login,firstName,lastName,title,status
            1,ann@acme.test,Ann,Lee,CEO,active
            2,bob@acme.test,Bob,Ray,Dev,active
            """)
        let bob = try lab.id("bob@acme.test")
        try lab.night("id,login,firstName,lastName,title,status\n1,ann@acme.test,Ann,Lee,CEO,active\n")
        #expect(try !lab.member(bob).isActive)
        return bob
    }

    @Test func `brings the same resource back under the same anchor`() throws {
        let bob = try hireAndLose()
        let plan = try lab.plan(
            """
            id,login,firstName,lastName,title,status
            1,ann@acme.test,Ann,Lee,CEO,active
            2,robert@acme.test,Bob,Ray,Lead,active
            """)
        expectNoDifference(
            plan.told,
            ["reactivate bob@acme.test userName bob@acme.test→robert@acme.test title Dev→Lead active false→true"])
        try lab.apply(plan)
        let back = try lab.member(bob)
        #expect(back.isActive)
        #expect(back.userName == "robert@acme.test")
        #expect(back.title == "Lead")
        #expect(try lab.members().count == 2)
    }

    @Test func `names both when another anchor has an inactive member's address`() throws {
        let bob = try hireAndLose()
        let before = try lab.member(bob)
        let plan = try lab.plan(
            """
            id,login,firstName,lastName,title,status
            1,ann@acme.test,Ann,Lee,CEO,active
            9,bob@acme.test,Bob,Ray,Lead,active
            """)
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["address-of-another:3"])
        expectNoDifference(plan.pinnedNames, ["bob@acme.test"])
        let message = plan.rejected[0].message
        #expect(
            message.contains(
                "\"9\" has the address of the inactive member \"bob@acme.test\", whose externalId is \"2\""))
        #expect(plan.verdict == .inSync)
        try lab.apply(plan)
        #expect(try lab.member(bob) == before)
        #expect(try lab.members().count == 2)
    }

    @Test func `asks about an inactive member's address that another login has`() throws {
        try lab.night(
            "id,login,email,status\n1,ann@acme.test,ann@acme.test,active\n2,bob@acme.test,b@acme.test,active\n")
        try lab.night("id,login,email,status\n1,ann@acme.test,ann@acme.test,active\n")
        let plan = try lab.plan(
            "id,login,email,status\n1,ann@acme.test,ann@acme.test,active\n9,bert@acme.test,b@acme.test,active\n")
        expectNoDifference(plan.rejections, ["address-of-another:3"])
        #expect(plan.changes.isEmpty)
    }

    @Test func `keeps somebody away whom the export flags again`() throws {
        let bob = try hireAndLose()
        let csv = """
            id,login,firstName,lastName,title,status
            1,ann@acme.test,Ann,Lee,CEO,active
            2,bob@acme.test,Bob,Ray,Dev,suspended
            """
        let plan = try lab.plan(csv)
        #expect(plan.isSilent)
        try lab.apply(plan)
        #expect(try !lab.member(bob).isActive)
        #expect(try lab.plan(csv).links.isEmpty)
    }

    @Test func `brings an inactive member nobody managed back only under their own name`() throws {
        try lab.invite("ann@acme.test", given: "Ann", family: "Lee", active: false)
        try lab.invite("bob@acme.test", given: "Bob", family: "Ray", active: false)
        let plan = try lab.plan(
            """
            id,login,firstName,lastName,status
            1,ann@acme.test,Ann,Lee,active
            2,bob@acme.test,Bess,Hall,active
            """)
        #expect(plan.changes.map(\.kind) == [.reactivate])
        #expect(plan.changes.first?.name == "ann@acme.test")
        expectNoDifference(plan.rejections, ["address-of-another:3"])
    }

    // MARK: Where the export states no status

    private let everybody = "id,login,title\n1,ann@acme.test,CEO\n2,bob@acme.test,Dev\n3,cal@acme.test,Ops\n"
    private let withoutBob = "id,login,title\n1,ann@acme.test,CEO\n3,cal@acme.test,Ops\n"

    @Test func `brings back who left by being absent, status or not`() throws {
        try lab.night(everybody)
        let bob = try lab.id("bob@acme.test")
        let before = try lab.member(bob)
        try lab.night(withoutBob)
        let plan = try lab.plan(everybody)
        expectNoDifference(plan.told, ["reactivate bob@acme.test active false→true"])
        #expect(plan.changes.first?.reason == "back in the export")
        #expect(!plan.has(notice: "inactive-unstated"))
        try lab.apply(plan)
        #expect(try lab.member(bob).attributes == before.attributes)
        #expect(try lab.plan(everybody).isSilent)
        // And again: this leaving is one of its own.
        try lab.night(withoutBob)
        expectNoDifference(try lab.plan(everybody).told, ["reactivate bob@acme.test active false→true"])
    }

    @Test func `brings back by a blank cell too, with what is new of them`() throws {
        let head = "id,login,title,status\n1,ann@acme.test,CEO,active\n"
        try lab.night(head + "2,bob@acme.test,Dev,active\n")
        try lab.night(head)
        expectNoDifference(
            try lab.plan(head + "2,bob@acme.test,Lead,\n").told,
            ["reactivate bob@acme.test title Dev→Lead active false→true"])
    }

    /// What somebody else did than this source by absence.
    enum Otherwise: CaseIterable { case online, onlineAfterAbsence, touchedAfterAbsence, flagged, undo, otherSource }

    @Test(arguments: Otherwise.allCases)
    func `does not bring back by mere presence who left otherwise`(_ way: Otherwise) throws {
        let run = try lab.night(everybody).run
        switch way {
        case .online:
            try lab.set("active", .boolean(false), of: "bob@acme.test")
        case .onlineAfterAbsence:
            try lab.night(withoutBob)
            try lab.set("active", .boolean(true), of: "bob@acme.test")
            try lab.set("active", .boolean(false), of: "bob@acme.test")
        case .touchedAfterAbsence:
            try lab.night(withoutBob)
            try lab.set("nickName", .string("Bobby"), of: "bob@acme.test")
        case .flagged:
            try lab.night(
                "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,suspended\n3,cal@acme.test,Ops,active\n"
            )
        case .undo:
            let record = try #require(try lab.store.read { try $0.run(run, team: lab.team.id) })
            try lab.apply(
                UndoPlanner(store: lab.store, policy: lab.policy, asOf: lab.clock.now).plan(record, team: lab.team),
                command: "undo")
        case .otherSource:
            lab.source = "hr"
            try lab.night(everybody)
            lab.source = "okta"
            try lab.night(withoutBob)
            lab.source = "hr"
            try lab.night(withoutBob)
            lab.source = "okta"
        }
        #expect(try !lab.member("bob@acme.test").isActive)
        for _ in 1...2 {
            let plan = try lab.plan(everybody)
            #expect(!plan.changes.contains { $0.name == "bob@acme.test" })
            #expect(plan.has(notice: "inactive-unstated"))
            try lab.apply(plan)
        }
        #expect(try !lab.member("bob@acme.test").isActive)
    }
}
