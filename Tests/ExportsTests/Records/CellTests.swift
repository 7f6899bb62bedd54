import Foundation
import SCIM
import Testing

@testable import Exports

@Suite struct `Cells` {
    @Test(arguments: [
        ("ann@example.com", "ann@example.com"), (" Ann@Example.com\u{A0}", "Ann@Example.com"),
        ("mailto:bob@example.com", "bob@example.com"), ("Cy Jones <cy@example.com>", "cy@example.com"),
        ("MAILTO:x+y@example.com", "x+y@example.com"), ("strasse@straße.example", "strasse@straße.example"),
        ("hương@example.com", "hương@example.com"), ("o'hara@example.com", "o'hara@example.com"),
        ("\"Jones, Cy\" <cy@example.com>", "cy@example.com"),
    ])
    func `hold one address`(cell: String, address: String) throws {
        #expect(try EmailCell.address(in: cell, slot: nil, isSpreadsheet: true) == address)
    }

    @Test(arguments: [
        ("a@example.com, b@example.com", "two-addresses"), ("a@example.com;b@example.com", "two-addresses"),
        ("a@example.com b@example.com", "two-addresses"), ("A <a@example.com>, B <b@example.com>", "two-addresses"),
        ("a@b@example.com", "two-addresses"), ("nobody", "not-an-address"), ("@example.com", "not-an-address"),
        ("a@", "not-an-address"), ("'bob@example.com", "leading-apostrophe"), ("a b@example.com", "white-space"),
        ("a\u{200B}b@example.com", "zero-width"), ("\u{202E}a@example.com", "bidi"), ("a\u{7}@example.com", "control"),
        ("аdmin@example.com", "mixed-scripts"), ("full＠example.com", "lookalike"),
        (String(repeating: "x", count: 250) + "@example.com", "too-long"),
    ])
    func `that hold no single address are refused`(cell: String, code: String) {
        let rejection = #expect(throws: Rejection.self) {
            try EmailCell.address(in: cell, slot: nil, isSpreadsheet: true)
        }
        #expect(rejection?.code == code)
    }

    @Test func `name the code point at fault`() {
        let rejection = #expect(throws: Rejection.self) {
            try EmailCell.address(in: "full＠example.com", slot: nil, isSpreadsheet: true)
        }
        #expect(rejection?.message.contains("U+FF20") == true)
    }

    @Test func `fold names as the planner does, fast and slow`() {
        for name in [
            "Ada", "Ångström-Lee", "NGUYỄN Thị Hương", "İpek Işık", "Straße", "ΣΊΣΥΦΟΣ", "ЖУКОВА", "李雷", "e\u{301}",
        ] {
            var buffer = ByteBuffer()
            var text = name
            let isFast = text.withUTF8 { TextFolding.appendSimpleKey($0.baseAddress!, $0.count, to: &buffer) }
            if isFast { #expect(String(decoding: buffer.bytes, as: UTF8.self) == TextFolding.key(name)) }
            #expect(
                TextFolding.key(name) == TextFolding.key(name.decomposedStringWithCanonicalMapping.uppercased())
                    || name.contains("ı") || name.contains("İ"))
        }
    }

    @Test func `have a fast way for the alphabets' own letters only`() {
        var checked = 0
        for value in UInt32(0x80)..<0x2100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var text = String(Character(scalar))
            var buffer = ByteBuffer()
            let isFast = text.withUTF8 { TextFolding.appendSimpleKey($0.baseAddress!, $0.count, to: &buffer) }
            #expect(isFast == text.withUTF8 { TextFolding.isSimple($0.baseAddress!, $0.count) })
            if isFast {
                checked += 1
                #expect(String(decoding: buffer.bytes, as: UTF8.self) == TextFolding.key(text), "\(value)")
            } else {
                #expect(buffer.count == 0)
            }
        }
        #expect(checked > 1000)
    }

    @Test(arguments: [
        ("SMTP:kwame.mensah+it@example.com+smtp:alias8@x.com", "kwame.mensah+it@example.com"),
        ("smtp:a@x.com+SMTP:b@x.com", "b@x.com"), ("X500:/o=x+SMTP:c@x.com+SIP:c@x.com", "c@x.com"),
        ("smtp:a@x.com", nil),
    ])
    func `give the primary proxy address`(cell: String, address: String?) {
        #expect(DerivedValue.unwrap(cell, .primaryProxyAddress) == address)
    }

    @Test func `give the parts of a name that is turned round`() {
        #expect(DerivedValue.unwrap("O'Connor, Siobhán", .afterComma) == "Siobhán")
        #expect(DerivedValue.unwrap("O'Connor, Siobhán", .beforeComma) == "O'Connor")
        #expect(DerivedValue.unwrap("O'Connor, Siobhán", .turnedAtComma) == "Siobhán O'Connor")
        #expect(DerivedValue.unwrap("Cher", .beforeComma) == "Cher")
        #expect(DerivedValue.unwrap("Cher", .afterComma) == nil)
    }

    @Test func `give a directory's id as its tools show it`() {
        #expect(
            DerivedValue.unwrap("X'000102030405060708090a0b0c0d0e0f'", .guid) == "03020100-0504-0706-0809-0a0b0c0d0e0f")
        #expect(DerivedValue.unwrap("{already}", .guid) == "{already}")
    }

    @Test func `split groups only at the separator that is configured`() {
        #expect(GroupList.names(of: ["A;B, C;A; "], .configured(.semicolon)) == ["A", "B, C"])
        #expect(GroupList.names(of: ["A;B, C"], .configured(.comma)) == ["A;B", "C"])
        #expect(GroupList.names(of: ["a@x b@x"], .configured(.blank)) == ["a@x", "b@x"])
        #expect(
            GroupList.names(of: [#"["Popl-Users","Sales, EMEA"]"#], .configured(.json)) == [
                "Popl-Users", "Sales, EMEA",
            ])
        #expect(GroupList.names(of: ["Popl-Users;Sales"], .configured(.json)) == nil)
        #expect(GroupList.names(of: ["A\r\nB"], .configured(.newline)) == ["A", "B"])
        #expect(GroupList.names(of: ["/A/B", "/C"], .paths) == ["A/B", "C"])
        #expect(
            GroupList.names(
                of: [#"CN=Popl-Users,OU=G,DC=x;CN=R&D\; Labs,OU=G;CN=Sales\, EMEA,OU=G;CN=\C3\A9t\C3\A9,OU=G"#],
                .configured(.distinguishedNames)) == ["Popl-Users", "R&D; Labs", "Sales, EMEA", "été"])
    }
}
