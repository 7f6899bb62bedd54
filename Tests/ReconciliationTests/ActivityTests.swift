import Reconciliation
import Testing

@Suite struct `What an export says about who works there` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func begin() throws {
        try lab.night(
            "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,active\n3,cal@acme.test,Ops,active\n"
        )
        try lab.night(
            "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,suspended\n3,cal@acme.test,Ops,active\n"
        )
    }

    @Test func `is nothing without a status column: nobody is reactivated for it, and it is said once`() throws {
        try begin()
        let plan = try lab.plan("id,login,title\n1,ann@acme.test,CEO\n2,bob@acme.test,Dev\n3,cal@acme.test,Boss\n")
        expectNoDifference(plan.told, ["update cal@acme.test title Ops→Boss"])
        #expect(plan.notices.count { $0.code == "status-unknown" } == 1)
    }

    @Test func `is nothing in a blank cell`() throws {
        try begin()
        let plan = try lab.plan(
            "id,login,title,status\n1,ann@acme.test,CEO,\n2,bob@acme.test,Dev,\n3,cal@acme.test,Ops,active\n")
        #expect(plan.isSilent)
    }

    @Test func `leaves the undecided out of the plan until it changes`() throws {
        try begin()
        let plan = try lab.plan(
            """
            id,login,title,status
            1,ann@acme.test,Chair,staged
            2,bob@acme.test,Lead,staged
            3,cal@acme.test,Ops,active
            4,dan@acme.test,New,staged
            """)
        #expect(plan.isSilent)
        #expect(plan.rejected.isEmpty)
        #expect(plan.pinned.isEmpty)
    }

    @Test func `creates the invited and changes them no further`() throws {
        try begin()
        let head =
            "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,suspended\n3,cal@acme.test,Ops,active\n"
        try lab.night(head + "4,dan@acme.test,New,provisioned\n")
        #expect(try lab.member("dan@acme.test").isActive)
        #expect(try lab.plan(head + "4,dan@acme.test,Old,provisioned\n").isSilent)
        #expect(try lab.plan(head + "4,dan@acme.test,Old,active\n").counts == [.update: 1])
    }

    @Test(arguments: ["LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY"])
    func `takes trouble with signing in for no departure`(
        word: String
    ) throws {
        try begin()
        let plan = try lab.plan(
            "id,login,title,status\n1,ann@acme.test,CEO,\(word)\n2,bob@acme.test,Dev,suspended\n3,cal@acme.test,Ops,active\n"
        )
        #expect(plan.isSilent)
        #expect(plan.rejected.isEmpty)
    }

    @Test func `never reads an unknown word as active or as gone`() throws {
        try begin()
        let plan = try lab.plan(
            "id,login,title,status\n1,ann@acme.test,CEO,withdrawn\n2,bob@acme.test,Dev,withdrawn\n3,cal@acme.test,Ops,active\n"
        )
        #expect(plan.changes.isEmpty)
        #expect(plan.rejected.count == 2)
        expectNoDifference(plan.pinnedNames, ["ann@acme.test", "bob@acme.test"])
    }

    @Test func `takes nobody away in a one-off import`() throws {
        try begin()
        lab.policy.neverDeactivates = true
        let plan = try lab.plan("id,login,title,status\n1,ann@acme.test,CEO,suspended\n4,dan@acme.test,New,active\n")
        expectNoDifference(plan.told, ["create dan@acme.test externalId ∅→4"])
        #expect(plan.has(notice: "spared"))
        try lab.apply(plan, command: "import")
        #expect(try lab.member("ann@acme.test").isActive)
        #expect(try lab.member("cal@acme.test").isActive)
    }
}
