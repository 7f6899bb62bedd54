import Testing

@testable import SCIM

@Suite struct `Values at paths` {
    private func path(_ text: String) throws -> AttributePath { try AttributePath.parseMapping(text, for: .user) }

    @Test(
        arguments: [
            ("userName", "rosa"), ("name.givenName", "Rosa"), ("emails.work", "w"), ("emails.primary", "h"),
            ("active", "true"),
            ("enterprise.department", "Field"), ("enterprise.manager", "91aa"), ("roles", "admin, editor"),
            ("addresses.work.locality", "Malmö"),
            ("emails.other", nil), ("title", nil), ("enterprise.division", nil), ("phoneNumbers.mobile", nil),
            ("addresses.work.region", nil),
        ] as [(String, String?)])
    func `are shown as plans show them`(name: String, text: String?) throws {
        let rosa = try user(
            """
            {"userName":"rosa","name":{"givenName":"Rosa"},"emails":[{"type":"work","value":"w"},{"type":"home","value":"h","primary":true}],
             "active":true,"roles":["admin","editor"],"addresses":[{"type":"work","locality":"Malmö"}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field","manager":"91aa"}}
            """)
        #expect(rosa.text(at: try path(name)) == text)
    }

    @Test func `are set and removed`() throws {
        var rosa = ComplexValue()
        for (name, text) in [
            ("userName", "rosa"), ("name.givenName", "Rosa"), ("emails.work", "w"),
            ("addresses.work.locality", "Malmö"),
            ("addresses.work.postalCode", "211 20"), ("enterprise.department", "Field"), ("enterprise.manager", "91aa"),
            ("active", "False"),
        ] { try rosa.set(.string(text), at: try path(name), of: .user) }
        let wanted = try user(
            """
            {"userName":"rosa","name":{"givenName":"Rosa"},"emails":[{"type":"work","value":"w"}],"active":false,
             "addresses":[{"type":"work","locality":"Malmö","postalCode":"211 20"}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Field","manager":{"value":"91aa"}}}
            """)
        #expect(rosa.saysTheSame(as: wanted), "\(json(rosa))")
        for name in [
            "name.givenName", "emails.work", "addresses.work.locality", "addresses.work.postalCode",
            "enterprise.department", "enterprise.manager",
        ] {
            try rosa.set(nil, at: try path(name), of: .user)
        }
        #expect(rosa == ComplexValue([.init("userName", .string("rosa")), .init("active", .boolean(false))]))
        #expect(refusal { try rosa.set(.integer(1), at: path("title"), of: .user) }?.type == .invalidValue)
    }
}
