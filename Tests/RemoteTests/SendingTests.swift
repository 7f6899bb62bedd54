import Foundation
import RawHTTP
import RemoteRoster
import SCIM
import SCIMClient
import Synchronization
import Testing

@Suite struct `What a run changes at a service` {
    @Test func `arrives there, and is in the mirror with its journal`() async throws {
        try await RemoteLab.with { lab in
            let bob = try lab.addOnline("bob@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let outcomes = try lab.apply(
                roster,
                [
                    .create(.user, attributes: RemoteLab.person("ada@acme.example"), members: []),
                    .patch(.user, bob.id, [try replace("title", "Builder")]),
                ])
            let ada = try #require(outcomes[0].resource)
            #expect(try lab.found(ada.id)?.attributes["userName"] == .string("ada@acme.example"))
            #expect(try lab.found(bob.id)?.attributes["title"] == .string("Builder"))
            #expect(try Set(lab.journal()) == [.create, .update])
            #expect(try lab.mirror.read { try $0.intents(team: lab.mirrored.id) }.isEmpty)
            // A listing finds what the mirror says: versions stay, so a run can be taken back.
            let version = try lab.mirroredResource(bob.id)?.version
            _ = try roster.refresh { _ in }
            #expect(try lab.mirroredResource(bob.id)?.version == version)
            #expect(
                try lab.mirror.read { store in
                    let row = try #require(try store.row(.user, id: ada.id, team: lab.mirrored.id))
                    return try store.link(of: row, source: lab.source, team: lab.mirrored.id)?.fingerprint
                } == Digest128(high: 2, low: 2))
        }
    }

    @Test func `fills and empties groups`() async throws {
        try await RemoteLab.with { lab in
            let people = try (1...3).map { try lab.addOnline("user\($0)@acme.example") }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let name = ComplexValue([.init("displayName", .string("Sales"))])
            let group = try #require(
                try lab.apply(roster, [.create(.group, attributes: name, members: [people[0].id, people[1].id])])[0]
                    .resource)
            func value(_ id: ResourceID) -> AttributeValue {
                .list([.complex(ComplexValue([.init("value", .string(id.rawValue))]))])
            }
            let members = AttributePath(attribute: "members")
            _ = try lab.apply(
                roster,
                [
                    .patch(
                        .group, group.id,
                        [
                            PatchOperation(.add, path: members, value: value(people[2].id)),
                            PatchOperation(.remove, path: members, value: value(people[0].id)),
                            PatchOperation(
                                .replace, path: AttributePath(attribute: "displayName"), value: .string("Sales EMEA")),
                        ])
                ])
            for (store, team) in [(lab.there.store, lab.team), (lab.mirror as any ResourceStore, lab.mirrored.id)] {
                try store.read { store in
                    let stored = try #require(try store.resource(.group, id: group.id, team: team))
                    #expect(stored.resource.attributes["displayName"] == .string("Sales EMEA"))
                    let there = try store.members(of: stored.row, team: team).compactMap {
                        try store.id(.user, row: $0, team: team)
                    }
                    #expect(Set(there) == [people[1].id, people[2].id])
                }
            }
            #expect(try lab.journal() == [.create, .addMembers, .update, .removeMembers, .addMembers])
        }
    }

    @Test(arguments: [true, false])
    func `is superseded where somebody changed the same since`(hasETags: Bool) async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            if !hasETags { lab.spoil { RemoteLab.withoutETags($1($0)) } }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            _ = try lab.online(BulkOperation(.patch(.user, ada.id, [try replace("title", "Countess")])))
            let outcome = try lab.apply(roster, [.patch(.user, ada.id, [try replace("title", "Analyst")])])[0]
            #expect(outcome.status == 412)
            #expect(try lab.found(ada.id)?.attributes["title"] == .string("Countess"))
            // What was seen on the way is known from now on.
            #expect(try lab.mirroredResource(ada.id)?.attributes["title"] == .string("Countess"))
            #expect(try lab.journal().isEmpty)
        }
    }

    @Test func `swaps names at a service that does one after the other`() async throws {
        try await RemoteLab.with { lab in
            let (ada, bob) = (try lab.addOnline("ada@acme.example"), try lab.addOnline("bob@acme.example"))
            let cat = try lab.addOnline("cat@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let outcomes = try lab.apply(
                roster,
                [
                    .patch(.user, ada.id, [try replace("userName", "bob@acme.example")]),
                    .patch(.user, bob.id, [try replace("userName", "cat@acme.example")]),
                    .patch(.user, cat.id, [try replace("userName", "ada@acme.example")]),
                ], atomic: true)
            #expect(outcomes.allSatisfy { $0.resource != nil }, "\(outcomes)")
            for (id, name) in [(ada.id, "bob"), (bob.id, "cat"), (cat.id, "ada")] {
                #expect(try lab.found(id)?.attributes["userName"] == .string("\(name)@acme.example"))
                #expect(try lab.mirroredResource(id)?.attributes["userName"] == .string("\(name)@acme.example"))
            }
        }
    }

    @Test func `is one person when the answer to a creation is lost`() async throws {
        try await RemoteLab.with { lab in
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let lost = Once()
            lab.spoil { request, forward in
                let answer = forward(request)
                return request.hasPrefix("POST") && lost.first() ? "" : answer
            }
            let outcome = try lab.apply(
                roster, [.create(.user, attributes: RemoteLab.person("ada@acme.example"), members: [])])[0]
            #expect(outcome.resource != nil, "\(outcome)")
            #expect(lab.writes.count == 1)
            #expect(try lab.there.store.read { try $0.count(.user, team: lab.team) } == 1)
            #expect(try lab.journal() == [.create])
        }
    }

    @Test(arguments: [true, false])
    func `is one group when the answer is lost and the filter finds none`(hasGroup: Bool) async throws {
        try await RemoteLab.with { lab in
            let roster = try lab.begin()
            defer { roster.close() }
            func group(_ name: String) -> BulkOperation.Action {
                .create(.group, attributes: ComplexValue([.init("displayName", .string(name))]), members: [])
            }
            _ = try roster.refresh { _ in }
            if hasGroup { _ = try lab.apply(roster, [group("Sales")]) }
            lab.asked.withLock { $0 = [] }
            let lost = Once()
            lab.spoil { request, forward in
                if request.contains("/Groups?filter") { return ScriptedService.list() }
                let answer = forward(request)
                return request.hasPrefix("POST") && lost.first() ? "" : answer
            }
            let outcome = try lab.apply(roster, [group("Support")], run: "r2")[0]
            #expect(outcome.resource != nil, "\(outcome)")
            #expect(lab.writes.count == 1)
            #expect(try lab.there.store.read { try $0.count(.group, team: lab.team) } == (hasGroup ? 2 : 1))
        }
    }

    /// As many requests as that takes: an empty answer is believed of a filter that has found somebody.
    @Test func `is not listed anew for each lost answer where the filter finds people`() async throws {
        try await RemoteLab.with { lab in
            try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            lab.asked.withLock { $0 = [] }
            let refused = Mutex<Set<String>>([])
            lab.spoil { request, forward in
                let name = request.firstMatch(of: /"userName":"([^"]*)"/).map { String($0.1) } ?? ""
                let isFirst = request.hasPrefix("POST") && refused.withLock { $0.insert(name).inserted }
                return isFirst ? "" : forward(request)
            }
            let outcomes = try lab.apply(
                roster,
                ["bob", "cat", "dan"].map {
                    .create(.user, attributes: RemoteLab.person("\($0)@acme.example"), members: [])
                })
            #expect(outcomes.allSatisfy { $0.resource != nil }, "\(outcomes)")
            let reads = lab.asked.withLock { $0.filter { $0.hasPrefix("GET") } }
            #expect(reads.allSatisfy { $0.contains("Users?filter=") || $0.contains("Users/") }, "\(reads)")
        }
    }

    @Test func `is made once when the answer to a change is lost`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let lost = Once()
            lab.spoil { request, forward in
                let answer = forward(request)
                return request.hasPrefix("PATCH") && lost.first() ? "" : answer
            }
            let outcome = try lab.apply(roster, [.patch(.user, ada.id, [try replace("title", "Analyst")])])[0]
            #expect(outcome.resource?.attributes["title"] == .string("Analyst"))
            #expect(lab.writes.count == 1)
        }
    }

    @Test func `is refused for one person and made for the others`() async throws {
        try await RemoteLab.with { lab in
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            try lab.addOnline("taken@acme.example")
            let outcomes = try lab.apply(
                roster,
                ["ada", "taken", "bob"].map {
                    .create(
                        .user,
                        attributes: ComplexValue([
                            .init("userName", .string("\($0)@acme.example")), .init("externalId", .string("new-\($0)")),
                        ]),
                        members: [])
                })
            #expect(outcomes[0].resource != nil && outcomes[2].resource != nil)
            #expect(outcomes[1].status == 409)
        }
    }

    @Test func `goes by PUT where there is no PATCH, and keeps what only the service knows`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example", [.init("nickName", .string("Lady"))])
            lab.spoil { request, forward in
                request.hasPrefix("PATCH") || request.contains("/Bulk ") ? ScriptedService.error(501) : forward(request)
            }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let outcome = try lab.apply(roster, [.patch(.user, ada.id, [try replace("title", "Analyst")])])[0]
            #expect(outcome.resource != nil, "\(outcome)")
            let there = try #require(try lab.found(ada.id))
            #expect(there.attributes["title"] == .string("Analyst") && there.attributes["nickName"] == .string("Lady"))
            #expect(lab.writes.last?.hasPrefix("PUT") == true)
        }
    }
}

@Suite struct `A run that was killed` {
    @Test(arguments: [true, false])
    func `is made good by the next, which writes down as its change what the service did`(wasDone: Bool) async throws {
        try await RemoteLab.with { lab in
            let bob = try lab.addOnline("bob@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            // What stands there when a run is killed between a request and its answer.
            let link = SourceLink(source: lab.source, anchor: Digest128(high: 3, low: 3), fingerprint: nil)
            var changed = try #require(try lab.mirroredResource(bob.id)).attributes
            changed["title"] = .string("Builder")
            let run = RunID(rawValue: "killed")
            let made = RemoteLab.person("ada@acme.example")
            try lab.mirror.write { store in
                for intent in [
                    Intent(
                        actor: "sync", run: run, type: .user, id: nil, name: "ada@acme.example", wanted: made,
                        link: link),
                    Intent(
                        actor: "sync", run: run, type: .user, id: bob.id, name: "bob@acme.example", wanted: changed,
                        link: nil),
                ] { _ = try store.append(intent, team: lab.mirrored.id) }
            }
            if wasDone {
                try lab.addOnline("ada@acme.example")
                _ = try lab.online(BulkOperation(.patch(.user, bob.id, [try replace("title", "Builder")])))
            }
            let next = try lab.begin()
            defer { next.close() }
            _ = try next.refresh { _ in }
            #expect(try lab.mirror.read { try $0.intents(team: lab.mirrored.id) }.isEmpty)
            #expect(try lab.journal(run: "killed") == (wasDone ? [.create, .update] : []))
            #expect(lab.writes.isEmpty)
            let ada = try lab.mirror.read { try $0.resource(.user, name: "ada@acme.example", team: lab.mirrored.id) }
            #expect((ada != nil) == wasDone)
            if let ada {
                let kept = try lab.mirror.read { try $0.link(of: ada.row, source: lab.source, team: lab.mirrored.id) }
                #expect(kept?.anchor == link.anchor)
            }
        }
    }
}

extension RemoteLab {
    /// As a service answers that knows no versions.
    static func withoutETags(_ answer: String) -> String {
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains(" 200 ") else { return answer }
        let body = parts[1].replacing(#""etag":{"supported":true}"#, with: #""etag":{"supported":false}"#)
            .replacing(/,"version":"W[^}]*"/, with: "")
        return ScriptedService.answer(200, String(body))
    }
}

/// True the first time.
final class Once: Sendable {
    private let isUsed = Mutex(false)
    func first() -> Bool {
        isUsed.withLock { used in
            defer { used = true }
            return !used
        }
    }
}
