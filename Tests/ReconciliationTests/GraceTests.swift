import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Somebody absent for a while` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        lab.policy.limits.updatesPercent = 100
        lab.policy.limits.attributeChangedPercent = 100
    }

    private func csv(_ numbers: some Sequence<Int>, title: String = "Dev", status: String = "active") -> String {
        "id,login,title,status\n" + numbers.map { "\($0),p\($0)@acme.test,\(title),\(status)\n" }.joined()
    }

    private func suspected(_ plan: Plan) -> [String] {
        plan.suspected.map { "\($0.userName) \($0.absence?.snapshots ?? 0)" }
    }

    @Test func `leaves at the first complete export where nothing else is said`() throws {
        try lab.night(csv(1...4))
        #expect(try lab.plan(csv(1...3)).counts == [.deactivate: 1])
    }

    @Test func `leaves after so many different exports, counted by applied runs only`() throws {
        lab.policy.grace = Grace(snapshots: 3)
        try lab.night(csv(1...4))
        for _ in 1...3 { expectNoDifference(suspected(try lab.plan(csv(1...3))), ["p4@acme.test 1"]) }
        let first = try lab.plan(csv(1...3))
        #expect(first.changes.isEmpty)
        #expect(first.withheld == 0)
        try lab.night(csv(1...3))
        // The same export says nothing new.
        try lab.night(csv([3, 2, 1]))
        expectNoDifference(suspected(try lab.plan(csv(1...3))), ["p4@acme.test 1"])
        try lab.night(csv(1...3, title: "B"))
        expectNoDifference(suspected(try lab.plan(csv(1...3, title: "B"))), ["p4@acme.test 2"])
        let last = try lab.plan(csv(1...3, title: "C"))
        #expect(last.counts[.deactivate] == 1)
        #expect(last.suspected.isEmpty)
        try lab.apply(last)
        #expect(try !lab.member("p4@acme.test").isActive)
    }

    @Test func `is forgotten when they reappear`() throws {
        lab.policy.grace = Grace(snapshots: 2)
        try lab.night(csv(1...4))
        try lab.night(csv(1...3))
        try lab.night(csv(1...4))
        expectNoDifference(suspected(try lab.plan(csv(1...3, title: "B"))), ["p4@acme.test 1"])
    }

    @Test func `leaves after so many hours, whatever the exports say`() throws {
        lab.policy.grace = Grace(snapshots: nil, hours: 48)
        try lab.night(csv(1...4))
        try lab.night(csv(1...3))
        let waiting = try lab.plan(csv(1...3))
        #expect(waiting.suspected.first?.due == Timestamp(iso8601: "2026-03-05T04:00:00Z"))
        #expect(waiting.suspected.first?.reason.contains("2026-03-05") == true)
        lab.clock.advance(hours: 23.9)
        #expect(try lab.plan(csv(1...3)).changes.isEmpty)
        lab.clock.advance(hours: 0.1)
        #expect(try lab.plan(csv(1...3)).counts == [.deactivate: 1])
    }

    @Test func `leaves at once when the export says so`() throws {
        lab.policy.grace = Grace(snapshots: 5, hours: 500)
        try lab.night(csv(1...4))
        #expect(try lab.plan(csv(1...3) + "4,p4@acme.test,Dev,suspended\n").counts == [.deactivate: 1])
    }

    @Test func `keeps their name meanwhile`() throws {
        lab.policy.grace = Grace(snapshots: 2)
        try lab.night(csv(1...4))
        let plan = try lab.plan(csv(1...3) + "9,p4@acme.test,Dev,active\n")
        #expect(plan.counts[.create] == nil)
        #expect(plan.counts[.deactivate] == nil)
    }

    @Test func `is held when the scope was edited, before the countdown begins`() throws {
        lab.policy.grace = Grace(snapshots: 2)
        try lab.night(csv(1...4))
        lab.map("title", from: "title", overwrite: .createOnly)
        #expect(try lab.plan(csv(1...3)).heldGuards.contains { $0.hasPrefix("fingerprint=") })
    }

    @Test func `is told in a saved plan`() throws {
        lab.policy.grace = Grace(snapshots: 2, hours: 48)
        try lab.night(csv(1...4))
        let plan = try lab.plan(csv(1...3))
        let read = try PlanDocument.decode(PlanDocument.encode(plan), file: "saved")
        expectNoDifference(read.suspected, plan.suspected)
        try lab.apply(read)
        expectNoDifference(suspected(try lab.plan(csv(1...3, title: "B"))), [])
    }
}
