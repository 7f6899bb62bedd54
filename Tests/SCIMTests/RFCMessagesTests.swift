import JSON
import Testing

@testable import SCIM

enum RFCMessages {
    static let fixtures =
        answers + [
            "7644-3.4.3-search-request.json", "7644-3.4.3-search-response.json", "7644-3.7.1-circular-request.json",
            "7644-3.7.2-member-request.json", "7644-3.7.2-manager-request.json", "7644-3.7.3-request.json",
            "9865-3-search-request.json",
        ] + pages

    /// What we answer has the same members, of the same kinds.
    static let answers = [
        "7644-3.6-deleted-response.json", "7644-3.7.2-member-response.json", "7644-3.7.3-response.json",
        "7644-3.7.3-error-response.json", "7644-3.7.3-failed-first-response.json", "7644-3.7.3-errors-response.json",
        "7644-3.7.4-too-large-response.json", "7644-3.12-not-found-response.json", "7644-3.12-mutability-response.json",
    ]
    /// Lists whose resources are left out.
    static let pages = [
        "7644-3.4.2.4-page-response.json", "9865-2-first-page-response.json", "9865-2-next-page-response.json",
        "9865-2.3-cursor-only-response.json", "9865-3-search-response.json",
    ]

    /// Names and kinds of values, whatever the values.
    static func shape(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .boolean: return "boolean"
        case .number: return "number"
        case .string: return "string"
        case .array(let values): return "[\(values.map(shape).joined(separator: ","))]"
        case .object(let members):
            let parts = members.map { "\($0.name):\(shape($0.value))" }.sorted()
            return "{\(parts.joined(separator: ","))}"
        }
    }
}

@Suite struct `The RFCs' messages` {
    private let roster: Roster
    private let base = "https://example.com/v2"

    init() throws { roster = try Roster() }

    private func bulk(_ json: JSONValue) throws -> JSONValue {
        let answer = try roster.service.bulk(BulkRequest(json: json), context: roster.context)
        return try JSON.parse(BulkResponseJSON.bytes(answer, baseURL: base))
    }

    @Test func `search for Users and Groups`() throws {
        try roster.add("jsmith", ",\"displayName\":\"Smith, James\",\"title\":\"x\"")
        try roster.add("other")
        try roster.addGroup("Smith Family")
        let search = try SearchEverywhere(json: Support.fixture("7644-3.4.3-search-request.json"))
        let page = try roster.whole(roster.service.search(search, context: roster.context)).page
        let answer = try JSON.parse(ListResponseJSON.bytes(page, selection: search.selection, baseURL: base))
        let wanted = try Support.fixture("7644-3.4.3-search-response.json")
        let (ours, theirs) = (try resources(of: answer), try resources(of: wanted))
        #expect(ours.map { $0["displayName"] } == theirs.map { $0["displayName"] })
        // The example leaves `schemas` out, which is always returned (RFC 7643 §3).
        #expect(ours.map { RFCMessages.shape($0.without("schemas")) } == theirs.map(RFCMessages.shape))
        #expect(ours.map { $0.at("schemas") } == [Schema.userID, Schema.groupID].map { .array([.string($0)]) })
        #expect(RFCMessages.shape(answer.without("Resources")) == RFCMessages.shape(wanted.without("Resources")))
        #expect(answer["totalResults"]?.integer == 2 && answer["itemsPerPage"]?.integer == 2)
    }

    private func resources(of list: JSONValue) throws -> [JSONValue] { try #require(list["Resources"]?.array) }

    @Test(arguments: RFCMessages.pages)
    func `give a page as we do`(name: String) throws {
        let wanted = try Support.fixture(name)
        for number in 1...3 { try roster.add("smith\(number)", ",\"displayName\":\"Smith\"") }
        let byCursor = wanted["nextCursor"] != nil
        var page = try roster.list([("count", "1")] + (byCursor ? [("cursor", "")] : []))
        // A page behind the first says where the one before it is, if it can: ours cannot.
        if wanted["previousCursor"] != nil {
            page = try roster.list([("count", "1"), ("cursor", try #require(page.nextCursor))])
        }
        let answer = try JSON.parse(ListResponseJSON.bytes(page, baseURL: base))
        #expect(
            RFCMessages.shape(answer.without("Resources"))
                == RFCMessages.shape(wanted.without("Resources").without("previousCursor")))
        #expect(answer["schemas"] == wanted["schemas"] && answer["totalResults"]?.integer == 3)
        #expect(try resources(of: answer).count == resources(of: wanted).count)
    }

    @Test func `search by cursor`() throws {
        for number in 1...12 { try roster.add("u\(number)", ",\"displayName\":\"Smith\"") }
        let query = try ListQuery(json: Support.fixture("9865-3-search-request.json"), for: .user)
        #expect(query.cursor == "" && query.count == 10)
        let page = try roster.page(.user, query)
        #expect(page.resources.count == 10 && page.nextCursor != nil && page.startIndex == nil)
    }

    @Test func `of a circle make both Groups`() throws {
        let answer = try bulk(Support.fixture("7644-3.7.1-circular-request.json"))
        #expect(answer["Operations"]?.array?.map { $0["status"]?.string } == ["201", "201"])
        // Groups hold Users only (scim-rulings.md): the memberships are left out.
        let groups = try roster.list([("filter", "displayName sw \"Group\""), ("sortBy", "displayName")], .group)
        #expect(
            groups.resources.map { $0.resource.attributes["displayName"] } == [.string("Group A"), .string("Group B")])
    }

    @Test func `refer by bulkId to members and managers`() throws {
        let member = try bulk(Support.fixture("7644-3.7.2-member-request.json"))
        let operations = try #require(member["Operations"]?.array)
        #expect(operations.map { $0["status"]?.string } == ["201", "201"])
        #expect(operations.map { $0["bulkId"]?.string } == ["qwerty", "ytrewq"])
        let alice = try #require(try roster.list([("filter", "userName eq \"alice\"")]).resources.first)
        #expect(operations[0]["location"]?.string == "\(base)/Users/\(alice.resource.id)")
        // The example has `{"code":"201"}`, where §3.7 says that the status is a string.
        let printed = try #require(Support.fixture("7644-3.7.2-member-response.json")["Operations"]?.array)
        #expect(printed.map { $0.at("status", "code") } == operations.map { $0["status"] })
        for (ours, theirs) in zip(operations, printed) {
            #expect(RFCMessages.shape(ours.without("status")) == RFCMessages.shape(theirs.without("status")))
        }
        #expect(alice.memberships?.map(\.display) == ["Tour Guides"])

        let other = try Roster()
        let request = try BulkRequest(json: Support.fixture("7644-3.7.2-manager-request.json"))
        _ = try other.service.bulk(request, context: other.context)
        let bob = try #require(try other.list([("filter", "userName eq \"Bob\"")]).resources.first)
        let boss = try #require(try other.list([("filter", "userName eq \"Alice\"")]).resources.first)
        #expect(bob.manager?.id == boss.resource.id)
        #expect(bob.resource.attributes[Support.enterprise]?.complex?["employeeNumber"] == .string("11250"))
    }

    @Test func `do four things at once`() throws {
        let (bob, dave, gone) = (
            try roster.add("Bobby"), try roster.add("d", ",\"nickName\":\"D\""), try roster.add("e")
        )
        var bytes = AttributesJSON.encode(
            try #require(AttributeValue(json: Support.fixture("7644-3.7.3-request.json")).complex))
        var text = String(decoding: bytes, as: UTF8.self)
        for (theirs, ours) in [
            ("b7c14771-226c-4d05-8860-134711653041", bob.id.rawValue), ("3694e05e9dff591", "1"),
            ("5d8d29d3-342c-4b5f-8683-a3cb6763ffcc", dave.id.rawValue), ("edac3253e2c0ef2", "1"),
            ("e9025315-6bea-44e1-899c-1e07454e468b", gone.id.rawValue), ("0ee8add0a938e1a", "1"),
        ] { text = text.replacing(theirs, with: ours) }
        bytes = Array(text.utf8)
        let answer = try bulk(JSON.parse(bytes))
        let wanted = try Support.fixture("7644-3.7.3-response.json")
        #expect(RFCMessages.shape(answer) == RFCMessages.shape(wanted))
        let statuses = try #require(wanted["Operations"]?.array).map { $0["status"] }
        #expect(answer["Operations"]?.array?.map { $0["status"] } == statuses)
        #expect(try roster.names([]) == ["Bob", "Dave", "Alice"])
    }

    @Test func `stop at the first error`() throws {
        let whole = try Support.fixture("7644-3.7.3-request.json")
        // As printed, its ids are nobody's here: the second operation is the first error.
        let answer = try bulk(whole)
        let operations = try #require(answer["Operations"]?.array)
        #expect(operations.map { $0["status"]?.string } == ["201", "404"])
        #expect(operations[1]["response"]?["status"]?.string == "404")

        let unparsable = try JSON.parse(
            "{\"failOnErrors\":1,\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"qwerty\",\"data\":{\"userName\":\"a\",\"USERNAME\":\"b\"}}]}"
        )
        let wanted = try Support.fixture("7644-3.7.3-failed-first-response.json")
        let failed = try bulk(unparsable)
        #expect(RFCMessages.shape(failed) == RFCMessages.shape(wanted))
        #expect(failed["Operations"]?.array?.first?["response"]?["scimType"]?.string == "invalidSyntax")
    }

    @Test func `go on behind errors`() throws {
        let (put, patch) = (try roster.add("Bobby"), try roster.add("d", ",\"nickName\":\"D\""))
        var text = String(
            decoding: AttributesJSON.encode(
                try #require(AttributeValue(json: Support.fixture("7644-3.7.3-request.json")).complex)), as: UTF8.self)
        for (theirs, ours) in [
            ("b7c14771-226c-4d05-8860-134711653041", put.id.rawValue), ("\"failOnErrors\":1", "\"failOnErrors\":9"),
            ("5d8d29d3-342c-4b5f-8683-a3cb6763ffcc", patch.id.rawValue), ("\"userName\":\"Alice\"", "\"userName\":1"),
        ] { text = text.replacing(theirs, with: ours) }
        let answer = try bulk(JSON.parse(text))
        let wanted = try Support.fixture("7644-3.7.3-errors-response.json")
        #expect(RFCMessages.shape(answer) == RFCMessages.shape(wanted))
        let statuses = try #require(wanted["Operations"]?.array).map { $0["status"] }
        #expect(answer["Operations"]?.array?.map { $0["status"] } == statuses)
        #expect(try roster.names([]) == ["Bobby", "d"])
    }

    @Test(arguments: [
        (SCIMError(status: 413, detail: "x"), "7644-3.7.4-too-large-response.json"),
        (.notFound(.user), "7644-3.12-not-found-response.json"), (.notFound(.user), "7644-3.6-deleted-response.json"),
        (SCIMError(status: 400, type: .invalidSyntax, detail: "x"), "7644-3.7.3-error-response.json"),
        (SCIMError(status: 400, type: .mutability, detail: "x"), "7644-3.12-mutability-response.json"),
    ])
    func `tell an error as we do`(error: SCIMError, name: String) throws {
        let (ours, theirs) = (try JSON.parse(SCIMErrorJSON.bytes(error)), try Support.fixture(name))
        #expect(RFCMessages.shape(ours) == RFCMessages.shape(theirs))
        for member in ["schemas", "status", "scimType"] { #expect(ours[member] == theirs[member]) }
    }

    @Test(arguments: [
        "userName eq \"bjensen\"", "name.familyName co \"O'Malley\"", "userName sw \"J\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", "title pr",
        "meta.lastModified gt \"2011-05-13T04:42:34Z\"", "meta.lastModified ge \"2011-05-13T04:42:34Z\"",
        "meta.lastModified lt \"2011-05-13T04:42:34Z\"", "meta.lastModified le \"2011-05-13T04:42:34Z\"",
        "title pr and userType eq \"Employee\"", "title pr or userType eq \"Intern\"",
        "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"",
        "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")",
        "userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")",
        "userType eq \"Employee\" and (emails.type eq \"work\")",
        "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]",
        "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]",
        "userName Eq \"john\"", "Username eq \"john\"",
        "(meta.resourceType eq User) or (meta.resourceType eq Group)",
    ])
    func `filter as RFC 7644 §3.4.2 prints them`(filter: String) throws {
        let parsed = try Filter.parse(filter, for: .user)
        #expect(try Filter.parse(parsed.description, for: .user) == parsed)
        _ = try roster.list([("filter", filter)])
    }
}

extension JSONValue {
    /// Without the member of that name.
    func without(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}
