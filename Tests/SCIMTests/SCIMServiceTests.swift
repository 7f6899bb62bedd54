import Testing
import TestSupport

@testable import SCIM

@Suite struct `The service` {
    @Test func `creates with an id, a version and one journal entry`() throws {
        let roster = try Roster()
        let rosa = try roster.add(
            "Rosa@Northbay.example", ",\"title\":\"Lead\",\"emails\":[{\"value\":\"r@x.example\"}]")
        #expect(rosa.id.rawValue.utf8.count == 36)
        #expect(rosa.version == 1 && rosa.created == roster.now && rosa.lastModified == roster.now)
        #expect(rosa.attributes["active"] == .boolean(true))
        #expect(try roster.service.get(.user, id: rosa.id, context: roster.context) == rosa)
        let entries = try roster.journal()
        #expect(entries.count == 1)
        #expect(entries[0].operation == .create && entries[0].id == rosa.id && entries[0].version == 1)
        #expect(entries[0].before == nil && entries[0].after == AttributesJSON.encode(rosa.attributes))
        #expect(entries[0].actor == "test" && entries[0].at == roster.now)
    }

    @Test(arguments: ["rosa@northbay.example", "ROSA@NORTHBAY.EXAMPLE", " Rosa@northbay.example "])
    func `keeps userNames unique whatever their spelling`(again: String) throws {
        let roster = try Roster()
        try roster.add("Rosa@Northbay.example", ",\"externalId\":\"1\"")
        let error = refusal { try roster.add(again, ",\"externalId\":\"2\"") }
        #expect(error?.status == 409 && error?.type == .uniqueness)
        #expect(try roster.journal().count == 1)
        let omar = try roster.add("omar", ",\"externalId\":\"1\"")
        #expect(
            refusal {
                _ = try roster.service.patch(
                    .user, id: omar.id, [.init(.replace, path: .init(attribute: "userName"), value: .string(again))],
                    context: roster.context)
            }?.status == 409)
        #expect(
            refusal {
                _ = try roster.service.replace(
                    .user, id: omar.id, attributes: user("{\"userName\":\"\(again)\"}"), context: roster.context)
            }?.status == 409)
    }

    @Test func `keeps group names unique, and takes a change of spelling`() throws {
        let roster = try Roster()
        let group = try roster.addGroup("Field Sales")
        #expect(refusal { try roster.addGroup("FIELD sales") }?.type == .uniqueness)
        let outcome = try roster.bulk([setting(group, "displayName", "FIELD SALES")], atomic: false)[0]
        #expect(outcome.isChanged == true && outcome.resource?.version == 2)
        #expect(outcome.resource?.attributes["displayName"] == .string("FIELD SALES"))
    }

    @Test func `refuses names that nobody can see`() throws {
        let roster = try Roster()
        #expect(refusal { try roster.add("ro\\u200bsa") }?.type == .invalidValue)
        #expect(refusal { try roster.addGroup("Field\u{202E}Sales") }?.type == .invalidValue)
        #expect(try roster.journal().isEmpty)
    }

    @Test func `changes nothing when nothing changes`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", ",\"emails\":[{\"value\":\"a\",\"type\":\"work\"},{\"value\":\"b\"}]")
        roster.wait(milliseconds: 5)
        let same = try user(
            "{\"emails\":[{\"value\":\"b\"},{\"type\":\"work\",\"value\":\"a\"}],\"userName\":\"rosa\"}")
        let outcomes = try roster.bulk(
            [
                setting(rosa, "userName", "rosa"), .init(.replace(.user, rosa.id, attributes: same, members: nil)),
                .init(.patch(.user, rosa.id, [])),
            ],
            atomic: false)
        #expect(outcomes == Array(repeating: .done(rosa, changed: false), count: 3))
        #expect(try roster.service.get(.user, id: rosa.id, context: roster.context) == rosa)
        #expect(try roster.journal().count == 1)
    }

    @Test func `counts versions and keeps before and after`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa")
        roster.wait(milliseconds: 7)
        let changed = try #require(try roster.bulk([setting(rosa, "title", "Lead")], atomic: false)[0].resource)
        #expect(changed.version == 2 && changed.lastModified == roster.now && changed.created == rosa.created)
        let entry = try #require(try roster.journal().last)
        #expect(entry.operation == .update && entry.version == 2)
        #expect(
            entry.before == AttributesJSON.encode(rosa.attributes)
                && entry.after == AttributesJSON.encode(changed.attributes))
        try roster.service.delete(.user, id: rosa.id, context: roster.context)
        let last = try #require(try roster.journal().last)
        #expect(last.operation == .delete && last.before == entry.after && last.after == nil && last.version == 3)
        #expect(refusal { try roster.service.delete(.user, id: rosa.id, context: roster.context) }?.status == 404)
        #expect(try roster.journal().count == 3)
    }

    @Test func `asks for the version after existence and before validation`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa")
        let bad = [PatchOperation(.replace, path: AttributePath(attribute: "active"), value: .integer(1))]
        func error(_ id: String, _ version: Int64) -> SCIMError? {
            refusal {
                _ = try roster.service.patch(
                    .user, id: ResourceID(rawValue: id), bad, ifVersion: version, context: roster.context)
            }
        }
        #expect(error("nobody", 9)?.status == 404)
        #expect(error(rosa.id.rawValue, 9)?.status == 412)
        #expect(error(rosa.id.rawValue, 1)?.status == 400)
        #expect(try roster.bulk([setting(rosa, "title", "Lead", ifVersion: 1)], atomic: false)[0].isChanged == true)
        #expect(try roster.bulk([setting(rosa, "title", "Lead", ifVersion: 1)], atomic: false)[0].error?.status == 412)
        #expect(
            refusal { try roster.service.delete(.user, id: rosa.id, ifVersion: 1, context: roster.context) }?.status
                == 412)
    }

    @Test func `replaces the profile but keeps active where it is not said`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", ",\"title\":\"Lead\",\"active\":false")
        let after = try roster.service.replace(
            .user, id: rosa.id, attributes: user("{\"userName\":\"rosa\",\"nickName\":\"R\"}"), context: roster.context)
        #expect(
            try after.attributes.saysTheSame(as: user("{\"userName\":\"rosa\",\"nickName\":\"R\",\"active\":false}")))
        #expect(
            refusal {
                _ = try roster.service.replace(.user, id: rosa.id, attributes: ComplexValue(), context: roster.context)
            }?.status == 400)
    }

    @Test func `keeps teams apart`() throws {
        let roster = try Roster()
        let other = try roster.otherTeam()
        let rosa = try roster.add("rosa")
        #expect(
            try roster.service.create(.user, attributes: user("{\"userName\":\"rosa\"}"), context: other).id != rosa.id)
        let operation = [PatchOperation(.replace, path: AttributePath(attribute: "title"), value: .string("x"))]
        let unknown = refusal { _ = try roster.service.get(.user, id: ResourceID(rawValue: "nobody"), context: other) }
        #expect(refusal { _ = try roster.service.get(.user, id: rosa.id, context: other) } == unknown)
        #expect(refusal { _ = try roster.service.patch(.user, id: rosa.id, operation, context: other) } == unknown)
        #expect(refusal { try roster.service.delete(.user, id: rosa.id, context: other) } == unknown)
        let group = try roster.service.create(
            .group, attributes: ComplexValue([.init("displayName", .string("G"))]), members: [rosa.id], context: other)
        #expect(try roster.journal(other).map(\.operation) == [.create, .create, .skipMembers])
        #expect(try roster.page(.group, ListQuery()).totalResults == 0)
        #expect(try roster.page(.group, ListQuery(), context: other).resources.map(\.resource) == [group])
    }

    @Test func `names teams as people do and refuses what cannot be one`() throws {
        let roster = try Roster()
        for name in ["Northbay Inc.", "münchen", "a", "4711"] {
            #expect(try roster.service.createTeam(name).name == name)
        }
        #expect(refusal { _ = try roster.service.createTeam("acme") }?.type == .uniqueness)
        for name in [
            "", " ", " a", "a ", "a/b", "a\\b", ".hidden", "-x", "a\nb", "a\u{200B}b",
            String(repeating: "x", count: 129),
        ] {
            #expect(refusal { _ = try roster.service.createTeam(name) }?.type == .invalidValue, "\(name)")
        }
    }
}

@Suite struct `A POST for an inactive person` {
    @Test func `restores the one with the same externalId in place`() throws {
        let roster = try Roster()
        let old = try roster.add("rosa", ",\"externalId\":\"00u9\",\"active\":false,\"title\":\"Lead\"")
        let back = try roster.add("rosa.ekman", ",\"externalId\":\"00u9\"")
        #expect(back.id == old.id && back.version == 2)
        #expect(
            try back.attributes.saysTheSame(
                as: user("{\"userName\":\"rosa.ekman\",\"externalId\":\"00u9\",\"active\":true}")))
        #expect(try roster.journal().map(\.operation) == [.create, .update])
    }

    @Test func `restores by userName when neither side has an externalId`() throws {
        let roster = try Roster()
        let old = try roster.add("zoe\u{301}", ",\"active\":false")
        #expect(try roster.add(" ZO\u{C9} ").id == old.id)
        #expect(refusal { try roster.add("zo\u{E9}") }?.type == .uniqueness, "she is active now")
        let rosa = try roster.add("rosa", ",\"active\":false")
        #expect(try roster.add("ROSA").id == rosa.id)
        #expect(refusal { try roster.add("rosa") }?.type == .uniqueness, "she is active now")
    }

    @Test func `keeps active as sent`() throws {
        let roster = try Roster()
        let old = try roster.add("rosa", ",\"active\":false")
        let back = try roster.add("rosa", ",\"active\":false,\"title\":\"x\"")
        #expect(back.id == old.id && back.attributes["active"] == .boolean(false))
    }

    @Test(arguments: [
        (",\"externalId\":\"1\",\"active\":false", ",\"externalId\":\"2\""),
        (",\"active\":false", ",\"externalId\":\"2\""),
        (",\"externalId\":\"1\",\"active\":false", ""), ("", ""),
    ])
    func `is a conflict when it is not the same person`(old: String, new: String) throws {
        let roster = try Roster()
        try roster.add("rosa", old)
        #expect(refusal { try roster.add("rosa", new) }?.type == .uniqueness)
    }

    @Test func `makes another person while somebody active has the externalId, or two have it`() throws {
        let roster = try Roster()
        let first = try roster.add("a", ",\"externalId\":\"1\"")
        #expect(try roster.add("b", ",\"externalId\":\"1\"").id != first.id)
        let third = try roster.add("c", ",\"externalId\":\"2\",\"active\":false")
        let fourth = try roster.bulk(
            [
                .init(
                    .create(
                        .user, attributes: user("{\"userName\":\"d\",\"externalId\":\"2\",\"active\":false}"),
                        members: []), link: roster.link(1, of: roster.source()))
            ], atomic: false)
        #expect(fourth[0].resource?.id != third.id)
        #expect(try roster.add("e", ",\"externalId\":\"2\"").id != third.id)
    }

    @Test func `does not take a name that somebody else has`() throws {
        let roster = try Roster()
        try roster.add("rosa", ",\"externalId\":\"1\",\"active\":false")
        try roster.add("omar")
        #expect(refusal { try roster.add("omar", ",\"externalId\":\"1\"") }?.type == .uniqueness)
    }

    @Test func `from the batch job never restores`() throws {
        let roster = try Roster()
        try roster.add("rosa", ",\"active\":false")
        let create = BulkOperation(
            .create(.user, attributes: try user("{\"userName\":\"rosa\"}"), members: []),
            link: roster.link(1, of: try roster.source()))
        for atomic in [false, true] { #expect(try roster.bulk([create], atomic: atomic)[0].error?.type == .uniqueness) }
    }
}

@Suite struct `The last admin` {
    private static let admin = ",\"roles\":[{\"value\":\"Owner\"}]"

    @Test func `can be neither deactivated nor deleted nor demoted`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", Self.admin)
        try roster.add("omar")
        let demote = BulkOperation(
            .patch(.user, rosa.id, [PatchOperation(.remove, path: AttributePath(attribute: "roles"), value: nil)]))
        for operation in [try setting(rosa, "active", "false"), BulkOperation(.delete(.user, rosa.id)), demote] {
            for atomic in [false, true] {
                #expect(try roster.bulk([operation], atomic: atomic)[0].error == .lastAdmin)
            }
        }
        #expect(try roster.service.get(.user, id: rosa.id, context: roster.context) == rosa)
        #expect(try roster.journal().count == 2)
    }

    @Test func `can go when another one is there, or comes in the same request`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", Self.admin)
        let omar = try roster.add("omar")
        let promote = BulkOperation(
            .patch(
                .user, omar.id, [PatchOperation(.add, path: AttributePath(attribute: "roles"), value: .string("ADMIN"))]
            ))
        #expect(try roster.bulk([setting(rosa, "active", "false"), promote], atomic: true).compactMap(\.error) == [])
        #expect(try roster.bulk([BulkOperation(.delete(.user, rosa.id))], atomic: false) == [.deleted])
    }

    @Test func `is found among several who go together`() throws {
        let roster = try Roster()
        let people = try ["a", "b"].map { try roster.add($0, Self.admin) }
        let both = try people.map { try setting($0, "active", "false") }
        #expect(try roster.bulk(both, atomic: true).map(\.error) == [.lastAdmin, .lastAdmin])
        let alone = try roster.bulk(both, atomic: false)
        #expect(alone[0].isChanged == true)
        #expect(alone[1].error == .lastAdmin)
    }
}
