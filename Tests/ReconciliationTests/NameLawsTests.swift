import Exports
import Reconciliation
import SCIM
import TestSupport
import Testing

/// Rule 13 over random nights: names are permuted over people, leavers' names are given on, people join.
@Suite struct `Names over random nights` {
    /// By what the export tells its people apart.
    enum Key: String, CaseIterable {
        case anchor
        /// An employee number, with the people's names beside it.
        case number
        /// An employee number, and nothing that could confirm it.
        case numberAlone
        /// The login itself; what moves is the address.
        case login

        var header: String {
            switch self {
            case .anchor: "id,login,email,firstName,lastName,status\n"
            case .number: "number,login,email,firstName,lastName,status\n"
            case .numberAlone: "number,login,email,status\n"
            case .login: "login,email,firstName,lastName,status\n"
            }
        }

        /// What the export says of a person, as it is to be read in the roster.
        func identity(_ person: Int) -> String {
            switch self {
            case .anchor: "a\(person)"
            case .number, .numberAlone: "N\(person)"
            case .login: "p\(person)@acme.test"
            }
        }
    }

    /// Who has which name, by person, and the nights that lead on from there.
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

        mutating func csv(_ key: Key = .anchor) -> String {
            let rows = names.keys.sorted().shuffled(using: &random).map { person in
                let name = "n\(names[person] ?? 0)@acme.test"
                return switch key {
                case .anchor: "a\(person),\(name),\(name),F\(person),L\(person),active\n"
                case .number: "N\(person),\(name),\(name),F\(person),L\(person),active\n"
                case .numberAlone: "N\(person),\(name),\(name),active\n"
                case .login: "p\(person)@acme.test,\(name),F\(person),L\(person),active\n"
                }
            }
            return key.header + rows.joined()
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

    @Test(arguments: 1...25)
    func `end right in one run by employee number and name, without an anchor`(seed: UInt64) throws {
        let lab = try quietLab(.number)
        var company = Company(seed: seed)
        try lab.night(company.csv(.number))
        for night in 1...5 {
            company.night()
            let plan = try lab.plan(company.csv(.number))
            #expect(plan.rejected.isEmpty, "seed \(seed), night \(night)")
            #expect(try lab.apply(plan).isComplete, "seed \(seed), night \(night)")
            let active = try lab.members().filter(\.isActive).map {
                "\($0.number ?? "") \($0.userName) \($0.email ?? "")"
            }
            let wanted = company.names.map { "N\($0) n\($1)@acme.test n\($1)@acme.test" }
            #expect(active.sorted() == wanted.sorted(), "seed \(seed), night \(night)")
            try expectNobodyMixedUp(lab, .number, "seed \(seed), night \(night)")
            #expect(try lab.plan(company.csv(.number)).isSilent, "seed \(seed), night \(night): second run")
            lab.clock.advance(hours: 24)
        }
    }

    /// What cannot be known is pinned: nobody gets another one's card, and nobody who is there leaves.
    @Test(arguments: 1...25, [Key.number, .numberAlone, .login])
    func `mix nobody up where little is known`(seed: UInt64, key: Key) throws {
        let lab = try quietLab(key)
        var company = Company(seed: seed)
        try lab.night(company.csv(key))
        var before = try lab.members()
        for night in 1...3 {
            company.night()
            let plan = try lab.plan(company.csv(key))
            try lab.apply(plan)
            let told = "seed \(seed), \(key.rawValue), night \(night)"
            let pinned = Set(plan.pinned.map(\.member.id))
            let members = try lab.members()
            for (person, name) in company.names {
                // A newcomer whose record was in doubt is nobody yet.
                guard let member = members.first(where: { $0.identity(key) == key.identity(person) }) else {
                    #expect(!before.contains { $0.identity(key) == key.identity(person) }, "\(told): \(person) is lost")
                    #expect(!plan.rejected.isEmpty, "\(told): \(person) did not come")
                    continue
                }
                let isRight = (key == .login ? member.email : member.userName) == "n\(name)@acme.test"
                let isAsBefore = before.contains(member)
                #expect(isRight || isAsBefore && pinned.contains(member.id.rawValue), "\(told): \(member)")
                #expect(member.isActive, "\(told): \(member) left")
            }
            try expectNobodyMixedUp(lab, key, told)
            before = members
            lab.clock.advance(hours: 24)
        }
    }

    private func quietLab(_ key: Key) throws -> Lab {
        let lab = try Lab()
        lab.policy.limits.floor = 1000
        lab.policy.limits.deactivationCount = 1000
        if key == .number || key == .numberAlone { lab.map("enterprise.employeeNumber", from: "number") }
        return lab
    }

    /// Who somebody is, and how they are called, never comes from another one.
    private func expectNobodyMixedUp(_ lab: Lab, _ key: Key, _ told: String) throws {
        let members = try lab.members()
        #expect(Set(members.map { $0.identity(key) }).count == members.count, "\(told): somebody is there twice")
        for member in members where key == .number || key == .login {
            let person = (member.identity(key) ?? "").filter(\.isNumber)
            #expect(member.givenName == "F" + person && member.familyName == "L" + person, "\(told): \(member)")
        }
    }
}

extension Member {
    fileprivate var number: String? { attributes[Schema.enterpriseUserID]?.complex?["employeeNumber"]?.string }

    fileprivate func identity(_ key: `Names over random nights`.Key) -> String? {
        switch key {
        case .anchor: externalID
        case .number, .numberAlone: number
        case .login: userName
        }
    }
}
