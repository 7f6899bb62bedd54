import JSON
import Testing

@Suite struct `Resources over HTTP` {
    @Test func `are created, read, replaced, patched and deleted, with version and place`() async throws {
        try await Service.with { service in
            let created = try await service.send("POST", "Users", #"{"userName":"rosa@northbay.example"}"#)
            #expect(created.status == 201, "\(created.text)")
            #expect(created.headers["content-type"] == "application/scim+json")
            let id = try #require(created.json["id"]?.string)
            let place = "http://scim.test/api/external/scim/Users/\(id)"
            #expect(created.headers["location"] == place)
            #expect(created.json.at("meta", "location")?.string == place)
            #expect(created.headers["etag"] == #"W/"1""#)
            #expect(created.json.at("meta", "version")?.string == #"W/"1""#)
            #expect(created.json["active"]?.boolean == true)

            let read = try await service.send("GET", "Users/\(id)")
            #expect(read.status == 200 && read.body == created.body && read.headers["etag"] == #"W/"1""#)

            let replaced = try await service.send(
                "PUT", "Users/\(id)", #"{"userName":"rosa@northbay.example","title":"CEO"}"#)
            #expect(replaced.status == 200 && replaced.headers["etag"] == #"W/"2""#)
            #expect(replaced.json["title"]?.string == "CEO")

            let patched = try await service.send(
                "PATCH", "Users/\(id)", #"{"Operations":[{"op":"remove","path":"title"}]}"#)
            #expect(patched.status == 200 && patched.json["title"] == nil)

            let deleted = try await service.send("DELETE", "Users/\(id)")
            #expect(deleted.status == 204 && deleted.body.isEmpty && deleted.headers["content-type"] == nil)
            let again = try await service.send("DELETE", "Users/\(id)")
            #expect(again.status == 404 && again.isSCIMError)
        }
    }

    @Test func `leave the SSO connection to tokens that were issued for it`() async throws {
        try await Service.with { service in
            let admin = try service.core.issueToken(team: service.acme, label: "", scopes: [.sso], expires: nil)
            let body = #"{"entityID":"https://idp.example"}"#
            let bulk = #"{"Operations":[{"method":"POST","path":"/SSOConnections","data":\#(body)}]}"#
            func refused(_ method: String, _ path: String, _ body: String? = nil) async throws -> Bool {
                let answer = try await service.send(method, path, body)
                return answer.status == 403 && answer.isSCIMError
                    && answer.text.contains("popl-sync token issue --scope sso")
            }
            #expect(try await refused("POST", "SSOConnections", body))
            let made = try await service.send("POST", "SSOConnections", body, token: admin.token.text)
            let id = try #require(made.json["id"]?.string)
            let patch = #"{"Operations":[{"op":"replace","path":"displayName","value":"Mine"}]}"#
            #expect(try await refused("PUT", "SSOConnections/\(id)", body))
            #expect(try await refused("PATCH", "SSOConnections/\(id)", patch))
            #expect(try await refused("DELETE", "SSOConnections/\(id)"))
            let inBulk = try await service.send("POST", "Bulk", bulk)
            #expect(inBulk.json["Operations"]?.array?.first?["status"]?.string == "403", "\(inBulk.text)")
            // Reading is for every token of the team, and only for those.
            #expect(try await service.send("GET", "SSOConnections/\(id)").body == made.body)
            #expect(try await service.send("GET", "SSOConnections", token: service.foreignToken).total == 0)
            let patched = try await service.send("PATCH", "SSOConnections/\(id)", patch, token: admin.token.text)
            #expect(patched.json["displayName"]?.string == "Mine")
        }
    }
}
