import JSON
import Testing

@testable import SCIM

@Suite struct `A list's query` {
    private func query(_ parameters: [(name: String, value: String)]) throws -> ListQuery {
        try ListQuery(parameters: parameters, for: .user)
    }

    @Test func `is the same as parameters and as a search`() throws {
        let parameters = try query([
            ("filter", "userName sw \"r\""), ("SORTBY", "name.familyName"), ("sortOrder", "descending"),
            ("startIndex", "3"), ("count", "7"), ("attributes", "userName, emails.value"), ("aadOptscim062020", ""),
            ("excludedAttributes", ""),
        ])
        let search = try ListQuery(
            json: JSON.parse(
                """
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"Filter":"userName sw \\"r\\"",
                 "sortBy":"name.familyName","sortOrder":"descending","startIndex":3,"count":7,
                 "attributes":["userName","emails.value"],"excludedAttributes":null}
                """), for: .user)
        #expect(parameters == search)
        #expect(search.startIndex == 3 && search.count == 7 && !search.ascending && search.cursor == nil)
        #expect(try query([]) == ListQuery())
    }

    @Test func `says nothing with an empty filter, and begins at the first page with an empty cursor`() throws {
        #expect(try query([("filter", ""), ("count", ""), ("sortBy", " ")]) == ListQuery())
        #expect(try query([("cursor", "")]).cursor == "")
    }

    @Test(arguments: [
        ("count", "x"), ("count", "1.5"), ("startIndex", "one"), ("startIndex", "--1"), ("startIndex", "+"),
        ("sortOrder", "up"),
    ])
    func `is refused with what is no value`(name: String, value: String) {
        let error = refusal { _ = try query([(name, value)]) }
        #expect(error?.status == 400 && error?.type == .invalidValue)
    }

    @Test func `is refused with a parameter given twice, or both selections`() {
        #expect(refusal { _ = try query([("count", "1"), ("COUNT", "2")]) }?.type == .invalidValue)
        let both = refusal { _ = try query([("attributes", "userName"), ("excludedAttributes", "emails")]) }
        #expect(both?.type == .invalidValue)
    }

    @Test(arguments: [
        "[]", "1", "{\"count\":\"1\"}", "{\"filter\":1}", "{\"attributes\":[1]}", "{\"startIndex\":1.5}",
        "{\"count\":1,\"Count\":2}",
    ])
    func `as a search is refused with the wrong types`(body: String) {
        #expect(refusal { _ = try ListQuery(json: JSON.parse(body), for: .user) }?.status == 400)
    }

    @Test func `never asks for a password, and never for everybody by mistake`() {
        for filter in ["password eq \"x\"", "noSuch eq \"x\"", "userName", "(", "userName eq \"a\" extra"] {
            #expect(refusal { _ = try query([("filter", filter)]) }?.type == .invalidFilter, "\(filter)")
        }
    }
}
