import Testing

@testable import Exports

@Suite struct `Grades` {
    private func okta(_ count: Int, from first: Int = 0) -> String {
        "["
            + (first..<first + count).map {
                #"{"id":"\#($0)","status":"ACTIVE","profile":{"login":"u\#($0)@example.com","email":"u\#($0)@example.com"}}"#
            }.joined(separator: ",") + "]"
    }

    @Test(arguments: [
        (199, Grade.complete), (200, .plausible), (400, .plausible), (1000, .plausible), (457, .complete),
    ])
    func `of a bare Okta list go by Okta's page sizes`(count: Int, grade: Grade) throws {
        let directory = try Directory()
        let reading = try Reading(try directory.write(okta(count), to: "users.json"))
        #expect(reading.grade == grade)
        #expect(reading.summaries[0].gradeReasons.count == 1)
    }

    @Test func `of a page go by the headers saved beside it`() throws {
        let directory = try Directory()
        let path = try directory.write(okta(200), to: "users.json")
        _ = try directory.write("HTTP/2 200\nLink: <https://x/users>; rel=\"self\"\n", to: "users.headers.txt")
        #expect(try Reading(path).grade == .complete)
        _ = try directory.write("LINK: <https://x?after=1>; rel=\"next\"\n", to: "users.headers.txt")
        #expect(try Reading(path).grade == .partial)
    }

    @Test func `of pages given together count their cursors`() throws {
        let pages = (1...3).map { Fixtures.path("okta/users-page\($0).json") }
        #expect(try Reading(pages).summaries.map(\.grade) == [.complete, .complete, .complete])
        #expect(try Reading(pages[0]).grade == .partial)
        let directory = try Directory()
        let users = (1...6).map { #"{"id":"\#($0)","userPrincipalName":"z\#($0)@example.com"}"# }
        let last = try directory.write(#"{"value":[\#(users.joined(separator: ","))]}"#, to: "last.json")
        let first = Fixtures.path("entra/graph-users-page1.json")
        #expect(try Reading(first, last).grade == .complete)
        #expect(try Reading(first, first).grade == .partial)
    }

    @Test func `of SCIM pages need every record up to the total`() throws {
        let directory = try Directory()
        func page(_ start: Int, _ ids: ClosedRange<Int>, total: Int) throws -> String {
            let users = ids.map { #"{"id":"\#($0)","userName":"u\#($0)@example.com"}"# }.joined(separator: ",")
            return try directory.write(
                #"{"totalResults":\#(total),"startIndex":\#(start),"Resources":[\#(users)]}"#, to: "p\(start).json")
        }
        let (first, second) = (try page(1, 1...2, total: 3), try page(3, 3...3, total: 3))
        #expect(try Reading(first, second).grade == .complete)
        #expect(try Reading(first).grade == .partial)
        #expect(try Reading(second).grade == .partial)
        let untold = try directory.write(#"{"Resources":[{"id":"1","userName":"a@example.com"}]}"#, to: "untold.json")
        #expect(try Reading(untold).grade == .plausible)
    }

    @Test(arguments: [
        #"{"users":[{"primaryEmail":"a@example.com","id":"1"}],"nextPageToken":"x"}"#,
        #"{"totalCount":7,"results":[{"_id":"1","username":"a","email":"a@example.com"}]}"#,
        #"{"@odata.nextLink":"u","value":[{"id":"1","userPrincipalName":"a@example.com"}]}"#,
        #"{"value":[{"id":"1","userPrincipalName":"a@example.com"}],"@odata.count":3}"#,
        #"{"status":{},"data":[{"id":1,"firstname":"A","lastname":"B","email":"a@example.com","status":1,"state":1}],"pagination":{"after_cursor":"x"}}"#,
    ])
    func `are partial where a cursor or a total proves it`(text: String) throws {
        let directory = try Directory()
        let reading = try Reading(try directory.write(text, to: "users.json"))
        #expect(reading.refusal == nil)
        #expect(reading.grade == .partial)
        #expect(reading.records.count == 1)
    }

    @Test func `are plausible where the portal stops`() {
        let grading = Grading(paging: Format.entraUsersCSV.paging)
        #expect(grading.grade([.init(records: 500_000)]).grade == .plausible)
        #expect(grading.grade([.init(records: 499_999)]).grade == .complete)
    }

    @Test func `are partial when the source says so, or another file is broken`() throws {
        var options = ReadingOptions(asOf: asOf)
        options.isDeclaredPartial = true
        #expect(try Reading([Fixtures.path("traps/bom-utf8.csv")], options: options).grade == .partial)
        let both = try Reading(Fixtures.path("traps/bom-utf8.csv"), Fixtures.path("traps/truncated-mid-row.csv"))
        #expect(both.summaries.map(\.grade) == [.partial, nil])
        #expect(both.summaries[1].refusal?.code == "truncated-in-quotes")
    }

    @Test(arguments: [
        "[]", #"{"value":[]}"#, #"{"users":[]}"#, #"{"Resources":[],"totalResults":0}"#, "id,login,email\n", " [ ] ",
    ])
    func `are not given to an empty export`(text: String) throws {
        let directory = try Directory()
        let reading = try Reading(try directory.write(text, to: "users.json"))
        #expect(reading.refusal?.code == "empty-export")
        #expect(reading.grade == nil)
    }

    @Test func `take an empty last page for the end`() throws {
        let directory = try Directory()
        let reading = try Reading(
            try directory.write(okta(3), to: "a.json"), try directory.write("[]", to: "b.json"))
        #expect(reading.refusal == nil)
        #expect(reading.grade == .complete)
        #expect(reading.records.count == 3)
    }

    @Test func `are refused to two formats in one export`() throws {
        let reading = try Reading(
            Fixtures.path("okta/users-default-list.json"), Fixtures.path("okta/rockstar-export-users.csv"))
        #expect(reading.refusal?.code == "mixed-formats")
    }

    @Test(arguments: [(199, Grade.plausible), (200, .complete), (201, .partial)])
    func `go by what a manifest beside the file counts`(records: Int, grade: Grade) throws {
        let directory = try Directory()
        // As many as a full page of Okta's has: without a manifest only plausible.
        let path = try directory.write(okta(200), to: "users.json")
        _ = try directory.write(#"{"records": \#(records)}"#, to: "users.json.manifest.json")
        let reading = try Reading(path)
        #expect(reading.grade == grade)
        #expect(reading.summaries[0].gradeReasons.last?.contains("says \(records), and 200 records are here") == true)
        #expect(reading.summaries[0].isCounted == (records == 200))
    }

    @Test func `are partial where the manifest's digest is another file's, or it cannot be read`() throws {
        let directory = try Directory()
        let path = try directory.write(okta(3), to: "users.json")
        _ = try directory.write(
            #"{"sha256": "\#(String(repeating: "0", count: 64))"}"#, to: "users.json.manifest.json")
        #expect(try Reading(path).grade == .partial)
        for text in ["{", "[]", #"{"records":"many"}"#, #"{"written":"yesterday"}"#, #"{"sha256":"1"}"#] {
            _ = try directory.write(text, to: "users.json.manifest.json")
            #expect(try Reading(path).grade == .partial)
        }
        _ = try directory.write(#"{"written": "2026-03-01T00:00:00Z"}"#, to: "users.json.manifest.json")
        #expect(try Reading(path).grade == .complete)
        #expect(try Reading(path).summaries[0].exportDate?.iso8601.hasPrefix("2026-03-01") == true)
    }

    @Test(arguments: [(199, Grade.plausible), (200, .complete), (201, .partial)])
    func `go by how many records are expected`(records: Int, grade: Grade) throws {
        let directory = try Directory()
        var options = ReadingOptions(asOf: asOf)
        options.expectedRecords = records
        #expect(try Reading([directory.write(okta(200), to: "users.json")], options: options).grade == grade)
    }
}
