import JSON
import RawHTTP
import Testing

/// The requests of scim-clients.md §2, in the order in which Okta sends them.
@Suite struct `Okta` {
    private static let headers = [
        "User-Agent": "Okta SCIM Client 1.0.0", "Accept": "application/scim+json", "Accept-Charset": "utf-8",
        "Accept-Encoding": "gzip,deflate", "Content-Type": "application/scim+json; charset=utf-8",
    ]
    private static let person = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"rosa.lindqvist@northbay.example",
         "name":{"givenName":"Rosa","familyName":"Lindqvist"},
         "emails":[{"primary":true,"value":"rosa.lindqvist@northbay.example","type":"work"}],
         "displayName":"Rosa Lindqvist","locale":"en-US","externalId":"00u9x2mq71TzWbYd05d7","groups":[],
         "password":"Zt4!random-placeholder","active":true}
        """
    private static let lookUp =
        "Users?filter=userName%20eq%20%22rosa.lindqvist%40northbay.example%22&startIndex=1&count=100"

    @Test func `tests its connection`() async throws {
        try await Service.with { service in
            let answer = try await service.send("GET", "Users?startIndex=1&count=2", headers: Self.headers)
            #expect(answer.status == 200)
            #expect(
                answer.text
                    == #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#
            )
            #expect(try await service.send("GET", "Groups?startIndex=1&count=100").total == 0)
            let refused = try await service.send("GET", "Users?startIndex=1&count=2", token: "nonsense")
            #expect(refused.status == 401 && refused.isSCIMError)
        }
    }

    @Test func `assigns a person, changes the profile, and takes the assignment back`() async throws {
        try await Service.with { service in
            #expect(try await service.send("GET", Self.lookUp, headers: Self.headers).total == 0)
            let created = try await service.send("POST", "Users", Self.person, headers: Self.headers)
            #expect(created.status == 201 && created.headers["location"] != nil)
            let id = try #require(created.json["id"]?.string)
            #expect(created.json["userName"]?.string == "rosa.lindqvist@northbay.example")
            #expect(created.json["password"] == nil && created.json["groups"] == nil)
            #expect(try await service.send("POST", "Users", Self.person).scimType == "uniqueness")
            #expect(try await service.send("GET", Self.lookUp).total == 1)
            let shouted = Self.lookUp.replacingOccurrences(of: "rosa.lindqvist", with: "ROSA.Lindqvist")
            #expect(
                try await service.send("GET", shouted).userNames == ["rosa.lindqvist@northbay.example"])

            // Profile update: our own answer comes back, with one attribute changed.
            let held = try await service.send("GET", "Users/\(id)").text
            let changed = held.replacingOccurrences(of: "\"Rosa Lindqvist\"", with: "\"Rosa Ekman\"")
            let updated = try await service.send("PUT", "Users/\(id)", changed, headers: Self.headers)
            #expect(updated.status == 200 && updated.json["displayName"]?.string == "Rosa Ekman")
            #expect(updated.json["id"]?.string == id)

            let off = updated.text.replacingOccurrences(of: "\"active\":true", with: "\"active\":false")
            #expect(try await service.send("PUT", "Users/\(id)", off).json["active"]?.boolean == false)
            // Without `active` nobody comes back.
            let silent = updated.text.replacingOccurrences(of: "\"active\":true,", with: "")
            #expect(try await service.send("PUT", "Users/\(id)", silent).json["active"]?.boolean == false)
            #expect(try await service.send("GET", Self.lookUp).total == 1)

            // Assigned again: a new POST with the same externalId restores the same card.
            let restored = try await service.send("POST", "Users", Self.person)
            #expect(restored.status == 201 && restored.json["id"]?.string == id)
            #expect(restored.json["active"]?.boolean == true)
        }
    }

    @Test func `maps more than a name`() async throws {
        try await Service.with { service in
            let extra =
                #","title":"Lead","phoneNumbers":[{"value":"+46 70 1","type":"mobile"},{"value":"+46 8 2","type":"work"}],"#
                + #""addresses":[{"type":"work","streetAddress":"1 Quay","locality":"Malmö","country":"SE"}],"#
                + #""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field","employeeNumber":"7"}}"#
            let body = String(Self.person.dropLast()) + extra
            let created = try await service.send("POST", "Users", body, headers: Self.headers)
            #expect(created.status == 201, "\(created.text)")
            let sent = try JSON.parse(body)
            for member in try #require(sent.object) where !["schemas", "groups", "password"].contains(member.name) {
                #expect(created.json[member.name] == member.value, "\(member.name)")
            }
            #expect(created.json["schemas"]?.array?.count == 2)
        }
    }

    @Test func `may change nothing but the letter case of a name, and another's id in a value is refused`() async throws
    {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let shouted = try await service.send("PUT", "Users/\(id)", #"{"userName":"ROSA@x.example"}"#)
            #expect(shouted.status == 200 && shouted.json["userName"]?.string == "ROSA@x.example")
            let group = try await service.addGroup("Field Sales")
            let other = try await service.send(
                "PATCH", "Groups/\(group)",
                #"{"Operations":[{"op":"replace","value":{"id":"\#(id)","displayName":"X"}}]}"#)
            #expect(other.status == 400 && other.scimType == "mutability")
            let beside = try await service.send(
                "PATCH", "Groups/\(group)",
                #"{"id":"\#(id)","Operations":[{"op":"replace","value":{"displayName":"X"}}]}"#)
            #expect(beside.status == 400 && beside.scimType == "mutability")
            let own = try await service.send(
                "PATCH", "Groups/\(group)",
                #"{"id":"\#(group)","Operations":[{"op":"replace","value":{"displayName":"X"}}]}"#)
            #expect(own.status == 200 && own.json["displayName"]?.string == "X")
        }
    }

    @Test func `deactivates by PATCH from the catalogue`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@northbay.example")
            let answer = try await service.send(
                "PATCH", "Users/\(id)",
                #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}"#
            )
            #expect(answer.status == 200 && answer.json["active"]?.boolean == false)
        }
    }

    @Test func `pushes a group by PUT`() async throws {
        try await Service.with { service in
            let people = [try await service.addUser("a@x.example"), try await service.addUser("b@x.example")]
            #expect(
                try await service.send(
                    "GET", "Groups?filter=displayName%20eq%20%22Field%20Sales%22&startIndex=1&count=100"
                ).total == 0)
            let id = try await service.addGroup("Field Sales")
            #expect(try await service.send("GET", "Groups/\(id)").status == 200)
            let stale = "00000000-0000-4000-8000-000000000000"
            let members = (people + [stale]).map { #"{"value":"\#($0)","display":"x"}"# }.joined(separator: ",")
            let pushed = try await service.send(
                "PUT", "Groups/\(id)",
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"\#(id)","displayName":"Field Sales","members":[\#(members)]}"#
            )
            #expect(pushed.status == 200, "\(pushed.text)")
            #expect(Set(try await service.memberIDs(of: id)) == Set(people))
            // A PUT says all: without members there are none.
            _ = try await service.send("PUT", "Groups/\(id)", #"{"displayName":"Field Sales"}"#)
            #expect(try await service.memberIDs(of: id).isEmpty)
            #expect(try await service.send("DELETE", "Groups/\(id)").status == 204)
        }
    }

    @Test func `pushes a group by PATCH`() async throws {
        try await Service.with { service in
            let people = [
                try await service.addUser("a@x.example"), try await service.addUser("b@x.example"),
                try await service.addUser("c@x.example"),
            ]
            let id = try await service.addGroup("Field Sales", members: [people[0]])
            func patch(_ operations: String) async throws -> HTTPAnswer {
                try await service.send(
                    "PATCH", "Groups/\(id)",
                    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[\#(operations)]}"#)
            }
            let renamed = try await patch(
                #"{"op":"replace","value":{"id":"\#(id)","displayName":"Field Sales EMEA"}}"#)
            #expect(renamed.status == 200 && renamed.json["displayName"]?.string == "Field Sales EMEA")
            let swapped = try await patch(
                #"{"op":"remove","path":"members[value eq \"\#(people[0])\"]"},{"op":"add","path":"members","value":[{"value":"\#(people[1])","display":"omar@northbay.example"}]}"#
            )
            #expect(swapped.status == 200)
            #expect(try await service.memberIDs(of: id) == [people[1]])
            _ = try await patch(
                #"{"op":"replace","path":"members","value":[{"value":"\#(people[0])"},{"value":"\#(people[2])"}]}"#)
            #expect(try await service.memberIDs(of: id) == [people[0], people[2]])
        }
    }

    @Test func `imports page by page, in a stable order`() async throws {
        try await Service.with { service in
            var names: [String] = []
            for number in 1...5 {
                names.append("p\(number)@x.example")
                _ = try await service.addUser(names[number - 1])
            }
            var seen: [String] = []
            var start = 1
            while true {
                let page = try await service.send("GET", "Users?startIndex=\(start)&count=2")
                #expect(page.total == 5)
                seen += page.userNames
                start += page.json["itemsPerPage"]?.integer ?? 0
                if start > 5 { break }
            }
            #expect(seen == names)
            #expect(try await service.send("GET", "Users?count=9999").json["itemsPerPage"]?.integer == 5)
        }
    }
}
