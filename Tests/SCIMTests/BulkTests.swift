import JSON
import TestSupport
import Testing

@testable import SCIM

@Suite struct `Bulk operations that stand alone` {
    @Test func `go on after a refusal, in order`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa")
        let outcomes = try roster.bulk(
            [
                .init(.create(.user, attributes: user("{\"userName\":\"omar\"}"), members: [])),
                .init(.create(.user, attributes: user("{\"userName\":\"ROSA\",\"externalId\":\"1\"}"), members: [])),
                .init(.create(.user, attributes: ComplexValue(), members: [])), try setting(rosa, "title", "Lead"),
                .init(.delete(.user, ResourceID(rawValue: "nobody"))), try setting(rosa, "title", "Lead", ifVersion: 1),
                .init(.delete(.user, rosa.id)), try setting(rosa, "title", "Gone"),
            ], atomic: false)
        #expect(outcomes.map { $0.error?.status } == [nil, 409, 400, nil, 404, 412, nil, 404])
        #expect(outcomes[6] == .deleted)
        #expect(try roster.journal().map(\.operation) == [.create, .create, .update, .delete])
        #expect(try roster.page(.user, ListQuery()).totalResults == 1)
    }

    @Test func `swap names only one by one, so not at all`() throws {
        let roster = try Roster()
        let (a, b) = (try roster.add("a"), try roster.add("b"))
        let outcomes = try roster.bulk([setting(a, "userName", "b"), setting(b, "userName", "a")], atomic: false)
        #expect(outcomes.map { $0.error?.type } == [.uniqueness, .uniqueness])
    }

    @Test func `fail one by one when the store refuses`() throws {
        let roster = try Roster()
        let foreign = SourceLink(source: SourceID(rawValue: 4711), anchor: Digest128(high: 0, low: 1), fingerprint: nil)
        let outcomes = try roster.bulk(
            [
                .init(.create(.user, attributes: user("{\"userName\":\"a\"}"), members: [])),
                .init(.create(.user, attributes: user("{\"userName\":\"b\"}"), members: []), link: foreign),
                .init(.create(.user, attributes: user("{\"userName\":\"c\"}"), members: [])),
            ], atomic: false)
        #expect(outcomes.map { $0.error?.status } == [nil, 500, nil])
        #expect(
            try roster.page(.user, ListQuery()).resources.compactMap {
                $0.resource.attributes["userName"]?.string
            } == ["a", "c"])
        #expect(try roster.journal().count == 2)
    }

    @Test func `set links, with and without a change`() throws {
        let roster = try Roster()
        let source = try roster.source()
        let create = BulkOperation(
            .create(.user, attributes: try user("{\"userName\":\"a\"}"), members: []), link: roster.link(1, of: source))
        let a = try #require(try roster.bulk([create], atomic: false)[0].resource)
        #expect(try roster.storedLink(a, of: source) == roster.link(1, of: source))

        var unchanged = try setting(a, "userName", "a")
        unchanged.link = roster.link(1, of: source, fingerprint: 2)
        #expect(try roster.bulk([unchanged], atomic: false)[0].isChanged == false)
        #expect(try roster.storedLink(a, of: source) == roster.link(1, of: source, fingerprint: 2))

        #expect(try roster.bulk([setting(a, "title", "x")], atomic: false)[0].isChanged == true)
        #expect(try roster.storedLink(a, of: source)?.fingerprint == nil, "somebody else changed it since")

        let take = BulkOperation(.link(.user, a.id), link: roster.link(1, of: source, fingerprint: 3))
        #expect(try roster.bulk([take], atomic: false)[0].isChanged == false)
        #expect(try roster.storedLink(a, of: source) == roster.link(1, of: source, fingerprint: 3))
        #expect(
            try roster.bulk([.init(.link(.user, ResourceID(rawValue: "x")))], atomic: false)[0].error?.status == 404)
        #expect(try roster.bulk([.init(.link(.user, a.id), ifVersion: 1)], atomic: false)[0].error?.status == 412)
        #expect(try roster.journal().count == 2)
    }
}

@Suite struct `Bulk operations that apply together` {
    private func names(_ roster: Roster) throws -> [String] {
        try roster.page(.user, ListQuery()).resources.compactMap {
            $0.resource.attributes["userName"]?.string
        }
    }

    @Test func `swap, rotate and pass on names in any order`() throws {
        for order in 0..<6 {
            let roster = try Roster()
            let people = try ["a", "b", "c"].map { try roster.add($0) }
            var moves = try zip(people, ["b", "C", "a"]).map { try setting($0, "userName", $1) }
            for _ in 0..<order { moves.append(moves.removeFirst()) }
            if order >= 3 { moves.reverse() }
            let outcomes = try roster.bulk(moves, atomic: true)
            #expect(outcomes.allSatisfy { $0.isChanged == true }, "order \(order)")
            #expect(try names(roster) == ["b", "C", "a"])
            for (name, person) in zip(["b", "c", "a"], people) {
                #expect(
                    try roster.store.read { try $0.resource(.user, name: name, team: roster.context.team)?.resource.id }
                        == person.id)
            }
            #expect(try roster.journal().count == 6)
        }
    }

    @Test func `recycle names of those who leave and move`() throws {
        let roster = try Roster()
        let (a, b) = (try roster.add("a"), try roster.add("b"))
        let create = { (name: String) in
            BulkOperation(.create(.user, attributes: try user("{\"userName\":\"\(name)\"}"), members: []))
        }
        let outcomes = try roster.bulk(
            [create("a"), create("b"), setting(a, "userName", "a2"), .init(.delete(.user, b.id))], atomic: true)
        #expect(outcomes.compactMap(\.error) == [])
        #expect(try names(roster) == ["a2", "a", "b"])
    }

    @Test func `are judged by the final names`() throws {
        let roster = try Roster()
        let people = try ["a", "b", "c"].map { try roster.add($0) }
        let clash = try roster.bulk(
            [setting(people[0], "userName", "x"), setting(people[1], "userName", "X")], atomic: true)
        #expect(clash.map { $0.error?.status } == [424, 409])
        let taken = try roster.bulk(
            [setting(people[0], "userName", "c"), setting(people[1], "userName", "y")], atomic: true)
        #expect(taken.map { $0.error?.status } == [409, 424])
        #expect(try names(roster) == ["a", "b", "c"])
        #expect(try roster.journal().count == 3)
        #expect(
            try roster.bulk([setting(people[0], "userName", "y")], atomic: false)[0].isChanged == true,
            "names were not left released")
    }

    @Test func `leave nothing behind when one is refused`() throws {
        let roster = try Roster()
        let a = try roster.add("a")
        let group = try roster.addGroup("G")
        let before = try roster.journal().count
        let outcomes = try roster.bulk(
            [
                .init(.create(.user, attributes: user("{\"userName\":\"b\"}"), members: [])),
                try setting(a, "userName", "z"),
                .init(
                    .patch(
                        .group, group.id,
                        [PatchOperation(.add, path: AttributePath(attribute: "members"), value: .string(a.id.rawValue))]
                    )),
                try setting(a, "title", "x", ifVersion: 7),
            ], atomic: true)
        #expect(outcomes.map { $0.error?.status } == [424, 424, 424, 412])
        #expect(try names(roster) == ["a"])
        #expect(try roster.members(group) == [])
        #expect(try roster.journal().count == before)
    }

    @Test func `leave nothing behind when the store refuses`() throws {
        let roster = try Roster()
        let a = try roster.add("a")
        var bad = try setting(a, "title", "x")
        bad.link = SourceLink(source: SourceID(rawValue: 4711), anchor: Digest128(high: 0, low: 1), fingerprint: nil)
        let outcomes = try roster.bulk(
            [.init(.create(.user, attributes: user("{\"userName\":\"b\"}"), members: [])), bad], atomic: true)
        #expect(outcomes.allSatisfy { $0.error?.status == 500 })
        #expect(try names(roster) == ["a"])
        #expect(try roster.journal().count == 1)
    }

    @Test func `build on each other`() throws {
        let roster = try Roster()
        let a = try roster.add("a")
        let source = try roster.source()
        let outcomes = try roster.bulk(
            [
                setting(a, "userName", "b", ifVersion: 1), setting(a, "title", "x", ifVersion: 2),
                setting(a, "title", "x"),
                setting(a, "userName", "a"), .init(.link(.user, a.id), link: roster.link(5, of: source)),
            ], atomic: true)
        #expect(outcomes.map { $0.error?.status } == [nil, nil, nil, nil, nil])
        #expect(outcomes.map(\.isChanged) == [true, true, false, true, false])
        let now = try roster.service.get(.user, id: a.id, context: roster.context)
        #expect(now.version == 4)
        #expect(try now.attributes.saysTheSame(as: user("{\"userName\":\"a\",\"title\":\"x\",\"active\":true}")))
        #expect(try roster.store.read { try $0.resource(.user, name: "a", team: roster.context.team)?.resource } == now)
        #expect(try roster.storedLink(a, of: source) == roster.link(5, of: source))
        #expect(try roster.journal().map(\.version) == [1, 2, 3, 4])
    }

    @Test func `rename and link in one request, the name settled before the link`() throws {
        let roster = try Roster()
        let a = try roster.add("a")
        let source = try roster.source()
        let outcomes = try roster.bulk(
            [setting(a, "userName", "b"), .init(.link(.user, a.id), link: roster.link(5, of: source))], atomic: true)
        #expect(outcomes.compactMap(\.error) == [])
        #expect(
            try roster.store.read { try $0.resource(.user, name: "b", team: roster.context.team)?.resource.id } == a.id)
    }

    @Test func `of many people end as one by one in the right order would`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        let roster = try Roster()
        let people = try (0..<40).map { try roster.add("n\($0)") }
        for round in 0..<5 {
            let names = (0..<60).map { "n\($0)" }.shuffled(using: &generator).prefix(people.count)
            let moves = try zip(people, names).map { try setting($0, "userName", $1) }.shuffled(using: &generator)
            let outcomes = try roster.bulk(moves, atomic: true)
            #expect(outcomes.compactMap(\.error) == [], "seed \(seed), round \(round)")
            #expect(try self.names(roster) == Array(names), "seed \(seed), round \(round)")
        }
    }
}

@Suite struct `Members` {
    private func patch(_ group: Resource, _ operations: String) throws -> BulkOperation {
        let request = try PatchRequest(
            json: try JSON.parse("{\"Operations\":\(operations)}"), for: .group, id: group.id)
        return BulkOperation(.patch(.group, group.id, request.operations))
    }

    @Test func `come and go with one journal entry each way`() throws {
        let roster = try Roster()
        let people = try ["a", "b", "c"].map { try roster.add($0) }
        let group = try roster.addGroup("G", [people[0], people[1]])
        #expect(try roster.members(group) == [people[0].id, people[1].id])
        #expect(group.version == 1)
        let change = try patch(
            group,
            """
            [{"op":"add","path":"members","value":[{"value":"\(people[2].id)"},{"value":"\(people[0].id)"},{"value":"nobody"}]},
             {"op":"remove","path":"members[value eq \\"\(people[1].id)\\"]"},{"op":"replace","value":{"id":"\(group.id)","displayName":"G"}}]
            """)
        let outcome = try roster.bulk([change], atomic: false)[0]
        #expect(outcome.isChanged == true && outcome.resource?.version == 2)
        #expect(try roster.members(group) == [people[0].id, people[2].id])
        let entries = Array(try roster.journal().suffix(3))
        #expect(entries.map(\.operation) == [.removeMembers, .addMembers, .skipMembers])
        #expect(entries[0].before == Array("[\"\(people[1].id)\"]".utf8))
        #expect(entries[1].after == Array("[\"\(people[2].id)\"]".utf8))
        #expect(entries[2].after == Array("[\"nobody\"]".utf8))
        #expect(entries.allSatisfy { $0.version == 2 })
        // What cannot be done is told each time; it is no change.
        #expect(try roster.bulk([change], atomic: false)[0].isChanged == false)
        #expect(try roster.journal().dropFirst(8).map(\.operation) == [.skipMembers])
    }

    @Test func `are replaced whole by PUT, and left by one that names none`() throws {
        let roster = try Roster()
        let people = try ["a", "b", "c"].map { try roster.add($0) }
        let group = try roster.addGroup("G", people)
        func put(_ name: String, _ ids: [ResourceID]?) throws -> Resource {
            let attributes = ComplexValue([.init("displayName", .string(name))])
            let put = BulkOperation(.replace(.group, group.id, attributes: attributes, members: ids))
            return try #require(try roster.bulk([put], atomic: false)[0].resource)
        }
        #expect(try put("H", nil).version == 2)
        #expect(try roster.members(group).count == 3)
        #expect(try put("H", [people[2].id, ResourceID(rawValue: "stale")]).version == 3)
        #expect(try roster.members(group) == [people[2].id])
        #expect(try put("H", [people[2].id]).version == 3)
        #expect(try put("H", []).version == 4)
        #expect(try roster.members(group) == [])
    }

    @Test func `of another team are nobody`() throws {
        let roster = try Roster()
        let other = try roster.otherTeam()
        let stranger = try roster.service.create(.user, attributes: user("{\"userName\":\"s\"}"), context: other)
        let group = try roster.addGroup("G", [stranger])
        #expect(try roster.members(group) == [])
        #expect(try roster.journal().map(\.operation) == [.create, .skipMembers])
    }

    @Test func `go with the person who is deleted`() throws {
        let roster = try Roster()
        let a = try roster.add("a")
        let group = try roster.addGroup("G", [a])
        try roster.service.delete(.user, id: a.id, context: roster.context)
        #expect(try roster.members(group) == [])
    }
}

@Suite struct `The SSO connection` {
    private func connection(_ entityID: String) -> ComplexValue { ComplexValue([.init("entityID", .string(entityID))]) }

    @Test func `is one a team, and its entityID no other team's`() throws {
        let roster = try Roster()
        let other = try roster.otherTeam()
        let first = try roster.service.create(
            .ssoConnection, attributes: connection("https://a.example"), context: roster.context)
        #expect(
            refusal {
                _ = try roster.service.create(
                    .ssoConnection, attributes: connection("https://b.example"), context: roster.context)
            }?.type == .uniqueness)
        #expect(
            refusal {
                _ = try roster.service.create(
                    .ssoConnection, attributes: connection("https://a.example"), context: other)
            }?.type == .uniqueness)
        let second = try roster.service.create(
            .ssoConnection, attributes: connection("https://A.example"), context: other)
        for atomic in [false, true] {
            #expect(
                try roster.service.bulk(
                    [setting(second, "entityID", "https://a.example")], atomic: atomic, context: other)[0].error?.status
                    == 409)
        }
        #expect(try roster.bulk([setting(first, "displayName", "Okta")], atomic: true)[0].isChanged == true)
        try roster.service.delete(.ssoConnection, id: first.id, context: roster.context)
        #expect(
            try roster.service.bulk([setting(second, "entityID", "https://a.example")], atomic: true, context: other)[0]
                .isChanged == true)
    }
}

@Suite struct `Ids` {
    @Test func `ascend, also within a millisecond and when the clock goes back`() {
        let ids = ResourceIDGenerator()
        var made: [ResourceID] = []
        for millisecond in [1_772_439_330_000, 1_772_439_330_001, 1_772_439_329_000, 1_772_439_330_002] as [Int64] {
            for _ in 0..<500 { made.append(ids.next(at: Timestamp(rawValue: millisecond))) }
        }
        #expect(made == made.sorted())
        #expect(Set(made).count == made.count)
        for id in made {
            let parts = id.rawValue.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "7" && "89ab".contains(parts[3].first!))
            #expect(id.rawValue == id.rawValue.lowercased())
        }
        #expect(made[0].rawValue.hasPrefix("019cad9d-dcd0-7"))
    }
}
