import JSON
import TestSupport
import Testing

@testable import SCIM

@Suite struct `Attributes as JSON` {
    @Test func `are compact and in order`() throws {
        let attributes = ComplexValue([
            .init("userName", .string("a\"\\\n\u{1}\u{1F}/é😀")), .init("active", .boolean(false)),
            .init("list", .list([.integer(-5), .decimal(1.5), .complex(ComplexValue([])), .list([])])),
        ])
        let text = json(attributes)
        #expect(text == #"{"userName":"a\"\\\n\u0001\u001f/é😀","active":false,"list":[-5,1.5,{},[]]}"#)
        #expect(try ComplexValue(json: JSON.parse(text).object!) == ComplexValue(json: JSON.parse(text).object!))
        #expect(AttributesJSON.decode(Array(text.utf8)) == attributes)
    }

    @Test func `come back as they were`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let attributes = Laws.complex(depth: 0, using: &generator)
            let bytes = AttributesJSON.encode(attributes)
            let back = AttributesJSON.decode(bytes)
            #expect(back == attributes, "seed \(seed)")
            #expect(back.map(AttributesJSON.encode) == bytes, "seed \(seed)")
            #expect((try? JSON.parse(String(decoding: bytes, as: UTF8.self))) != nil, "seed \(seed)")
        }
    }

    @Test(arguments: [
        "", "{", "{}x", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":tru}", "{\"a\":\"b}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\u00\"}", " {}", "{\"a\" :1}", "{\"a\":1 }", "{\"a\":-}", "{\"a\":1.2.3}", "{\"a\":null}",
        "{\"a\":\"\n\"}",
        "{\"a\":99999999999999999999}",
    ])
    func `are not read from anything looser`(text: String) { #expect(AttributesJSON.decode(Array(text.utf8)) == nil) }

    @Test func `neither trap nor overflow on damaged bytes`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            var bytes = AttributesJSON.encode(Laws.complex(depth: 0, using: &generator))
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let read = AttributesJSON.decode(bytes) {
                #expect(AttributesJSON.decode(AttributesJSON.encode(read)) == read, "seed \(seed)")
            }
        }
        #expect(AttributesJSON.decode(Array(String(repeating: "{\"a\":[", count: 100_000).utf8)) == nil)
    }
}

@Suite struct `A full representation` {
    @Test func `is as scim-clients.md shows it`() throws {
        let resource = Resource(
            type: .user, id: ResourceID(rawValue: "7c2f0f1e-2f61-4c36-9b0e-55a2b8b8f7d1"),
            attributes: try user(
                """
                {"externalId":"00u9x2mq71TzWbYd05d7","userName":"rosa.lindqvist@northbay.example",
                 "name":{"formatted":"Rosa Lindqvist","givenName":"Rosa","familyName":"Lindqvist"},"displayName":"Rosa Lindqvist",
                 "emails":[{"value":"rosa.lindqvist@northbay.example","type":"work","primary":true}],"active":true,
                 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field"}}
                """),
            created: Timestamp(rawValue: 1_772_439_330_120), lastModified: Timestamp(rawValue: 1_772_439_330_120),
            version: 3)
        var bytes: [UInt8] = []
        ResourceJSON.append(
            resource, memberships: [.init(id: ResourceID(rawValue: "4b0e"), display: "Field Sales")],
            baseURL: "https://api.popl.co/api/external/scim/", to: &bytes)
        let wanted = """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],\
            "id":"7c2f0f1e-2f61-4c36-9b0e-55a2b8b8f7d1","externalId":"00u9x2mq71TzWbYd05d7","userName":"rosa.lindqvist@northbay.example",\
            "name":{"formatted":"Rosa Lindqvist","givenName":"Rosa","familyName":"Lindqvist"},"displayName":"Rosa Lindqvist",\
            "emails":[{"value":"rosa.lindqvist@northbay.example","type":"work","primary":true}],"active":true,\
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field"},\
            "groups":[{"value":"4b0e","display":"Field Sales","$ref":"https://api.popl.co/api/external/scim/Groups/4b0e","type":"direct"}],\
            "meta":{"resourceType":"User","created":"2026-03-02T08:15:30.120Z","lastModified":"2026-03-02T08:15:30.120Z",\
            "version":"W/\\"3\\"","location":"https://api.popl.co/api/external/scim/Users/7c2f0f1e-2f61-4c36-9b0e-55a2b8b8f7d1"}}
            """
        #expect(String(decoding: bytes, as: UTF8.self) == wanted)
    }

    @Test func `has neither location nor references without a base URL`() throws {
        let group = Resource(
            type: .group, id: ResourceID(rawValue: "4b0e"),
            attributes: ComplexValue([.init("displayName", .string("G"))]),
            created: Timestamp(rawValue: 0), lastModified: Timestamp(rawValue: 0), version: 1)
        var bytes: [UInt8] = []
        ResourceJSON.append(group, memberships: [.init(id: ResourceID(rawValue: "7c2f"), display: nil)], to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"4b0e","displayName":"G","members":[{"value":"7c2f","type":"User"}],"meta":{"resourceType":"Group","created":"1970-01-01T00:00:00.000Z","lastModified":"1970-01-01T00:00:00.000Z","version":"W/\"1\""}}"#
        )
        #expect(ResourceJSON.url(.group, group.id, "https://x.example/scim") == "https://x.example/scim/Groups/4b0e")
    }
}

@Suite struct `Timestamps` {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-03-02T08:15:30.120Z", 1_772_439_330_120),
        ("2026-03-02T08:15:30.1209Z", 1_772_439_330_120),
        ("2026-03-02T10:15:30.12+02:00", 1_772_439_330_120), ("2026-03-02t08:15:30.12z", 1_772_439_330_120),
        ("2026-03-02 03:15:30.12-05:00", 1_772_439_330_120), ("2026-03-02T08:15", 1_772_439_300_000),
        ("2024-02-29T00:00:00", 1_709_164_800_000), ("1969-12-31T23:59:59.999Z", -1),
        ("2026-01-01T24:00:00Z", 1_767_312_000_000),
        ("10000-01-01T00:00:00Z", 253_402_300_800_000),
    ])
    func `are read`(text: String, milliseconds: Int64) throws {
        #expect(Timestamp(iso8601: text) == Timestamp(rawValue: milliseconds))
    }

    @Test(arguments: [
        "", "2026", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z",
        "2026-01-01T25:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00X",
        "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+2", "2026/01/01 00:00:00",
        "2026-1-1T00:00:00Z",
    ])
    func `that do not exist are none`(text: String) { #expect(Timestamp(iso8601: text) == nil) }

    @Test func `are written and read back`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let timestamp = Timestamp(rawValue: Int64.random(in: 0...253_402_300_799_999, using: &generator))
            #expect(Timestamp(iso8601: timestamp.iso8601) == timestamp, "seed \(seed): \(timestamp.iso8601)")
        }
        #expect(Timestamp(rawValue: 1_772_439_330_007).iso8601 == "2026-03-02T08:15:30.007Z")
    }
}
