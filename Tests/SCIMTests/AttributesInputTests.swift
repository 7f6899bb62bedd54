import JSON
import Testing

@testable import SCIM

@Suite struct `Attributes from outside` {
    @Test func `get the schema's spelling, and what it does not know is dropped`() throws {
        let body = """
            {"SCHEMAS":["urn:ietf:params:scim:schemas:core:2.0:User"],"USERNAME":"rosa","Name":{"GivenName":"Rosa","shoeSize":44},
             "EMAILS":[{"Value":"r@x.example","TYPE":"work","Primary":"True"}],"favouriteColour":"red","active":"False",
             "URN:ietf:params:scim:schemas:extension:enterprise:2.0:user":{"DEPARTMENT":"Field","x":1},
             "urn:custom:2.0:User":{"a":1}}
            """
        #expect(
            try user(body).saysTheSame(
                as: ComplexValue([
                    .init("userName", .string("rosa")), .init("name", value("{\"givenName\":\"Rosa\"}")),
                    .init("emails", value("[{\"value\":\"r@x.example\",\"type\":\"work\",\"primary\":true}]")),
                    .init("active", .boolean(false)),
                    .init(Schema.enterpriseUserID, value("{\"department\":\"Field\"}")),
                ])))
    }

    @Test func `lose what is read-only, empty or null`() throws {
        let body = """
            {"id":"x","meta":{"created":"nonsense"},"groups":[{"value":"g"}],"password":"p","userName":"rosa","title":"",
             "nickName":null,"name":{"givenName":""},"emails":[],"roles":[{"type":"a"}],"ims":[{"value":""}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"$ref":"x","displayName":"y"}}}
            """
        #expect(try user(body) == ComplexValue([.init("userName", .string("rosa"))]))
    }

    @Test func `take one value for a list and a list of one for a value`() throws {
        let taken = try user(
            "{\"userName\":[\"rosa\"],\"emails\":{\"value\":\"r\"},\"roles\":\"admin\",\"name\":[{\"givenName\":\"R\"}]}"
        )
        #expect(taken["userName"] == .string("rosa"))
        #expect(try taken["emails"] == value("[{\"value\":\"r\"}]"))
        #expect(try taken["roles"] == value("[{\"value\":\"admin\"}]"))
        #expect(try taken["name"] == value("{\"givenName\":\"R\"}"))
    }

    @Test func `keep one primary value`() throws {
        let taken = try user(
            "{\"userName\":\"x\",\"emails\":[{\"value\":\"a\",\"primary\":true},{\"value\":\"b\",\"primary\":true}]}")
        #expect(
            try taken["emails"] == value("[{\"value\":\"a\",\"primary\":true},{\"value\":\"b\",\"primary\":false}]"))
    }

    @Test(arguments: [
        "{}", "{\"userName\":\"\"}", "{\"userName\":null}", "{\"userName\":5}", "{\"userName\":true}",
        "{\"userName\":\"x\",\"title\":[\"a\",\"b\"]}",
        "{\"userName\":\"x\",\"active\":1}", "{\"userName\":\"x\",\"active\":\"yes\"}",
        "{\"userName\":\"x\",\"active\":null}",
        "{\"userName\":\"x\",\"name\":\"Rosa\"}", "{\"userName\":\"x\",\"emails\":[5]}",
        "{\"userName\":\"x\",\"emails\":[[{\"value\":\"a\"},{\"value\":\"b\"}]]}",
        "{\"userName\":\"x\",\"title\":1e400}", "{\"userName\":\"x\",\"title\":9223372036854775808}",
        "{\"userName\":\"x\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":\"y\"}",
        "{\"userName\":\"x\",\"emails\":[{\"value\":{}}]}",
    ])
    func `of the wrong kind are refused`(body: String) {
        let error = refusal { _ = try user(body) }
        #expect(error?.status == 400 && error?.type == .invalidValue, "\(error?.detail ?? "taken")")
    }

    @Test(arguments: [
        "{\"userName\":\"x\",\"USERNAME\":\"y\"}", "{\"userName\":\"a\\u0000b\"}",
        "{\"userName\":\"x\",\"name\":{\"givenName\":\"a\",\"GIVENNAME\":\"b\"}}",
        "[]", "\"x\"",
    ])
    func `that are ambiguous are refused as such`(body: String) {
        #expect(refusal { _ = try user(body) }?.type == .invalidSyntax)
    }

    @Test func `have limits in characters`() throws {
        let long = { (name: String, n: Int) in
            "{\"userName\":\"x\",\"\(name)\":\"" + String(repeating: "é", count: n) + "\"}"
        }
        _ = try user(long("title", 1_024))
        #expect(refusal { _ = try user(long("title", 1_025)) }?.type == .invalidValue)
        _ = try user("{\"userName\":\"" + String(repeating: "x", count: 320) + "\"}")
        #expect(
            refusal { _ = try user("{\"userName\":\"" + String(repeating: "x", count: 321) + "\"}") }?.type
                == .invalidValue)
    }

    @Test func `well-formed already are taken as they are, whatever their order`() throws {
        let attributes = try user(
            "{\"title\":\"T\",\"userName\":\"x\",\"externalId\":\"1\",\"active\":true,\"emails\":[{\"type\":\"work\",\"value\":\"a\",\"primary\":true}]}"
        )
        #expect(AttributesInput.isWellFormed(attributes, .user, TextLimits()))
        #expect(try AttributesInput(attributes, for: .user).attributes == attributes)
        for wrong in [
            ComplexValue([.init("username", .string("x"))]), ComplexValue([.init("userName", .string(""))]),
            ComplexValue([.init("active", .string("true"))]), ComplexValue([.init("groups", .list([]))]),
            ComplexValue([.init("emails", .list([]))]), ComplexValue([.init("title", .string("a\0"))]),
            ComplexValue([.init("password", .string("x"))]), ComplexValue([.init("emails", .string("x"))]),
        ] {
            #expect(!AttributesInput.isWellFormed(wrong, .user, TextLimits()))
        }
    }

    @Test func `of a group hold its members apart`() throws {
        let input = try AttributesInput(
            json: try JSON.parse(
                "{\"displayName\":\"G\",\"Members\":[{\"value\":\"a\"},{\"value\":\"b\",\"$ref\":null},{\"value\":\"a\"}]}"
            ),
            for: .group)
        #expect(input.attributes == ComplexValue([.init("displayName", .string("G"))]))
        #expect(input.members == [ResourceID(rawValue: "a"), ResourceID(rawValue: "b")])
        #expect(try AttributesInput(json: try JSON.parse("{\"displayName\":\"G\"}"), for: .group).members == nil)
        #expect(
            refusal { _ = try AttributesInput(json: try JSON.parse("{\"members\":[]}"), for: .group) }?.type
                == .invalidValue)
    }

    @Test func `of a connection need what makes a certificate and an endpoint`() throws {
        func connection(_ rest: String) throws -> ComplexValue {
            try AttributesInput(
                json: try JSON.parse("{\"entityID\":\"https://idp.example\"\(rest)}"), for: .ssoConnection
            ).attributes
        }
        let full = try connection(
            """
            ,"signingCertificates":[{"value":"TUlJ","sha256":"ab","keySize":2048,"notAfter":"2030-01-01T00:00:00Z"}],
            "singleSignOnServices":[{"binding":"b","location":"https://idp.example/sso"}],"nameIDFormats":["a","b"],
            "wantAuthnRequestsSigned":false
            """)
        #expect(AttributesInput.isWellFormed(full, .ssoConnection, TextLimits()))
        #expect(full["nameIDFormats"] == .list([.string("a"), .string("b")]))
        #expect(
            refusal { _ = try connection(",\"singleSignOnServices\":[{\"binding\":\"b\"}]") }?.type == .invalidValue)
        #expect(
            refusal { _ = try connection(",\"signingCertificates\":[{\"value\":\"TUlJ\"}]") }?.type == .invalidValue)
        // Moments are texts; one that is none is no moment to whoever judges by it.
        #expect(try connection(",\"validUntil\":\"soon\"")["validUntil"] == .string("soon"))
        #expect(refusal { _ = try connection(",\"validUntil\":1") }?.type == .invalidValue)
        #expect(refusal { _ = try connection(",\"nameIDFormats\":[1]") }?.type == .invalidValue)
    }
}

@Suite struct `Sameness` {
    @Test func `does not mind the order of members and of plural values`() throws {
        let a = try value("{\"userName\":\"x\",\"emails\":[{\"value\":\"a\",\"type\":\"t\"},{\"value\":\"b\"}]}")
            .complex!
        let b = try value("{\"emails\":[{\"value\":\"b\"},{\"type\":\"t\",\"value\":\"a\"}],\"userName\":\"x\"}")
            .complex!
        #expect(a.saysTheSame(as: b))
        #expect(a != b)
    }

    @Test func `minds bytes, repeats and the order of simple values`() throws {
        func same(_ a: String, _ b: String) throws -> Bool { try value(a).complex!.saysTheSame(as: value(b).complex!) }
        #expect(try !same("{\"a\":\"\u{E9}\"}", "{\"a\":\"e\u{301}\"}"))
        #expect(try !same("{\"a\":\"x\"}", "{\"a\":\"X\"}"))
        #expect(try !same("{\"a\":[{\"v\":1},{\"v\":1},{\"v\":2}]}", "{\"a\":[{\"v\":1},{\"v\":2},{\"v\":2}]}"))
        #expect(try !same("{\"a\":[\"x\",\"y\"]}", "{\"a\":[\"y\",\"x\"]}"))
        #expect(try !same("{\"a\":true}", "{\"a\":\"true\"}"))
        #expect(try !same("{\"a\":1}", "{\"b\":1}"))
        #expect(try same("{\"a\":[\"x\",\"y\"]}", "{\"a\":[\"x\",\"y\"]}"))
    }
}
