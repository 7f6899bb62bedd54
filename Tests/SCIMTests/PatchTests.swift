import Testing

@testable import SCIM

/// The rows of scim-clients.md §3.4 and §5 that are about PATCH, and scim-rulings.md "PATCH".
@Suite struct `PATCH` {
    private static let urn = Schema.enterpriseUserID
    private let bare = ComplexValue([
        .init("userName", .string("rosa@northbay.example")), .init("active", .boolean(true)),
    ])

    @Test func `in Entra's first dialect`() throws {
        let after = try patched(
            bare,
            """
            [{"op":"Replace","path":"displayName","value":"Rosa L. Ekman"},
             {"op":"Replace","path":"name.familyName","value":"Ekman"},
             {"op":"Add","path":"emails[type eq \\"work\\"].value","value":"rosa.ekman@northbay.example"},
             {"op":"Add","path":"phoneNumbers[type eq \\"mobile\\"].value","value":"+46 70 000 11 22"},
             {"op":"Add","path":"\(Self.urn):department","value":"Field"},
             {"op":"Replace","path":"active","value":"False"}]
            """)
        let wanted = try user(
            """
            {"userName":"rosa@northbay.example","active":false,"displayName":"Rosa L. Ekman","name":{"familyName":"Ekman"},
             "emails":[{"type":"work","value":"rosa.ekman@northbay.example"}],
             "phoneNumbers":[{"type":"mobile","value":"+46 70 000 11 22"}],"\(Self.urn)":{"department":"Field"}}
            """)
        #expect(after.saysTheSame(as: wanted), "\(json(after))")
    }

    @Test func `in Entra's second dialect, with dotted and URN keys`() throws {
        let after = try patched(
            bare,
            """
            [{"op":"replace","value":{"displayName":"Rosa L. Ekman","name.familyName":"Ekman","active":false,
              "\(Self.urn):department":"Field","noSuchAttribute":1,"emails[type eq \\"home\\"].value":"r@h.example",
              "urn:ietf:params:scim:schemas:core:2.0:User:title":"Lead"}},
             {"op":"add","path":"emails[type eq \\"work\\"].value","value":"rosa.ekman@northbay.example"}]
            """)
        let wanted = try user(
            """
            {"userName":"rosa@northbay.example","active":false,"displayName":"Rosa L. Ekman","name":{"familyName":"Ekman"},
             "\(Self.urn)":{"department":"Field"},"title":"Lead",
             "emails":[{"type":"home","value":"r@h.example"},{"type":"work","value":"rosa.ekman@northbay.example"}]}
            """)
        #expect(after.saysTheSame(as: wanted), "\(json(after))")
        #expect(after["name.familyName"] == nil)
    }

    @Test func `takes an extension as an object and as a path`() throws {
        let once = try patched(bare, "[{\"op\":\"add\",\"value\":{\"\(Self.urn)\":{\"department\":\"Field\"}}}]")
        #expect(once[Self.urn] == .complex(ComplexValue([.init("department", .string("Field"))])))
        let twice = try patched(
            once, "[{\"op\":\"replace\",\"path\":\"\(Self.urn)\",\"value\":{\"division\":\"EMEA\"}}]")
        #expect(try twice[Self.urn]?.saysTheSame(as: value("{\"department\":\"Field\",\"division\":\"EMEA\"}")) == true)
        #expect(try patched(twice, "[{\"op\":\"remove\",\"path\":\"\(Self.urn)\"}]")[Self.urn] == nil)
        let emptied = try patched(once, "[{\"op\":\"remove\",\"path\":\"\(Self.urn):department\"}]")
        #expect(emptied[Self.urn] == nil)
    }

    @Test(arguments: [
        "\"91aa\"", "[{\"$ref\":\"https://x.example/Users/91aa\",\"value\":\"91aa\"}]", "{\"value\":\"91aa\"}",
        "{\"Value\":\"91aa\",\"displayName\":\"ignored\"}", "[\"91aa\"]",
    ])
    func `sets the manager in every form`(form: String) throws {
        let after = try patched(bare, "[{\"op\":\"Add\",\"path\":\"\(Self.urn):manager\",\"value\":\(form)}]")
        #expect(try after[Self.urn] == value("{\"manager\":{\"value\":\"91aa\"}}"))
        for clear in ["\"op\":\"Replace\",\"value\":\"\"", "\"op\":\"Remove\"", "\"op\":\"Replace\",\"value\":null"] {
            let cleared = try patched(after, "[{\"path\":\"\(Self.urn):manager\",\(clear)}]")
            #expect(cleared[Self.urn] == nil)
        }
    }

    @Test(arguments: [
        ("true", true), ("\"True\"", true), ("\"FALSE\"", false), ("\"false\"", false), ("[false]", false),
    ])
    func `reads active as clients send it`(text: String, active: Bool) throws {
        for operation in ["\"path\":\"active\",\"value\":\(text)", "\"value\":{\"Active\":\(text)}"] {
            #expect(try patched(bare, "[{\"op\":\"REPLACE\",\(operation)}]")["active"] == .boolean(active))
        }
    }

    @Test(arguments: ["1", "0", "\"yes\"", "\"\"", "null", "[]", "{}", "1.0", "[true,false]"])
    func `refuses any other active`(text: String) {
        for operation in ["\"path\":\"active\",\"value\":\(text)", "\"value\":{\"active\":\(text)}"] {
            let error = refusal { _ = try patched(bare, "[{\"op\":\"replace\",\(operation)}]") }
            #expect(error?.status == 400 && error?.type == .invalidValue, "\(operation)")
        }
    }

    @Test func `removing active brings nobody back`() throws {
        let gone = ComplexValue([.init("userName", .string("x")), .init("active", .boolean(false))])
        #expect(try patched(gone, "[{\"op\":\"remove\",\"path\":\"active\"}]") == gone)
    }

    @Test func `builds one value with several operations`() throws {
        let after = try patched(
            bare,
            """
            [{"op":"Add","path":"addresses[type eq \\"work\\"].streetAddress","value":"1 Quay"},
             {"op":"Add","path":"addresses[type eq \\"work\\"].locality","value":"Malmö"},
             {"op":"Replace","path":"addresses[type eq \\"work\\"].postalCode","value":"211 20"}]
            """)
        #expect(
            try after["addresses"]
                == value(
                    "[{\"type\":\"work\",\"streetAddress\":\"1 Quay\",\"locality\":\"Malmö\",\"postalCode\":\"211 20\"}]"
                ))
    }

    @Test func `changes the value in brackets and leaves the others`() throws {
        let before = try user(
            "{\"userName\":\"x\",\"emails\":[{\"type\":\"work\",\"value\":\"w\",\"primary\":true},{\"type\":\"home\",\"value\":\"h\"}]}"
        )
        #expect(
            try patched(
                before, "[{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"n\"}]")[
                    "emails"]
                == value("[{\"type\":\"work\",\"value\":\"n\",\"primary\":true},{\"type\":\"home\",\"value\":\"h\"}]"))
        #expect(
            try patched(
                before, "[{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"]\",\"value\":{\"value\":\"n\"}}]")[
                    "emails"]
                == value("[{\"type\":\"work\",\"value\":\"n\"},{\"type\":\"home\",\"value\":\"h\"}]"))
        #expect(
            try patched(before, "[{\"op\":\"add\",\"path\":\"emails[type eq \\\"work\\\"]\",\"value\":\"n\"}]")[
                "emails"]
                == value("[{\"type\":\"work\",\"value\":\"n\",\"primary\":true},{\"type\":\"home\",\"value\":\"h\"}]"))
        #expect(
            try patched(before, "[{\"op\":\"remove\",\"path\":\"emails[type eq \\\"work\\\"].value\"}]")["emails"]
                == value("[{\"type\":\"home\",\"value\":\"h\"}]"))
        #expect(
            try patched(before, "[{\"op\":\"remove\",\"path\":\"emails[type eq \\\"home\\\"]\"}]")["emails"]
                == value("[{\"type\":\"work\",\"value\":\"w\",\"primary\":true}]"))
    }

    @Test func `creates what brackets name by equality only`() throws {
        let created = try patched(
            bare,
            "[{\"op\":\"add\",\"path\":\"emails[type eq \\\"work\\\" and primary eq true].value\",\"value\":\"w\"}]")
        #expect(try created["emails"] == value("[{\"type\":\"work\",\"primary\":true,\"value\":\"w\"}]"))
        for filter in [
            "type ne \\\"work\\\"", "type eq \\\"work\\\" or type eq \\\"home\\\"", "value sw \\\"w\\\"", "value pr",
        ] {
            let error = refusal {
                _ = try patched(bare, "[{\"op\":\"replace\",\"path\":\"emails[\(filter)].value\",\"value\":\"w\"}]")
            }
            #expect(error?.status == 400 && error?.type == .noTarget, "\(filter)")
        }
        #expect(
            try patched(bare, "[{\"op\":\"add\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"\"}]")
                == bare)
    }

    @Test(arguments: [
        "title", "name", "name.givenName", "emails", "emails[type eq \\\"work\\\"]", "emails[value sw \\\"x\\\"].value",
    ])
    func `removes what is not there without a word`(path: String) throws {
        #expect(try patched(bare, "[{\"op\":\"remove\",\"path\":\"\(path)\"}]") == bare)
    }

    @Test func `removes exactly the listed values`() throws {
        let before = try user(
            """
            {"userName":"x","roles":[{"value":"admin"},{"value":"Editor","type":"a"},{"value":"editor","type":"b"}],
             "addresses":[{"type":"work","locality":"Malmö"},{"type":"home","locality":"Lund"}]}
            """)
        let after = try patched(
            before,
            """
            [{"op":"Remove","path":"roles","value":[{"value":"EDITOR","type":"a"},{"value":"nobody"}]},
             {"op":"Remove","path":"addresses","value":[{"type":"home"}]}]
            """)
        #expect(try after["roles"] == value("[{\"value\":\"admin\"},{\"value\":\"editor\",\"type\":\"b\"}]"))
        #expect(try after["addresses"] == value("[{\"type\":\"work\",\"locality\":\"Malmö\"}]"))
        #expect(
            try patched(before, "[{\"op\":\"remove\",\"path\":\"roles\",\"value\":[]}]")["roles"] == before["roles"])
        #expect(try patched(before, "[{\"op\":\"remove\",\"path\":\"roles\"}]")["roles"] == nil)
    }

    @Test func `adds to a list what is not in it`() throws {
        let before = try user("{\"userName\":\"x\",\"emails\":[{\"value\":\"w\",\"type\":\"work\",\"primary\":true}]}")
        let same = try patched(
            before, "[{\"op\":\"add\",\"path\":\"emails\",\"value\":[{\"value\":\"W\",\"type\":\"work\"}]}]")
        #expect(same["emails"]?.list?.count == 1)
        let two = try patched(
            before,
            "[{\"op\":\"add\",\"path\":\"emails\",\"value\":{\"value\":\"h\",\"type\":\"home\",\"primary\":\"True\"}}]")
        #expect(
            try two["emails"]
                == value(
                    "[{\"value\":\"w\",\"type\":\"work\",\"primary\":false},{\"value\":\"h\",\"type\":\"home\",\"primary\":true}]"
                ))
        let bareString = try patched(before, "[{\"op\":\"add\",\"path\":\"emails\",\"value\":\"h\"}]")
        #expect(try bareString["emails"]?.list?.last == value("{\"value\":\"h\"}"))
    }

    @Test func `keeps one value primary`() throws {
        let before = try user(
            "{\"userName\":\"x\",\"emails\":[{\"value\":\"a\",\"primary\":true,\"type\":\"work\"},{\"value\":\"b\",\"type\":\"home\"}]}"
        )
        let after = try patched(
            before, "[{\"op\":\"replace\",\"path\":\"emails[type eq \\\"home\\\"].primary\",\"value\":\"true\"}]")
        #expect(
            try after["emails"]
                == value(
                    "[{\"value\":\"a\",\"primary\":false,\"type\":\"work\"},{\"value\":\"b\",\"type\":\"home\",\"primary\":true}]"
                ))
    }

    @Test func `replaces a list whole and merges an object`() throws {
        let before = try user(
            "{\"userName\":\"x\",\"name\":{\"givenName\":\"Rosa\",\"familyName\":\"L\"},\"emails\":[{\"value\":\"a\"},{\"value\":\"b\"}]}"
        )
        let after = try patched(
            before,
            """
            [{"op":"replace","path":"emails","value":[{"value":"c"}]},{"op":"replace","path":"name","value":{"familyName":"E"}},
             {"op":"add","path":"title","value":["Lead"]}]
            """)
        #expect(try after["emails"] == value("[{\"value\":\"c\"}]"))
        #expect(try after["name"] == value("{\"givenName\":\"Rosa\",\"familyName\":\"E\"}"))
        #expect(after["title"] == .string("Lead"))
        #expect(try patched(after, "[{\"op\":\"replace\",\"path\":\"emails\",\"value\":[]}]")["emails"] == nil)
    }

    @Test(arguments: [
        ("[{\"op\":\"replace\",\"path\":\"id\",\"value\":\"9\"}]", SCIMError.Kind.mutability),
        ("[{\"op\":\"replace\",\"path\":\"meta.created\",\"value\":\"2020-01-01T00:00:00Z\"}]", .mutability),
        ("[{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"4b0e\"}]}]", .mutability),
        (
            "[{\"op\":\"replace\",\"path\":\"\(Schema.enterpriseUserID):manager.displayName\",\"value\":\"x\"}]",
            .mutability
        ),
        ("[{\"op\":\"replace\",\"value\":{\"id\":\"other\"}}]", .mutability),
        ("[{\"op\":\"replace\",\"path\":\"noSuch\",\"value\":1}]", .invalidPath),
        ("[{\"op\":\"replace\",\"path\":\"urn:x:2.0:User:title\",\"value\":\"x\"}]", .invalidPath),
        ("[{\"op\":\"remove\"}]", .noTarget),
        ("[{\"op\":\"remove\",\"path\":\"userName\"}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"\"}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"title\"}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"title\",\"value\":5}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"title\",\"value\":{\"a\":1}}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"name\",\"value\":\"Rosa\"}]", .invalidValue),
        ("[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"a\\u0000b\"}]", .invalidSyntax),
        ("[{\"op\":\"replace\",\"value\":\"x\"}]", .invalidValue),
        ("[{\"op\":\"delete\",\"path\":\"title\"}]", .invalidSyntax),
        ("[{\"path\":\"title\",\"value\":\"x\"}]", .invalidSyntax),
        ("[5]", .invalidSyntax),
        ("{}", .invalidSyntax),
        ("[{\"op\":\"replace\",\"path\":7,\"value\":\"x\"}]", .invalidSyntax),
        ("[{\"op\":\"replace\",\"path\":\"emails[noSuch eq \\\"x\\\"].value\",\"value\":\"x\"}]", .invalidFilter),
    ])
    func `refuses`(operations: String, kind: SCIMError.Kind) {
        let error = refusal { _ = try patched(bare, operations) }
        #expect(error?.status == 400)
        #expect(error?.type == kind, "\(error?.detail ?? "")")
    }

    @Test func `ignores read-only attributes and its own id in a path-less value`() throws {
        let after = try patched(
            bare,
            """
            [{"op":"replace","value":{"id":"7c2f","meta":{"resourceType":"User"},"groups":[],"schemas":["x"],"title":"T"}}]
            """)
        #expect(after["title"] == .string("T"))
        #expect(after.members.count == 3)
    }

    @Test func `takes and forgets passwords`() throws {
        #expect(try patched(bare, "[{\"op\":\"replace\",\"path\":\"password\",\"value\":\"Zt4!\"}]") == bare)
        #expect(try patched(bare, "[{\"op\":\"replace\",\"value\":{\"password\":\"Zt4!\"}}]") == bare)
    }

    @Test func `of nothing changes nothing`() throws { #expect(try patched(bare, "[]") == bare) }

    @Test func `keeps a role that is JSON text as given`() throws {
        let after = try patched(
            bare, "[{\"op\":\"Add\",\"path\":\"roles\",\"value\":[{\"value\":\"{\\\"id\\\":\\\"x\\\"}\"}]}]")
        #expect(after["roles"]?.list?.first?.complex?["value"] == .string("{\"id\":\"x\"}"))
    }

    @Test func `has a limit of operations`() throws {
        let one = "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}"
        let list = { (n: Int) in "[" + Array(repeating: one, count: n).joined(separator: ",") + "]" }
        _ = try patched(bare, list(500))
        #expect(refusal { _ = try patched(bare, list(501)) }?.type == .invalidSyntax)
    }
}

@Suite struct `PATCH of members` {
    private func ids(_ names: String...) -> [ResourceID] { names.map(ResourceID.init(rawValue:)) }

    @Test func `adds and removes those named`() throws {
        let change = try members(
            """
            [{"op":"Add","path":"members","value":[{"$ref":null,"value":"a"},{"value":"b","display":"B"}]},
             {"op":"remove","path":"members[value eq \\"c\\"]"},
             {"op":"Remove","path":"members","value":[{"$ref":null,"value":"d"}]},
             {"op":"add","value":{"Members":[{"value":"e"},{"value":"a"}]}}]
            """)
        #expect(change.added == ids("a", "b", "e"))
        #expect(change.removed == ids("c", "d"))
        #expect(change.replacement == nil)
    }

    /// Taking nobody away for it would look like success.
    @Test func `refuses to choose by what it does not know of members`() {
        for part in ["display eq \\\"Rosa\\\"", "$ref eq \\\"https://x.example/Users/a\\\"", "$ref pr"] {
            let path = "members[value eq \\\"a\\\" and \(part)]"
            #expect(refusal { _ = try members("[{\"op\":\"remove\",\"path\":\"\(path)\"}]") }?.type == .invalidFilter)
        }
    }

    @Test func `lets the later word count`() throws {
        let change = try members(
            """
            [{"op":"add","path":"members","value":[{"value":"a"},{"value":"b"}]},{"op":"remove","path":"members","value":[{"value":"a"}]},
             {"op":"remove","path":"members","value":[{"value":"c"}]},{"op":"add","path":"members","value":{"value":"c"}}]
            """)
        #expect(change.added == ids("b", "c"))
        #expect(change.removed == ids("a"))
        #expect(change.applied(to: ids("a", "x")) == ids("x", "b", "c"))
    }

    @Test func `replaces everybody, and goes on from there`() throws {
        let change = try members(
            """
            [{"op":"replace","path":"members","value":[{"value":"a"},{"value":"b"},{"value":"a"}]},
             {"op":"remove","path":"members[value eq \\"a\\"]"},{"op":"add","path":"members","value":["c"]}]
            """)
        #expect(change.applied(to: ids("x", "y")) == ids("b", "c"))
    }

    @Test func `empties a group only when told to`() throws {
        #expect(try members("[{\"op\":\"remove\",\"path\":\"members\"}]").replacement == [])
        #expect(try members("[{\"op\":\"remove\",\"path\":\"members\",\"value\":null}]").replacement == [])
        #expect(try members("[{\"op\":\"remove\",\"path\":\"members\",\"value\":[]}]").isEmpty)
        #expect(try members("[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"X\"}]").isEmpty)
    }

    @Test func `reads filters that name everybody they mean`() throws {
        #expect(
            try members("[{\"op\":\"remove\",\"path\":\"members[value eq \\\"a\\\" or value eq \\\"b\\\"]\"}]").removed
                == ids("a", "b"))
        #expect(
            try members("[{\"op\":\"remove\",\"path\":\"members[value eq \\\"a\\\" and type eq \\\"user\\\"]\"}]")
                .removed == ids("a"))
        #expect(
            try members("[{\"op\":\"remove\",\"path\":\"members[value eq \\\"a\\\" and type eq \\\"Group\\\"]\"}]")
                .removed == [])
        for filter in [
            "value ne \\\"a\\\"", "type eq \\\"User\\\"", "not (value eq \\\"a\\\")", "value eq \\\"a\\\" or type pr",
        ] {
            #expect(
                refusal { _ = try members("[{\"op\":\"remove\",\"path\":\"members[\(filter)]\"}]") }?.type
                    == .invalidFilter)
        }
    }

    @Test(arguments: [
        "[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"display\":\"x\"}]}]",
        "[{\"op\":\"add\",\"path\":\"members\",\"value\":[5]}]",
        "[{\"op\":\"replace\",\"path\":\"members[value eq \\\"a\\\"].display\",\"value\":\"x\"}]",
        "[{\"op\":\"remove\",\"path\":\"displayName\"}]",
    ])
    func `refuses`(operations: String) { #expect(refusal { _ = try members(operations) }?.status == 400) }
}
