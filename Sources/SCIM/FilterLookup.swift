/// Where a filter's answers are, as far as indexes know: a few rows instead of a walk through the whole type.
///
/// Rows found are candidates: all that the filter matches are among them, and the filter is still asked of each.
struct FilterLookup {
    let store: any StoreReading
    let type: ResourceType
    let team: TeamID

    /// By row ascending, each once; `nil` when no index knows.
    func rows(_ filter: Filter) throws -> [RowID]? {
        switch filter {
        case .and(let a, let b): return try narrowest(a, b)
        case .or(let a, let b):
            guard let left = try rows(a), let right = try rows(b) else { return nil }
            return Set(left + right).sorted()
        case .compare(let path, .eq, .string(let text)): return try rows(path, text)
        case .present(let path):
            // `emails[value eq "…"]`: there is such a value.
            guard path.subAttribute == nil, let value = path.filter?.equality(of: "value") else { return nil }
            return try rows(AttributePath(attribute: path.attribute, subAttribute: "value"), value)
        case .compare, .not: return nil
        }
    }

    private func narrowest(_ a: Filter, _ b: Filter) throws -> [RowID]? {
        let left = try rows(a)
        if let left, left.count <= 1 { return left }
        let right = try rows(b)
        guard let left, let right else { return left ?? right }
        return left.count <= right.count ? left : right
    }

    private func rows(_ path: AttributePath, _ text: String) throws -> [RowID]? {
        if path.schema != nil { return nil }
        switch (type, path.attribute, path.subAttribute) {
        case (_, "id", nil):
            return try store.row(type, id: ResourceID(rawValue: text), team: team).map { [$0] } ?? []
        case (_, "externalId", nil):
            return try store.rows(type, externalID: text, team: team)
        case (.user, "userName", nil): return try named(try? CanonicalKey.userName(text))
        case (.group, "displayName", nil): return try named(try? CanonicalKey.groupName(text))
        case (.ssoConnection, "entityID", nil): return try named(text)
        case (.user, "emails", "value"):
            return try store.users(withAnyEmail: CanonicalKey.anyEmail(text), team: team)
        case (.group, "members", "value"):
            let user = try store.row(.user, id: ResourceID(rawValue: text), team: team)
            return try user.map { try store.groups(of: $0, team: team) } ?? []
        case (.user, "groups", "value"):
            let group = try store.row(.group, id: ResourceID(rawValue: text), team: team)
            return try group.map { try store.members(of: $0, team: team) } ?? []
        default: return nil
        }
    }

    private func named(_ key: String?) throws -> [RowID] {
        guard let key else { return [] }
        return try store.row(type, name: key, team: team).map { [$0] } ?? []
    }
}

extension Filter {
    /// What a value must have as `name`, when the filter demands one thing.
    func equality(of name: String) -> String? {
        switch self {
        case .compare(let path, .eq, .string(let text)) where path.attribute == name: text
        case .and(let a, let b): a.equality(of: name) ?? b.equality(of: name)
        case .compare, .present, .or, .not: nil
        }
    }

    /// Whether nothing but these parts of a value are asked about.
    func asks(only names: Set<String>) -> Bool {
        switch self {
        case .compare(let path, _, _), .present(let path): names.contains(path.attribute)
        case .and(let a, let b), .or(let a, let b): a.asks(only: names) && b.asks(only: names)
        case .not(let a): a.asks(only: names)
        }
    }
}
