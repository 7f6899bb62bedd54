import SCIM
import Testing

@testable import Exports

@Suite struct `Mapping` {
    private let csv =
        "id,login,email,jobTitle,Cost Centre,mobile,department\n1,a@example.com,a@example.com,Boss,42,+1,IT\n"

    private func read(_ entries: MappingConfiguration.Entry...) throws -> Reading {
        var mapping = MappingConfiguration()
        mapping.entries = entries
        return try Reading(csv: csv, mapping)
    }

    private func failure(_ entries: MappingConfiguration.Entry...) -> ConfigurationError? {
        #expect(throws: ConfigurationError.self) {
            var mapping = MappingConfiguration()
            mapping.entries = entries
            _ = try Reading(csv: csv, mapping)
        }
    }

    @Test func `starts from the format and takes the configuration on top`() throws {
        let reading = try read(
            .init("enterprise.costCenter", from: "Cost Centre"), .init("phoneNumbers.work", from: "mobile"))
        #expect(reading.text("enterprise.costCenter", reading.records[0]) == "42")
        #expect(reading.text("phoneNumbers.work", reading.records[0]) == "+1")
        #expect(reading.text("phoneNumbers.mobile", reading.records[0]) == "+1")
        #expect(reading.text("title", reading.records[0]) == "Boss")
        let rule = try #require(reading.export?.rules.first { $0.name == "title" })
        #expect(rule.from == ["jobTitle"])
        #expect(rule.comparison == .exact)
        #expect(reading.export?.rules.first?.name == "userName")
        #expect(reading.export?.rules.first?.comparison == .folded)
    }

    @Test func `takes the first source that is not blank, joins, and reads SCIM paths`() throws {
        var mapping = MappingConfiguration()
        mapping.entries = [
            .init("title", from: "role", "job"), .init("displayName", from: "first + last"),
            .init("nickName", from: "title"),
            .init("userType", from: "enterprise.department"),
        ]
        let reading = try Reading(
            csv: "id,login,role,job,first,last,department\n1,a@example.com, ,Boss,Ada,Lovelace,IT\n", mapping)
        let record = reading.records[0]
        #expect(reading.text("title", record) == "Boss")
        #expect(reading.text("displayName", record) == "Ada Lovelace")
        #expect(reading.text("nickName", record) == "Boss")
        #expect(reading.text("userType", record) == "IT")
        #expect(reading.export?.rules.first { $0.name == "title" }?.from == ["role", "job"])
    }

    @Test func `reads the RFC's notation and knows overwrite, clear and off`() throws {
        var title = MappingConfiguration.Entry("title")
        title.overwrite = .createOnly
        title.clears = true
        var department = MappingConfiguration.Entry(
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")
        department.isOff = true
        let reading = try read(title, department, .init("phoneNumbers[type eq \"mobile\"].value", from: "mobile"))
        let rule = try #require(reading.export?.rules.first { $0.name == "title" })
        #expect(rule.overwrite == .createOnly && rule.clears)
        #expect(reading.export?.rules.contains { $0.name == "enterprise.department" } == false)
        #expect(reading.text("phoneNumbers.mobile", reading.records[0]) == "+1")
    }

    @Test func `names a wrong attribute with its line and the nearest right one`() throws {
        let error = try #require(failure(.init("titel", from: "jobTitle", line: 12)))
        #expect(error.place.line == 12)
        #expect(error.key == "titel")
        #expect(error.message.contains("Did you mean \"title\"?"))
    }

    @Test func `names a wrong column with its line and the nearest header`() throws {
        let error = try #require(failure(.init("title", from: "jobTitel", line: 7)))
        #expect(error.place.line == 7)
        #expect(error.message.contains("Did you mean jobTitle?"))
        #expect(error.message.contains("Cost Centre"))
    }

    @Test(arguments: ["id", "meta.created", "emails", "phoneNumbers", "password", "name", "groups.display"])
    func `refuses what no source can set`(key: String) throws {
        #expect(failure(.init(key, from: "mobile")) != nil)
    }

    @Test func `refuses the same attribute twice, in whichever notation`() throws {
        let error = try #require(
            failure(
                .init("emails.work", from: "email", line: 3),
                .init("emails[type eq \"work\"].value", from: "login", line: 9)))
        #expect(error.place.line == 9)
        #expect(error.message.contains("line 3"))
    }

    @Test func `refuses an attribute that the format has no column for, and a scope on no column`() throws {
        #expect(failure(.init("phoneNumbers.pager", line: 4))?.message.contains("from:") == true)
        var mapping = MappingConfiguration()
        mapping.scope.include = [.init(column: located("departement", line: 5), in: ["IT"])]
        let error = #expect(throws: ConfigurationError.self) { try Reading(csv: csv, mapping) }
        #expect(error?.message.contains("Did you mean department?") == true)
    }

    @Test func `takes anchor, activity and groups from other columns`() throws {
        var mapping = MappingConfiguration()
        mapping.entries = [
            .init("externalId", from: "Cost Centre"), .init("active", from: "mobile"),
            .init("groups", from: "department"),
        ]
        mapping.statusWords = [.init(located("+1"), means: .create)]
        mapping.groups.separator = .comma
        let reading = try Reading(csv: csv, mapping)
        #expect(reading.records[0].anchor == "42")
        #expect(reading.records[0].activity == .undecided(word: "+1", mayCreate: true))
        #expect(reading.records[0].groups == ["IT"])
    }

    @Test func `overrides status words and refuses one given twice`() throws {
        var mapping = MappingConfiguration()
        mapping.statusWords = [.init(located("Staged"), means: .create), .init(located("limbo"), means: .inactive)]
        let csv = "id,login,status\n1,a@example.com,STAGED\n2,b@example.com,Limbo\n"
        #expect(
            try Reading(csv: csv, mapping).records.map(\.activity) == [
                .undecided(word: "STAGED", mayCreate: true), .inactive,
            ])
        mapping.statusWords.append(.init(located("STAGED"), means: .active))
        #expect(throws: ConfigurationError.self) { try Reading(csv: csv, mapping) }
    }

    @Test func `is minimal for Entra and full when asked for`() throws {
        let path = Fixtures.path("entra/graph-users-selected.json")
        #expect(
            try Reading(path).export?.rules.map(\.name) == [
                "userName", "emails.work", "name.givenName", "name.familyName", "displayName",
            ])
        var options = ReadingOptions(asOf: asOf)
        options.mapping.preset = .full
        let full = try Reading([path], options: options)
        #expect(full.text("enterprise.employeeNumber", try #require(full.record("ada"))) == "000101")
        #expect(full.text("phoneNumbers.mobile", try #require(full.record("ada"))) == "+420 555 0101")
    }

    @Test func `finds a member of JSON by its last name, and warns of one that nobody has`() throws {
        var options = ReadingOptions(asOf: asOf)
        options.mapping.entries = [.init("title", from: "poplRole", "jobTitel")]
        let reading = try Reading([Fixtures.path("okta/users-default-list.json")], options: options)
        #expect(reading.text("title", try #require(reading.record("ada"))) == "admin")
        #expect(reading.warnings.contains("unseen-member"))
    }

    @Test func `refuses an encoding, a zone or a format that nobody knows`() throws {
        var options = ReadingOptions(asOf: asOf)
        options.mapping.encoding = located("ebcdic", line: 2)
        #expect(throws: ConfigurationError.self) {
            try Reading([Fixtures.path("traps/bom-utf8.csv")], options: options)
        }
        options = ReadingOptions(asOf: asOf, timeZone: "Mars/Olympus")
        #expect(throws: ConfigurationError.self) {
            try Reading([Fixtures.path("traps/bom-utf8.csv")], options: options)
        }
    }
}
