import TestSupport
import Testing

@testable import SCIM

@Suite struct `Canonical keys` {
    @Test(arguments: [
        ("Rosa@Northbay.example", "rosa@northbay.example"),
        ("  rosa@northbay.example \t", "rosa@northbay.example"),
        ("\u{A0}rosa@northbay.example\u{3000}", "rosa@northbay.example"),
        ("omar_gmail.com#EXT#@northbay.onmicrosoft.com", "omar_gmail.com#ext#@northbay.onmicrosoft.com"),
        ("a.b+cards@x.example", "a.b+cards@x.example"),
        ("JOSÉ@x.example", "josé@x.example"),
        ("jose\u{301}@x.example", "jos\u{E9}@x.example"),
        ("STRASSE@x.example", "strasse@x.example"),
        ("Straße@x.example", "strasse@x.example"),
        ("ẞ", "ss"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("σίσυφος", "σίσυφοσ"),
    ])
    func `give one key to spellings of one userName`(spelling: String, key: String) throws {
        let made = try CanonicalKey.userName(spelling)
        #expect(Array(made.utf8) == Array(key.utf8))
    }

    @Test func `follow no Turkish rule`() throws {
        #expect(try CanonicalKey.userName("IPEK") == CanonicalKey.userName("ipek"))
        #expect(try CanonicalKey.userName("ı") != CanonicalKey.userName("i"))
        #expect(try CanonicalKey.userName("I") != CanonicalKey.userName("ı"))
        #expect(Array(try CanonicalKey.userName("İ").utf8) == Array("i\u{307}".utf8))
    }

    @Test(
        arguments: [
            ("", CanonicalKey.Rejection.Reason.empty, nil),
            (" \t\u{A0}", .empty, nil),
            ("rosa lindqvist", .whiteSpace, "U+0020"),
            ("rosa\u{A0}lindqvist", .whiteSpace, "U+00A0"),
            ("ro\u{0}sa", .control, "U+0000"),
            ("ro\u{1B}sa", .control, "U+001B"),
            ("ro\u{7F}sa", .control, "U+007F"),
            ("ro\u{85}sa", .control, "U+0085"),
            ("\u{200B}zero@example.com", .zeroWidth, "U+200B"),
            ("ro\u{200D}sa", .zeroWidth, "U+200D"),
            ("ro\u{2060}sa", .zeroWidth, "U+2060"),
            ("ro\u{FEFF}sa", .zeroWidth, "U+FEFF"),
            ("\u{202E}evil", .bidi, "U+202E"),
            ("ro\u{2066}sa", .bidi, "U+2066"),
        ] as [(String, CanonicalKey.Rejection.Reason, String?)])
    func `name the character that cannot be`(text: String, reason: CanonicalKey.Rejection.Reason, scalar: String?) {
        do {
            let key = try CanonicalKey.userName(text)
            Issue.record("\(key) is a key")
        } catch {
            #expect(error.reason == reason)
            #expect(error.scalar.map(CanonicalKey.name) == scalar)
            if let scalar { #expect(error.message.contains(scalar)) }
        }
    }

    @Test func `count inner blanks of a group's name and refuse what cannot be seen`() throws {
        #expect(try CanonicalKey.groupName(" Field  SALES ") == "field  sales")
        #expect(try CanonicalKey.groupName("Försäljning Nord") == "försäljning nord")
        #expect(throws: CanonicalKey.Rejection.self) { try CanonicalKey.groupName("Field\u{200B}Sales") }
        #expect(throws: CanonicalKey.Rejection.self) { try CanonicalKey.groupName("Field\nSales") }
    }

    @Test(arguments: [
        ("strasse@straße.example", "strasse@xn--strae-oqa.example"),
        ("a@Bücher.example", "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
        ("a@bu\u{308}cher.example", "a@xn--bcher-kva.example"),
        ("hương@example.com", "hương@example.com"),
        ("a@例え.jp", "a@xn--r8jz45g.jp"),
    ])
    func `compare addresses by the A-labels of their domain`(address: String, key: String) throws {
        #expect(Array(try CanonicalKey.email(address).utf8) == Array(key.utf8))
    }

    @Test func `refuse addresses that only look like another`() {
        func reason(_ text: String) -> CanonicalKey.Rejection.Reason? {
            do {
                _ = try CanonicalKey.email(text)
                return nil
            } catch { return error.reason }
        }
        #expect(reason("\u{430}dmin@example.com") == .mixedScripts)
        #expect(reason("full\u{FF20}example.com") == .lookalike)
        #expect(reason("\u{430}\u{43D}\u{43D}\u{430}@example.com") == nil)
    }

    @Test func `are the same from bytes and from strings`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        let alphabet = Array("aZ9@.+ -_ß\u{301}éİı\u{200B}\t\u{A0}Я").map { $0 }
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator)!
                })
            var bytes: [UInt8] = [1, 2, 3]
            let taken = Array(text.utf8).withUnsafeBytes { CanonicalKey.appendUserNameKey($0, to: &bytes) }
            if let key = try? CanonicalKey.userName(text) {
                #expect(taken && bytes == [1, 2, 3] + Array(key.utf8), "seed \(seed): \(text.debugDescription)")
                #expect(try CanonicalKey.userName(key) == key, "seed \(seed): a key's key is itself")
            } else {
                #expect(!taken && bytes == [1, 2, 3], "seed \(seed): \(text.debugDescription)")
            }
        }
    }

    @Test func `are not made of bytes that are no UTF-8`() {
        var bytes: [UInt8] = []
        #expect(![0x61, 0xFF, 0x62].withUnsafeBytes { CanonicalKey.appendUserNameKey($0, to: &bytes) })
        #expect(bytes.isEmpty)
    }

    @Test func `fold as Unicode does`() {
        #expect(CaseFolding.fold("ﬀ ŉ ǰ ΐ") == "ff ʼn ǰ ΐ")
        #expect(Array(CaseFolding.fold("Ꭰ ꭰ").unicodeScalars.map(\.value)) == [0x13A0, 0x20, 0x13A0])
    }
}
