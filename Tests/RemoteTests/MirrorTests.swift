import Foundation
import RawHTTP
import RemoteRoster
import SCIM
import SCIMClient
import Testing

@Suite struct `A mirror` {
    @Test func `has the service's people and groups under their ids, and nothing of it in the journal`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example", [.init("title", .string("Analyst"))])
            let bob = try lab.addOnline("bob@acme.example")
            let group = try lab.online(
                BulkOperation(
                    .create(
                        .group, attributes: ComplexValue([.init("displayName", .string("Sales"))]), members: [bob.id])))
            let roster = try lab.begin()
            defer { roster.close() }
            let findings = try roster.refresh { _ in }
            #expect(findings.hasGroups && findings.hasConnection && findings.remarks.isEmpty)
            #expect(try lab.mirroredResource(ada.id)?.attributes == ada.attributes)
            try lab.mirror.read { store in
                let row = try #require(try store.row(.group, id: group.id, team: lab.mirrored.id))
                let user = try #require(try store.row(.user, id: bob.id, team: lab.mirrored.id))
                #expect(try store.members(of: row, team: lab.mirrored.id) == [user])
                #expect(try store.journalHead(team: lab.mirrored.id).entries == 0)
            }
        }
    }

    @Test func `keeps versions while nothing changes, and has another one for another content`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let first = try #require(try lab.mirroredResource(ada.id)).version
            _ = try roster.refresh { _ in }
            #expect(try lab.mirroredResource(ada.id)?.version == first)
            _ = try lab.online(BulkOperation(.patch(.user, ada.id, [try replace("title", "Countess")])))
            _ = try roster.refresh { _ in }
            let second = try #require(try lab.mirroredResource(ada.id))
            #expect(second.version != first && second.attributes["title"] == .string("Countess"))
            // What another mirror of the same content would have: a plan that was made in a copy fits.
            #expect(second.version == second.attributes.contentVersion())
        }
    }

    @Test func `follows removed people and swapped names`() async throws {
        try await RemoteLab.with { lab in
            let people = try ["ada", "bob", "cat"].map { try lab.addOnline("\($0)@acme.example") }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            _ = try lab.there.bulk(
                [
                    BulkOperation(.patch(.user, people[0].id, [try replace("userName", "bob@acme.example")])),
                    BulkOperation(.patch(.user, people[1].id, [try replace("userName", "ada@acme.example")])),
                    BulkOperation(.delete(.user, people[2].id)),
                ], atomic: true, context: RequestContext(team: lab.team, actor: "online"))
            let findings = try roster.refresh { _ in }
            #expect(findings.remarks.isEmpty)
            #expect(try lab.mirroredResource(people[0].id)?.attributes["userName"] == .string("bob@acme.example"))
            #expect(try lab.mirroredResource(people[1].id)?.attributes["userName"] == .string("ada@acme.example"))
            #expect(try lab.mirroredResource(people[2].id) == nil)
        }
    }

    @Test func `is left as it is by a listing that does not hold together`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            for number in 1...3 { try lab.addOnline("user\(number)@acme.example") }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            // It counts four, and one of them is there twice.
            lab.spoil { request, forward in
                let answer = forward(request)
                guard request.hasPrefix("GET"), request.contains("/Users?") else { return answer }
                let head = answer.range(of: "\r\n\r\n").map { answer[..<$0.lowerBound] } ?? ""
                guard head.contains(" 200 ") else { return answer }
                let one = #"{"id":"x","userName":"x@acme.example"}"#
                return ScriptedService.list([one, one, one, one])
            }
            #expect(throws: Listing.Inconsistent.self) { try roster.refresh { _ in } }
            #expect(try lab.mirroredResource(ada.id) != nil)
            lab.heal()
            _ = try roster.refresh { _ in }
        }
    }

    @Test func `belongs to one service`() async throws {
        try await RemoteLab.with { lab in
            try lab.mirror.write {
                try $0.setMirroredService(
                    MirroredService(url: "https://other.example/", schemas: ""), team: lab.mirrored.id)
            }
            let roster = try lab.begin()
            defer { roster.close() }
            #expect(throws: MirrorOfAnother.self) { try roster.refresh { _ in } }
        }
    }
}
