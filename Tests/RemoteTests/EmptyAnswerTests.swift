import RawHTTP
import RemoteRoster
import SCIM
import SCIMClient
import Testing

@Suite struct `Where a service shows nothing` {
    private static func isLook(_ request: String) -> Bool {
        request.hasPrefix("GET") && request.contains("/Users/")
    }

    @Test func `a change that was made is not sent again`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let (lost, empty) = (Once(), Once())
            lab.spoil { request, forward in
                if Self.isLook(request), empty.first() { return ScriptedService.answer(200, "") }
                let answer = forward(request)
                return request.hasPrefix("PATCH") && lost.first() ? "" : answer
            }
            let outcome = try lab.apply(roster, [.patch(.user, ada.id, [try replace("title", "Analyst")])])[0]
            #expect(outcome.resource?.attributes["title"] == .string("Analyst"))
            #expect(lab.writes.count == 1)
        }
    }

    @Test(arguments: [1, 3])
    func `somebody who was made has the id that the service gave`(count: Int) async throws {
        try await RemoteLab.with { lab in
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            lab.spoil { request, forward in
                if Self.isLook(request) { return ScriptedService.error(404) }
                let answer = forward(request)
                guard request.hasPrefix("POST"), request.contains("/Users ") else { return answer }
                // An answer that is not whole is looked at once more.
                return RemoteLab.measured(answer.replacing(/"externalId":"[^"]*",/, with: ""))
            }
            let people = try lab.apply(
                roster,
                (1...count).map {
                    .create(.user, attributes: RemoteLab.person("user\($0)@acme.example"), members: [])
                })
            for person in people {
                let id = try #require(person.resource?.id, "\(person)")
                #expect(try lab.found(id) != nil)
            }
            let name = ComplexValue([.init("displayName", .string("Sales"))])
            let ids = people.compactMap { $0.resource?.id }
            let group = try lab.apply(roster, [.create(.group, attributes: name, members: ids)])[0]
            let there = try lab.there.store.read { store in
                try #require(try group.resource.flatMap { try store.row(.group, id: $0.id, team: lab.team) })
            }
            #expect(try lab.there.store.read { try $0.members(of: there, team: lab.team) }.count == count)
        }
    }

    @Test func `its schemas are no other ones once it shows them`() async throws {
        try await RemoteLab.with { lab in
            let known = Shortcoming(.notKept, .user, "title")
            lab.spoil { request, forward in
                request.contains("/Schemas ") ? ScriptedService.error(400) : forward(request)
            }
            for isShown in [false, true] {
                if isShown { lab.heal() }
                let roster = try lab.begin()
                defer { roster.close() }
                let findings = try roster.refresh { _ in }
                #expect(findings.shortcomings.contains(known) == isShown)
                try lab.mirror.write { try $0.add(known, team: lab.mirrored.id) }
            }
        }
    }

    @Test func `the look-up goes by cursor where there is nothing else`() async throws {
        try await RemoteLab.with { lab in
            let lost = Once()
            lab.spoil { request, forward in
                if request.contains("startIndex=") { return ScriptedService.error(501) }
                if request.contains("filter=") { return ScriptedService.error(400) }
                let answer = forward(request)
                if request.hasPrefix("POST"), lost.first() { return "" }
                return request.contains("/ServiceProviderConfig ")
                    ? RemoteLab.measured(answer.replacing(#""index":true"#, with: #""index":false"#)) : answer
            }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let outcome = try lab.apply(
                roster, [.create(.user, attributes: RemoteLab.person("ada@acme.example"), members: [])])[0]
            #expect(outcome.resource != nil, "\(outcome)")
            #expect(lab.writes.count == 1)
        }
    }

    @Test func `a name that is as before was not changed`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            lab.spoil { request, forward in
                request.hasPrefix("PATCH") ? ScriptedService.answer(200, "") : forward(request)
            }
            let rename = try replace("userName", "countess@acme.example")
            #expect(try lab.apply(roster, [.patch(.user, ada.id, [rename])])[0].status == 200)
            #expect(try lab.mirroredResource(ada.id)?.attributes["userName"] == .string("ada@acme.example"))
            #expect(try lab.journal().isEmpty)
        }
    }

    @Test func `members are sent by PATCH though a group's name is not taken so`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let made = ["Sales", "Board"].map { name in
                BulkOperation(
                    .create(.group, attributes: ComplexValue([.init("displayName", .string(name))]), members: []))
            }
            let groups = try made.map { try lab.online($0).id }
            lab.spoil { request, forward in
                request.hasPrefix("PATCH") && request.contains("displayName")
                    ? ScriptedService.error(501) : forward(request)
            }
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let rename = PatchOperation(
                .replace, path: AttributePath(attribute: "displayName"), value: .string("Sales EMEA"))
            _ = try lab.apply(roster, [.patch(.group, groups[0], [rename])])
            let member = AttributeValue.list([.complex(ComplexValue([.init("value", .string(ada.id.rawValue))]))])
            let joining = PatchOperation(.add, path: AttributePath(attribute: "members"), value: member)
            _ = try lab.apply(roster, [.patch(.group, groups[1], [joining])], run: "r2")
            #expect(lab.writes.suffix(2).map { String($0.prefix(5)) } == ["PUT G", "PATCH"], "\(lab.writes)")
        }
    }
}
