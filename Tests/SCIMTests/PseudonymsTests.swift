import SCIM
import Testing

@Suite struct `A pseudonym` {
    let pseudonyms = Pseudonyms(key: [UInt8](repeating: 0xAA, count: 32))

    /// HMAC-SHA-256 as another implementation has it (Python's hmac), cut to 80 bits.
    @Test func `is HMAC-SHA-256 under the key`() {
        #expect(pseudonyms.of("ada@acme.example") == "hmac:1c9fe10b22dcb4de5a54")
        #expect(
            Pseudonyms(key: [UInt8](repeating: 0xAB, count: 32)).of("ada@acme.example")
                != pseudonyms.of("ada@acme.example"))
    }

    @Test func `stands for itself, and nothing for nothing`() {
        let once = pseudonyms.of("Ada")
        #expect(pseudonyms.of(once) == once)
        #expect(pseudonyms.of("") == "")
        #expect(pseudonyms.of("hmac:Ada") != "hmac:Ada")
    }

    @Test func `stands for all of a User but activity, roles and which value it is`() {
        let user = ComplexValue([
            .init("userName", .string("ada")), .init("active", .boolean(true)),
            .init("roles", .list([.complex(ComplexValue([.init("value", .string("admin"))]))])),
            .init(
                "emails",
                .list([
                    .complex(
                        ComplexValue([
                            .init("value", .string("ada@acme.example")), .init("type", .string("work")),
                            .init("primary", .boolean(true)),
                        ]))
                ])), .init("x", .integer(7)),
        ])
        let text = String(decoding: AttributesJSON.encode(pseudonyms.of(user, .user)), as: UTF8.self)
        let ada = pseudonyms.of("ada"), address = pseudonyms.of("ada@acme.example"), seven = pseudonyms.of("7")
        #expect(
            text == """
                {"userName":"\(ada)","active":true,"roles":[{"value":"admin"}],\
                "emails":[{"value":"\(address)","type":"work","primary":true}],"x":"\(seven)"}
                """)
        #expect(pseudonyms.of(user, .group) == user)
        #expect(pseudonyms.of(user, .user).holdsPseudonyms && !user.holdsPseudonyms)
    }

    @Test func `lets activity be restored, and nothing that it stands for`() throws {
        func user(_ title: String, active: Bool) -> ComplexValue {
            ComplexValue([.init("title", .string(title)), .init("active", .boolean(active))])
        }
        let image = pseudonyms.of(user("Cook", active: true), .user)
        #expect(pseudonyms.restoring(image, over: user("Cook", active: false)) == user("Cook", active: true))
        #expect(pseudonyms.restoring(image, over: user("Chef", active: false)) == nil)
    }

    @Test(arguments: [
        ("\(quoted("Ada")) has the address of \(quoted("Bob\"by"))", ["Ada", "Bob'by"]), ("nothing is quoted", []),
    ])
    func `stands for what a sentence quotes`(sentence: String, values: [String]) {
        var expected = sentence
        for value in values { expected.replace("\"\(value)\"", with: "\"\(pseudonyms.of(value))\"") }
        #expect(pseudonyms.sentence(sentence) == expected)
        for value in values { #expect(!pseudonyms.sentence(sentence).contains(value)) }
    }
}
