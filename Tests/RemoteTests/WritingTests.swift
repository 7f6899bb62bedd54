import JSON
import SCIM
import Testing

@Suite struct `Bodies that every service accepts` {
    private static let before = ComplexValue([
        .init("userName", .string("ada@acme.example")), .init("title", .string("Analyst")),
        .init(
            "name", .complex(ComplexValue([.init("givenName", .string("Ada")), .init("familyName", .string("Byron"))]))),
        .init("emails", .list([email("work", "ada@acme.example"), email("home", "ada@home.example")])),
        .init(Schema.enterpriseUserID, .complex(ComplexValue([.init("department", .string("Sales"))]))),
    ])

    private static func email(_ type: String, _ value: String) -> AttributeValue {
        .complex(ComplexValue([.init("value", .string(value)), .init("type", .string(type))]))
    }

    private func patch(_ change: (inout ComplexValue) -> Void) throws -> [String] {
        var after = Self.before
        change(&after)
        return RequestWriting.operations(from: Self.before, to: after).map { operation in
            var writer = JSONWriter()
            writer.value(operation)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    @Test func `name single attributes, parts and elements that are there`() throws {
        #expect(
            try patch { $0["title"] = .string("Countess") } == [#"{"op":"replace","path":"title","value":"Countess"}"#])
        #expect(try patch { $0["title"] = nil } == [#"{"op":"remove","path":"title"}"#])
        #expect(try patch { $0["nickName"] = .string("A") } == [#"{"op":"add","path":"nickName","value":"A"}"#])
        #expect(try patch { $0["active"] = .boolean(false) } == [#"{"op":"add","path":"active","value":false}"#])
        #expect(
            try patch {
                $0["name"] = .complex(
                    ComplexValue([.init("givenName", .string("Ada")), .init("familyName", .string("King"))]))
            } == [#"{"op":"replace","path":"name.familyName","value":"King"}"#])
        #expect(
            try patch {
                $0["emails"] = .list([Self.email("work", "king@acme.example"), Self.email("home", "ada@home.example")])
            }
                == [#"{"op":"replace","path":"emails[type eq \"work\"].value","value":"king@acme.example"}"#])
        #expect(
            try patch { $0[Schema.enterpriseUserID] = .complex(ComplexValue([.init("department", .string("Field"))])) }
                == [
                    #"{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Field"}"#
                ])
    }

    @Test func `replace a list as a whole where an element comes or goes`() throws {
        let operations = try patch { $0["emails"] = .list([Self.email("work", "ada@acme.example")]) }
        #expect(
            operations == [#"{"op":"replace","path":"emails","value":[{"value":"ada@acme.example","type":"work"}]}"#])
    }

    @Test func `leave in a PUT what only the service knows`() throws {
        let current = try JSON.parse(
            Array(
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":7,"userName":"ada","title":"Analyst","x":{"y":1},"meta":{},"groups":[]}"#
                    .utf8))
        var before = ComplexValue([.init("userName", .string("ada")), .init("title", .string("Analyst"))])
        let old = before
        before["title"] = nil
        before["active"] = .boolean(false)
        var writer = JSONWriter()
        writer.value(RequestWriting.replacement(of: current, .user, from: old, to: before))
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":7,"userName":"ada","x":{"y":1},"active":false}"#
        )
    }

    @Test func `of sloppy services are understood as far as they can be`() throws {
        let json = try JSON.parse(
            Array(
                #"{"ID":1,"id":7,"UserName":"ada","active":"True","title":12,"emails":[{"value":"ada@acme.example"}],"phoneNumbers":[null,{"value":"1"},true],"name":null,"locale":{},"urn:other":{"a":1},"meta":{"version":"W/\"a\""}}"#
                    .utf8))
        let user = try #require(ForeignResource(json, .user))
        #expect(user.id == "7" && user.etag == "W/\"a\"" && user.unread == ["phoneNumbers", "locale"])
        #expect(
            user.attributes.saysTheSame(
                as: ComplexValue([
                    .init("userName", .string("ada")), .init("active", .boolean(true)), .init("title", .string("12")),
                    .init("emails", .list([Self.email("work", "ada@acme.example")])),
                    .init("phoneNumbers", .list([.complex(ComplexValue([.init("value", .string("1"))]))])),
                ])), "\(user)")
    }

    @Test func `have one content version, in whatever order things come`() {
        let other = ComplexValue(Self.before.members.reversed())
        #expect(other.contentVersion(members: ["a", "b"]) == Self.before.contentVersion(members: ["b", "a"]))
        #expect(other.contentVersion(members: ["a"]) != Self.before.contentVersion())
        #expect(Self.before.contentVersion() > 0)
    }
}
