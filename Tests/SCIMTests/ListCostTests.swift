import JSON
import TestSupport
import Testing

@testable import SCIM

/// What a list costs: how many resources it walks through, in how many slices, and what it holds meanwhile.
@Suite struct `The cost of a list` {
    private let roster: Roster
    private let people = 300

    /// `u000` to `u299`, made in another order than that of their names; a third of them are Leads.
    init() throws {
        var limits = ServiceLimits()
        limits.slice = 50
        limits.sortKeys = 40
        limits.recounted = 100
        roster = try Roster(limits: limits)
        let everybody = try (0..<people).map { number in
            let name = number * 7 % people
            let title = name % 3 == 0 ? "Lead" : "Clerk \(name)"
            let attributes = try user("{\"userName\":\"\(Self.name(name))\",\"title\":\"\(title)\"}")
            return BulkOperation(.create(.user, attributes: attributes, members: []))
        }
        _ = try roster.bulk(everybody, atomic: false)
    }

    private static func name(_ number: Int) -> String {
        "u" + String(repeating: "0", count: 3 - String(number).count) + String(number)
    }

    private func list(
        _ parameters: [(name: String, value: String)], after slice: () throws -> Void = {}
    ) throws -> (page: ListPage, slices: Int, walked: Int) {
        let query = try ListQuery(parameters: parameters, for: .user)
        return try roster.whole(roster.service.list(.user, query, context: roster.context), after: slice)
    }

    private func names(_ page: ListPage) -> [String] {
        page.resources.compactMap { $0.resource.attributes["userName"]?.string }
    }

    private func pages(_ parameters: [(name: String, value: String)], _ count: Int) throws -> [String] {
        var seen: [String] = []
        var cursor: String? = ""
        while let text = cursor {
            let page = try list(parameters + [("cursor", text), ("count", "\(count)")]).page
            seen += names(page)
            cursor = page.nextCursor
        }
        return seen
    }

    @Test(arguments: [
        [], [("sortBy", "userName")], [("sortBy", "userName"), ("sortOrder", "descending")],
        [("sortBy", "meta.created"), ("sortOrder", "descending")], [("filter", "userName eq \"u007\"")],
        [("filter", "userName eq \"u007\" and title pr"), ("sortBy", "title")],
    ])
    func `is one slice and no walk where an index knows`(parameters: [(String, String)]) throws {
        for more in [[], [("startIndex", "200")], [("cursor", "")]] {
            let (page, slices, walked) = try list((parameters + more).map { ($0.0, $0.1) })
            #expect(slices == 1 && walked == 0)
            #expect(page.totalResults == (parameters.contains { $0.0 == "filter" } ? 1 : people))
        }
    }

    @Test func `is in order of names, by index and by cursor, both ways`() throws {
        let sorted = (0..<people).map(Self.name)
        for (order, wanted) in [("ascending", sorted), ("descending", sorted.reversed())] {
            let by = [("sortBy", "userName"), ("sortOrder", order)].map { (name: $0.0, value: $0.1) }
            #expect(try names(list(by + [("startIndex", "101"), ("count", "20")]).page) == Array(wanted[100..<120]))
            #expect(try pages(by, 70) == wanted)
            let leads = by + [("filter", "title eq \"lead\"")]
            let few = wanted.filter { Int($0.dropFirst())! % 3 == 0 }
            let page = try list(leads + [("startIndex", "31"), ("count", "20")])
            #expect(names(page.page) == Array(few[30..<50]) && page.page.totalResults == 100)
            #expect(page.walked == people && page.slices == 7)
            #expect(try pages(leads, 17) == few)
        }
    }

    @Test func `is a walk in slices where none does, once`() throws {
        let (page, slices, walked) = try list([("filter", "title eq \"lead\""), ("count", "10")])
        #expect(page.totalResults == 100 && page.itemsPerPage == 10)
        #expect(slices == 7 && walked == people)
    }

    /// 40 keys are held at a time here.
    @Test func `is gone again for pages far behind in an order without an index, holding no more`() throws {
        let titles = (0..<people).map { $0 % 3 == 0 ? "lead" : "clerk \($0)" }
        let created = (0..<people).map { $0 * 7 % people }
        let sorted = created.enumerated().sorted {
            let (a, b) = (titles[$0.element], titles[$1.element])
            return a == b ? $0.offset < $1.offset : a < b
        }.map { Self.name($0.element) }
        for (start, ways) in [(1, 1), (30, 1), (32, 2), (72, 3), (290, 8)] {
            let (page, _, walked) = try list([("sortBy", "title"), ("startIndex", "\(start)"), ("count", "10")])
            #expect(names(page) == Array(sorted.dropFirst(start - 1).prefix(10)), "\(start)")
            #expect(page.totalResults == people && walked == ways * people, "\(start): \(walked)")
        }
        #expect(try pages([("sortBy", "title")], 90) == sorted)
        #expect(try list([("sortBy", "title"), ("startIndex", "301")]).page.resources.isEmpty)
        let filtered = [("sortBy", "title"), ("filter", "title sw \"clerk\"")].map { (name: $0.0, value: $0.1) }
        let clerks = sorted.filter { Int($0.dropFirst())! % 3 != 0 }
        for start in [1, 35, 150, 199, 201, 250] {
            let page = try list(filtered + [("startIndex", "\(start)"), ("count", "9")]).page
            #expect(names(page) == Array(clerks.dropFirst(start - 1).prefix(9)) && page.totalResults == 200, "\(start)")
        }
        #expect(try pages(filtered, 37) == clerks)
    }

    @Test func `is refused beyond a limit, before anything is read`() throws {
        var limits = ServiceLimits()
        limits.walk = people - 1
        limits.sortKeys = 40
        let service = SCIMService(store: roster.store, limits: limits, now: { [roster] in roster.now })
        func walk(_ parameters: [(name: String, value: String)], _ service: SCIMService) throws -> Int {
            let query = try ListQuery(parameters: parameters, for: .user)
            return try roster.whole(service.list(.user, query, context: roster.context), by: service).walked
        }
        for question in [("filter", "title pr"), ("sortBy", "title"), ("filter", "not (userName eq \"u001\")")] {
            let error = refusal { _ = try walk([(question.0, question.1)], service) }
            #expect(error?.status == 400 && error?.type == .tooMany, "\(question)")
        }
        for question in [("filter", "userName eq \"u001\""), ("sortBy", "userName"), ("startIndex", "250")] {
            #expect(try walk([(question.0, question.1)], service) == 0)
        }
        // A way that would be gone twice counts twice.
        limits.walk = people * 2 - 1
        let other = SCIMService(store: roster.store, limits: limits, now: { [roster] in roster.now })
        #expect(try walk([("sortBy", "title"), ("startIndex", "30"), ("count", "10")], other) == people)
        let far = refusal { _ = try walk([("sortBy", "title"), ("startIndex", "32"), ("count", "10")], other) }
        #expect(far?.type == .tooMany)
        #expect(try walk([("sortBy", "title"), ("cursor", ""), ("count", "10")], other) == people)
    }

    /// 100 resources are counted anew on each page here, and there are more.
    @Test func `by cursor says a true total or none`() throws {
        let parameters = [("filter", "title eq \"lead\""), ("count", "30")].map { (name: $0.0, value: $0.1) }
        let first = try list(parameters + [("cursor", "")])
        #expect(first.page.totalResults == 100 && first.walked == people)
        try roster.add("v", ",\"title\":\"Lead\"")
        let second = try list(parameters + [("cursor", try #require(first.page.nextCursor))])
        #expect(second.page.totalResults == nil && second.page.itemsPerPage == 30)
        #expect(second.walked < people, "it goes on from where the first page ended")
        let body = try JSON.parse(ListResponseJSON.bytes(second.page, baseURL: nil))
        #expect(body["totalResults"] == nil && body["itemsPerPage"]?.integer == 30)
        // Those that an index counts are counted always.
        let cursor = try list([("cursor", ""), ("count", "30")]).page.nextCursor
        #expect(try list([("cursor", try #require(cursor)), ("count", "30")]).page.totalResults == people + 1)
        let sorted = [("sortBy", "title")].map { (name: $0.0, value: $0.1) } + parameters
        let third = try #require(try list(sorted + [("cursor", "")]).page.nextCursor)
        #expect(try list(sorted + [("cursor", third)]).page.totalResults == 101)
    }

    @Test func `of a search over every type is that of its lists`() throws {
        let groups = (0..<60).map { number in
            let attributes = ComplexValue([.init("displayName", .string("g\(number)"))])
            return BulkOperation(.create(.group, attributes: attributes, members: []))
        }
        _ = try roster.bulk(groups, atomic: false)
        func search(_ filter: String) throws -> (page: ListPage, slices: Int, walked: Int) {
            let search = try SearchEverywhere(parameters: [("filter", filter), ("startIndex", "301"), ("count", "20")])
            return try roster.whole(roster.service.search(search, context: roster.context))
        }
        let (page, slices, walked) = try search("id pr")
        #expect(page.totalResults == people + 60 && walked == people + 60 && slices > 7)
        #expect(page.resources.map(\.resource.type) == Array(repeating: .group, count: 20))
    }

    /// Between two slices others write: nobody is shown twice, nobody who does not match, and who stayed is there.
    @Test func `is borne by a list that others change meanwhile`() throws {
        let leads = try names(list([("filter", "title eq \"lead\""), ("count", "200")]).page)
        var round = 0
        func change() throws {
            round += 1
            try roster.add("new\(round)", ",\"title\":\"Lead\"")
            for name in [leads[round], leads[99 - round]] {
                let found = try roster.list([("filter", "userName eq \"\(name)\"")]).resources
                guard let resource = found.first?.resource else { continue }
                if round.isMultiple(of: 2) {
                    try roster.service.delete(.user, id: resource.id, context: roster.context)
                } else {
                    _ = try roster.bulk([setting(resource, "title", "Clerk")], atomic: false)
                }
            }
        }
        for parameters in [[], [("sortBy", "title")], [("sortBy", "userName")]] {
            let query = (parameters + [("filter", "title eq \"lead\""), ("count", "200")]).map { ($0.0, $0.1) }
            let page = try list(query.map { (name: $0.0, value: $0.1) }, after: change).page
            let shown = names(page)
            #expect(Set(shown).count == shown.count)
            #expect(page.resources.allSatisfy { $0.resource.attributes["title"]?.string == "Lead" })
            let untouched = Set(leads).subtracting(leads[1...round]).subtracting(leads[(99 - round)..<99])
            #expect(Set(shown).isSuperset(of: untouched))
        }
    }
}
