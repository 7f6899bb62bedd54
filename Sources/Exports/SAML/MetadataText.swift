/// Words of a document, fit for a message.
enum MetadataText {
    /// Without characters that nobody can see, cut off after 200.
    static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if shown.count == 200 { return String(shown) + "…" }
            shown.append(isInvisible(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }

    /// Control characters, which steer a terminal, and format characters, which turn the direction of writing.
    static func holdsInvisible(_ text: String) -> Bool { text.unicodeScalars.contains(where: isInvisible) }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
