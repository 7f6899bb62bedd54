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
        let ranked = changes.enumerated().map { (rank: rank($0.element), index: $0.offset) }
        let order = ranked.sorted { a, b in
            if a.rank != b.rank { return a.rank < b.rank }
            let (left, right) = (changes[a.index], changes[b.index])
            if let leftID = left.id, let rightID = right.id { return leftID < rightID }
            return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        return order.map { changes[$0.index] }
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
