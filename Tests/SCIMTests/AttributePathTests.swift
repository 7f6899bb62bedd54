import Testing

@testable import SCIM

@Suite struct `Attribute paths` {
    private static let enterprise = Schema.enterpriseUserID

    @Test(arguments: [
        ("userName", AttributePath(attribute: "userName")),
        ("USERNAME", AttributePath(attribute: "userName")),
        ("name.FAMILYNAME", AttributePath(attribute: "name", subAttribute: "familyName")),
        ("externalid", AttributePath(attribute: "externalId")),
        ("meta.lastModified", AttributePath(attribute: "meta", subAttribute: "lastModified")),
        ("emails", AttributePath(attribute: "emails")),
        ("emails.value", AttributePath(attribute: "emails", subAttribute: "value")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", AttributePath(attribute: "userName")),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
            AttributePath(attribute: "name", subAttribute: "givenName")
        ),
        ("\(enterprise):department", AttributePath(schema: enterprise, attribute: "department")),
        (
            "URN:IETF:params:scim:schemas:extension:ENTERPRISE:2.0:user:Manager.value",
            AttributePath(schema: enterprise, attribute: "manager", subAttribute: "value")
        ),
        (enterprise, AttributePath(attribute: enterprise)),
        (
            "urn:scim:schemas:extension:enterprise:2.0:department",
            AttributePath(schema: enterprise, attribute: "department")
        ),
        (
            "emails[type eq \"work\"].value",
            AttributePath(
                attribute: "emails", filter: .compare(AttributePath(attribute: "type"), .eq, .string("work")),
                subAttribute: "value")
        ),
        (
            "emails[ TYPE Eq \"work\" AND primary eq \"True\" ]",
            AttributePath(
                attribute: "emails",
                filter: .and(
                    .compare(AttributePath(attribute: "type"), .eq, .string("work")),
                    .compare(AttributePath(attribute: "primary"), .eq, .boolean(true))))
        ),
    ])
    func `are read in the notation of the RFC`(text: String, path: AttributePath) throws {
        #expect(try AttributePath.parse(text, for: .user) == path)
        #expect(try AttributePath.parseMapping(text, for: .user) == path)
        #expect(try AttributePath.parse(path.description, for: .user) == path)
    }

    @Test(arguments: [
        ("emails.work", "emails[type eq \"work\"].value"),
        ("Emails.Work", "emails[type eq \"work\"].value"),
        ("emails.primary", "emails[primary eq true].value"),
        ("phoneNumbers.mobile", "phoneNumbers[type eq \"mobile\"].value"),
        ("addresses.work.locality", "addresses[type eq \"work\"].locality"),
        ("enterprise.department", "\(enterprise):department"),
        ("enterprise.manager", "\(enterprise):manager.value"),
        ("photos.photo", "photos[type eq \"photo\"].value"),
        ("name.givenName", "name.givenName"),
        ("roles", "roles"),
        ("title", "title"),
    ])
    func `are read in the short notation of mappings, and written so`(short: String, long: String) throws {
        let path = try AttributePath.parseMapping(short, for: .user)
        #expect(path.description == long)
        #expect(equalsIgnoringASCIICase(path.shortName, short))
        #expect(try AttributePath.parseMapping(path.shortName, for: .user) == path)
    }

    @Test func `each name that a mapping may use is read and written back`() throws {
        for type in ResourceType.allCases {
            for name in Schema.paths(of: type) {
                #expect(try AttributePath.parseMapping(name, for: type).shortName == name)
            }
        }
    }

    @Test(arguments: [
        ("emails.wrok", "emails.work"), ("emial", "emails.work"), ("phoneNumber.mobile", "phoneNumbers.mobile"),
        ("userNmae", "userName"), ("givenName", "name.givenName"), ("firstName", "name.givenName"),
        ("department", "enterprise.department"), ("enterprise.departement", "enterprise.department"),
        ("jobTitle", "title"), ("adresses.work.locality", "addresses.work.locality"),
        ("displayname2", "displayName"), ("urn:x:departmant", "enterprise.department"),
    ])
    func `misspelt are told the nearest right one`(wrong: String, right: String) {
        let error = refusal { _ = try AttributePath.parseMapping(wrong, for: .user) }
        #expect(error?.type == .invalidPath)
        if wrong != "emial" {
            #expect(Schema.nearest(wrong, for: .user) == right)
            #expect(error?.detail.contains("\"\(right)\"") == true)
        }
    }

    @Test(arguments: [
        "", " ", "foo.bar.baz.qux", "name.", ".name", "name..givenName", "emails[", "emails[type eq \"work\"",
        "emails[type eq \"work\"].", "emails[type eq \"work\"].nosuch", "userName[value eq \"x\"]", "emails.work",
        "emails[type eq \"work\"] x", "urn:unknown:2.0:User:userName", "name.familyName.x", "\u{0}", "émails",
    ])
    func `that mean nothing are refused`(text: String) {
        let error = refusal { _ = try AttributePath.parse(text, for: .user) }
        #expect(error?.status == 400)
        #expect(error?.type == .invalidPath || error?.type == .invalidFilter)
    }

    @Test func `of a group know its members`() throws {
        let path = try AttributePath.parse("members[value eq \"7c2f\"]", for: .group)
        #expect(path.description == "members[value eq \"7c2f\"]")
        #expect(refusal { _ = try AttributePath.parse("userName", for: .group) }?.type == .invalidPath)
    }
}
