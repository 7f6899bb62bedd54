import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Joiners, movers and leavers` {
    let lab: Lab
    init() throws { lab = try Lab() }

    @Test func `creates a joiner as the export states them`() throws {
        try lab.night(
            """
            id,login,email,firstName,lastName,title,department,status
            1,ann@acme.test,Ann.Lee@acme.test,Ann,Lee,CEO,Board,active
            """)
        let ann = try lab.member("ann@acme.test")
        #expect(ann.externalID == "1")
        #expect(ann.isActive)
        #expect(ann.givenName == "Ann")
        #expect(ann.familyName == "Lee")
        #expect(ann.title == "CEO")
        #expect(ann.department == "Board")
        #expect(ann.email == "Ann.Lee@acme.test")
    }

    @Test func `changes what differs of a mover, and nothing else`() throws {
        try lab.night(
            """
            id,login,title,status
            1,ann@acme.test,CEO,active
            2,bob@acme.test,Dev,active
            """)
        let before = try lab.member("bob@acme.test")
        let plan = try lab.plan(
            """
            id,login,title,status
            1,ann@acme.test,Chair,active
            2,bob@acme.test,Dev,active
            """)
        expectNoDifference(plan.told, ["update ann@acme.test title CEO→Chair"])
        try lab.apply(plan)
        #expect(try lab.member("ann@acme.test").title == "Chair")
        #expect(try lab.member("bob@acme.test") == before)
    }

    @Test func `deactivates an absent leaver and keeps their card`() throws {
        try lab.night(
            """
            id,login,title,status
            1,ann@acme.test,CEO,active
            2,bob@acme.test,Dev,active
            """)
        let bob = try lab.id("bob@acme.test")
        let plan = try lab.plan("id,login,title,status\n1,ann@acme.test,CEO,active\n")
        expectNoDifference(plan.told, ["deactivate bob@acme.test active true→false"])
        #expect(plan.changes[0].reason == "absent from the export")
        #expect(plan.changes[0].place == nil)
        try lab.apply(plan)
        let left = try lab.member(bob)
        #expect(!left.isActive)
        #expect(left.title == "Dev")
    }

    @Test func `deactivates a leaver whom the export flags`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        let plan = try lab.plan("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,suspended\n")
        expectNoDifference(plan.told, ["deactivate bob@acme.test active true→false"])
        #expect(plan.changes[0].place?.line == 3)
        try lab.apply(plan)
        #expect(try !lab.member("bob@acme.test").isActive)
    }

    @Test func `does nothing about somebody inactive who never was a member`() throws {
        let plan = try lab.plan("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,suspended\n")
        expectNoDifference(plan.told, ["create ann@acme.test externalId ∅→1"])
        #expect(plan.has(notice: "inactive-strangers"))
    }

    @Test func `leaves the absent alone where leavers are flagged`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        lab.policy.leavers = .flagged
        #expect(try lab.plan("id,login,status\n1,ann@acme.test,active\n").isSilent)
    }

    @Test func `has nothing to do in a second run`() throws {
        let csv = """
            id,login,firstName,lastName,title,department,status,groups
            1,ann@acme.test,Ann,Lee,CEO,,active,Board
            2,bob@acme.test,Bob,,,Ops,suspended,
            3,cal@acme.test,Cal,Roe,Dev,Ops,active,Board;Crew
            """
        try lab.night(csv)
        let plan = try lab.plan(csv)
        #expect(plan.isSilent)
        #expect(plan.verdict == .inSync)
        #expect(plan.links.isEmpty)
        #expect(plan.unchanged == 2)
    }
}
