import Exports
import Reconciliation
import SCIM
import TestSupport
import Testing

/// Rule 13 over random nights: names are permuted over people, leavers' names are given on, people join.
@Suite struct `Names over random nights` {
    /// Who has which name, by anchor, and the nights that lead on from there.
    private struct Company {
        var random: SeededRandom
        var names: [Int: Int]
        var nextPerson = 13
        var nextName = 13
        /// Names of those who left and that nobody took the same night: their cards keep them.
        var left: [Int: Int] = [:]

        init(seed: UInt64) {
            random = SeededRandom(seed: seed)
            names = Dictionary(uniqueKeysWithValues: (1...12).map { ($0, $0) })
        }

        mutating func night() {
            for _ in 0..<Int.random(in: 0...2, using: &random) where names.count > 6 {
                guard let gone = names.keys.sorted().randomElement(using: &random) else { break }
                left[gone] = names.removeValue(forKey: gone)
            }
            var free = left.filter { names[$0.key] == nil && recycled.insert($0.key).inserted }.map(\.value)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                free.append(nextName)
                nextName += 1
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) where !free.isEmpty {
                names[nextPerson] = free.removeLast()
                nextPerson += 1
            }
            // Chains, swaps and rings among some of those who stay, with the free names.
            var moving = names.keys.sorted().shuffled(using: &random)
            moving.removeLast(Int.random(in: 0..<moving.count, using: &random))
            let pool = (moving.compactMap { names[$0] } + free).sorted().shuffled(using: &random)
            for (person, name) in zip(moving, pool) { names[person] = name }
        }
        /// Leavers whose name could be taken once, on the night that they left.
        private var recycled: Set<Int> = []

        mutating func csv() -> String {
            let rows = names.keys.sorted().shuffled(using: &random).map { person in
                let name = names[person] ?? 0
                return "a\(person),n\(name)@acme.test,n\(name)@acme.test,F\(person),L\(person),active\n"
            }
            return "id,login,email,firstName,lastName,status\n" + rows.joined()
        }
    }

    @Test(arguments: 1...25) func `end right in one run, whatever the order of the rows`(seed: UInt64) throws {
        let lab = try Lab()
        lab.policy.limits.floor = 1000
        lab.policy.limits.deactivationCount = 1000
        var company = Company(seed: seed)
        try lab.night(company.csv())
        var ids: [String: ResourceID] = [:]
        for night in 1...5 {
            company.night()
            let csv = company.csv()
            let plan = try lab.plan(csv)
            #expect(plan.rejected.isEmpty, "seed \(seed), night \(night)")
            #expect(try lab.apply(plan).isComplete, "seed \(seed), night \(night)")
            let members = try lab.members()
            let active = members.filter(\.isActive).map { "\($0.externalID ?? "") \($0.userName) \($0.email ?? "")" }
            let wanted = company.names.map { "a\($0) n\($1)@acme.test n\($1)@acme.test" }
            #expect(active.sorted() == wanted.sorted(), "seed \(seed), night \(night)")
            for member in members {
                let anchor = member.externalID ?? ""
                #expect(ids[anchor] == nil || ids[anchor] == member.id, "seed \(seed): \(anchor) is somebody else now")
                ids[anchor] = member.id
                #expect(member.givenName == "F" + anchor.dropFirst(), "seed \(seed): \(anchor) inherited")
            }
            #expect(try lab.plan(company.csv()).isSilent, "seed \(seed), night \(night): second run")
            lab.clock.advance(hours: 24)
        }
    }
}
