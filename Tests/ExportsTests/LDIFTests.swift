import Testing

@testable import Exports

@Suite struct `LDIF` {
    private func read(_ text: String) throws -> Reading {
        let directory = try Directory()
        return try Reading(try directory.write(text, to: "users.ldif"))
    }

    @Test func `unfolds, decodes and passes over comments and what is no person`() throws {
        let reading = try read(
            """
            version: 1
            # people
             of the house

            dn: cn=a
            objectClass: user
            userPrincipalName: ada@example
             .com
            # in between
            mail:: YWRhQGV4YW1wbGUuY29t
            givenName:: QWTDoQ==
            objectGUID:: AAECAwQFBgcICQoLDA0ODw==
            userAccountControl: 66050

            dn: cn=PC01
            objectClass: user
            objectClass: computer
            userPrincipalName: pc@example.com

            dn: ou=Staff
            objectClass: organizationalUnit


            """)
        #expect(reading.refusal == nil)
        #expect(reading.records.count == 1)
        let ada = reading.records[0]
        #expect(ada.line == 5)
        #expect(ada.anchor == "03020100-0504-0706-0809-0a0b0c0d0e0f")
        #expect(reading.text("userName", ada) == "ada@example.com")
        #expect(reading.text("emails.work", ada) == "ada@example.com")
        #expect(reading.text("name.givenName", ada) == "Adá")
        #expect(ada.activity == .inactive)
    }

    @Test func `rejects an entry that cannot be read and goes on`() throws {
        let reading = try read(
            "dn: cn=a\nmail:: %%%\nuserPrincipalName: a@example.com\n\ndn: cn=b\nuserPrincipalName: b@example.com\nobjectGUID:: AAECAwQFBgcICQoLDA0ODw==\n"
        )
        #expect(reading.codes == ["bad-ldif"])
        #expect(reading.rejected.first?.line == 1)
        #expect(reading.rejected.first?.userName == "a@example.com")
        #expect(reading.records.count == 1)
    }

    @Test func `is refused when it was cut or lists changes`() throws {
        #expect(try read("dn: cn=a\nuserPrincipalName: a@exam").refusal?.code == "truncated-record")
        #expect(try read("version: 1\ndn: cn=a\nchangetype: modify\n\n").refusal?.code == "ldif-changes")
    }

    @Test func `is read alike in pieces of any size`() throws {
        let bytes = Array(
            "dn: cn=a\nmail: ada@exam\n ple.com\nmemberOf: CN=A\nmemberOf: CN=B\n\ndn: cn=b\nmail: b@x\n".utf8)
        for size in 1...bytes.count {
            let reader = try LDIFReader(ByteSource(bytes: bytes, name: "x", pieceBytes: size))
            reader.select([ColumnID(key: "mail"), ColumnID(key: "memberof")])
            let buffer = RecordBuffer(slots: 2)
            #expect(try reader.next(into: buffer) == .record)
            #expect(buffer.fields[0].string == "ada@example.com")
            #expect(buffer.list(1).map(\.string) == ["CN=A", "CN=B"])
            #expect(try reader.next(into: buffer) == .record)
            #expect(buffer.line == 7)
            #expect(buffer.fields[0].string == "b@x")
            #expect(buffer.fields[1].state == .missing)
            #expect(try reader.next(into: buffer) == .end)
        }
    }
}
