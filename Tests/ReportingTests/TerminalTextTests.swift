import Reporting
import Testing

@Suite struct `Terminal text` {
    @Test(arguments: [
        ("plain", 5), ("Nováková", 8), ("山田太郎", 8), ("한국", 4), ("👩‍💻", 2), ("é", 1), ("🇸🇪", 2), ("", 0), ("Ｗ", 2),
    ])
    func `measures what a terminal shows`(text: String, columns: Int) {
        #expect(TerminalText.width(text) == columns)
    }

    @Test func `cuts between characters and marks the cut`() {
        #expect(TerminalText.truncated("山田太郎さん", to: 6) == "山田…")
        #expect(TerminalText.truncated("short", to: 5) == "short")
        #expect(TerminalText.truncated(path: "exports/okta/users.csv", to: 10) == "…users.csv")
    }

    @Test func `wraps between words and never within one`() {
        #expect(TerminalText.wrapped("one two three", columns: 7) == ["one two", "three"])
        #expect(
            TerminalText.wrapped("averylongaddress@example.com x", columns: 5) == ["averylongaddress@example.com", "x"])
        #expect(TerminalText.wrapped("", columns: 5) == [""])
    }

    @Test(arguments: [
        "\u{0}", "\u{1F}", "\u{7F}", "\u{9B}", "\u{2028}", "\u{202A}", "\u{2069}", "\u{200E}", "\u{FEFF}",
    ])
    func `writes out what could steer a terminal`(character: String) {
        let shown = TerminalText.visible("a\(character)b")
        #expect(shown.hasPrefix("a\\") && shown.hasSuffix("b"))
    }

    @Test func `leaves letters of every script alone`() {
        let names = "Ada Nováková, 山田, Işık, עברית, 👩‍💻"
        #expect(TerminalText.visible(names) == names)
    }
}
