extension SCIMService {
    /// Makes a team. Throws ``SCIMError``: `invalidValue` for a name that cannot be one, `uniqueness` for one that is
    /// taken.
    package func createTeam(_ name: String) throws -> Team {
        try Self.checkTeamName(name)
        let at = now()
        return try store.write { store in
            guard try store.team(named: name) == nil else {
                throw SCIMError.uniqueness("The team \"\(name)\" already exists.")
            }
            return try store.createTeam(named: name, at: at)
        }
    }

    /// A team's name is typed in commands and names files: 1 to 64 of the characters `a-z A-Z 0-9 . _ -` and letters and
    /// digits of any script, the first one a letter or digit.
    package static func checkTeamName(_ name: String) throws(SCIMError) {
        let scalars = name.unicodeScalars
        guard let first = scalars.first else { throw .invalidValue("A team needs a name.") }
        if scalars.count > 64 { throw .invalidValue("A team's name is at most 64 characters long.") }
        for scalar in scalars where !isAllowedInTeamName(scalar) {
            let shown = scalar.properties.isWhitespace ? "white space" : "\"\(scalar)\""
            throw .invalidValue(
                "A team's name cannot hold \(shown) (\(CanonicalKey.name(of: scalar))); letters, digits, \".\", \"_\" and \"-\" can."
            )
        }
        if "._-".unicodeScalars.contains(first) {
            throw .invalidValue("A team's name begins with a letter or a digit.")
        }
    }

    private static func isAllowedInTeamName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            true
        default: "._-".unicodeScalars.contains(scalar)
        }
    }
}
