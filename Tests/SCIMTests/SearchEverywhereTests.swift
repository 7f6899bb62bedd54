import JSON
import Testing

@testable import SCIM

@Suite struct `A search over every type` {
    private let roster: Roster

    init() throws {
        roster = try Roster()
        for name in ["a", "b", "c"] { try roster.add(name, ",\"displayName\":\"Smith \(name)\"") }
        for name in ["Smithies", "Others"] { try roster.addGroup(name) }
    }

    private func names(_ parameters: [(name: String, value: String)]) throws -> [String] {
        try page(SearchEverywhere(parameters: parameters)).resources.map {
            $0.resource.attributes["displayName"]?.string ?? ""
        }
    }

    private func page(_ search: SearchEverywhere) throws -> ListPage {
        try roster.whole(roster.service.search(search, context: roster.context)).page
    }

    @Test func `finds Users, then Groups, page by page`() throws {
        let all = ["Smith a", "Smith b", "Smith c", "Smithies", "Others"]
        #expect(try names([]) == all)
        for start in 1...6 {
            #expect(
                try names([("startIndex", "\(start)"), ("count", "2")]) == Array(all.dropFirst(start - 1).prefix(2)))
        }
        let page = try page(SearchEverywhere(parameters: [("filter", "displayName sw \"smith\""), ("count", "1")]))
        #expect(page.totalResults == 4 && page.itemsPerPage == 1)
    }

    @Test func `leaves out the types that do not know an attribute, and refuses what none knows`() throws {
        #expect(try names([("filter", "userName eq \"b\"")]) == ["Smith b"])
        #expect(try names([("filter", "not (userName eq \"b\")")]) == ["Smith a", "Smith c"])
        #expect(
            try names([("filter", "(meta.resourceType eq User) or (meta.resourceType eq Group)")]).count == 5)
        #expect(refusal { _ = try names([("filter", "noSuch eq \"b\"")]) }?.type == .invalidFilter)
        #expect(refusal { _ = try names([("cursor", "")]) }?.type == .invalidValue)
    }

    @Test func `shows of each type what was asked for`() throws {
        let search = try SearchEverywhere(
            json: JSON.parse("{\"attributes\":[\"userName\",\"members.value\"],\"count\":10}"))
        let page = try page(search)
        let body = try JSON.parse(ListResponseJSON.bytes(page, selection: search.selection, baseURL: nil))
        let resources = try #require(body["Resources"]?.array)
        #expect(resources.first?.object?.map(\.name) == ["schemas", "id", "userName"])
        #expect(resources.last?.object?.map(\.name) == ["schemas", "id"])
    }
}
