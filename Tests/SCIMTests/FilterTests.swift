import TestSupport
import Testing

@testable import SCIM

@Suite struct `Filters` {
    private static let rosa: Resource = {
        let json = """
            {"userName":"Rosa@Northbay.example","externalId":"00u9X","active":true,"displayName":"Rosa Lindqvist",
             "name":{"familyName":"Lindqvist"},"title":"Ängel",
             "emails":[{"value":"rosa@northbay.example","type":"work","primary":true},{"value":"r@home.example","type":"home"}],
             "roles":[{"value":"admin","primary":true}],"profileUrl":"https://x.example/Rosa",
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field","manager":{"value":"91aa"}}}
            """
        let attributes = (try? user(json)) ?? ComplexValue()
        return Resource(
            type: .user, id: ResourceID(rawValue: "7c2f"), attributes: attributes,
            created: Timestamp(rawValue: 1_772_439_330_120), lastModified: Timestamp(rawValue: 1_772_439_330_120),
            version: 3)
    }()

    private func matches(_ filter: String) throws -> Bool {
        try Filter.parse(filter, for: .user).matches(Self.rosa) { _ in
            [.complex(ComplexValue([.init("value", .string("4b0e"))]))]
        }
    }

    @Test(arguments: [
        "userName eq \"rosa@northbay.example\"", "USERNAME EQ \"ROSA@NORTHBAY.EXAMPLE\"",
        "userName eq rosa@northbay.example", "userName ne \"x\"", "userName co \"NORTH\"", "userName sw \"rosa\"",
        "userName ew \".EXAMPLE\"", "userName pr", "externalId eq \"00u9X\"", "externalId ne \"00u9x\"",
        "id eq \"7c2f\" and manager eq \"91aa\"",
        "id eq \"7c2f\" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq \"91aa\"",
        "emails eq \"r@HOME.example\"", "emails[type eq \"work\"].value eq \"rosa@northbay.example\"",
        "emails[type eq \"work\" and value co \"@northbay.example\"]", "emails[type eq \"home\"]",
        "emails.type eq \"home\"", "groups eq \"4b0e\"", "groups.value eq \"4b0e\"", "not (userName eq \"x\")",
        "active eq true", "active eq True", "active eq \"True\"", "active ne false", "nickName eq null",
        "displayName ne null", "nickName ne \"x\"", "not (nickName pr)", "title eq \"ÄNGEL\"",
        "title eq \"A\u{308}ngel\"",
        "roles[primary eq \"True\"].value eq \"admin\"", "roles[primary eq \"true\"]",
        "meta.created eq \"2026-03-02T09:15:30.12+01:00\"", "meta.lastModified gt \"2011-05-13T04:42:34Z\"",
        "meta.lastModified le \"2026-03-02T08:15:30.120Z\"", "meta.resourceType eq \"User\"",
        "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"r\"",
        "title eq \"x\" or userName pr and active eq true", "(title eq \"x\" or userName pr) and active eq true",
        "profileUrl eq \"https://x.example/Rosa\"", "userName gt \"ROSA\"", "userName lt \"s\"",
        "displayName eq \"Rosa\\u0020Lindqvist\"",
    ])
    func `that hold`(filter: String) throws {
        #expect(try matches(filter))
        let parsed = try Filter.parse(filter, for: .user)
        #expect(try Filter.parse(parsed.description, for: .user) == parsed)
    }

    @Test(arguments: [
        "userName eq \"x\"", "externalId eq \"00u9x\"", "nickName pr", "nickName eq \"x\"", "photos pr",
        "emails[type eq \"work\"].value eq \"r@home.example\"", "emails[type eq \"other\"]", "active eq false",
        "displayName eq null", "emails ne \"r@home.example\"", "title eq \"x\" and userName pr or title eq \"y\"",
        "title eq \"x\" and (userName pr or title eq \"y\")", "profileUrl eq \"https://x.example/rosa\"",
        "meta.lastModified gt \"2026-03-02T08:15:30.120Z\"", "not (userName pr)", "title gt \"ängel\"",
        "userName co \"rosa@northbay.example.\"",
    ])
    func `that do not hold`(filter: String) throws {
        #expect(try !matches(filter))
    }

    @Test(arguments: [
        "", "   ", "userName", "userName eq", "userName xx \"a\"", "userName eq \"a", "userName eq \"a\\x\"",
        "userName eq \"a\" and", "and userName pr", "(userName pr", "userName pr)", "userName pr userName pr",
        "noSuch eq \"a\"", "emails[noSuch eq \"a\"]", "emails[type eq \"work\"", "name eq \"a\"", "addresses eq \"a\"",
        "active gt true", "active co \"t\"", "active eq \"yes\"", "active eq 1", "userName eq true",
        "password eq \"x\"",
        "password pr", "urn:ietf:params:scim:schemas:core:2.0:User:password sw \"\"", "meta.created eq \"yesterday\"",
        "userName gt null", "userName eq 'a'", "userName eq \"\\ud800\"", "userName eq \"\\u0000\"",
        "userName eq \"a\nb\"", "not userName pr", "x509Certificates.value gt \"a\"",
        "x509Certificates.value co \"a\"", "x509Certificates ew \"a\"", "meta.created sw \"2026\"",
        "meta.lastModified co true", "emails.noSuch eq \"a\"",
        "emails[type eq \"work\"].noSuch eq \"x\"", "userName[value eq \"a\"]", "userName eq \"a\" xor title pr",
    ])
    func `that are not understood are refused, never everybody`(filter: String) {
        let error = refusal { _ = try Filter.parse(filter, for: .user) }
        #expect(error?.status == 400)
        #expect(error?.type == .invalidFilter)
    }

    @Test func `name the nearest attribute`() {
        let error = refusal { _ = try Filter.parse("userNam eq \"a\"", for: .user) }
        #expect(error?.detail.contains("\"userName\"") == true)
    }

    @Test func `have limits`() throws {
        func error(_ text: String) -> SCIMError.Kind? { refusal { _ = try Filter.parse(text, for: .user) }?.type }
        let levels = { (n: Int) in String(repeating: "(", count: n) + "title pr" + String(repeating: ")", count: n) }
        #expect(error(levels(32)) == nil)
        #expect(error(levels(33)) == .invalidFilter)
        #expect(error(String(repeating: "(", count: 8_000)) == .invalidFilter)
        let terms = { (n: Int) in Array(repeating: "title pr", count: n).joined(separator: " or ") }
        #expect(error(terms(100)) == nil)
        #expect(error(terms(101)) == .invalidFilter)
        let length = { (n: Int) in "title eq \"" + String(repeating: "a", count: n - 11) + "\"" }
        #expect(error(length(8_192)) == nil)
        #expect(error(length(8_193)) == .invalidFilter)
    }

    @Test func `bind and stronger than or, and not strongest`() throws {
        let filter = try Filter.parse("title pr or nickName pr and not (locale pr)", for: .user)
        func present(_ name: String) -> Filter { .present(AttributePath(attribute: name)) }
        #expect(filter == .or(present("title"), .and(present("nickName"), .not(present("locale")))))
        let grouped = try Filter.parse("(title pr or nickName pr) and locale pr", for: .user)
        #expect(grouped.description == "(title pr or nickName pr) and locale pr")
    }

    @Test func `on numbers read every way to write one`() throws {
        let connection = Resource(
            type: .ssoConnection, id: ResourceID(rawValue: "5a"),
            attributes: ComplexValue([.init("signingCertificates", try value("[{\"keySize\":2048}]"))]),
            created: Timestamp(rawValue: 0), lastModified: Timestamp(rawValue: 0), version: 1)
        for (filter, holds) in [
            ("eq 2048", true), ("eq 2.048e+3", true), ("lt 1E16", true), ("gt -2.5", true), ("ge 2049", false),
            ("eq NULL", false), ("ne null", true),
        ] {
            let parsed = try Filter.parse("signingCertificates.keySize \(filter)", for: .ssoConnection)
            #expect(parsed.matches(connection) == holds, "\(filter)")
            #expect(try Filter.parse(parsed.description, for: .ssoConnection) == parsed, "\(parsed)")
        }
        for filter in [
            "eq 0x800", "eq 1e999", "eq nan", "eq \"2048\"", "eq true", "co 2", "gt null", "eq 2048x", "eq +",
        ] {
            let error = refusal { _ = try Filter.parse("signingCertificates.keySize \(filter)", for: .ssoConnection) }
            #expect(error?.type == .invalidFilter, "\(filter)")
        }
    }

    @Test func `on groups know names and members`() throws {
        let group = Resource(
            type: .group, id: ResourceID(rawValue: "4b0e"),
            attributes: ComplexValue([.init("displayName", .string("Field Sales"))]), created: Timestamp(rawValue: 0),
            lastModified: Timestamp(rawValue: 0), version: 1)
        let there = { (_: ShownBeside) in [AttributeValue.complex(ComplexValue([.init("value", .string("7c2f"))]))] }
        #expect(try Filter.parse("displayName eq \"FIELD sales\"", for: .group).matches(group))
        #expect(
            try Filter.parse("id eq \"4b0e\" and members eq \"7c2f\"", for: .group).matches(group, beside: there))
        #expect(try !Filter.parse("members eq \"7C2F\"", for: .group).matches(group, beside: there))
        #expect(refusal { _ = try Filter.parse("userName eq \"x\"", for: .group) }?.type == .invalidFilter)
    }

    @Test func `no text makes the reader trap`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        let pieces = [
            "userName", "emails", "[", "]", "(", ")", " ", "eq", "pr", "and", "or", "not", "\"", "\\", "a", ".", ":",
            "null",
            "true", "1e9", "\u{0}", "é", "urn:", "type", "meta", "\\u", "d83d", "work",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                pieces.randomElement(using: &generator)!
            }
            .joined(separator: Bool.random(using: &generator) ? " " : "")
            if let filter = try? Filter.parse(text, for: .user) {
                #expect((try? Filter.parse(filter.description, for: .user)) == filter, "seed \(seed): \(text)")
                _ = filter.matches(Self.rosa)
            }
            if let path = try? AttributePath.parse(text, for: .user) {
                #expect((try? AttributePath.parse(path.description, for: .user)) == path, "seed \(seed): \(text)")
            }
        }
    }
}
