import Testing

@testable import Exports

@Suite struct `JSON shape` {
    @Test func `sees records, what is around them and how they are nested`() {
        let shape = shape(
            #"{"kind":"k","_links":{"next":{"href":"u"}},"schemas":["a","b"],"users":[{"id":1,"name":{"first":"A"}},{"x":[{"y":1}],"a.b":{"c":1}}],"t":2}"#
        )
        #expect(shape.root == .object)
        #expect(shape.envelope["kind"] == "k")
        #expect(shape.envelope["_links.next.href"] == "u")
        #expect(shape.envelope["schemas"] == "a b")
        #expect(shape.envelope["t"] == "2")
        #expect(shape.array(at: "users") == ["id", "name", "name.first", "x", "\"a.b\"", "\"a.b\".c"])
    }

    @Test func `tells one object a line from one object`() {
        #expect(shape("{\"a\":1}\n{\"b\":2}\n").isSequence)
        #expect(shape("{\"a\":1}\n{\"b\":2}\n").members == ["a", "b"])
        #expect(!shape("{\"a\":1}").isSequence)
    }

    @Test func `takes what it can of text that is cut anywhere`() {
        let text = #"[{"id":"1","profile":{"login":"a\"b"},"list":[1,[2,{}],null]},{"status":true}]"#
        for end in 0...text.utf8.count {
            let shape = shape(String(decoding: Array(text.utf8.prefix(end)), as: UTF8.self))
            #expect(shape.members.isSubset(of: ["id", "profile", "profile.login", "list", "status"]))
        }
        #expect(shape(text).members == ["id", "profile", "profile.login", "list", "status"])
    }

    @Test func `survives nesting without end`() {
        #expect(shape(String(repeating: "[", count: 100_000)).fault?.code == .depth)
    }

    private func shape(_ text: String) -> JSONShape { Array(text.utf8).withUnsafeBytes { JSONShape($0) } }
}
