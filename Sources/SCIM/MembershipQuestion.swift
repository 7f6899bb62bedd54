/// What a filter or an order asks about a Group's `members` or a User's `groups`: so that a group of 100,000 is not read
/// to answer whether one person is in it.
struct MembershipQuestion {
    /// Everybody counts.
    private(set) var wantsAll = false
    /// Whether there is anybody.
    private(set) var wantsFirst = false
    /// Whether these are there.
    private(set) var ids: Set<String> = []

    init(_ query: ListQuery) {
        if let filter = query.filter { ask(filter) }
        if let path = query.sortBy, Self.concerns(path) { askForFirst(path) }
    }

    private static func concerns(_ path: AttributePath) -> Bool {
        path.schema == nil && (path.attribute == "members" || path.attribute == "groups")
    }

    /// Only the name of somebody is not known with the id.
    private mutating func askForFirst(_ path: AttributePath) {
        if path.subAttribute == "display" { wantsAll = true } else { wantsFirst = true }
    }

    private mutating func ask(_ filter: Filter) {
        switch filter {
        case .and(let a, let b), .or(let a, let b):
            ask(a)
            ask(b)
        case .not(let a): ask(a)
        case .compare(let path, let comparison, let value):
            guard Self.concerns(path) else { return }
            if path.filter == nil, path.subAttribute == "value", comparison == .eq || comparison == .ne,
                let id = value.string
            {
                ids.insert(id)
            } else {
                wantsAll = true
            }
        case .present(let path):
            guard Self.concerns(path) else { return }
            if path.filter == nil {
                askForFirst(path)
            } else if path.subAttribute == nil, let id = path.filter?.onlyValue {
                ids.insert(id)
            } else {
                wantsAll = true
            }
        }
    }

    /// The values that answer it, of `stored`.
    func answer(
        _ stored: StoredResource, _ store: any StoreReading, team: TeamID, baseURL: String?
    ) throws -> [AttributeValue] {
        let isGroup = stored.resource.type == .group
        if wantsAll {
            let all =
                try isGroup
                ? store.memberships(ofGroup: stored.row, team: team) : store.memberships(ofUser: stored.row, team: team)
            return all.map { .complex(Self.complex($0.id, display: $0.display, isGroup, baseURL)) }
        }
        var found: [ResourceID] = []
        for id in ids.map(ResourceID.init) {
            guard let row = try store.row(isGroup ? .user : .group, id: id, team: team) else { continue }
            let (user, group) = isGroup ? (row, stored.row) : (stored.row, row)
            if try store.isMember(user, of: group, team: team) { found.append(id) }
        }
        if wantsFirst, let first = try store.firstMembership(of: stored, team: team) {
            found.insert(first, at: 0)
        }
        return found.map { .complex(Self.complex($0, display: nil, isGroup, baseURL)) }
    }

    private static func complex(
        _ id: ResourceID, display: String?, _ isGroup: Bool, _ baseURL: String?
    ) -> ComplexValue {
        var value = ComplexValue([
            .init("value", .string(id.rawValue)), .init("type", .string(isGroup ? "User" : "direct")),
        ])
        value["display"] = display.map { .string($0) }
        value["$ref"] = baseURL.map { .string(ResourceJSON.url(isGroup ? .user : .group, id, $0)) }
        return value
    }
}

extension Filter {
    /// The id in `[value eq "…"]`, when that is all.
    fileprivate var onlyValue: String? {
        if case .compare(let path, .eq, .string(let id)) = self, path.attribute == "value" { id } else { nil }
    }
}
