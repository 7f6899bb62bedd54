import Reconciliation
import SCIM
import Testing

@Suite struct `Adoption` {
    let lab: Lab
    init() throws { lab = try Lab() }

    @Test func `adopts by userName without a change anybody sees but the anchor`() throws {
        let ann = try lab.invite("ann@acme.test")
        let csv = "id,login,status\n1,Ann@acme.test,active\n"
        let plan = try lab.plan(csv)
        #expect(plan.changes.map(\.kind) == [.update])
        #expect(plan.changes[0].attributes.first { $0.path == "externalId" }?.new == "1")
        #expect(plan.changes[0].reason == "matched by userName; differs from the export")
        try lab.apply(plan)
        #expect(try lab.member("ann@acme.test").id == ann)
        #expect(try lab.plan(csv).isSilent)
        #expect(try lab.plan(csv).unmanagedCount == 0)
    }

    @Test func `adopts by e-mail address when the login is another`() throws {
        let ann = try lab.invite("ann", email: "ann@acme.test")
        let csv = "id,login,email,status\n1,ann.lee@acme.test,ann@acme.test,active\n"
        let plan = try lab.plan(csv)
        #expect(plan.changes[0].reason == "matched by email; differs from the export")
        try lab.apply(plan)
        #expect(try lab.member(ann).userName == "ann.lee@acme.test")
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `adopts by externalId silently, whatever the login was`() throws {
        let ann = try lab.invite("ann@acme.test", externalID: "1", email: "ann@acme.test")
        let csv = "id,login,email,status\n1,ann@acme.test,ann@acme.test,active\n"
        let plan = try lab.plan(csv)
        #expect(plan.changes.isEmpty)
        #expect(plan.links.map(\.id) == [ann])
        try lab.apply(plan)
        #expect(try lab.member(ann).version == 1)
        let second = try lab.plan(csv)
        #expect(second.isSilent && second.links.isEmpty)
    }

    @Test func `prefers the anchor to the login and the login to the address`() throws {
        let first = try lab.invite("x@acme.test", externalID: "1", email: "z@acme.test")
        let second = try lab.invite("y@acme.test", email: "y@acme.test")
        try lab.night("id,login,email,status\n1,new@acme.test,y@acme.test,active\n2,y@acme.test,z@acme.test,active\n")
        #expect(try lab.member(first).userName == "new@acme.test")
        #expect(try lab.member(second).externalID == "2")
        #expect(try lab.members().count == 2)
    }

    @Test func `leaves members alone whom no record names, and lists them`() throws {
        try lab.invite("owner@acme.test", role: "owner")
        try lab.invite("svc@acme.test")
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        let plan = try lab.plan("id,login,status\n1,ann@acme.test,active\n")
        expectNoDifference(plan.told, ["deactivate bob@acme.test active true→false"])
        expectNoDifference(plan.unmanaged.map(\.userName), ["owner@acme.test", "svc@acme.test"])
        #expect(plan.unmanagedCount == 2)
        try lab.apply(plan)
        #expect(try lab.member("owner@acme.test").version == 1)
        #expect(try lab.member("svc@acme.test").isActive)
    }

    @Test func `takes nobody's access away whom it never managed`() throws {
        let ann = try lab.invite("ann@acme.test")
        let csv = "id,login,status\n1,ann@acme.test,suspended\n2,bob@acme.test,active\n"
        try lab.night(csv)
        #expect(try lab.member(ann).isActive)
        let second = try lab.plan(csv)
        #expect(second.isSilent)
        #expect(second.has(notice: "inactive-unmanaged"))
        expectNoDifference(second.unmanaged.map(\.userName), ["ann@acme.test"])
    }

    @Test func `rejects a record that two members may be`() throws {
        try lab.invite("ann1", email: "ann@acme.test")
        try lab.invite("ann2", email: "ann@acme.test")
        let plan = try lab.plan("id,login,email,status\n1,ann.lee@acme.test,ann@acme.test,active\n")
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["ambiguous:2"])
        expectNoDifference(plan.pinnedNames, ["ann1", "ann2"])
    }

    @Test(arguments: [false, true]) func `rejects two records that may be one member`(isReversed: Bool) throws {
        try lab.invite("ann", email: "ann@acme.test")
        var rows = ["1,a@acme.test,ann@acme.test,active", "2,b@acme.test,ann@acme.test,active"]
        if isReversed { rows.reverse() }
        let plan = try lab.plan("id,login,email,status\n" + rows.joined(separator: "\n") + "\n")
        #expect(plan.changes.isEmpty)
        expectNoDifference(plan.rejections, ["ambiguous:2", "ambiguous:3"])
        expectNoDifference(plan.pinnedNames, ["ann"])
    }

    @Test(arguments: [false, true]) func `lets no address outweigh a login, in any order of rows`(isReversed: Bool)
        throws
    {
        let ann = try lab.invite("ann@acme.test", email: "team@acme.test")
        var rows = ["1,ann@acme.test,team@acme.test,active", "2,bob@acme.test,team@acme.test,active"]
        if isReversed { rows.reverse() }
        let csv = "id,login,email,status\n" + rows.joined(separator: "\n") + "\n"
        try lab.night(csv)
        #expect(try lab.member(ann).externalID == "1")
        #expect(try lab.member("bob@acme.test").externalID == "2")
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `keeps the members of other teams out of sight`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n")
        let first = lab.team
        try lab.move(toNewTeam: "globex")
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        #expect(try lab.members().count == 2)
        lab.move(to: first)
        #expect(try lab.members().count == 1)
    }

    @Test func `manages each source's people apart`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        lab.source = "hr"
        let plan = try lab.plan("id,login,status\n77,cal@acme.test,active\n")
        #expect(plan.changes.map(\.kind) == [.create])
        expectNoDifference(plan.unmanaged.map(\.userName), ["ann@acme.test", "bob@acme.test"])
    }
}
