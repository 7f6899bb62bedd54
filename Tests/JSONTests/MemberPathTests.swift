import JSON
import Testing

@Suite struct `JSON member path` {
    @Test func `reads names, selectors and quoted names`() throws {
        #expect(try JSONMemberPath("profile.login") == JSONMemberPath(members: ["profile", "login"]))
        #expect(
            try JSONMemberPath("emails[type=work].value")
                == JSONMemberPath(
                    members: ["emails"], selector: .matching(member: "type", value: "work"), after: ["value"]))
        #expect(
            try JSONMemberPath("businessPhones[0]") == JSONMemberPath(members: ["businessPhones"], selector: .index(0)))
        #expect(try JSONMemberPath("a.groups[].display").isList)
        #expect(
            try JSONMemberPath("\"urn:x:2.0:User\".department")
                == JSONMemberPath(members: ["urn:x:2.0:User", "department"]))
        #expect(try JSONMemberPath("\"@odata.type\"") == JSONMemberPath(members: ["@odata.type"]))
    }

    @Test func `refuses what is no path, saying why`() {
        for text in [
            "", ".", "a.", "a..b", "a[", "a]", "a[b]", "a[0][1]", "a[-1]", "a[1000]", "\"a", "a[0]b", "[0]", "a[=x]",
        ] {
            #expect(throws: JSONMemberPathError.self, "\(text)") { try JSONMemberPath(text) }
        }
    }
}
