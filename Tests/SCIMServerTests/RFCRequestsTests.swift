import Foundation
import JSON
import RawHTTP
import Testing

/// Every request among the RFCs' examples (Tests/SCIMTests/RFC), sent to the running service.
@Suite struct `The RFCs' requests` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "SCIMTests/RFC")

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    private static func json(_ name: String) throws -> JSONValue { try JSON.parse(text(name)) }

    @Test func `are all sent by a test`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        let requests = files.filter { $0.contains("-request") || $0.hasPrefix("7644-3.5.2") }
        let sent =
            Self.creations + Self.searches.map(\.file) + ["7644-3.5.1-replace-request.json"]
            + Self.groupPatches.map(\.file) + Self.userPatches.map(\.file) + Self.bulks
        #expect(Set(requests) == Set(sent) && requests.count > 20)
    }

    private static let creations = ["7644-3.3-create-request.json", "7644-3.14-create-request.json"]

    @Test(arguments: creations)
    func `create, and what was made is read, selected and deleted`(file: String) async throws {
        try await Service.with { service in
            let created = try await service.send("POST", "Users", Self.text(file))
            #expect(created.status == 201)
            let response = file.replacingOccurrences(of: "request", with: "response")
            // The answer of §3.14 lacks the externalId that was sent.
            for member in try #require(Self.json(file).object) + (try #require(Self.json(response).object)) {
                if member.name == "id" || member.name == "meta" { continue }
                #expect(created.json[member.name] == member.value, "\(member.name)")
            }
            let id = try #require(created.json["id"]?.string)
            #expect(created.headers["location"] == created.json.at("meta", "location")?.string)
            #expect(created.headers["etag"] == created.json.at("meta", "version")?.string)
            for member in try #require(Self.json(response)["meta"]?.object) {
                #expect(created.json.at("meta", member.name)?.string != nil, "\(member.name)")
            }

            let part = try await service.send("GET", "Users/\(id)?attributes=userName")
            let wanted = try #require(try Self.json("7644-3.9-partial-response.json").object)
            #expect(part.json.object?.map(\.name) == wanted.map(\.name))
            #expect(part.json["userName"]?.string == "bjensen")

            let tag = try #require(created.headers["etag"])
            #expect(try await service.send("GET", "Users/\(id)", headers: ["If-None-Match": tag]).status == 304)
            #expect(
                try await service.send("DELETE", "Users/\(id)", headers: ["If-Match": #"W/"c310cd84f0281b7""#]).status
                    == 412)
            #expect(try await service.send("DELETE", "Users/\(id)", headers: ["If-Match": tag]).status == 204)
            let gone = try await service.send("GET", "Users/\(id)")
            let notFound = try #require(try Self.json("7644-3.6-deleted-response.json").object)
            #expect(gone.status == 404 && Set(gone.json.object?.map(\.name) ?? []) == Set(notFound.map(\.name)))
        }
    }

    private static let searches = [
        (file: "7644-3.4.3-search-request.json", members: ["startIndex"]),
        (file: "9865-3-search-request.json", members: ["nextCursor"]),
    ]

    @Test(arguments: searches)
    func `search`(file: String, members: [String]) async throws {
        try await Service.with { service in
            for number in 1...12 {
                _ = try await service.addUser("s\(number)", #","displayName":"Smith, James","title":"x""#)
            }
            let group = try await service.send("POST", "Groups", #"{"displayName":"Smith Family"}"#)
            #expect(group.status == 201)
            let found = try await service.send("POST", "Users/.search", Self.text(file))
            #expect(found.status == 200 && found.total == 12)
            let resources = try #require(found.json["Resources"]?.array)
            #expect(resources.count == 10)
            for resource in resources {
                #expect(resource.object?.map(\.name).sorted() == ["displayName", "id", "schemas", "userName"])
            }
            for member in members { #expect(found.json[member] != nil) }
            let everywhere = try await service.send("POST", ".search", Self.text(file))
            // Over several types there are no cursors.
            #expect(everywhere.status == (members == ["nextCursor"] ? 400 : 200))
            if everywhere.status == 200 { #expect(everywhere.total == 13) }
        }
    }

    @Test func `replace`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("bjensen", #","nickName":"Babs","title":"x""#)
            let file = "7644-3.5.1-replace-request.json"
            let theirs = try #require(try Self.json(file)["id"]?.string)
            let replaced = try await service.send(
                "PUT", "Users/\(id)", Self.text(file).replacingOccurrences(of: theirs, with: id))
            #expect(replaced.status == 200 && replaced.headers["etag"] == #"W/"2""#)
            let wanted = try Self.json("7644-3.5.1-replace-response.json")
            for member in try #require(wanted.object) where member.name != "id" && member.name != "meta" {
                #expect(replaced.json[member.name] == member.value, "\(member.name)")
            }
            #expect(replaced.json["title"] == nil && replaced.json["nickName"] == nil)
        }
    }

    /// Who is in the group before and after.
    private static let groupPatches: [(file: String, before: [String], after: Set<String>)] = [
        ("7644-3.5.2-operations.json", [], ["barbara"]),
        ("7644-3.5.2.1-add-members.json", ["james"], ["james", "barbara"]),
        ("7644-3.5.2.2-remove-one-member.json", ["barbara", "james"], ["james"]),
        ("7644-3.5.2.2-remove-all-members.json", ["barbara", "james"], []),
        ("7644-3.5.2.2-remove-and-add-one-member.json", ["barbara", "other"], ["james", "other"]),
        ("7644-3.5.2.2-replace-all-members.json", ["other"], ["barbara", "james"]),
        ("7644-3.5.2.3-replace-all-members.json", ["other"], ["barbara", "james"]),
    ]

    @Test(arguments: groupPatches)
    func `patch a group`(file: String, before: [String], after: Set<String>) async throws {
        try await Service.with { service in
            var ids: [String: String] = [:]
            for name in ["barbara", "james", "other"] { ids[name] = try await service.addUser(name) }
            let group = try await service.addGroup("Tour Guides", members: before.compactMap { ids[$0] })
            var body = try Self.text(file)
            // Their ids, abbreviated here and there.
            for (theirs, name) in [
                ("2819c223-7f76-453a-919d-413861904646", "barbara"), ("2819c223-7f76-...413861904646", "barbara"),
                ("2819c223...919d-413861904646", "barbara"), ("2819c223...413861904646", "barbara"),
                ("08e1d05d-121c-4561-8b96-473d93df9210", "james"), ("08e1d05d...473d93df9210", "james"),
            ] { body = body.replacingOccurrences(of: theirs, with: ids[name] ?? "") }
            let answer = try await service.send("PATCH", "Groups/\(group)", body)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(Set(try await service.memberIDs(of: group)) == Set(after.compactMap { ids[$0] }))
        }
    }

    /// What the full user of RFC 7643 §8.2 has afterwards.
    private static let userPatches: [(file: String, check: @Sendable (JSONValue) -> Bool)] = [
        (
            "7644-3.5.2.1-add-emails-and-nickname.json",
            { $0["nickName"]?.string == "Babs" && $0["emails"]?.array?.count == 2 }
        ),
        (
            "7644-3.5.2.2-remove-complex-multi-valued.json",
            { $0["emails"]?.array?.map { $0["value"]?.string } == ["babs@jensen.org"] }
        ),
        (
            "7644-3.5.2.3-replace-work-address.json",
            {
                $0["addresses"]?.array?.map { $0["streetAddress"]?.string } == [
                    "911 Universal City Plaza", "456 Hollywood Blvd",
                ]
            }
        ),
        (
            "7644-3.5.2.3-replace-street-address.json",
            {
                $0["addresses"]?.array?.map { $0["streetAddress"]?.string } == [
                    "1010 Broadway Ave", "456 Hollywood Blvd",
                ]
            }
        ),
        (
            "7644-3.5.2.3-replace-emails-and-nickname.json",
            { $0["emails"]?.array?.map { $0["value"]?.string } == ["bjensen@example.com", "babs@jensen.org"] }
        ),
    ]

    @Test(arguments: userPatches.indices)
    func `patch a user`(index: Int) async throws {
        let (file, check) = Self.userPatches[index]
        try await Service.with { service in
            let full = try await service.send("POST", "Users", Self.text("7643-8.2-full-user.json"))
            let id = try #require(full.json["id"]?.string)
            let answer = try await service.send("PATCH", "Users/\(id)", Self.text(file))
            #expect(answer.status == 200 && check(answer.json), "\(file): \(answer.text)")
            #expect(answer.json["phoneNumbers"] == full.json["phoneNumbers"])
        }
    }

    private static let bulks = [
        "7644-3.7.1-circular-request.json", "7644-3.7.2-member-request.json", "7644-3.7.2-manager-request.json",
        "7644-3.7.3-request.json",
    ]

    @Test(arguments: bulks)
    func `make bulk operations`(file: String) async throws {
        try await Service.with { service in
            let answer = try await service.send("POST", "Bulk", Self.text(file))
            #expect(answer.status == 200, "\(answer.text)")
            let results = try #require(answer.json["Operations"]?.array)
            // As printed, the second operation of §3.7.3 is about nobody here, and one error is enough.
            let statuses = file.contains("3.7.3") ? ["201", "404"] : ["201", "201"]
            #expect(results.map { $0["status"]?.string } == statuses)
            #expect(
                results.map { $0["bulkId"]?.string ?? "" }
                    == (file.contains("3.7.3") ? ["qwerty", ""] : ["qwerty", "ytrewq"]))
            for result in results where result["status"]?.string == "201" {
                let location = try #require(result["location"]?.string)
                let made = try await service.send("GET", String(location.dropFirst("http://scim.test".count)))
                #expect(made.status == 200 && made.headers["etag"] == result["version"]?.string)
            }
        }
    }
}
