import SCIM
import Testing

@testable import Exports

@Suite struct `Formats` {
    @Test func `have names of their own`() {
        let names = Format.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
        for name in names { #expect(Format.named(name)?.name == name) }
    }

    @Test func `name no column and no attribute twice`() {
        for format in Format.all {
            let attributes = format.attributes.map(\.name)
            #expect(Set(attributes).count == attributes.count, "\(format.name)")
            for attribute in format.attributes {
                let sources = attribute.from.map(\.text)
                let keys = format.container == .csv ? sources.map { HeaderKey($0).text } : sources
                #expect(Set(keys).count == keys.count, "\(format.name) \(attribute.name)")
            }
            for column in format.status { #expect(Set(column.from).count == column.from.count, "\(format.name)") }
        }
    }

    @Test func `map only attributes that the schema lets a client write`() throws {
        for format in Format.all {
            for attribute in format.attributes {
                let path = try AttributePath.parseMapping(attribute.name, for: .user)
                #expect(path.shortName == attribute.name, "\(format.name)")
                let definition = try #require(path.definition(for: .user), "\(format.name) \(attribute.name)")
                #expect(definition.mutability == .readWrite, "\(format.name) \(attribute.name)")
            }
        }
    }

    @Test func `of users know a login and begin with it`() {
        for format in Format.all where format.kind == .users {
            #expect(format.attributes.first?.name == "userName", "\(format.name)")
        }
    }

    @Test func `of Entra map name and e-mail and leave groups off`() {
        for format in Format.entra {
            #expect(format.preset == .minimal)
            #expect(!format.syncsGroupsByDefault)
        }
        #expect(Format.okta.allSatisfy { $0.preset == .full && $0.syncsGroupsByDefault })
    }

    @Test func `are tried from the particular to the general`() {
        #expect(Format.all.suffix(3).map(\.name) == ["generic-ndjson", "generic-json", "generic-csv"])
    }

    @Test(arguments: [
        ("Email Address [Required]", "emailaddress"), (" ID ", "id"), ("\u{FEFF}id", "id"),
        ("E-Mail Address", "emailaddress"),
        ("User_Principal.Name", "userprincipalname"), ("Recovery Phone [MUST BE IN THE E.164 FORMAT]", "recoveryphone"),
        ("[id]", "[id]"), ("emails.0.address", "emails0address"), ("Employee #", "employee#"), ("Größe", "größe"),
        ("\u{A0}Login\u{2003}", "login"),
    ])
    func `compare headers as the documents say`(header: String, key: String) {
        #expect(HeaderKey(header).text == key)
    }
}
