/// Lines of a text report, laid out to a width. Everything that is added is made visible first (``TerminalText``).
struct TextPage {
    let style: Style
    /// How all of a list can be seen that is cut here.
    var whole = "--format csv or html has all"
    private(set) var text = ""

    init(style: Style) { self.style = style }

    mutating func blank() { text += "\n" }

    /// `text` as it is (the caller made it visible and painted it), then `tail` two columns on.
    mutating func line(_ text: String, _ tail: String? = nil, _ meaning: Style.Meaning? = nil) {
        self.text += text + (tail.map { "  " + style.paint($0, meaning) } ?? "") + "\n"
    }

    mutating func heading(_ heading: String, _ meaning: Style.Meaning = .heading) {
        for line in TerminalText.wrapped(TerminalText.visible(heading), columns: style.width) {
            text += style.paint(line, meaning) + "\n"
        }
    }

    /// `sentence` in lines that begin at column `indent`.
    mutating func paragraph(_ sentence: String, indent: Int = 0, _ meaning: Style.Meaning? = nil) {
        let margin = String(repeating: " ", count: indent)
        for line in TerminalText.wrapped(TerminalText.visible(sentence), columns: style.width - indent) {
            text += margin + style.paint(line, meaning) + "\n"
        }
    }

    /// `mark left`, and `right` flush with the right edge; below, at column 6, when both do not fit in one line.
    mutating func entry(mark: String, _ left: String, right: String?, _ meaning: Style.Meaning?) {
        let head = "  \(mark) ", left = TerminalText.visible(left), right = right.map(TerminalText.visible) ?? ""
        text += head + style.paint(left, meaning)
        let gap = style.width - TerminalText.width(head + left) - TerminalText.width(right)
        if right.isEmpty {
            text += "\n"
        } else if gap >= 2 {
            text += String(repeating: " ", count: gap) + style.paint(right, .faint) + "\n"
        } else {
            text += "\n      " + style.paint(right, .faint) + "\n"
        }
    }

    /// `name  value`, the value cut at the edge: a report is for reading, the JSON document has every character. `right`
    /// stands at the right edge, or below the value when both do not fit in one line.
    mutating func fact(
        _ name: String, _ value: String, names: Int, _ meaning: Style.Meaning? = nil, right: String? = nil
    ) {
        let head = "      " + TerminalText.padded(TerminalText.visible(name), to: names) + "  "
        let room = max(8, style.width - TerminalText.width(head))
        let value = TerminalText.truncated(TerminalText.visible(value), to: room)
        text += head + style.paint(value, meaning)
        finish(TerminalText.width(head + value), margin: TerminalText.width(head), right)
    }

    /// `name  old → new`, in two lines when one does not hold both; `right` as with ``fact(_:_:names:_:right:)``.
    mutating func difference(_ name: String, old: String, new: String, names: Int, right: String? = nil) {
        let head = "      " + TerminalText.padded(TerminalText.visible(name), to: names) + "  "
        let margin = TerminalText.width(head)
        let room = style.width - margin
        var old = TerminalText.visible(old), new = TerminalText.visible(new)
        if TerminalText.width(old) + 3 + TerminalText.width(new) <= room {
            text += head + style.paint(old, .removed) + " → " + style.paint(new, .added)
            finish(margin + TerminalText.width(old) + 3 + TerminalText.width(new), margin: margin, right)
        } else {
            old = TerminalText.truncated(old, to: max(8, room))
            new = TerminalText.truncated(new, to: max(8, room - 2))
            text += head + style.paint(old, .removed) + "\n"
            text += String(repeating: " ", count: margin) + "→ " + style.paint(new, .added)
            finish(margin + 2 + TerminalText.width(new), margin: margin, right)
        }
    }

    /// Ends a line that is `used` columns long.
    private mutating func finish(_ used: Int, margin: Int, _ right: String?) {
        guard let right = right.map(TerminalText.visible), !right.isEmpty else { return text += "\n" }
        let gap = style.width - used - TerminalText.width(right)
        if gap >= 2 {
            text += String(repeating: " ", count: gap) + style.paint(right, .faint) + "\n"
        } else {
            text += "\n"
            paragraph(right, indent: margin, .faint)
        }
    }

    /// A command to copy: whole, continued with `\` before an option where it is longer than a line.
    mutating func command(_ command: String) {
        var line = "  "
        let words = TerminalText.visible(command).split(separator: " ", omittingEmptySubsequences: false)
        for (index, word) in words.enumerated() {
            let group = word.hasPrefix("--") && index + 1 < words.count ? "\(word) \(words[index + 1])" : String(word)
            if word.hasPrefix("--"), TerminalText.width(line + group) + 3 > style.width {
                text += style.paint(line + "\\", .heading) + "\n"
                line = "      "
            }
            line += word + (index + 1 < words.count ? " " : "")
        }
        text += style.paint(line, .heading) + "\n"
    }
}
