/// Texts made fit for Markdown (CommonMark, with GitHub's tables), made visible first (``TerminalText/visible(_:)``).
enum MarkdownText {
    /// A name or a value: a code span, in which nothing is markup, a link, a mention or HTML. The fence is longer than
    /// any row of backticks in it. A bar would end a table's cell even there.
    static func code(_ text: String) -> String {
        if text.isEmpty { return "(empty)" }
        let shown = TerminalText.visible(text)
        var longest = 0, row = 0
        for character in shown.unicodeScalars {
            row = character == "`" ? row + 1 : 0
            longest = max(longest, row)
        }
        let fence = String(repeating: "`", count: longest + 1)
        // A blank on either side is taken off again, and keeps backticks at the ends from the fence.
        let margin = longest > 0 || shown.first == " " || shown.last == " " ? " " : ""
        return fence + margin + shown.replacing("|", with: "\\|") + margin + fence
    }

    /// The one function that escapes a sentence: whatever begins markup, HTML, an entity or a mention is a letter.
    static func sentence(_ text: String) -> String {
        var out = ""
        for character in TerminalText.visible(text).unicodeScalars {
            if "\\`*_[]<>|~#&@".unicodeScalars.contains(character) { out += "\\" }
            out.unicodeScalars.append(character)
        }
        return out
    }
}
