import Exports
import Reconciliation
import SCIM
import Testing
import TestSupport

/// Each guard just below its limit, and just above.
@Suite struct `Guards at their limits` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        lab.policy.limits.exportShrunkPercent = 100
    }

    private func csv(
        _ numbers: some Sequence<Int>, title: (Int) -> String = { _ in "Dev" },
        domain: (Int) -> String = { _ in "acme" }
    ) -> String {
        "id,login,title,status\n"
            + numbers.map { "\($0),p\($0)@\(domain($0)).test,\(title($0)),active\n" }.joined()
    }

    private func finding(_ plan: Plan, _ key: String) -> GuardFinding? { plan.guards.first { $0.key == key } }

    @Test(arguments: [(49, false), (50, false), (51, true)]) func `updates`(changed: Int, held: Bool) throws {
        try lab.night(csv(1...100))
        let plan = try lab.plan(csv(1...100) { $0 <= changed ? "Lead" : "Dev" })
        expectNoDifference(plan.heldGuards, held ? ["updates=\(changed)"] : [])
        #expect(finding(plan, "updates")?.limit == "50")
        #expect(finding(plan, "updates")?.setting == "guards.updates")
    }

    @Test(arguments: [(49, false), (50, false), (51, true)]) func `creates`(joiners: Int, held: Bool) throws {
        let first = try lab.plan(csv(1...100))
        #expect(first.guardNamed("creates") == nil)
        try lab.apply(first)
        let plan = try lab.plan(csv(1...(100 + joiners)))
        expectNoDifference(plan.heldGuards, held ? ["creates=\(joiners)"] : [])
        #expect(finding(plan, "creates")?.limit == "50")
    }

    @Test(arguments: [(79, false), (80, false), (81, true)])
    func `attribute-changed, by the attribute's name`(changed: Int, held: Bool) throws {
        try lab.night(csv(1...100))
        lab.policy.limits.updatesPercent = 100
        let plan = try lab.plan(csv(1...100) { $0 <= changed ? "Lead" : "Dev" })
        expectNoDifference(plan.guards.filter(\.held).map(\.key), held ? ["attribute-changed.title"] : [])
        let found = try #require(finding(plan, "attribute-changed.title"))
        #expect(found.figure == String(changed))
        #expect(found.limit == "80")
        if held {
            #expect(found.accept == "--accept attribute-changed.title=81")
            #expect(throws: Held.self) { try lab.apply(plan, accepting: ["attribute-changed.department=81"]) }
            #expect(try lab.apply(plan, accepting: ["attribute-changed.title=81"]).isComplete)
            #expect(try lab.runs().first?.accepted == ["attribute-changed.title=81"])
        }
    }

    @Test(arguments: [(19, false), (20, false), (21, true)], [false, true])
    func `attribute-emptied, whether or not blanks clear`(count: (Int, Bool), clears: Bool) throws {
        lab.map("title", from: "title", clears: clears)
        try lab.night(csv(1...100))
        let plan = try lab.plan(csv(1...100) { $0 <= count.0 ? "" : "Dev" })
        expectNoDifference(plan.guards.filter(\.held).map(\.key), count.1 ? ["attribute-emptied.title"] : [])
        #expect(finding(plan, "attribute-emptied.title")?.figure == String(count.0))
        #expect(plan.changes.count == (clears ? count.0 : 0))
        if count.1 {
            // The guard's own name is enough where one attribute is held.
            #expect(try lab.apply(plan, accepting: ["attribute-emptied=21"]).isComplete)
            #expect(try lab.plan(csv(1...100) { $0 <= count.0 ? "" : "Dev" }).isSilent)
        }
    }

    @Test func `attribute guards exempt few people`() throws {
        try lab.night(csv(1...6))
        #expect(try lab.plan(csv(1...6) { $0 <= 5 ? "" : "Dev" }).heldGuards.isEmpty)
        #expect(try lab.plan(csv(1...6) { _ in "" }).heldGuards == ["attribute-emptied=100"])
    }

    @Test(arguments: [(7, false), (10, false), (11, true)])
    func `domain-leaving`(leavers: Int, held: Bool) throws {
        func domain(_ number: Int) -> String { number <= 20 ? "globex" : "acme" }
        try lab.night(csv(1...400, domain: domain))
        let plan = try lab.plan(csv((leavers + 1)...400, domain: domain))
        expectNoDifference(plan.heldGuards, held ? ["domain-leaving=55"] : [])
        #expect(finding(plan, "domain-leaving")?.figure == String(leavers * 5))
        if held {
            #expect(finding(plan, "domain-leaving")?.message.contains("11 of the 20") == true)
            #expect(try lab.apply(plan, accepting: ["domain-leaving=55"]).isComplete)
        }
    }

    @Test func `domain-leaving shows the domain that is hit worst, and none that few leave`() throws {
        func domain(_ number: Int) -> String { number <= 8 ? "initech" : number <= 30 ? "globex" : "acme" }
        try lab.night(csv(1...400, domain: domain))
        let all = csv(1...400, domain: domain).split(separator: "\n")
        func without(_ numbers: some Sequence<Int>) -> String {
            let left = Set(numbers)
            return all.enumerated().filter { !left.contains($0.offset) }.map { $0.element + "\n" }.joined()
        }
        // Five of eight are few; six of 22 are more than six of 370.
        let plan = try lab.plan(without(Array(1...5) + Array(9...14) + Array(31...36)))
        #expect(finding(plan, "domain-leaving")?.figure == "28")
        #expect(
            finding(plan, "domain-leaving")?.message.contains("6 of the 22 members with an address at globex") == true)
        #expect(finding(try lab.plan(without(1...5)), "domain-leaving")?.figure == "0")
    }

    @Test func `fingerprint, until it was applied once`() throws {
        try lab.night(csv(1...20))
        lab.map("title", from: "title", overwrite: .createOnly)
        #expect(try lab.plan(csv(1...20)).heldGuards.isEmpty)
        let plan = try lab.plan(csv(2...20))
        let figure = String(plan.fingerprint.prefix(8))
        expectNoDifference(plan.heldGuards, ["fingerprint=\(figure)"])
        #expect(throws: Held.self) { try lab.apply(plan) }
        #expect(try lab.plan(csv(2...20)).isHeld)
        #expect(try lab.apply(plan, accepting: ["fingerprint=\(figure)"]).isComplete)
        #expect(try lab.plan(csv(3...20)).heldGuards.isEmpty)
    }

    @Test func `rolling-deactivations, over a day and over a week`() throws {
        // 5 a run, 10 a day, 20 a week.
        try lab.night(csv(1...60))
        func run(_ first: Int) throws -> [String] {
            let plan = try lab.plan(csv(first...60))
            let held = plan.guards.filter(\.held).map { "\($0.key)=\($0.figure)" }
            if held.isEmpty { try lab.apply(plan) }
            return held
        }
        expectNoDifference(try run(6), [])
        lab.clock.advance(hours: 1)
        expectNoDifference(try run(11), [])
        lab.clock.advance(hours: 1)
        expectNoDifference(try run(11), [])
        expectNoDifference(try run(12), ["rolling-deactivations.day=11"])
        lab.clock.advance(hours: 25)
        expectNoDifference(try run(16), [])
        lab.clock.advance(hours: 25)
        expectNoDifference(try run(21), [])
        lab.clock.advance(hours: 25)
        expectNoDifference(try run(22), ["rolling-deactivations.week=21"])
        #expect(try lab.members().count { !$0.isActive } == 20)
        lab.clock.advance(hours: 24 * 7)
        expectNoDifference(try run(22), [])
    }

    // MARK: Band

    @Test func `an export shorter than the band of earlier runs is only plausible`() throws {
        try lab.night(csv(1...200))
        try lab.night(csv(1...198))
        // Two earlier runs are no band.
        #expect(try lab.plan(csv(1...170)).inputs.map(\.grade) == [.complete])
        try lab.night(csv(1...200))
        #expect(try lab.plan(csv(1...179)).inputs.map(\.grade) == [.complete])
        #expect(try lab.plan(csv(1...260)).inputs.map(\.grade) == [.complete])
        let plan = try lab.plan(csv(1...178))
        #expect(plan.inputs.map(\.grade) == [.plausible])
        #expect(plan.inputs[0].gradeReasons == ["178 records are fewer than any of the last 3 runs had (198 at least)"])
        expectNoDifference(plan.guardNamed("completeness")?.figure, "22")
        #expect(plan.heldGuards.contains("completeness=22"))
    }

    // MARK: Protection

    @Test func `members of a protected group stay as they are`() throws {
        try lab.night(csv(1...12))
        let board = try lab.service.create(
            .group, attributes: ComplexValue([.init("displayName", .string("Board"))]),
            members: [try lab.id("p1@acme.test"), try lab.id("p2@acme.test")], context: lab.online)
        #expect(!board.id.rawValue.isEmpty)
        lab.policy.protectGroups = ["board", "Nobody"]
        let plan = try lab.plan(csv(4...12))
        expectNoDifference(plan.told, ["deactivate p3@acme.test active true→false"])
        #expect(plan.has(notice: "protected-group-missing"))
        lab.policy.protectGroups = []
        #expect(try lab.plan(csv(4...12)).counts == [.deactivate: 3])
    }
}
