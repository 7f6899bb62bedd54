import Foundation
import JSON
import SCIM
import Testing

@testable import Exports

/// Every file of `fixtures/exports` gives what `expected.json` says of it.
@Suite struct `Export fixtures` {
    struct Expectation: CustomTestStringConvertible {
        var file: String
        var rows: JSONValue
        var complete: Bool?
        var testDescription: String { file }
    }

    static let expectations: [Expectation] = {
        guard let all = try? Fixtures.json("expected.json") else { return [] }
        let vendors = (all["files"]?.object ?? []).map { ($0.name, $0.value) }
        let traps = (all["traps"]?.object ?? []).map { ("traps/" + $0.name, $0.value) }
        return (vendors + traps).map {
            Expectation(file: $0.0, rows: $0.1["rows"] ?? .null, complete: $0.1["complete"]?.boolean)
        }
    }()

    @Test func `are all listed`() {
        let files = FileManager.default.enumerator(atPath: Fixtures.root.path)?.compactMap { $0 as? String } ?? []
        let data = files.filter { $0.contains("/") }
        #expect(Set(data) == Set(Self.expectations.map(\.file)))
        #expect(Self.expectations.count == 77)
    }

    @Test(arguments: expectations)
    func `give the rows or the refusal that is expected`(_ expectation: Expectation) throws {
        if expectation.file.hasSuffix(".headers.txt") {
            let page = Fixtures.path(expectation.file).replacingOccurrences(of: ".headers.txt", with: ".json")
            #expect(LinkHeader.hasNext(besides: page) == true)
            return
        }
        let reading = try Reading([Fixtures.path(expectation.file)], options: Self.options(expectation.file))
        try #require(reading.summaries.count == 1)
        let summary = reading.summaries[0]
        switch expectation.rows {
        case .string("refuse"):
            #expect(summary.refusal != nil)
            #expect(summary.grade == nil)
        case .string("2 or refuse, never 1"): #expect(summary.refusal == nil && summary.records == 2)
        case .string: #expect(summary.refusal != nil || summary.records == 1)
        case .number("0"): #expect(summary.refusal?.code == "empty-export")
        default:
            let misshapen = summary.rejected.count { ["too-few-fields", "too-many-fields"].contains($0.code) }
            #expect(summary.refusal == nil)
            #expect(summary.records - misshapen == expectation.rows.integer)
            let judged = summary.active + summary.inactive + summary.undecided
            #expect(summary.kind == .groups || judged + summary.rejected.count == summary.records)
        }
        if let complete = expectation.complete { #expect(summary.grade == (complete ? .complete : .partial)) }
    }

    /// What the configuration has to say for the files that cannot be read without it.
    static func options(_ file: String) -> ReadingOptions {
        var options = ReadingOptions(asOf: asOf)
        if file == "traps/cp1252-semicolon.csv" {
            options.mapping.encoding = located("windows-1252")
            options.mapping.entries = [
                .init("name.givenName", from: "Vorname"), .init("name.familyName", from: "Nachname"),
            ]
            options.mapping.statusWords = [
                .init(located("Aktiv"), means: .active), .init(located("Gesperrt"), means: .inactive),
            ]
        }
        return options
    }

    @Test(arguments: [
        ("okta/users-search-all.json", "okta-users-json"), ("okta/groups.json", "okta-groups-json"),
        ("okta/group-members-Popl-Users.json", "okta-users-json"),
        ("okta/import-template-filled.csv", "okta-import-template-csv"),
        ("okta/password-health-report.csv", "okta-password-health-csv"),
        ("okta/rockstar-export-group-members.csv", "okta-group-members-csv"),
        ("okta/rockstar-export-users.csv", "okta-users-csv"),
        ("entra/download-users-26-columns-objectid.csv", "entra-users-csv"),
        ("entra/download-users-29-columns.csv", "entra-users-csv"),
        ("entra/get-azureaduser-export-csv-utf16.csv", "entra-powershell-csv"),
        ("entra/get-mguser-export-csv-ps51.csv", "entra-powershell-csv"),
        ("entra/graph-groups-expand-members.json", "graph-groups-json"),
        ("entra/graph-users-default-properties.json", "graph-users-json"),
        ("entra/m365-admin-export-users-28-columns-semicolon.csv", "m365-users-csv"),
        ("entra/m365-admin-export-users-32-columns.csv", "m365-users-csv"),
        ("google/directory-users-last-page.json", "google-users-json"),
        ("google/download-users-34-columns.csv", "google-users-csv"),
        ("google/download-users-selected-columns.csv", "google-users-csv"),
        ("google/gam-formatjson-single-quote.csv", "gam-users-json-csv"),
        ("google/gam-print-users.csv", "gam-users-csv"),
        ("others/ad-users.ldif", "ad-ldif"), ("others/csvde-users.csv", "ad-csvde-csv"),
        ("others/auth0-export.ndjson", "auth0-users-ndjson"),
        ("others/bamboohr-directory.json", "bamboohr-directory-json"),
        ("others/bamboohr-report.csv", "bamboohr-report-csv"),
        ("others/jumpcloud-systemusers.json", "jumpcloud-users-json"),
        ("others/keycloak-realm-users.json", "keycloak-realm-json"),
        ("others/onelogin-users-v2.json", "onelogin-users-json"),
        ("others/pingone-users-page1.json", "pingone-users-json"),
        ("others/rippling-report.csv", "rippling-csv"), ("others/scim-listresponse-complete.json", "scim-users-json"),
        ("others/workday-raas.csv", "workday-csv"), ("others/workday-raas.json", "workday-raas-json"),
        ("traps/bom-utf8.csv", "generic-csv"), ("traps/json-big-integers.json", "generic-json"),
    ])
    func `are told apart`(file: String, format: String) throws {
        #expect(try Reading(Fixtures.path(file)).summaries.map(\.format) == [format])
    }
}

/// The same twelve people in every vendor's file.
@Suite struct `People across vendors` {
    struct Vendor: CustomTestStringConvertible {
        var files: [String]
        /// Numbers of `roster.json` that are there and in scope, by what the file says of them (idp-exports.md §4).
        var active: [Int]
        var inactive: [Int] = []
        var undecided: [Int] = []
        var unstated: [Int] = []
        var hasNames = true
        var testDescription: String { files[0] }
    }

    static let vendors = [
        Vendor(files: ["okta/users-default-list.json"], active: Array(1...9), inactive: [10], undecided: [12]),
        Vendor(
            files: ["okta/users-page1.json", "okta/users-page2.json", "okta/users-page3.json"], active: Array(1...9),
            inactive: [10, 11], undecided: [12]),
        Vendor(files: ["okta/rockstar-export-users.csv"], active: Array(1...9), inactive: [10], undecided: [12]),
        Vendor(
            files: ["okta/password-health-report.csv"], active: Array(1...9), inactive: [10, 11], undecided: [12],
            hasNames: false),
        Vendor(files: ["okta/import-template-filled.csv"], active: Array(1...8)),
        Vendor(files: ["entra/download-users-29-columns.csv"], active: Array(1...8), inactive: [10, 12]),
        Vendor(files: ["entra/download-users-26-columns-objectid.csv"], active: Array(1...8), inactive: [10, 12]),
        Vendor(files: ["entra/graph-users-selected.json"], active: Array(1...8), inactive: [10, 12]),
        Vendor(
            files: ["entra/graph-users-default-properties.json"], active: [], unstated: Array(1...8) + [10, 12]),
        Vendor(
            files: ["entra/get-mguser-export-csv-ps51.csv"], active: [], unstated: Array(1...8) + [10, 12],
            hasNames: false),
        Vendor(files: ["entra/get-azureaduser-export-csv-utf16.csv"], active: Array(1...8), inactive: [10, 12]),
        Vendor(files: ["entra/m365-admin-export-users-32-columns.csv"], active: Array(1...8), inactive: [10, 11, 12]),
        Vendor(
            files: ["entra/m365-admin-export-users-28-columns-semicolon.csv"], active: Array(1...8),
            inactive: [10, 11, 12]),
        Vendor(files: ["google/download-users-34-columns.csv"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(files: ["google/download-users-selected-columns.csv"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(files: ["google/directory-users-last-page.json"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(files: ["google/gam-print-users.csv"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(files: ["google/gam-formatjson-single-quote.csv"], active: Array(1...4)),
        Vendor(files: ["others/onelogin-users-v2.json"], active: Array(1...9), inactive: [10, 11], undecided: [12]),
        Vendor(
            files: ["others/jumpcloud-systemusers.json"], active: Array(1...9), inactive: [10, 11], undecided: [12]),
        Vendor(files: ["others/pingone-users-page1.json"], active: Array(1...4)),
        Vendor(files: ["others/auth0-export.ndjson"], active: Array(1...9) + [11, 12], inactive: [10]),
        Vendor(files: ["others/keycloak-realm-users.json"], active: Array(1...9), inactive: [10, 12]),
        Vendor(files: ["others/bamboohr-directory.json"], active: Array(1...8) + [10, 12]),
        Vendor(files: ["others/bamboohr-report.csv"], active: Array(1...8), inactive: [10, 11], undecided: [12]),
        Vendor(files: ["others/workday-raas.json"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(files: ["others/workday-raas.csv"], active: Array(1...8) + [12], inactive: [10, 11]),
        Vendor(
            files: ["others/rippling-report.csv"], active: Array(1...8), inactive: [10, 11], undecided: [12],
            hasNames: false),
        Vendor(files: ["others/scim-listresponse-complete.json"], active: Array(1...9), inactive: [10, 12]),
        Vendor(files: ["others/scim-active-as-string.json"], active: [1], inactive: [10]),
        Vendor(files: ["others/ad-users.ldif"], active: Array(1...8), inactive: [10, 11, 12]),
        Vendor(files: ["others/csvde-users.csv"], active: Array(1...8), inactive: [10, 11, 12]),
    ]

    @Test(arguments: vendors)
    func `have the same names, addresses and state`(_ vendor: Vendor) throws {
        let people = try #require(try Fixtures.json("roster.json")["people"]?.array)
        let reading = try Reading(vendor.files.map(Fixtures.path))
        #expect(reading.refusal == nil)
        #expect(reading.rejected.isEmpty, "\(reading.rejected)")
        var found: [Int: IdentityRecord] = [:]
        for record in reading.records {
            let email = try CanonicalKey.email(try #require(reading.text("emails.work", record)))
            let person = try #require(people.first { $0["email"]?.string.map { $0.lowercased() } == email }, "\(email)")
            let number = try #require(person["number"]?.integer)
            found[number] = record
            if vendor.hasNames {
                #expect(reading.text("name.givenName", record) == person["givenName"]?.string)
                #expect(reading.text("name.familyName", record) == person["familyName"]?.string)
            }
            let isGuest = number == 9
            if let title = reading.text("title", record), !isGuest { #expect(title == person["title"]?.string) }
        }
        #expect(found.count == reading.records.count)
        func numbers(_ holds: (Activity) -> Bool) -> [Int] { found.filter { holds($0.value.activity) }.keys.sorted() }
        #expect(numbers { $0 == .active } == vendor.active.sorted())
        #expect(numbers { $0 == .inactive || $0 == .deleted } == vendor.inactive)
        #expect(numbers { if case .undecided = $0 { true } else { false } } == vendor.undecided)
        #expect(numbers { $0 == .unstated } == vendor.unstated)
    }

    @Test func `are linked by the vendor's own id`() throws {
        let anchors = [
            ("okta/users-default-list.json", "00uFICT01abcDEF0g4"),
            ("entra/download-users-29-columns.csv", "a0000001-0000-4000-8000-000000000001"),
            ("entra/download-users-26-columns-objectid.csv", "a0000001-0000-4000-8000-000000000001"),
            ("entra/m365-admin-export-users-32-columns.csv", "a0000001-0000-4000-8000-000000000001"),
            ("google/directory-users-last-page.json", "100000000000000000001"),
            ("google/gam-print-users.csv", "100000000000000000001"), ("others/onelogin-users-v2.json", "70000001"),
            ("others/jumpcloud-systemusers.json", "000000000000000000000001"),
            ("others/auth0-export.ndjson", "samlp|popl|00uFICT01abcDEF0g4"), ("others/workday-raas.csv", "000101"),
            ("others/workday-raas.json", "000101"), ("others/bamboohr-report.csv", "000101"),
            ("others/scim-listresponse-complete.json", "00uFICT01abcDEF0g4"),
            ("others/ad-users.ldif", "01010101-0101-0101-0101-010101010101"),
            ("others/csvde-users.csv", "01010101-0101-0101-0101-010101010101"),
        ]
        for (file, anchor) in anchors {
            let reading = try Reading(Fixtures.path(file))
            let ada = try #require(reading.record("ada"), "\(file)")
            #expect(ada.anchor == anchor, "\(file)")
            #expect(ada.anchorDigest == AnchorDigest.of(anchor: anchor), "\(file)")
        }
        let google = try Reading(Fixtures.path("google/download-users-34-columns.csv"))
        #expect(google.export?.hasAnchor == false)
        #expect(google.record("ada")?.anchor == nil)
        #expect(google.record("ada")?.anchorDigest == AnchorDigest.of(userNameKey: "ada.novakova@example.com"))
    }

    @Test func `are in their groups where the file says so`() throws {
        for (file, groups) in [
            ("google/gam-print-users.csv", ["popl-users@example.com", "sales@example.com"]),
            ("others/keycloak-realm-users.json", ["Popl-Users", "Sales, EMEA"]),
            ("others/scim-listresponse-complete.json", ["Popl-Users", "Sales, EMEA"]),
            ("others/ad-users.ldif", ["Popl-Users", "Sales, EMEA"]),
            ("others/csvde-users.csv", ["Popl-Users", "Sales, EMEA"]),
            ("others/onelogin-users-v2.json", ["Sales, EMEA"]),
        ] {
            let reading = try Reading(Fixtures.path(file))
            #expect(reading.record("bjorn")?.groups == groups, "\(file)")
            #expect(reading.record("tom")?.groups == (file.contains("onelogin") ? nil : []), "\(file)")
        }
        #expect(try Reading(Fixtures.path("okta/users-default-list.json")).record("ada")?.groups == nil)
    }

    @Test func `include guests when the scope asks for them`() throws {
        for file in ["entra/graph-users-selected.json", "entra/download-users-29-columns.csv"] {
            var options = ReadingOptions(asOf: asOf)
            #expect(try Reading(Fixtures.path(file)).summaries[0].outOfScope == 1)
            options.mapping.scope.includesGuests = true
            let reading = try Reading([Fixtures.path(file)], options: options)
            let pat = try #require(reading.record("pat"))
            #expect(reading.text("emails.work", pat) == "pat.partner@partner.example")
            #expect(pat.activity == .undecided(word: "PendingAcceptance", mayCreate: false))
        }
    }

    @Test func `who were deleted are told from those who are disabled`() throws {
        let reading = try Reading(Fixtures.path("entra/m365-admin-export-users-32-columns.csv"))
        #expect(reading.record("zoe")?.activity == .deleted)
        #expect(reading.record("tom")?.activity == .inactive)
    }

    @Test func `who are leaving Okta are inactive, and those on their way in say so`() throws {
        let reading = try Reading(Fixtures.path("okta/users-search-all.json"))
        #expect(reading.record("leaving.now")?.activity == .inactive)
        #expect(reading.record("reset.person")?.activity == .active)
        #expect(reading.record("pending.person")?.activity == .undecided(word: "PROVISIONED", mayCreate: true))
        #expect(reading.record("noor")?.activity == .undecided(word: "STAGED", mayCreate: false))
        #expect(
            reading.summaries[0].active == 10 && reading.summaries[0].inactive == 3
                && reading.summaries[0].undecided == 2)
    }
}
