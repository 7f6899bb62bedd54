import Exports
import Reconciliation
import Testing

@Suite struct `Who wins over an attribute` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func night(_ title: String) throws {
        try lab.night("id,login,title,status\n1,ann@acme.test,\(title),active\n")
    }
    private func plan(_ title: String) throws -> Plan {
        try lab.plan("id,login,title,status\n1,ann@acme.test,\(title),active\n")
    }

    @Test func `is the export, where nothing else is said`() throws {
        try night("CEO")
        try lab.set("title", .string("Boss"), of: "ann@acme.test")
        expectNoDifference(try plan("CEO").told, ["update ann@acme.test title Boss→CEO"])
    }

    @Test func `is whoever was first with if-empty`() throws {
        lab.map("title", overwrite: .ifEmpty)
        try night("")
        try lab.set("title", .string("Boss"), of: "ann@acme.test")
        #expect(try plan("CEO").isSilent)
        try lab.set("title", nil, of: "ann@acme.test")
        expectNoDifference(try plan("CEO").told, ["update ann@acme.test title ∅→CEO"])
        try night("CEO")
        #expect(try plan("Chair").isSilent)
    }

    @Test func `is the export once with create-only`() throws {
        lab.map("title", overwrite: .createOnly)
        try night("CEO")
        #expect(try lab.member("ann@acme.test").title == "CEO")
        #expect(try plan("Chair").isSilent)
        try lab.set("title", nil, of: "ann@acme.test")
        #expect(try plan("Chair").isSilent)
    }

    @Test func `is the roster where the column is missing`() throws {
        try night("CEO")
        #expect(try lab.plan("id,login,status\n1,ann@acme.test,active\n").isSilent)
    }

    @Test func `is the roster where the cell is blank`() throws {
        try night("CEO")
        #expect(try plan("").isSilent)
        #expect(try plan("  ").isSilent)
    }

    @Test func `is the blank cell where the mapping says clear`() throws {
        lab.map("title", clears: true)
        try night("CEO")
        expectNoDifference(try plan("").told, ["update ann@acme.test title CEO→∅"])
        try night("")
        #expect(try lab.member("ann@acme.test").title == nil)
        #expect(try plan("").isSilent)
    }

    @Test func `is no blank cell over what was there first`() throws {
        lab.map("title", overwrite: .ifEmpty, clears: true)
        try night("CEO")
        #expect(try plan("").isSilent)
    }

    @Test func `is asked again after somebody changed the member online`() throws {
        try night("CEO")
        let csv = "id,login,title,status\n1,ann@acme.test,CEO,active\n"
        #expect(try lab.plan(csv).links.isEmpty)
        try lab.set("nickName", .string("Annie"), of: "ann@acme.test")
        let plan = try lab.plan(csv)
        #expect(plan.isSilent)
        #expect(plan.links.count == 1)
        try lab.apply(plan)
        #expect(try lab.plan(csv).links.isEmpty)
    }
}
