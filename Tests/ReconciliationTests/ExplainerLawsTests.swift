import Exports
import Reconciliation
import SCIM
import TestSupport
import Testing

/// Whatever the night brings: what is said of a person is what the plan has of them.
@Suite struct `Explaining everybody over random nights` {
    private struct Night {
        var random: SeededRandom

        /// Rows of people whose logins move about, some twice, some broken, some gone.
        mutating func csv(_ size: Int) -> String {
            var rows: [String] = []
            for number in 1...size where Int.random(in: 0..<8, using: &random) > 0 {
                var login = number
                if Int.random(in: 0..<6, using: &random) == 0 { login = Int.random(in: 1...size + 3, using: &random) }
                let address = Int.random(in: 0..<10, using: &random) == 0 ? "a@x.test; b@x.test" : "p\(login)@acme.test"
                let title = ["", "Lead", "Clerk"].randomElement(using: &random) ?? ""
                let state = ["active", "active", "active", "suspended"].randomElement(using: &random) ?? ""
                let row = "a\(number),p\(login)@acme.test,\(address),F\(number),L\(number),\(title),\(state)\n"
                rows.append(row)
                if Int.random(in: 0..<10, using: &random) == 0 { rows.append(row) }
            }
            return "id,login,email,firstName,lastName,title,status\n" + rows.shuffled(using: &random).joined()
        }
    }

    @Test(arguments: 1...12) func `says what the plan says`(seed: UInt64) throws {
        var night = Night(random: SeededRandom(seed: seed))
        let lab = try Lab()
        lab.policy.protect = [Pattern("p1*@acme.test")]
        lab.policy.grace = seed % 3 == 0 ? Grace(snapshots: 2) : Grace()
        if seed % 2 == 0 { lab.map("title", from: "title", overwrite: seed % 4 == 0 ? .ifEmpty : nil, clears: true) }
        for number in 1...3 {
            try lab.invite("p\(number * 4)@acme.test", externalID: seed % 2 == 0 ? "x\(number)" : nil)
        }
        lab.policy.limits.rejectedPercent = 100
        _ = try? lab.night(night.csv(14), accepting: [])
        let file = try lab.write(night.csv(16))
        let plan = try lab.plan(files: [InputFile(file, role: .users)])
        for member in try lab.members() {
            let explanation = try lab.explain(member.id.rawValue, file: file)
            try check(explanation, member, plan, "seed \(seed), \(member)")
        }
        for change in plan.changes where change.kind == .create {
            let run = try lab.explain(change.externalID ?? "", file: file).run
            #expect(run?.fate == .create, "seed \(seed), \(change.name)")
            #expect(run?.change?.attributes == change.attributes, "seed \(seed), \(change.name)")
            #expect(run?.records.first?.place == change.place, "seed \(seed), \(change.name)")
        }
    }

    private func check(_ explanation: Explanation, _ member: Member, _ plan: Plan, _ who: String) throws {
        let run = try #require(explanation.run)
        let id = member.id.rawValue
        let change = plan.changes.first { $0.id == member.id }
        #expect(explanation.member?.resource.id == member.id, "\(who)")
        #expect(run.change?.attributes == change?.attributes, "\(who)")
        #expect(run.verdict == plan.verdict, "\(who)")
        if let change { #expect(run.fate.rawValue == change.kind.rawValue, "\(who)") }
        #expect((run.fate == .pinned) == (change == nil && plan.pinned.contains { $0.member.id == id }), "\(who)")
        #expect((run.fate == .suspected) == plan.suspected.contains { $0.member.id == id }, "\(who)")
        #expect(run.guards.map(\.finding) == plan.guards.filter(\.held), "\(who)")
        guard run.records.first?.standing == .theirs else { return }
        #expect(change?.place == nil || run.records.first?.place == change?.place, "\(who)")
        let shown = run.attributes.filter { $0.effect == .changes }.compactMap(\.planned)
        #expect(Set(shown) == Set(change?.attributes ?? []), "\(who)")
        // Nothing that would change is passed off as being so by itself.
        for attribute in run.attributes where attribute.effect == .same && attribute.held != nil {
            #expect(attribute.value?.string?.lowercased() == attribute.held?.lowercased(), "\(who) \(attribute.path)")
        }
    }
}
