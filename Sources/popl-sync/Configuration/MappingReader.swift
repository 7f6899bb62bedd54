import Exports

/// Reads `mapping:`, `status:`, `groups:` and `scope:`. Whether a column or an attribute exists is checked later,
/// against the export and the SCIM schema, with the places that are noted here.
enum MappingReader {
    private enum EntryKey: String, CaseIterable { case from, overwrite, clear, precedence }

    /// `title: jobTitle`, `title: [a, b]`, `title: off` or `title: { from: …, overwrite: …, clear: … }`.
    static func entries(_ node: ConfigurationNode) throws -> [MappingConfiguration.Entry] {
        try node.entries().map { name, value in
            var entry = MappingConfiguration.Entry(key: name)
            guard value.isMapping else {
                let from = try value.strings()
                entry.isOff = from.count == 1 && ["off", "false", "no"].contains(from.first?.value.lowercased())
                if !entry.isOff { entry.from = from }
                return entry
            }
            for (key, value) in try value.section(EntryKey.self) {
                switch key {
                case .from: entry.from = try value.strings()
                case .overwrite: entry.overwrite = try value.choice(AttributeRule.Overwrite.self)
                case .clear: entry.clears = try value.boolean()
                case .precedence: break
                }
            }
            return entry
        }
    }

    /// `title: { precedence: [hr, okta] }`: whose word counts where several sources manage a member. By the mapping's key.
    static func precedence(_ node: ConfigurationNode) throws -> [String: [String]] {
        var precedence: [String: [String]] = [:]
        for (name, value) in try node.entries() where value.isMapping {
            for (key, value) in try value.section(EntryKey.self) where key == .precedence {
                precedence[name.value] = try value.strings().map(\.value)
            }
        }
        return precedence
    }

    /// `Terminated: inactive`.
    static func statusWords(_ node: ConfigurationNode) throws -> [MappingConfiguration.StatusWord] {
        try node.entries().map { word, value in
            MappingConfiguration.StatusWord(word, means: try value.choice(MappingConfiguration.StatusMeaning.self))
        }
    }

    private enum GroupsKey: String, CaseIterable { case enabled, separator }

    /// `on`, `off` or `{ enabled: …, separator: … }`.
    static func groups(_ node: ConfigurationNode) throws -> MappingConfiguration.Groups {
        guard node.isMapping else { return MappingConfiguration.Groups(isEnabled: try node.boolean()) }
        var groups = MappingConfiguration.Groups()
        for (key, value) in try node.section(GroupsKey.self) {
            switch key {
            case .enabled: groups.isEnabled = try value.boolean()
            case .separator: groups.separator = try separator(value)
            }
        }
        return groups
    }

    /// The character itself, or its name where YAML makes the character awkward to write.
    private static func separator(_ node: ConfigurationNode) throws -> MappingConfiguration.GroupSeparator {
        let named: [String: MappingConfiguration.GroupSeparator] = [
            "semicolon": .semicolon, "comma": .comma, "bar": .bar, "blank": .blank, "newline": .newline, "plus": .plus,
        ]
        if let separator = named[try node.string()] { return separator }
        if let separator = MappingConfiguration.GroupSeparator(rawValue: try node.string()) { return separator }
        let names = named.keys.sorted() + ["json", "dn"]
        throw node.mistake(
            "does not know `\(try node.string())`\(Spelling.hint(for: try node.string(), among: names))"
                + " It takes one of ; , | + or: \(names.joined(separator: ", ")).")
    }

    private enum ScopeKey: String, CaseIterable { case include, exclude, guests }
    private enum ConditionKey: String, CaseIterable { case column, `in` }

    /// `include: { column: department, in: [Sales, Field] }`, or a list of such conditions.
    static func scope(_ node: ConfigurationNode) throws -> MappingConfiguration.Scope {
        var scope = MappingConfiguration.Scope()
        for (key, value) in try node.section(ScopeKey.self) {
            switch key {
            case .include: scope.include = try value.elements().map(condition)
            case .exclude: scope.exclude = try value.elements().map(condition)
            case .guests: scope.includesGuests = try value.boolean()
            }
        }
        return scope
    }

    private static func condition(_ node: ConfigurationNode) throws -> MappingConfiguration.Scope.Condition {
        var column: Located<String>?
        var values: [String]?
        for (key, value) in try node.section(ConditionKey.self) {
            switch key {
            case .column: column = try value.located()
            case .in: values = try value.strings().map(\.value)
            }
        }
        guard let column, let values, !values.isEmpty else {
            throw node.mistake("needs both: `{ column: department, in: [Sales, Field] }`.")
        }
        return MappingConfiguration.Scope.Condition(column: column, in: values)
    }
}
