import Foundation
import RawHTTP
import RemoteRoster
import SCIM
import SCIMClient
import Testing

@Suite struct `What a service does not keep` {
    /// Our own service, which forgets titles and shortens telephone numbers.
    @Sendable private static func forgetful(_ request: String, _ forward: (String) -> String) -> String? {
        guard !request.contains("/Schemas ") else { return forward(request) }
        let sent = request.replacing(/"title":"[^"]*",?/, with: "")
            .replacing(/\{"op":"[a-z]*","path":"title","value":"[^"]*"\},?/, with: "")
            .replacing("+1 555", with: "+1555")
        return forward(RemoteLab.measured(sent.replacing(",}", with: "}").replacing(",]", with: "]")))
    }

    private static func joiner(_ name: String) -> BulkOperation.Action {
        let phone = ComplexValue([.init("value", .string("+1 555 0100")), .init("type", .string("work"))])
        return .create(
            .user,
            attributes: RemoteLab.person(
                name, [.init("title", .string("Analyst")), .init("phoneNumbers", .list([.complex(phone)]))]),
            members: [])
    }

    @Test func `is found out once, told, and not sent again`() async throws {
        try await RemoteLab.with { lab in
            lab.spoil(Self.forgetful)
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let ada = try #require(try lab.apply(roster, [Self.joiner("ada@acme.example")])[0].resource)
            #expect(ada.attributes["title"] == nil)
            #expect(
                Set(roster.shortcomings) == [
                    Shortcoming(.notKept, .user, "title"), Shortcoming(.altered, .user, "phoneNumbers.work"),
                ])

            // The next run knows, and has nothing new to tell.
            let next = try lab.begin()
            defer { next.close() }
            let findings = try next.refresh { _ in }
            #expect(findings.shortcomings.contains(Shortcoming(.notKept, .user, "title")))
            lab.asked.withLock { $0 = [] }
            _ = try lab.apply(next, [.patch(.user, ada.id, [try replace("title", "Countess")])], run: "r2")
            #expect(lab.writes.isEmpty)
            #expect(next.shortcomings.isEmpty)
        }
    }

    /// Refuses by name whatever has a title, as its own schemas should have told. One request each: no Bulk.
    @Sendable private static func strict(_ request: String, _ forward: (String) -> String) -> String? {
        guard request.hasPrefix("P"), request.contains("title") else {
            return request.contains("/Bulk ") ? ScriptedService.error(501) : forward(request)
        }
        return ScriptedService.answer(
            400,
            """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":\
            "\(request.hasPrefix("POST") ? "invalidSyntax" : "invalidPath")","detail":"there is no title"}
            """)
    }

    @Test func `is found out where it refuses an attribute by name, and the rest is kept`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            lab.spoil(Self.strict)
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let changes = [try replace("title", "Countess"), try replace("nickName", "Lady")]
            let changed = try lab.apply(roster, [.patch(.user, ada.id, changes)])[0]
            #expect(changed.resource?.attributes["nickName"] == .string("Lady"), "\(changed)")
            #expect(try lab.found(ada.id)?.attributes["nickName"] == .string("Lady"))
            #expect(roster.shortcomings == [Shortcoming(.refused, .user, "title")])

            let next = try lab.begin()
            defer { next.close() }
            #expect(try next.refresh { _ in }.shortcomings.contains(Shortcoming(.refused, .user, "title")))
            lab.asked.withLock { $0 = [] }
            _ = try lab.apply(next, [.patch(.user, ada.id, [try replace("title", "Analyst")])], run: "r2")
            #expect(lab.writes.isEmpty)
        }
    }

    @Test func `does not keep anybody from being made`() async throws {
        try await RemoteLab.with { lab in
            lab.spoil(Self.strict)
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let made = try lab.apply(roster, [Self.joiner("ada@acme.example")])[0]
            let id = try #require(made.resource, "\(made)").id
            let there = try #require(try lab.found(id))
            #expect(there.attributes["phoneNumbers"] != nil && there.attributes["title"] == nil)
            #expect(try lab.mirroredResource(id)?.attributes["title"] == nil)
            #expect(roster.shortcomings == [Shortcoming(.refused, .user, "title")])
            #expect(try lab.journal() == [.create])
            lab.asked.withLock { $0 = [] }
            _ = try lab.apply(roster, [Self.joiner("bob@acme.example")], run: "r2")
            #expect(lab.writes == ["POST Users"])
        }
    }

    @Test func `is forgotten when it publishes other schemas`() async throws {
        try await RemoteLab.with { lab in
            lab.spoil(Self.forgetful)
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            let ada = try #require(try lab.apply(roster, [Self.joiner("ada@acme.example")])[0].resource)
            lab.spoil { request, forward in
                let answer = forward(request)
                guard request.contains("/Schemas ") else { return answer }
                let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
                return ScriptedService.answer(
                    200, String(body).replacing("The job title.", with: "The job title, kept now."))
            }
            let next = try lab.begin()
            defer { next.close() }
            #expect(try next.refresh { _ in }.shortcomings.isEmpty)
            // Records are looked at anew.
            let row = try #require(try lab.mirror.read { try $0.row(.user, id: ada.id, team: lab.mirrored.id) })
            let link = try lab.mirror.read { try $0.link(of: row, source: lab.source, team: lab.mirrored.id) }
            #expect(link != nil && link?.fingerprint == nil)
            _ = try lab.apply(next, [.patch(.user, ada.id, [try replace("title", "Countess")])], run: "r2")
            #expect(try lab.found(ada.id)?.attributes["title"] == .string("Countess"))
        }
    }

    @Test func `counts as soon as its schemas say so`() async throws {
        try await RemoteLab.with { lab in
            lab.spoil { request, forward in
                let answer = forward(request)
                guard request.contains("/Schemas ") else { return answer }
                let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
                return ScriptedService.answer(
                    200, String(body).replacing(#""name":"title""#, with: #""name":"jobTitle""#))
            }
            let roster = try lab.begin()
            defer { roster.close() }
            #expect(try roster.refresh { _ in }.shortcomings == [Shortcoming(.notKept, .user, "title")])
        }
    }

    @Test func `is never that somebody is deactivated`() async throws {
        try await RemoteLab.with { lab in
            let ada = try lab.addOnline("ada@acme.example")
            let roster = try lab.begin()
            defer { roster.close() }
            _ = try roster.refresh { _ in }
            lab.spoil { request, forward in
                guard request.hasPrefix("PATCH") else { return forward(request) }
                return forward(RemoteLab.measured(request.replacing(/"value":false/, with: #""value":true"#)))
            }
            let active = PatchOperation(.replace, path: AttributePath(attribute: "active"), value: .boolean(false))
            let outcome = try lab.apply(roster, [.patch(.user, ada.id, [active])])[0]
            #expect(outcome.status != nil, "a deactivation without effect is a failure: \(outcome)")
            #expect(roster.shortcomings.isEmpty)
        }
    }
}

extension RemoteLab {
    /// With the length that its body has now.
    static func measured(_ request: String) -> String {
        let parts = request.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return request }
        return parts[0].replacing(/(?i)content-length: \d+/, with: "Content-Length: \(parts[1].utf8.count)")
            + "\r\n\r\n" + parts[1]
    }
}
