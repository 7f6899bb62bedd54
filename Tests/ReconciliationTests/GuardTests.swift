import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Guards` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func csv(_ numbers: some Sequence<Int>, status: String = "active", more: String = "") -> String {
        "id,login,status\n" + numbers.map { "\($0),p\($0)@acme.test,\(status)\n" }.joined() + more
    }

    private func held(_ plan: Plan, accepting acceptances: [String] = []) throws -> [String] {
        let held = try #require(throws: Held.self) { _ = try lab.apply(plan, accepting: acceptances) }
        return held.findings.map { "\($0.name)=\($0.figure)" }
    }

    // MARK: Deactivations

    @Test(arguments: [(members: 20, leavers: 5), (60, 6), (100, 10), (400, 25)])
    func `let as many go as the limit says`(members: Int, leavers: Int) throws {
        try lab.night(csv(1...members))
        lab.policy.limits.exportShrunkPercent = 100
        let plan = try lab.plan(csv((leavers + 1)...members))
        #expect(plan.guardNamed("deactivations")?.limit == String(leavers))
        #expect(plan.heldGuards.isEmpty)
    }

    @Test(arguments: [(members: 20, leavers: 6), (60, 7), (100, 11), (400, 26)])
    func `hold one leaver more, until the exact figure is accepted`(members: Int, leavers: Int) throws {
        try lab.night(csv(1...members))
        lab.policy.limits.exportShrunkPercent = 100
        let before = try lab.roster()
        let plan = try lab.plan(csv((leavers + 1)...members))
        let finding = try #require(plan.guardNamed("deactivations"))
        #expect(finding.accept == "--accept deactivations=\(leavers)")
        #expect(finding.message.contains("\(leavers) of \(members)"))
        expectNoDifference(try held(plan), ["deactivations=\(leavers)"])
        expectNoDifference(try held(plan, accepting: ["deactivations=\(leavers - 1)"]), ["deactivations=\(leavers)"])
        expectNoDifference(try held(plan, accepting: ["deactivations=\(leavers + 1)"]), ["deactivations=\(leavers)"])
        expectNoDifference(try held(plan, accepting: ["rejected=\(leavers)"]), ["deactivations=\(leavers)"])
        #expect(try lab.roster() == before)
        #expect(try lab.apply(plan, accepting: ["deactivations=\(leavers)"]).isComplete)
        #expect(try lab.members().count { !$0.isActive } == leavers)
    }

    @Test func `hold a single leaver where the count says none`() throws {
        try lab.night(csv(1...20))
        lab.policy.limits.deactivationCount = 0
        expectNoDifference(try lab.plan(csv(2...20)).heldGuards, ["deactivations=1"])
        #expect(try lab.plan(csv(1...20)).heldGuards.isEmpty)
    }

    @Test func `are not fooled by people who cannot leave`() throws {
        // A hundred members, of whom twenty are inactive and forty-four protected; and fifty whom nobody manages.
        for number in 1...50 { try lab.invite("local\(number)@acme.test") }
        try lab.night(csv(1...100))
        lab.policy.limits.exportShrunkPercent = 100
        try lab.night(csv(1...80), accepting: ["deactivations=20"])
        lab.policy.protect = [4, 5, 6, 7].map { Pattern("p\($0)*@acme.test") }
        lab.policy.limits.floor = 0
        #expect(try lab.plan(csv(4...80)).guardNamed("deactivations")?.held == false)
        let plan = try lab.plan(csv([7] + Array(9...80)))
        let finding = try #require(plan.guardNamed("deactivations"))
        #expect(finding.held)
        #expect(finding.message.hasPrefix("4 of 36 "))
        #expect(finding.limit == "3")
    }

    @Test func `count people whom the export flags as well`() throws {
        try lab.night(csv(1...20))
        lab.policy.limits.deactivationCount = 3
        let flagged = "17,p17@acme.test,suspended\n18,p18@acme.test,suspended\n"
        expectNoDifference(try lab.plan(csv(1...16, more: flagged)).heldGuards, ["deactivations=4"])
    }

    // MARK: The export

    @Test func `hold too many rejected records`() throws {
        func plan(_ bad: Int) throws -> Plan {
            let rows = (0..<bad).map { "b\($0),no body\($0)@acme.test,active\n" }.joined()
            return try lab.plan(csv(1...(200 - bad), more: rows))
        }
        #expect(try plan(10).heldGuards.isEmpty)
        let one = try plan(11)
        expectNoDifference(one.heldGuards, ["rejected=11"])
        #expect(one.guardNamed("rejected")?.limit == "10")
        #expect(try lab.apply(one, accepting: ["rejected=11"]).isComplete)
    }

    @Test func `exempt a few rejected records of a small export`() throws {
        let bad = (0..<5).map { "b\($0),no body@acme.test,active\n" }.joined()
        #expect(try lab.plan(csv(1...5, more: bad)).heldGuards.isEmpty)
        #expect(try lab.plan(csv(1...5, more: bad + "b9,no body@acme.test,active\n")).heldGuards == ["rejected=6"])
    }

    @Test(arguments: [(hours: 71.9, held: false), (72, false), (72.1, true), (200, true)])
    func `hold an old export`(hours: Double, held: Bool) throws {
        let plan = try lab.plan(csv(1...3), hoursOld: hours)
        let figure = Int(hours.rounded(.up))
        expectNoDifference(plan.heldGuards, held ? ["export-age=\(figure)"] : [])
        #expect(plan.guardNamed("export-age")?.figure == String(figure))
    }

    @Test func `take a manifest's word for the export's date`() throws {
        let path = try lab.write(csv(1...3), as: "old.csv")
        try lab.write(#"{"written": "2026-02-26T03:30:00Z"}"#, as: "old.csv.manifest.json")
        expectNoDifference(try lab.plan(files: [InputFile(path)]).heldGuards, ["export-age=97"])
    }

    @Test func `judge several pages by the oldest`() throws {
        let old = InputFile(try lab.write(csv(1...3), as: "1.csv", hoursOld: 100), role: .users)
        let new = InputFile(try lab.write(csv(4...6), as: "2.csv"), role: .users)
        expectNoDifference(try lab.plan(files: [old, new]).heldGuards, ["export-age=100"])
        expectNoDifference(try lab.plan(files: [new, old]).heldGuards, ["export-age=100"])
    }

    @Test func `hold an export older than the last one applied`() throws {
        try lab.apply(try lab.plan(csv(1...3), hoursOld: 2))
        #expect(try lab.plan(csv(1...3), hoursOld: 2).heldGuards.isEmpty)
        #expect(try lab.plan(csv(1...3), hoursOld: 1).heldGuards.isEmpty)
        // 36 seconds are what a copy's time may differ by; 72 are an older export.
        #expect(try lab.plan(csv(1...3), hoursOld: 2.01).heldGuards.isEmpty)
        expectNoDifference(try lab.plan(csv(1...3), hoursOld: 2.02).heldGuards, ["export-order=1"])
        let older = try lab.plan(csv(1...3), hoursOld: 26)
        expectNoDifference(older.heldGuards, ["export-order=24"])
        #expect(try lab.apply(older, accepting: ["export-order=24"]).isComplete)
    }

    @Test func `hold an export that has shrunk`() throws {
        try lab.night(csv(1...100))
        lab.policy.limits.deactivationCount = 100
        lab.policy.limits.deactivationPercent = 100
        #expect(try lab.plan(csv(1...80)).heldGuards.isEmpty)
        let plan = try lab.plan(csv(1...79))
        expectNoDifference(plan.heldGuards, ["export-shrunk=21"])
        #expect(try lab.apply(plan, accepting: ["export-shrunk=21"]).isComplete)
        // The accepted one is the measure from now on.
        #expect(try lab.plan(csv(1...79)).heldGuards.isEmpty)
    }

    @Test func `let a small export shrink by a few`() throws {
        try lab.night(csv(1...8))
        #expect(try lab.plan(csv(1...3)).heldGuards.isEmpty)
        #expect(try lab.plan(csv(1...2)).heldGuards.contains("export-shrunk=75"))
    }

    @Test func `measure nothing by a one-off import`() throws {
        try lab.night(csv(1...100))
        lab.policy.neverDeactivates = true
        try lab.apply(try lab.plan(csv(200...202)), command: "import")
        lab.policy.neverDeactivates = false
        #expect(try lab.plan(csv(1...70)).heldGuards.contains("export-shrunk=30"))
    }

    @Test func `take no run without people for a shrunken export`() throws {
        try lab.night(csv(1...100))
        let plan = try lab.plan(files: [])
        #expect(plan.heldGuards.isEmpty)
        #expect(plan.changes.isEmpty)
    }

    // MARK: Anchors

    private func named(_ numbers: some Sequence<Int>, anchor: (Int) -> String) -> String {
        "id,login,firstName,lastName,status\n"
            + numbers.map { "\(anchor($0)),p\($0)@acme.test,First\($0),Last\($0),active\n" }.joined()
    }

    @Test func `hold anchors made anew for everybody, and nobody leaves or joins for it`() throws {
        try lab.night(named(1...120) { "old-\($0)" })
        let plan = try lab.plan(named(1...120) { "new-\($0)" })
        #expect(plan.counts == [.update: 120])
        expectNoDifference(plan.heldGuards, ["anchors-reissued=120"])
        #expect(plan.guardNamed("anchors-reissued")?.limit == "6")
        #expect(plan.guardNamed("anchors-reissued")?.message.contains("accept this once") == true)
        let ids = try lab.members().map(\.id)
        #expect(try lab.apply(plan, accepting: ["anchors-reissued=120"]).isComplete)
        #expect(try lab.members().map(\.id) == ids)
        #expect(try lab.plan(named(1...120) { "new-\($0)" }).isSilent)
    }

    @Test func `let a few anchors be made anew`() throws {
        try lab.night(named(1...120) { "old-\($0)" })
        #expect(try lab.plan(named(1...120) { $0 <= 6 ? "new-\($0)" : "old-\($0)" }).heldGuards.isEmpty)
        expectNoDifference(
            try lab.plan(named(1...120) { $0 <= 7 ? "new-\($0)" : "old-\($0)" }).heldGuards, ["anchors-reissued=7"])
    }

    // MARK: Admins

    @Test func `leave no team without an active admin, whatever is accepted`() throws {
        try lab.night(csv(1...3))
        try lab.set("roles", .list([.complex(ComplexValue([.init("value", .string("Owner"))]))]), of: "p1@acme.test")
        let plan = try lab.plan(csv(2...3))
        let finding = try #require(plan.guardNamed("last-admin"))
        #expect(finding.held)
        #expect(finding.accept == nil)
        expectNoDifference(try held(plan, accepting: ["last-admin=0"]), ["last-admin=0"])
        try lab.invite("root@acme.test", role: "admin")
        #expect(try lab.plan(csv(2...3)).guardNamed("last-admin")?.held == false)
    }

    @Test func `know admins whom the configuration names`() throws {
        try lab.night(csv(1...3))
        lab.policy.admins = [Pattern("P1@*")]
        #expect(try lab.plan(csv(2...3)).heldGuards == ["last-admin=0"])
        #expect(try lab.plan(csv(1...2)).heldGuards.isEmpty)
    }

    @Test func `see an admin go by losing the role`() throws {
        lab.map("roles.primary", from: "role")
        func roles(_ first: String, _ second: String) -> String {
            "id,login,role,status\n1,p1@acme.test,\(first),active\n2,p2@acme.test,\(second),active\n"
        }
        try lab.night(roles("admin", "user"))
        expectNoDifference(try lab.plan(roles("user", "user")).heldGuards, ["last-admin=0"])
        let handed = try lab.plan(roles("user", "admin"))
        #expect(handed.heldGuards.isEmpty)
        #expect(try lab.apply(handed).isComplete)
    }

    @Test func `count a joiner among the admins`() throws {
        lab.map("roles.primary", from: "role")
        try lab.night("id,login,role,status\n1,p1@acme.test,admin,active\n2,p2@acme.test,user,active\n")
        let plan = try lab.plan("id,login,role,status\n2,p2@acme.test,user,active\n3,p3@acme.test,admin,active\n")
        #expect(plan.heldGuards.isEmpty)
        #expect(try lab.apply(plan).isComplete)
    }

    // MARK: Protection and teams

    @Test func `leave the protected as they are`() throws {
        try lab.night(
            "id,login,title,status\n1,owner@acme.test,CEO,active\n2,svc-mail@acme.test,Bot,active\n3,ann@acme.test,Dev,active\n"
        )
        lab.policy.protect = [Pattern("OWNER@acme.test"), Pattern("svc-*@acme.test")]
        let plan = try lab.plan(
            "id,login,title,status\n1,owner@acme.test,Chair,suspended\n3,ann@acme.test,Lead,active\n")
        expectNoDifference(plan.told, ["update ann@acme.test title Dev→Lead"])
    }

    @Test func `refuse another team's export, whatever is accepted`() throws {
        func globex(_ numbers: ClosedRange<Int>) -> String {
            "id,login,email,status\n" + numbers.map { "g\($0),g\($0)@globex.test,g\($0)@globex.test,active\n" }.joined()
        }
        try lab.night(globex(1...5))
        try lab.move(toNewTeam: "acme-2")
        try lab.invite("root@acme.test", email: "root@acme.test")
        let plan = try lab.plan(globex(1...5))
        expectNoDifference(plan.heldGuards, ["wrong-team=1"])
        #expect(plan.guardNamed("wrong-team")?.accept == nil)
        expectNoDifference(try held(plan, accepting: ["wrong-team=1"]), ["wrong-team=1"])
        // With one person of this team it is this team's.
        let mixed = try lab.plan(globex(1...5) + "1,root@acme.test,root@acme.test,active\n")
        #expect(mixed.heldGuards.isEmpty)
    }
}
