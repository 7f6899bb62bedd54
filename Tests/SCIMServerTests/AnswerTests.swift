import JSON
import RawHTTP
import SCIM
import Testing

/// The rows of scim-clients.md §5 that are about HTTP.
@Suite struct `Answers` {
    @Test func `find a resource however its id stands in the URL`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let coded = id.utf8.map { "%" + String($0, radix: 16) }.joined()
            for path in ["Users/\(id)", "Users/\(id)/", "Users//\(id)", "Users/\(coded)"] {
                #expect(try await service.send("GET", path).status == 200, "\(path)")
            }
            for path in ["Users/\(id)x", "Users/\(id)/x", "Users/%", "users/\(id)", "Users/\(id).search"] {
                #expect(try await service.send("GET", path).status == 404, "\(path)")
            }
        }
    }

    @Test func `are 401, word for word the same, whatever is wrong with the token`() async throws {
        try await Service.with { service in
            let expired = try service.core.issueToken(
                team: service.acme, label: "", expires: .init(rawValue: 1)
            ).token.text
            let revoked = try service.core.issueToken(team: service.acme, label: "", expires: nil)
            _ = try service.core.revokeToken(revoked.token.id, team: service.acme)
            let none = try await service.send("GET", "Users", token: nil)
            #expect(none.status == 401 && none.isSCIMError)
            #expect(none.headers["www-authenticate"] == "Bearer")
            let wrong = String(service.token.dropLast()) + (service.token.last == "a" ? "b" : "a")
            for token in ["x", wrong, expired, revoked.token.text, "Bearer \(service.token)", "\(service.token) x"] {
                let answer = try await service.send("GET", "Users", token: token)
                #expect(answer.status == 401 && answer.body == none.body)
                #expect(answer.headers["www-authenticate"] == "Bearer")
            }
            for path in ["Users/1", "Bulk", "Nothing", ".search", "Me"] {
                #expect(try await service.send("GET", path, token: nil).body == none.body, "\(path)")
            }
            for scheme in ["bearer", "BEARER"] {
                let answer = try await service.send(
                    "GET", "Users", token: nil, headers: ["Authorization": "\(scheme) \(service.token)"])
                #expect(answer.status == 200)
            }
            let hint = service.log.all.filter { $0.contains("twice") }
            #expect(hint.count == 1)
            #expect(!service.log.all.contains { $0.contains(service.token) || $0.contains("popl_") })
        }
    }

    @Test func `are 404 in the same words for what never was and what is another team's`() async throws {
        try await Service.with { service in
            let theirs = try await service.addUser("rosa@globex.example", token: service.foreignToken)
            let group = try await service.addGroup("Theirs", members: [theirs], token: service.foreignToken)
            let bodies = ["PUT": #"{"userName":"x"}"#, "PATCH": #"{"Operations":[]}"#]
            for method in ["GET", "PUT", "PATCH", "DELETE"] {
                for (type, id) in [("Users", theirs), ("Groups", group)] {
                    let foreign = try await service.send(method, "\(type)/\(id)", bodies[method])
                    let random = try await service.send(
                        method, "\(type)/00000000-0000-4000-8000-000000000000", bodies[method])
                    #expect(foreign.status == 404 && foreign.isSCIMError)
                    #expect(foreign.body == random.body)
                }
            }
            // Nor as a member, a manager, a filter's answer or through Bulk.
            let own = try await service.addGroup("Ours", members: [theirs])
            #expect(try await service.memberIDs(of: own).isEmpty)
            #expect(try await service.send("GET", "Users?filter=id+eq+%22\(theirs)%22").total == 0)
            let bulk = try await service.send(
                "POST", "Bulk", #"{"Operations":[{"method":"DELETE","path":"/Users/\#(theirs)"}]}"#)
            #expect(bulk.json["Operations"]?.array?.first?["status"]?.string == "404")
            #expect(try await service.send("GET", "Users/\(theirs)", token: service.foreignToken).status == 200)
        }
    }

    @Test func `are 404 without an endpoint and 405 without the verb, which Allow tells`() async throws {
        try await Service.with { service in
            for path in ["Nothing", "Users/1/2", "Users/%zz", "Schemas/urn:x", "ResourceTypes/X"] {
                let answer = try await service.send("GET", path)
                #expect(answer.status == 404 && answer.isSCIMError, "\(path)")
            }
            #expect(try await service.send("GET", "/somewhere/else").status == 404)
            for (method, path, allow) in [
                ("PUT", "Users", "GET, HEAD, POST, OPTIONS"),
                ("POST", "Users/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"), ("GET", "Bulk", "POST, OPTIONS"),
                ("GET", "Users/.search", "POST, OPTIONS"), ("POST", "Schemas", "GET, HEAD, OPTIONS"),
                ("TRACE", "Groups", "GET, HEAD, POST, OPTIONS"), ("PURGE", "Users", "GET, HEAD, POST, OPTIONS"),
            ] {
                let answer = try await service.send(method, path)
                #expect(answer.status == 405 && answer.isSCIMError, "\(method) \(path)")
                #expect(answer.headers["allow"] == allow)
            }
            let options = try await service.send("OPTIONS", "Users", token: nil)
            #expect(options.status == 204 && options.headers["allow"] == "GET, HEAD, POST, OPTIONS")
            #expect(try await service.send("GET", "Me").status == 501)
        }
    }

    @Test func `to HEAD are those to GET without a body`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let (get, head) = (
                try await service.send("GET", "Users/\(id)"), try await service.send("HEAD", "Users/\(id)")
            )
            #expect(head.status == 200 && head.body.isEmpty)
            for name in ["content-length", "content-type", "etag"] { #expect(head.headers[name] == get.headers[name]) }
        }
    }

    @Test func `come as SCIM's media type, whatever is accepted`() async throws {
        try await Service.with { service in
            for accept in ["application/scim+json", "application/json", "*/*", "text/html, image/gif", ""] {
                let answer = try await service.send("GET", "Users", headers: ["Accept": accept])
                #expect(answer.status == 200 && answer.headers["content-type"] == "application/scim+json")
            }
            for type in ["application/scim+json; charset=utf-8", "application/json", "Application/JSON;charset=UTF-8"] {
                let answer = try await service.send(
                    "POST", "Users", #"{"userName":"\#(type.utf8.count)"}"#, headers: ["Content-Type": type])
                #expect(answer.status == 201, "\(type)")
            }
            let untyped = Array(
                ("POST /api/external/scim/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + "\(service.token)\r\nContent-Length: 16\r\n\r\n" + #"{"userName":"u"}"#).utf8)
            #expect(HTTPAnswer(try await service.http.exchange([untyped])).status == 201)
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
                let answer = try await service.send("POST", "Users", "x=1", headers: ["Content-Type": type])
                #expect(answer.status == 415 && answer.isSCIMError)
            }
            let packed = try await service.send("POST", "Users", "{}", headers: ["Content-Encoding": "gzip"])
            #expect(packed.status == 415)
        }
    }

    @Test func `heed versions`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let path = "Users/\(id)"
            let body = #"{"userName":"rosa@x.example","title":"A"}"#
            for tag in [#"W/"1""#, #""1""#, "*", #"W/"7", W/"1""#] {
                let known = try await service.send("GET", path, headers: ["If-None-Match": tag])
                #expect(known.status == 304 && known.body.isEmpty && known.headers["etag"] == #"W/"1""#, "\(tag)")
            }
            #expect(try await service.send("GET", path, headers: ["If-None-Match": #"W/"2""#]).status == 200)
            for method in ["PUT", "PATCH", "DELETE"] {
                let given = method == "DELETE" ? nil : method == "PUT" ? body : #"{"Operations":[]}"#
                let stale = try await service.send(method, path, given, headers: ["If-Match": #"W/"9""#])
                #expect(stale.status == 412 && stale.isSCIMError, "\(method)")
            }
            // 404 comes first, and 412 before what is wrong with the body.
            let missing = try await service.send(
                "PUT", "Users/00000000-0000-4000-8000-000000000000", "{}", headers: ["If-Match": #"W/"9""#])
            #expect(missing.status == 404)
            #expect(try await service.send("PUT", path, "{}", headers: ["If-Match": #"W/"9""#]).status == 412)
            #expect(try await service.send("PUT", path, "{}", headers: ["If-Match": "*"]).status == 400)
            let right = try await service.send("PUT", path, body, headers: ["If-Match": #"W/"1""#])
            #expect(right.status == 200 && right.headers["etag"] == #"W/"2""#)
            let same = try await service.send("PUT", path, body)
            #expect(same.headers["etag"] == #"W/"2""#)
            #expect(same.json.at("meta", "lastModified") == right.json.at("meta", "lastModified"))
        }
    }

    @Test func `to lists are 200 and empty without a match, and 400 for what is no question`() async throws {
        try await Service.with { service in
            for number in 1...3 { _ = try await service.addUser("p\(number)@x.example") }
            for query in ["filter=", "filter", "count=", "nonsense=1", ""] {
                #expect(try await service.send("GET", "Users?\(query)").total == 3, "\(query)")
            }
            for (query, count, total) in [
                ("count=0", 0, 3), ("count=-5", 0, 3), ("startIndex=0", 3, 3), ("startIndex=-4", 3, 3),
                ("startIndex=3", 1, 3), ("startIndex=99", 0, 3), ("count=100000", 3, 3),
                ("filter=userName+eq+%22nobody%22", 0, 0),
            ] {
                let answer = try await service.send("GET", "Users?\(query)")
                #expect(answer.status == 200 && answer.total == total, "\(query)")
                #expect(answer.json["Resources"]?.array?.count == count, "\(query)")
                #expect(answer.json["itemsPerPage"]?.integer == count, "\(query)")
            }
            for query in [
                "filter=bogus+eq+%22x%22", "filter=userName", "filter=%22", "filter=password+eq+%22x%22",
                "filter=%ff", "filter=" + String(repeating: "(", count: 40) + "userName+pr",
                "filter=userName+eq+%22a%22&filter=userName+pr",
            ] {
                let answer = try await service.send("GET", "Users?\(query)")
                #expect(answer.status == 400 && answer.isSCIMError && answer.json["Resources"] == nil, "\(query)")
            }
            #expect(try await service.send("GET", "Users?filter=bogus+eq+%22x%22").scimType == "invalidFilter")
            for query in ["count=x", "startIndex=1.5", "count=%ff"] {
                #expect(try await service.send("GET", "Users?\(query)").scimType == "invalidValue", "\(query)")
            }
        }
    }

    @Test func `page by cursor, sort, select and search`() async throws {
        try await Service.with { service in
            for name in ["b", "a", "c"] {
                _ = try await service.addUser("\(name)@x.example", #","title":"T"# + "\(name)\"")
            }
            let first = try await service.send("GET", "Users?cursor&count=2")
            let cursor = try #require(first.json["nextCursor"]?.string)
            let second = try await service.send("GET", "Users?cursor=\(cursor)&count=2")
            #expect(first.userNames + second.userNames == ["b@x.example", "a@x.example", "c@x.example"])
            #expect(second.json["nextCursor"] == nil)
            let foreign = try await service.send("GET", "Users?cursor=\(cursor)&count=2", token: service.foreignToken)
            #expect(foreign.status == 400 && foreign.scimType == "invalidCursor")
            let sorted = try await service.send("GET", "Users?sortBy=userName&sortOrder=descending&attributes=userName")
            #expect(sorted.userNames == ["c@x.example", "b@x.example", "a@x.example"])
            #expect(sorted.json["Resources"]?.array?.first?["title"] == nil)
            for path in ["Users/.search", ".search"] {
                let found = try await service.send(
                    "POST", path, #"{"filter":"title eq \"Ta\"","attributes":["userName"],"count":5}"#)
                #expect(found.status == 200 && found.userNames == ["a@x.example"], "\(path): \(found.text)")
            }
            let id = try #require(sorted.json["Resources"]?.array?.first?["id"]?.string)
            let one = try await service.send("GET", "Users/\(id)?Attributes=TITLE")
            #expect(one.json["title"]?.string == "Tc" && one.json["userName"] == nil && one.json["id"] != nil)
        }
    }

    @Test func `to Bulk say of each operation what became of it`() async throws {
        try await Service.with { service in
            let answer = try await service.send(
                "POST", "Bulk",
                #"""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
                 {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a@x.example"}},
                 {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{"value":"bulkId:a"}]}},
                 {"method":"POST","path":"/Users","data":{"userName":"A@X.example"}}]}
                """#)
            #expect(answer.status == 200, "\(answer.text)")
            let results = try #require(answer.json["Operations"]?.array)
            #expect(results.map { $0["status"]?.string } == ["201", "201", "409"])
            let group = try #require(results[1]["location"]?.string?.split(separator: "/").last)
            #expect(try await service.memberIDs(of: String(group)).count == 1)
        }
    }

    @Test func `of discovery need no token, and cannot be filtered`() async throws {
        try await Service.with { service in
            for path in [
                "ServiceProviderConfig", "ResourceTypes", "ResourceTypes/User", "Schemas",
                "Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "SSOConnections",
            ] {
                let status = try await service.send("GET", path, token: nil).status
                #expect(status == (path == "SSOConnections" ? 401 : 200), "\(path)")
                #expect(try await service.send("GET", path).status == 200, "\(path)")
            }
            for path in ["ServiceProviderConfig", "ResourceTypes", "Schemas"] {
                let filtered = try await service.send("GET", "\(path)?FILTER=id+pr", token: nil)
                #expect(filtered.status == 403 && filtered.isSCIMError, "\(path)")
                #expect(try await service.send("GET", "\(path)?filter=", token: nil).status == 200)
            }
        }
    }

    @Test func `to a PATCH of a large group leave the group out`() async throws {
        try await Service.with(
            limits: {
                var limits = ServiceLimits(); limits.shownMembers = 2; return limits
            }()
        ) { service in
            var people: [String] = []
            for number in 1...3 { people.append(try await service.addUser("p\(number)@x.example")) }
            let id = try await service.addGroup("G", members: Array(people[..<2]))
            let add = #"{"Operations":[{"op":"add","path":"members","value":[{"value":"\#(people[2])"}]}]}"#
            let answer = try await service.send("PATCH", "Groups/\(id)", add)
            #expect(answer.status == 204 && answer.body.isEmpty && answer.headers["etag"] == #"W/"2""#)
            let asked = try await service.send("PATCH", "Groups/\(id)?attributes=displayName", add)
            #expect(asked.status == 200 && asked.json["displayName"]?.string == "G")
            #expect(try await service.memberIDs(of: id).count == 3)
        }
    }

    @Test func `are said in full to whoever restores somebody, and 409 to whoever takes a name`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example", #","externalId":"e1","active":false"#)
            let other = try await service.send("POST", "Users", #"{"userName":"rosa@x.example","externalId":"e2"}"#)
            #expect(other.status == 409 && other.scimType == "uniqueness")
            let renamed = try await service.send("POST", "Users", #"{"userName":"ekman@x.example","externalId":"e1"}"#)
            #expect(renamed.status == 201 && renamed.json["id"]?.string == id)
            #expect(renamed.headers["location"]?.hasSuffix(id) == true)
            _ = try await service.addGroup("Sales")
            #expect(try await service.send("POST", "Groups", #"{"displayName":"SALES"}"#).status == 409)
            // é as one sign and as two; white space around a name does not make it another.
            _ = try await service.addUser("zo\u{E9}@x.example", #","active":false,"externalId":"e3""#)
            for name in ["zoe\u{301}@x.example", "ZO\u{C9}@X.example", " zo\u{E9}@x.example "] {
                #expect(try await service.send("POST", "Users", #"{"userName":"\#(name)"}"#).scimType == "uniqueness")
            }
            let spaced = try await service.send("POST", "Users", #"{"userName":" ann@x.example "}"#)
            #expect(spaced.json["userName"]?.string == " ann@x.example ")
            #expect(try await service.send("GET", "Users?filter=userName+eq+%22ann%40x.example%22").total == 1)
        }
    }
}
