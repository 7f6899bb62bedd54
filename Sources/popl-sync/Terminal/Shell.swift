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

    /// The command of this process, with other words for some of its own, and with more of them.
    static func thisCommand(
        _ arguments: [String] = CommandLine.arguments, replacing words: [String: String] = [:], adding more: String = ""
    ) -> String {
        let rest = arguments.dropFirst().map { word in
            if let other = words[word] { return quoted(other) }
            // `--option=value`
            guard let equals = word.firstIndex(of: "="), word.hasPrefix("--") else { return quoted(word) }
            let (name, value) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
            return quoted("\(words[name] ?? name)=\(words[value] ?? value)")
        }
        return (["popl-sync"] + rest + (more.isEmpty ? [] : [more])).joined(separator: " ")
    }

    /// Those of the options `names` that this process was given, each with its value, with a blank before.
    static func options(_ names: String..., in arguments: [String] = CommandLine.arguments) -> String {
        var found = ""
        for (index, word) in arguments.enumerated() {
            if names.contains(word), index + 1 < arguments.count { found += " \(word) \(quoted(arguments[index + 1]))" }
            if names.contains(where: { word.hasPrefix($0 + "=") }) { found += " \(quoted(word))" }
        }
        return found
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
