import Foundation
import JSON
import RawHTTP
import Testing

/// The requests of scim-clients.md §3.
@Suite struct `Microsoft Entra` {
    private static let person = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
         "externalId":"rosa.lindqvist","userName":"rosa.lindqvist@northbay.example","active":true,
         "displayName":"Rosa Lindqvist",
         "emails":[{"primary":true,"type":"work","value":"rosa.lindqvist@northbay.example"}],
         "meta":{"resourceType":"User"},
         "name":{"formatted":"Rosa Lindqvist","familyName":"Lindqvist","givenName":"Rosa"},"roles":[],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field"}}
        """
    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    @Test func `tests its connection, and the bare URL`() async throws {
        try await Service.with { service in
            let answer = try await service.send(
                "GET", "Users?filter=userName+eq+%22d1b7c3f0-5a50-4f0e-9f6e-2f5f0a1c77ab%22")
            #expect(answer.status == 200 && answer.total == 0 && answer.json["Resources"] == .array([]))
            for path in ["/api/external/scim", "/api/external/scim/", "/api/external/scim/?aadOptscim062020"] {
                #expect(try await service.send("GET", path).status == 200, "\(path)")
                #expect(try await service.send("GET", path, token: nil).status == 401, "\(path)")
            }
            // The base URL's slash and the client's own.
            #expect(try await service.send("GET", "/api/external/scim//Users").status == 200)
        }
    }

    @Test func `finds people by each of its filters, disabled ones too`() async throws {
        try await Service.with { service in
            let id = try #require(try await service.send("POST", "Users", Self.person).json["id"]?.string)
            #expect(try await service.send("POST", "Users", Self.person).status == 409)
            _ = try await service.send(
                "PATCH", "Users/\(id)", #"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#)
            for filter in [
                #"userName eq "ROSA.lindqvist@northbay.example""#, #"externalId eq "rosa.lindqvist""#,
                #"emails[type eq "work"].value eq "rosa.lindqvist@northbay.example""#, #"id eq "\#(id)""#,
            ] {
                let query = try #require(filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                let answer = try await service.send(
                    "GET", "Users?filter=" + query.replacingOccurrences(of: "%20", with: "+"))
                #expect(answer.total == 1, "\(filter): \(answer.text)")
                #expect(answer.json["Resources"]?.array?.first?["active"]?.boolean == false)
            }
            let plus = try await service.addUser("rosa+cards@northbay.example")
            let found = try await service.send(
                "GET", "Users?filter=userName+eq+%22rosa%2Bcards%40northbay.example%22&")
            #expect(found.json["Resources"]?.array?.first?["id"]?.string == plus)
        }
    }

    @Test func `updates without its flag`() async throws {
        try await Service.with { service in
            let id = try #require(try await service.send("POST", "Users", Self.person).json["id"]?.string)
            let answer = try await service.send(
                "PATCH", "Users/\(id)",
                #"""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
                 {"op":"Replace","path":"displayName","value":"Rosa L. Ekman"},
                 {"op":"Replace","path":"name.familyName","value":"Ekman"},
                 {"op":"Add","path":"emails[type eq \"work\"].value","value":"rosa.ekman@northbay.example"},
                 {"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+46 70 000 11 22"},
                 {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sea"},
                 {"op":"Replace","path":"active","value":"False"}]}
                """#)
            #expect(answer.status == 200, "\(answer.text)")
            let user = answer.json
            #expect(user["displayName"]?.string == "Rosa L. Ekman")
            #expect(user.at("name", "familyName")?.string == "Ekman")
            #expect(user["emails"]?.array?.first?["value"]?.string == "rosa.ekman@northbay.example")
            #expect(user["phoneNumbers"]?.array?.first?["type"]?.string == "mobile")
            #expect(user.at(Self.enterprise, "department")?.string == "Sea")
            #expect(user["active"]?.boolean == false)
        }
    }

    @Test func `updates with its flag`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@northbay.example")
            let answer = try await service.send(
                "PATCH", "Users/\(id)?aadOptscim062020",
                #"""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
                 {"op":"replace","value":{"displayName":"Rosa","name.familyName":"Ekman","active":false,
                  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Field"}},
                 {"op":"add","path":"emails[type eq \"work\"].value","value":"rosa.ekman@northbay.example"}]}
                """#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["name.familyName"] == nil)
            #expect(answer.json.at("name", "familyName")?.string == "Ekman")
            #expect(answer.json.at(Self.enterprise, "department")?.string == "Field")
            #expect(answer.json["schemas"]?.array?.contains(.string(Self.enterprise)) == true)
        }
    }

    @Test func `sets and clears a manager in all its forms`() async throws {
        try await Service.with { service in
            let (rosa, boss) = (
                try await service.addUser("rosa@x.example"), try await service.addUser("boss@x.example")
            )
            func patch(_ operation: String) async throws -> JSONValue? {
                let answer = try await service.send(
                    "PATCH", "Users/\(rosa)",
                    #"{"Operations":[{\#(operation.replacingOccurrences(of: "PATH", with: "\"path\":\"\(Self.enterprise):manager\""))}]}"#
                )
                #expect(answer.status == 200, "\(operation): \(answer.text)")
                return answer.json.at(Self.enterprise, "manager", "value")
            }
            let setting = [
                #""op":"Add",PATH,"value":"\#(boss)""#,
                #""op":"Add",PATH,"value":[{"$ref":"https://x/Users/\#(boss)","value":"\#(boss)"}]"#,
                #""op":"Replace",PATH,"value":{"value":"\#(boss)"}"#,
            ]
            let clearing = [#""op":"Replace",PATH,"value":"""#, #""op":"Remove",PATH"#]
            for operation in setting {
                #expect(try await patch(operation)?.string == boss)
                for clear in clearing {
                    #expect(try await patch(clear) == nil)
                    _ = try await patch(operation)
                }
            }
        }
    }

    @Test func `asks whether a reference holds already`() async throws {
        try await Service.with { service in
            let boss = try await service.addUser("boss@x.example")
            let manager = #","\#(Self.enterprise)":{"manager":{"value":"\#(boss)"}}"#
            let rosa = try await service.addUser("rosa@x.example", manager)
            for (who, count) in [(boss, 1), (rosa, 0)] {
                let filter = #"id eq "\#(rosa)" and manager eq "\#(who)""#
                let query = try #require(filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                #expect(try await service.send("GET", "Users?filter=\(query)").total == count)
            }
        }
    }

    @Test func `sends guests, app roles, and extensions that nobody has heard of`() async throws {
        try await Service.with { service in
            let name = "omar_gmail.com#EXT#@northbay.onmicrosoft.com"
            let role = #"{\"id\":\"18d1\",\"value\":\"Rep\"}"#
            let created = try await service.send(
                "POST", "Users",
                #"""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","\#(Self.enterprise)"],"userName":"\#(name)",
                 "externalId":"omar_gmail.com#EXT#","roles":[{"primary":"True","type":"WindowsAzureActiveDirectoryRole",
                  "value":"\#(role)"}],"urn:ietf:params:scim:schemas:extension:Custom:2.0:User":{"tag":"x"}}
                """#)
            #expect(created.status == 201, "\(created.text)")
            // The enterprise schema was named, and nothing of it sent; the other one the other way round.
            #expect(created.json["schemas"] == .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]))
            #expect(!created.text.contains("Custom"))
            let stored = try #require(created.json["roles"]?.array?.first)
            #expect(stored["primary"]?.boolean == true && stored["value"]?.string == #"{"id":"18d1","value":"Rep"}"#)
            let found = try await service.send(
                "GET", "Users?filter=userName+eq+%22omar_gmail.com%23EXT%23%40NORTHBAY.onmicrosoft.com%22")
            #expect(found.userNames == [name])
            let id = try #require(created.json["id"]?.string)
            let patched = try await service.send(
                "PATCH", "Users/\(id)",
                #"{"Operations":[{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"Admin"}]}"#)
            #expect(patched.json["roles"]?.array?.map { $0["value"]?.string } == ["Admin"])
        }
    }

    @Test func `renames whom it deletes softly, and takes them back with their groups`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let group = try await service.addGroup("Field Sales", members: [id])
            func patch(_ name: String, active: String) async throws -> HTTPAnswer {
                try await service.send(
                    "PATCH", "Users/\(id)",
                    #"""
                    {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
                     {"op":"Replace","path":"active","value":"\#(active)"},{"op":"Replace","path":"userName","value":"\#(name)"}]}
                    """#)
            }
            let gone = try await patch("8aa1b7f25a504f0e9f6e2f5f0a1c77abrosa@x.example", active: "False")
            #expect(gone.status == 200 && gone.json["active"]?.boolean == false)
            // Their name is free for somebody new meanwhile.
            #expect(try await service.send("GET", "Users?filter=userName+eq+%22rosa%40x.example%22").total == 0)
            let back = try await patch("rosa@x.example", active: "True")
            #expect(back.json["active"]?.boolean == true)
            #expect(back.json["groups"]?.array?.map { $0["value"]?.string } == [group])
        }
    }

    @Test(arguments: [
        "Rosa ", " Rosa", "\u{200F}\u{5E8}\u{5D5}\u{5D6}\u{5D4}\u{200F}", "O'Malley \"Rosa\" \\", "Zoë Ågren-Łuczak",
        "Zoe\u{308}", "👩‍💻 Rosa", "a+b=c&d", String(repeating: "x", count: 64), "\tRosa\n", "<b>Rosa</b>", "李小龍",
    ])
    func `sends values as the directory has them`(value: String) async throws {
        try await Service.with { service in
            let quoted = try #require(String(data: JSONEncoder().encode(value), encoding: .utf8))
            let created = try await service.send(
                "POST", "Users", #"{"userName":"rosa","displayName":\#(quoted),"name":{"familyName":\#(quoted)}}"#)
            let id = try #require(created.json["id"]?.string)
            let read = try await service.send("GET", "Users/\(id)").json
            for stored in [created.json["displayName"], read["displayName"], read.at("name", "familyName")] {
                #expect(stored?.string.map { Array($0.utf8) } == Array(value.utf8))
            }
        }
    }

    @Test func `deletes for good, twice`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            #expect(try await service.send("DELETE", "Users/\(id)").status == 204)
            #expect(try await service.send("DELETE", "Users/\(id)").status == 404)
        }
    }

    @Test func `keeps groups`() async throws {
        try await Service.with { service in
            let people = [try await service.addUser("a@x.example"), try await service.addUser("b@x.example")]
            #expect(
                try await service.send(
                    "GET", "Groups?excludedAttributes=members&filter=displayName+eq+%22Field+Sales%22"
                ).total == 0)
            let created = try await service.send(
                "POST", "Groups",
                #"""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group",
                 "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                 "externalId":"8aa1b7f2","displayName":"Field Sales","meta":{"resourceType":"Group"}}
                """#)
            #expect(created.status == 201)
            #expect(created.json["schemas"] == .array([.string("urn:ietf:params:scim:schemas:core:2.0:Group")]))
            let id = try #require(created.json["id"]?.string)
            func patch(_ operation: String) async throws -> Int {
                try await service.send("PATCH", "Groups/\(id)", #"{"Operations":[\#(operation)]}"#).status
            }
            for person in people {
                let add = #"{"op":"Add","path":"members","value":[{"$ref":null,"value":"\#(person)"}]}"#
                #expect(try await patch(add) == 200)
                #expect(try await patch(add) == 200)
            }
            // A value list takes away those only: read otherwise it would empty the group.
            let remove = #"{"op":"Remove","path":"members","value":[{"$ref":null,"value":"\#(people[0])"}]}"#
            #expect(try await patch(remove) == 200)
            #expect(try await patch(remove) == 200)
            #expect(try await service.memberIDs(of: id) == [people[1]])
            #expect(try await patch(#"{"op":"Replace","path":"displayName","value":"Field Sales EMEA"}"#) == 200)
            let found = try await service.send(
                "GET", "Groups?excludedAttributes=members&filter=displayName+eq+%22field+sales+emea%22")
            #expect(found.total == 1 && found.json["Resources"]?.array?.first?["members"] == nil)
            for filter in [
                #"externalId eq "8aa1b7f2""#, #"id eq "\#(id)" and members eq "\#(people[1])""#,
            ] {
                let query = try #require(filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                #expect(try await service.send("GET", "Groups?filter=\(query)").total == 1, "\(filter)")
            }
            #expect(try await patch(#"{"op":"remove","path":"members[value eq \"\#(people[1])\"]"}"#) == 200)
            #expect(try await service.memberIDs(of: id).isEmpty)
            #expect(try await service.send("DELETE", "Groups/\(id)").status == 204)
        }
    }
}

/// scim-clients.md §4.
@Suite struct `Other clients` {
    @Test func `OneLogin has an empty query, an empty parameter and the old names`() async throws {
        try await Service.with { service in
            let created = try await service.send(
                "POST", "Users", #"{"schemas":["urn:scim:schemas:core:2.0"],"userName":"rosa@x.example"}"#,
                headers: ["User-Agent": "", "Content-Type": "application/json"])
            #expect(created.status == 201)
            #expect(created.json["schemas"] == .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]))
            let id = try #require(created.json["id"]?.string)
            #expect(try await service.send("PUT", "Users/\(id)?", #"{"userName":"rosa@x.example"}"#).status == 200)
            #expect(try await service.send("GET", "Users?filter=userName+eq+%22rosa%40x.example%22&").total == 1)
            let bare = "GET /api/external/scim/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent:\r\n"
            let request = Array("\(bare)Authorization: Bearer \(service.token)\r\n\r\n".utf8)
            #expect(HTTPAnswer(try await service.http.exchange([request])).status == 200)
        }
    }

    @Test func `authentik leaves out the quotes, Google asks for one, scripts for little`() async throws {
        try await Service.with { service in
            _ = try await service.send(
                "POST", "Users", #"{"userName":"rosa@x.example"}"#, headers: ["Content-Type": "application/json"])
            #expect(try await service.send("GET", "Users?filter=userName%20eq%20rosa@x.example").total == 1)
            #expect(try await service.send("GET", "Users?count=1").total == 1)
            let config = try await service.send("GET", "ServiceProviderConfig").json
            for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
                #expect(config.at(name, "supported")?.boolean != nil, "\(name)")
            }
            #expect(config.at("bulk", "maxOperations")?.integer == 1000)
        }
    }
}
