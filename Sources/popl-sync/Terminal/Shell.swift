/// Commands for a person to copy.
enum Shell {
    /// `word` as a POSIX shell reads it back.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "@%+=:,./-_".unicodeScalars.contains(scalar))
            }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The command of this process as another one: `verb` in place of its own, without the options in `dropping`
    /// (those that take a value by `true`).
    static func sameCommand(
        _ arguments: [String] = CommandLine.arguments, as verb: String, dropping: [String: Bool] = [:]
    ) -> String {
        var words = ["popl-sync", verb]
        var rest = arguments.dropFirst(2)
        while let word = rest.popFirst() {
            let name = word.prefix { $0 != "=" }
            if let takesValue = dropping[String(name)] {
                if takesValue && name == word { rest = rest.dropFirst() }
                continue
            }
            words.append(quoted(word))
        }
        return words.joined(separator: " ")
    }
}
