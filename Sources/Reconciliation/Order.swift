import SCIM

extension Plan {
    /// The order in which changes are applied, the same for the same changes whatever the order of rows was.
    ///
    /// 1. Members who stay (updates, reactivations), in the roster's order, so that the database is walked once.
    /// 2. Joiners by userName: their names are free by now.
    /// 3. Groups, once everybody whom they list exists.
    /// 4. The SSO connection: nobody should be asked to sign in at a new place before their account is right.
    /// 5. Members who lose an admin's role, once whoever has it instead is there.
    /// 6. Leavers last: a run that is interrupted has then taken nobody's access away too early.
    ///
    /// Changes that move names among each other (``Change/together``) are applied where the first of them stands.
    static func ordered(_ changes: [Change]) -> [Change] {
        let keys = changes.indices.map { SortingKey(changes[$0], rank: rank(changes[$0]), index: $0) }.sorted()
        return keys.map { changes[$0.index] }
    }

    /// A change's place, apart from the change: a first import sorts a million, and a change is heavy to move.
    private struct SortingKey: Comparable {
        let rank: Int
        /// The id of what is there, the name of what is to be made: within one rank always the same of the two.
        let text: String
        /// The text's first bytes, which mostly decide.
        let start: UInt64
        let index: Int

        init(_ change: Change, rank: Int, index: Int) {
            self.rank = rank
            self.index = index
            text = change.id?.rawValue ?? change.name
            start = text.utf8.prefix(8).reduce((0, 56)) { ($0.0 | UInt64($1) << UInt64($0.1), $0.1 - 8) }.0
        }

        static func < (a: SortingKey, b: SortingKey) -> Bool {
            if a.rank != b.rank { return a.rank < b.rank }
            if a.start != b.start { return a.start < b.start }
            return a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
        }
    }

    /// By type and id: nothing shows of them, and yet the same plan is the same bytes.
    static func ordered(_ links: [LinkChange]) -> [LinkChange] {
        links.sorted { a, b in a.type == b.type ? a.id < b.id : a.type.rawValue < b.type.rawValue }
    }

    private static func rank(_ change: Change) -> Int {
        switch change.kind {
        case .update where AdminChanges.takesRole(change.attributes): 6
        case .update, .reactivate: 1
        case .create: 2
        case .groupCreate: 3
        case .groupUpdate: 4
        case .connectionUpdate: 5
        case .deactivate: 7
        }
    }
}
