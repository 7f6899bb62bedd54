import Exports
import Reconciliation
import SCIM
import TestSupport
import Testing

/// Random nights, rosters and policies: nobody is deactivated beyond what the guards allow.
@Suite struct `Guards over random nights` {
    @Test(arguments: 1...30) func `deactivate no more than the limits say`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let lab = try Lab()
        let size = Int.random(in: 5...120, using: &random)
        lab.policy.limits.floor = Int.random(in: 0...6, using: &random)
        lab.policy.limits.deactivationCount = Int.random(in: 0...15, using: &random)
        lab.policy.limits.deactivationPercent = Double(Int.random(in: 0...30, using: &random))
        lab.policy.protect = Bool.random(using: &random) ? [Pattern("p1*@acme.test")] : []
        if Bool.random(using: &random) { lab.policy.grace = Grace(snapshots: 2) }
        for number in 1...3 { try lab.invite("local\(number)@acme.test") }
        func csv(_ people: [(Int, String)]) -> String {
            "id,login,status\n" + people.map { "\($0.0),p\($0.0)@acme.test,\($0.1)\n" }.joined()
        }
        try lab.night(csv((1...size).map { ($0, "active") }))
        var ends: [(at: Timestamp, count: Int)] = []
        for _ in 1...12 {
            let shares: [Double] = [0, 0.03, 0.1, 0.5, 0.95]
            let share = shares[Int.random(in: 0..<5, using: &random)]
            var people: [(Int, String)] = []
            for number in 1...size where Double.random(in: 0..<1, using: &random) >= share {
                people.append((number, Double.random(in: 0..<1, using: &random) < share / 2 ? "suspended" : "active"))
            }
            if people.isEmpty { continue }
            let before = try lab.members()
            let managed = before.filter { $0.isActive && $0.externalID != nil }
            let whole = managed.count { member in !lab.policy.protect.contains { $0.matches(member.userName) } }
            let percent = Int(Double(whole) * lab.policy.limits.deactivationPercent / 100)
            let limit = min(lab.policy.limits.deactivationCount, max(lab.policy.limits.floor, percent))
            let plan = try? lab.plan(csv(people))
            if let plan { _ = try? lab.apply(plan) }
            let after = try lab.members()
            let gone = zip(before, after).filter { $0.isActive && !$1.isActive }.map(\.0)
            #expect(gone.count <= limit, "seed \(seed)")
            #expect(gone.allSatisfy { $0.externalID != nil }, "seed \(seed): unmanaged")
            #expect(
                gone.allSatisfy { member in !lab.policy.protect.contains { $0.matches(member.userName) } },
                "seed \(seed): protected")
            let now = lab.clock.now
            for (hours, factor) in [(24, 2), (168, 4)] {
                let since = now.rawValue - Int64(hours) * 3_600_000
                let earlier = ends.filter { $0.at.rawValue >= since }.reduce(0) { $0 + $1.count }
                #expect(gone.isEmpty || earlier == 0 || earlier + gone.count <= factor * limit, "seed \(seed)")
            }
            ends.append((now, gone.count))
            lab.clock.advance(hours: Double(Int.random(in: 1...30, using: &random)))
        }
    }
}
