import TestSupport
import Testing

@testable import SCIM

extension Roster {
    func list(
        _ parameters: [(name: String, value: String)], _ type: ResourceType = .user, _ context: RequestContext? = nil
    ) throws -> ListPage {
        try page(type, ListQuery(parameters: parameters, for: type), context: context)
    }

    func page(
        _ type: ResourceType, _ query: ListQuery, baseURL: String? = nil, context: RequestContext? = nil
    ) throws -> ListPage {
        try whole(service.list(type, query, baseURL: baseURL, context: context ?? self.context)).page
    }

    /// Reads a list to its end; also how many slices that took and how many resources it walked through.
    func whole<List: SlicedList>(
        _ list: List, by service: SCIMService? = nil, after slice: () throws -> Void = {}
    ) throws -> (page: ListPage, slices: Int, walked: Int) {
        var list = list
        var slices = 1
        while true {
            if let page = try (service ?? self.service).proceed(&list) { return (page, slices, list.walked) }
            slices += 1
            try slice()
        }
    }

    func names(_ parameters: [(name: String, value: String)]) throws -> [String] {
        try list(parameters).resources.map { $0.resource.attributes["userName"]?.string ?? "" }
    }
}

@Suite struct `Lists` {
    @Test func `come in order of creation, page by page, with right totals`() throws {
        let roster = try Roster()
        #expect(
            try roster.list([("startIndex", "1"), ("count", "2")])
                == ListPage(
                    resources: [], totalResults: 0, startIndex: 1))
        for number in 0..<25 { try roster.add("user\(number)") }
        var seen: [String] = []
        var start = 1
        while true {
            let page = try roster.list([("startIndex", "\(start)"), ("count", "10")])
            #expect(page.totalResults == 25 && page.startIndex == start && page.nextCursor == nil)
            #expect(page.itemsPerPage == page.resources.count)
            if page.resources.isEmpty { break }
            seen += page.resources.compactMap { $0.resource.attributes["userName"]?.string }
            start += page.itemsPerPage
            // Those who come meanwhile come last.
            if start < 20 { try roster.store.write { _ in } }
        }
        #expect(seen == (0..<25).map { "user\($0)" })
    }

    @Test func `by index are stable while people are added`() throws {
        let roster = try Roster()
        for number in 0..<9 { try roster.add("user\(number)") }
        let first = try roster.names([("count", "5")])
        try roster.add("aaa")
        #expect(
            try first + roster.names([("count", "5"), ("startIndex", "6")]) == (0..<9).map { "user\($0)" } + ["aaa"])
    }

    @Test func `cut what is too large and take what is too small`() throws {
        let roster = try Roster()
        for number in 0..<205 { try roster.add("user\(number)") }
        #expect(try roster.list([]).itemsPerPage == 100)
        #expect(try roster.list([("count", "100000")]).itemsPerPage == 200)
        #expect(try roster.list([("count", "99999999999999999999")]).itemsPerPage == 200)
        for none in [("count", "0"), ("count", "-3"), ("startIndex", "206"), ("startIndex", "99999999999999999999")] {
            let page = try roster.list([(none.0, none.1)])
            #expect(page.resources.isEmpty && page.totalResults == 205, "\(none)")
            let filtered = try roster.list([("filter", "userName sw \"user\""), (none.0, none.1)])
            #expect(filtered.resources.isEmpty && filtered.totalResults == 205, "\(none)")
            let sorted = try roster.list([("sortBy", "userName"), (none.0, none.1)])
            #expect(sorted.resources.isEmpty && sorted.totalResults == 205, "\(none)")
        }
        for start in ["0", "-5"] {
            #expect(try roster.list([("startIndex", start), ("count", "1")]).startIndex == 1)
        }
    }

    @Test(arguments: [
        ("userName eq \"USER3\"", 1), ("userName eq \" user3 \"", 1), ("userName eq \"user\"", 0),
        ("userName ne \"user3\"", 19), ("externalId eq \"x1\"", 10), ("externalId eq \"X1\"", 0),
        ("emails eq \"USER4@work.example\"", 1), ("emails.value eq \"user4@home.example\"", 1),
        ("emails[type eq \"work\"].value eq \"user4@home.example\"", 0),
        ("emails[type eq \"home\"].value eq \"user4@home.example\"", 1),
        ("emails[type eq \"home\" and value eq \"user4@home.example\"]", 1),
        ("emails[value eq \"user4@home.example\" and type eq \"work\"]", 0),
        ("externalId eq \"x1\" and active eq false", 5), ("active eq false and externalId eq \"x1\"", 5),
        ("userName eq \"user3\" and title eq \"no\"", 0), ("userName eq \"user3\" or externalId eq \"x0\"", 11),
        ("userName eq \"user3\" or title pr", 20), ("not (userName eq \"user3\")", 19),
        ("userName eq \"user3\" and not (active eq true)", 1), ("id eq \"nobody\"", 0), ("title co \"LEAD\"", 20),
        ("userName eq \"us\\u200ber3\"", 0),
    ])
    func `that a filter asks for are the same by index and by walking`(filter: String, count: Int) throws {
        let roster = try Roster()
        for number in 0..<20 {
            try roster.add(
                "user\(number)",
                """
                ,"externalId":"x\(number % 2)","active":\(number % 4 < 2),"title":"Lead",
                "emails":[{"value":"user\(number)@work.example","type":"work"},
                          {"value":"user\(number)@home.example","type":"home"}]
                """)
        }
        let page = try roster.list([("filter", filter)])
        #expect(page.totalResults == count)
        let everybody = try roster.list([]).resources.map(\.resource)
        let parsed = try Filter.parse(filter, for: .user)
        #expect(page.resources.map(\.resource) == everybody.filter { parsed.matches($0) })
        let byCursor = try roster.list([("filter", filter), ("cursor", "")])
        #expect(byCursor.totalResults == count && byCursor.resources == page.resources)
    }

    @Test func `find an address after it changed`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", ",\"emails\":[{\"value\":\"a@x.example\"},{\"value\":\"b@x.example\"}]")
        func found(_ address: String) throws -> Int? {
            try roster.list([("filter", "emails eq \"\(address)\"")]).totalResults
        }
        #expect(try [found("a@x.example"), found("B@x.example"), found("c@x.example")] == [1, 1, 0])
        _ = try roster.service.replace(
            .user, id: rosa.id,
            attributes: user(
                "{\"userName\":\"rosa\",\"emails\":[{\"value\":\"b@x.example\"},{\"value\":\"c@x.example\"}]}"),
            context: roster.context)
        #expect(try [found("a@x.example"), found("b@x.example"), found("c@x.example")] == [0, 1, 1])
        try roster.service.delete(.user, id: rosa.id, context: roster.context)
        #expect(try [found("b@x.example"), found("c@x.example")] == [0, 0])
    }

    @Test func `answer whose groups somebody is in, by id`() throws {
        let roster = try Roster()
        let (a, b) = (try roster.add("a"), try roster.add("b"))
        let sales = try roster.addGroup("Sales", [a])
        let all = try roster.addGroup("All", [a, b])
        let empty = try roster.addGroup("Empty")
        func groups(_ filter: String) throws -> [Resource] {
            try roster.list([("filter", filter)], .group).resources.map(\.resource)
        }
        for attribute in ["members", "members.value"] {
            #expect(try groups("\(attribute) eq \"\(a.id)\"") == [sales, all])
            #expect(try groups("id eq \"\(sales.id)\" and \(attribute) eq \"\(a.id)\"") == [sales])
            #expect(try groups("id eq \"\(sales.id)\" and \(attribute) eq \"\(b.id)\"") == [])
            #expect(try groups("\(attribute) ne \"\(b.id)\"") == [sales, empty])
            #expect(try groups("\(attribute) eq \"nobody\"") == [])
        }
        #expect(try groups("members[value eq \"\(b.id)\"]") == [all])
        #expect(try groups("members pr") == [sales, all])
        #expect(try groups("members.display eq \"b\"") == [all])
        #expect(try groups("displayName eq \"SALES\"") == [sales])
        let people = try roster.list([("filter", "groups.value eq \"\(all.id)\"")]).resources.map(\.resource)
        #expect(people == [a, b])
        #expect(try roster.names([("filter", "groups eq \"\(sales.id)\" and active eq true")]) == ["a"])
    }

    /// Every part that an answer shows matches itself, and nothing else: those that are not kept but made for the answer too.
    @Test func `see a resource as the answer shows it`() throws {
        let base = "https://x.example/scim"
        func ids(_ type: ResourceType, _ filter: String, _ url: String? = base) throws -> [Resource] {
            let query = try ListQuery(parameters: [("filter", filter)], for: type)
            return try roster.page(type, query, baseURL: url).resources.map(\.resource)
        }
        let roster = try Roster()
        let boss = try roster.add("boss", ",\"displayName\":\"The Boss\"")
        let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        func person(_ name: String, ledBy id: String) throws -> Resource {
            try roster.add(name, ",\"\(manager)\":{\"manager\":{\"value\":\"\(id)\"}}")
        }
        let led = try person("led", ledBy: boss.id.rawValue)
        let astray = try person("astray", ledBy: "nobody")
        let sales = try roster.addGroup("Sales", [boss, led])
        let empty = try roster.addGroup("Empty")
        #expect(try ids(.user, "manager.displayName eq \"the boss\"") == [led])
        #expect(try ids(.user, "\(manager):manager.displayName pr") == [led])
        #expect(try ids(.user, "manager.displayName ne \"x\"") == [boss, led, astray])
        #expect(try ids(.user, "manager.$ref eq \"\(base)/Users/\(boss.id)\"") == [led])
        #expect(try ids(.user, "manager.$ref pr") == [led])
        #expect(try ids(.user, "manager pr and not (manager.$ref pr)") == [astray])
        #expect(try ids(.user, "meta.location eq \"\(base)/Users/\(led.id)\"") == [led])
        #expect(try ids(.group, "meta.location ew \"/Groups/\(empty.id)\"") == [empty])
        #expect(try ids(.group, "meta.location sw \"https://y.example\"") == [])
        #expect(try ids(.user, "groups.display eq \"SALES\"") == [boss, led])
        #expect(try ids(.user, "groups.display pr") == [boss, led])
        #expect(try ids(.user, "groups[display eq \"Sales\" and $ref ew \"\(sales.id)\"]") == [boss, led])
        #expect(try ids(.user, "groups.$ref eq \"\(base)/Groups/\(sales.id)\"") == [boss, led])
        #expect(try ids(.user, "groups.$ref pr and groups.type eq \"direct\"") == [boss, led])
        #expect(try ids(.group, "members.$ref eq \"\(base)/Users/\(led.id)\"") == [sales])
        #expect(try ids(.group, "members.display eq \"the boss\"") == [sales])
        #expect(try ids(.group, "members.display pr and members.type eq \"User\"") == [sales])
        // Where no URL is shown there is none to ask for.
        for filter in ["meta.location pr", "groups.$ref pr", "manager.$ref pr"] {
            #expect(try ids(.user, filter, nil) == [], "\(filter)")
        }
    }

    @Test func `sort by what the answer shows`() throws {
        let roster = try Roster()
        let (z, a) = (
            try roster.add("z", ",\"displayName\":\"Zoe\""), try roster.add("a", ",\"displayName\":\"Ada\"")
        )
        let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        for boss in [z, a] {
            try roster.add("of-\(boss.id)", ",\"\(manager)\":{\"manager\":{\"value\":\"\(boss.id)\"}}")
        }
        try roster.addGroup("Last", [z])
        try roster.addGroup("First", [a])
        #expect(
            try roster.names([("sortBy", "\(manager):manager.displayName"), ("count", "2")]) == [
                "of-\(a.id)", "of-\(z.id)",
            ])
        let groups = try roster.list([("sortBy", "members.display")], .group).resources
        #expect(groups.map { $0.resource.attributes["displayName"]?.string } == ["First", "Last"])
        #expect(try roster.names([("sortBy", "groups.display"), ("count", "2")]) == ["a", "z"])
    }

    @Test func `find the inactive too`() throws {
        let roster = try Roster()
        try roster.add("rosa", ",\"active\":false")
        let page = try roster.list([("filter", "userName eq \"rosa\"")])
        #expect(page.resources.first?.resource.attributes["active"] == .boolean(false))
    }
}

@Suite struct `Sorted lists` {
    private let roster: Roster

    init() throws {
        roster = try Roster()
        for (name, title) in [("d", "\"Beta\""), ("b", "null"), ("c", "\"alpha\""), ("a", "\"beta\""), ("e", "null")] {
            try roster.add(name, ",\"title\":\(title)")
        }
    }

    @Test(arguments: [
        ("title", "ascending", "c d a b e"), ("title", "descending", "b e d a c"),
        ("userName", "Ascending", "a b c d e"),
        ("USERNAME", "DESCENDING", "e d c b a"), ("nickName", "ascending", "d b c a e"),
        ("meta.created", "ascending", "d b c a e"), ("meta.created", "descending", "e a c b d"),
        ("emails", "ascending", "d b c a e"),
    ])
    func `put those without a value last, keep the order of creation and ignore letter case`(
        attribute: String, order: String, wanted: String
    ) throws {
        let order = [("sortBy", attribute), ("sortOrder", order)]
        let wanted = wanted.split(separator: " ").map(String.init)
        #expect(try roster.names(order.map { ($0.0, $0.1) }) == wanted)
        for start in 1...5 {
            let page = [("startIndex", "\(start)"), ("count", "2")] + order
            #expect(try roster.names(page.map { ($0.0, $0.1) }) == Array(wanted.dropFirst(start - 1).prefix(2)))
        }
        var cursor: String? = ""
        var seen: [String] = []
        while let text = cursor {
            let parameters = [("cursor", text), ("count", "2")] + order
            let page = try roster.list(parameters.map { ($0.0, $0.1) })
            #expect(page.totalResults == 5)
            seen += page.resources.compactMap { $0.resource.attributes["userName"]?.string }
            cursor = page.nextCursor
        }
        #expect(seen == wanted)
    }

    @Test func `compare the primary value, dates and numbers`() throws {
        try roster.add("x", ",\"emails\":[{\"value\":\"z@x.example\"},{\"value\":\"b@x.example\",\"primary\":true}]")
        try roster.add("y", ",\"emails\":[{\"value\":\"a@x.example\"}]")
        try roster.add("z", ",\"emails\":[{\"value\":\"c@x.example\"}]")
        #expect(try roster.names([("sortBy", "emails.value"), ("count", "3")]) == ["y", "x", "z"])
        let instant = Schema.Attribute("at", .dateTime)
        let early = try #require(SortKey.bytes(.string("2026-03-02T09:15:30+02:00"), of: instant))
        let late = try #require(SortKey.bytes(.string("2026-03-02T08:15:30Z"), of: instant))
        #expect(early.lexicographicallyPrecedes(late))
        for kind in [Schema.Attribute.Kind.integer, .decimal] {
            let numbers: [Int64] = [-3_000_000, -1, 0, 1, 255, 256, 3_000_000]
            let keys = numbers.compactMap { SortKey.bytes(.integer($0), of: Schema.Attribute("n", kind)) }
            #expect(keys.count == numbers.count && keys == keys.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test func `of groups may be by their first member`() throws {
        let people = try roster.list([]).resources.map(\.resource)
        let (empty, one) = (try roster.addGroup("Empty"), try roster.addGroup("One", [people[1]]))
        let sorted = try roster.list([("sortBy", "members")], .group).resources.map(\.resource)
        #expect(sorted == [one, empty])
    }

    @Test(arguments: ["noSuch", "password", "name", "addresses", "urn:x:y", "emails.noSuch", "title desc"])
    func `refuse what nobody can be sorted by`(attribute: String) {
        let error = refusal { _ = try roster.list([("sortBy", attribute)]) }
        #expect(error?.status == 400 && error?.type == .invalidPath)
    }

    @Test func `keep few keys and still all that come first`() {
        var generator = SeededRandom(seed: .random(in: 0 ... .max))
        let keys = (0..<5_000).map { row in
            SortKey(
                bytes: Bool.random(using: &generator) ? [UInt8.random(in: 0...255, using: &generator)] : nil,
                row: RowID(rawValue: Int64(row)))
        }
        for ascending in [true, false] {
            var first = FirstInOrder(limit: 700, ascending: ascending)
            for key in keys { first.add(key) }
            #expect(first.sorted() == Array(keys.sorted { $0.precedes($1, ascending: ascending) }.prefix(700)))
        }
    }
}

@Suite struct `Cursors` {
    private let roster: Roster

    init() throws {
        roster = try Roster()
        for number in 0..<7 { try roster.add("user\(number)", ",\"title\":\"Lead\"") }
    }

    @Test(arguments: ["", "title eq \"lead\"", "userName eq \"user1\" or userName eq \"user4\""])
    func `lead through the whole list, those who come meanwhile last`(filter: String) throws {
        let whole = try roster.names([("filter", filter)])
        var seen: [String] = []
        var cursor: String? = ""
        var pages = 0
        while let text = cursor {
            let page = try roster.list([("cursor", text), ("count", "1"), ("filter", filter)])
            #expect(page.startIndex == nil)
            seen += page.resources.compactMap { $0.resource.attributes["userName"]?.string }
            cursor = page.nextCursor
            pages += 1
            if pages == 1 { try roster.add("late", ",\"title\":\"Lead\"") }
        }
        #expect(seen == whole + (filter.contains("userName") ? [] : ["late"]))
    }

    @Test func `work in another process on the same roster, and in none on another`() throws {
        let page = try roster.list([("cursor", ""), ("count", "3")])
        let cursor = try #require(page.nextCursor)
        let other = SCIMService(store: roster.store, now: { [roster] in roster.now })
        let next = other.list(.user, ListQuery(count: 3, cursor: cursor), context: roster.context)
        #expect(try roster.whole(next, by: other).page.resources.count == 3)
        let foreign = try Roster()
        #expect(refusal { _ = try foreign.list([("cursor", cursor), ("count", "3")]) }?.type == .invalidCursor)
    }

    @Test func `belong to one team, type, filter, order and page size, for an hour`() throws {
        let query: [(name: String, value: String)] = [("filter", "title pr"), ("sortBy", "userName"), ("count", "3")]
        let cursor = try #require(try roster.list(query + [("cursor", "")]).nextCursor)
        func refused(_ parameters: [(name: String, value: String)], _ context: RequestContext? = nil) -> SCIMError.Kind?
        {
            refusal { _ = try roster.list(parameters + [("cursor", cursor)], .user, context) }?.type
        }
        #expect(refused(query) == nil)
        #expect(refused([("filter", "title pr"), ("sortBy", "USERNAME")]) == nil)
        #expect(refused([("filter", "title pr"), ("sortBy", "userName"), ("count", "4")]) == .invalidCount)
        #expect(refused([("filter", "nickName pr"), ("sortBy", "userName"), ("count", "3")]) == .invalidCursor)
        #expect(refused([("sortBy", "userName"), ("count", "3")]) == .invalidCursor)
        #expect(refused([("filter", "title pr"), ("count", "3")]) == .invalidCursor)
        #expect(refused(query + [("sortOrder", "descending")]) == .invalidCursor)
        #expect(refused(query, try roster.otherTeam()) == .invalidCursor)
        let groups = refusal { _ = try roster.list([("cursor", cursor), ("count", "3")], .group) }
        #expect(groups?.status == 400 && groups?.type == .invalidCursor)
        roster.wait(milliseconds: 3_599_000)
        #expect(refused(query) == nil)
        roster.wait(milliseconds: 1_000)
        #expect(refused(query) == .expiredCursor)
    }

    @Test func `that are broken are refused`() throws {
        let cursor = try #require(try roster.list([("cursor", ""), ("count", "3")]).nextCursor)
        for place in cursor.indices {
            var broken = cursor
            broken.replaceSubrange(place...place, with: cursor[place] == "A" ? "B" : "A")
            #expect(refusal { _ = try roster.list([("cursor", broken)]) }?.type == .invalidCursor, "\(broken)")
        }
        for broken in ["x", "é", String(cursor.dropLast()), cursor + "A", String(repeating: "A", count: 9_000)] {
            #expect(refusal { _ = try roster.list([("cursor", broken)]) }?.type == .invalidCursor, "\(broken)")
        }
    }

    @Test func `ask for no startIndex beside them`() {
        for cursor in ["", "x"] {
            let error = refusal { _ = try roster.list([("cursor", cursor), ("startIndex", "1")]) }
            #expect(error?.status == 400 && error?.type == .invalidValue)
        }
    }

    @Test func `take any bytes there and back`() {
        for count in 0..<40 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
