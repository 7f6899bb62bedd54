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

    /// A team's name is typed in commands and may name files: 1 to 128 characters without white space around them,
    /// without control, zero-width and bidi characters and slashes, not beginning with `-` or `.`.
    package static func checkTeamName(_ name: String) throws(SCIMError) {
        let scalars = name.unicodeScalars
        if scalars.count > 128 { throw .invalidValue("A team's name is at most 128 characters long.") }
        guard let first = scalars.first, let last = scalars.last else { throw .invalidValue("A team needs a name.") }
        if first.properties.isWhitespace || last.properties.isWhitespace {
            throw .invalidValue("A team's name cannot begin or end with white space.")
        }
        if first == "-" || first == "." { throw .invalidValue("A team's name cannot begin with \"\(first)\".") }
        if let slash = scalars.first(where: { $0 == "/" || $0 == "\\" }) {
            throw .invalidValue("A team's name cannot hold \"\(slash)\".")
        }
        do throws(CanonicalKey.Rejection) {
            _ = try CanonicalKey.groupName(name)
        } catch {
            throw .invalidValue("A team's name \(error.message).")
        }
    }
}
