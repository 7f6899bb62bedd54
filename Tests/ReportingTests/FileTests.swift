import Exports
import JSON
import Reconciliation
import Reporting
import SCIM
import Testing

@Suite struct `CSV that we write` {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+46 8", "'+46 8"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""),
        ("a=b", "a=b"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\nlines", "\"two\nlines\""),
        ("=\"a\"", "\"'=\"\"a\"\"\""),
    ])
    func `holds nothing that a spreadsheet would run`(value: String, field: String) {
        #expect(CSVText.field(value) == field)
    }
}

@Suite struct `Rejects file` {
    @Test func `has the original columns, the line and the reason`() throws {
        try expectText(RejectsFile.text(SamplePlan.users.rejected), "rejects.csv")
    }

    @Test func `joins the columns of several files`() {
        let records = [
            RejectedRecord(
                file: 0, line: 2, column: nil, code: "c", message: "m", original: [.init(column: "id", value: "1")]),
            RejectedRecord(
                file: 1, line: 3, column: "email", code: "c", message: "n",
                original: [.init(column: "email", value: "x"), .init(column: "id", value: "2")]),
        ]
        #expect(RejectsFile.text(records) == "id,email,line,reason\n1,,2,m\n2,x,3,column email: n\n")
    }

    @Test func `is a header alone when nothing was rejected`() {
        #expect(RejectsFile.text([]) == "line,reason\n")
    }

    @Test func `gives records of a JSON export back as JSON`() throws {
        let record = RejectedRecord(
            file: 0, line: 12, column: nil, code: "c", message: "unknown status",
            original: [.init(column: "JSON", value: #"{"id":"00u1","profile":{"login":"a@b.example"}}"#)])
        let parsed = try JSON.parse(RejectsFile.text([record]))
        let first = try #require(parsed.array?.first)
        #expect(first["profile"]?["login"]?.string == "a@b.example")
        #expect(first["rejected"]?["reason"]?.string == "unknown status")
        #expect(first["rejected"]?["line"]?.integer == 12)
    }

    @Test func `stays JSON where a record could not be read again, and says which it is`() throws {
        let records = [
            RejectedRecord(
                file: 0, line: RecordLine(1, record: 1), column: nil, code: "c", message: "m",
                original: [.init(column: "JSON", value: #"{"id":"1","rejected":{"line":7}}"#)]),
            RejectedRecord(file: 0, line: RecordLine(1, record: 2), column: nil, code: "c", message: "n"),
        ]
        let parsed = try JSON.parse(RejectsFile.text(records))
        #expect(parsed.array?.map { $0["id"]?.string } == ["1", nil])
        #expect(parsed.array?.map { $0["rejected"]?["record"]?.integer } == [1, 2])
    }
}

@Suite struct `Inspect report` {
    private var refused: InputSummary {
        var input = InputSummary(file: "error.csv", kind: .users, format: "unknown")
        input.refusal = Refusal(
            code: "web-page", place: Place(file: "error.csv", line: 1), message: "this is a web page, not an export")
        return input
    }

    @Test func `shows each file to people`() throws {
        try expectText(
            InspectReport.text([SamplePlan.users, SamplePlan.groups, refused], style: .plain), "inspect.txt")
    }

    @Test func `has the shape that machines rely on`() throws {
        let json = String(decoding: InspectReport.json([SamplePlan.users, refused]), as: UTF8.self)
        try expectText(json, "inspect.json")
    }
}

@Suite struct `Error document` {
    @Test func `names code, place and mend, and keeps the inputs`() throws {
        let document = ErrorDocument(
            exitCode: 78, code: "configuration", message: "guards.floor: must be a whole number", mend: "Write 5.",
            place: Place(file: "popl-sync.yaml", line: 12, column: "5"), inputs: [SamplePlan.groups])
        try expectText(String(decoding: document.json, as: UTF8.self), "error.json")
    }
}

@Suite struct `Roster listing` {
    private var user: Resource {
        Resource(
            type: .user, id: ResourceID(rawValue: "u-1"),
            attributes: ComplexValue([
                .init("externalId", .string("00u1")), .init("userName", .string("ada@example.com")),
                .init("active", .boolean(true)),
                .init(
                    "name",
                    .complex(ComplexValue([.init("givenName", .string("Ada")), .init("familyName", .string("=N"))]))),
                .init("title", .string("+1")),
                .init(
                    "emails",
                    .list([
                        .complex(
                            ComplexValue([
                                .init("value", .string("ada@example.com")), .init("type", .string("work")),
                                .init("primary", .boolean(true)),
                            ]))
                    ])),
            ]), created: Timestamp(rawValue: 0), lastModified: Timestamp(rawValue: 1000), version: 2)
    }

    private func listing(_ writer: some RosterWriter) -> String {
        var writer = writer
        let group = ResourceJSON.Membership(id: ResourceID(rawValue: "g-1"), display: "Sales")
        let pieces = [
            writer.begin(.user, total: 2), writer.user(user, groups: [group]), writer.user(user, groups: []),
            writer.end(),
        ]
        return pieces.map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    @Test func `is a SCIM ListResponse as JSON`() throws {
        let text = listing(RosterJSON())
        let parsed = try JSON.parse(text)
        #expect(parsed["totalResults"]?.integer == 2)
        #expect(parsed["Resources"]?.array?.count == 2)
        #expect(parsed["Resources"]?.array?.first?["groups"]?.array?.first?["display"]?.string == "Sales")
        try expectText(text, "roster.json")
    }

    @Test func `is formula-safe as CSV`() throws { try expectText(listing(RosterCSV()), "roster.csv") }

    @Test func `is one line a member as text`() throws { try expectText(listing(RosterText()), "roster.txt") }

    @Test func `of nobody is an empty list`() throws {
        var writer = RosterJSON()
        let text = String(decoding: writer.begin(.group, total: 0) + writer.end(), as: UTF8.self)
        #expect(try JSON.parse(text)["Resources"]?.array?.isEmpty == true)
    }
}
