/// How text is laid out and painted. Reports never ask the terminal themselves: whoever prints them knows.
package struct Style: Hashable, Sendable {
    /// ANSI colours, for a person at a terminal.
    package var colour: Bool
    /// Columns of a line; 80 is what mails and logs show.
    package var width: Int

    package init(colour: Bool, width: Int = 80) {
        self.colour = colour
        self.width = width
    }

    package static let plain = Style(colour: false)

    /// What a piece of text says, from which its colour follows (ECMA-48 SGR).
    package enum Meaning: String, Sendable {
        case heading = "1"
        case faint = "2"
        case added = "32"
        case changed = "33"
        case removed = "31"
        case alarm = "1;31"
        case good = "1;32"
    }

    package func paint(_ text: String, _ meaning: Meaning?) -> String {
        guard colour, let meaning, !text.isEmpty else { return text }
        return "\u{1B}[\(meaning.rawValue)m\(text)\u{1B}[0m"
    }
}
