/// What a list asks of each resource: whether it belongs, where it stands, and how it is shown.
struct ListReading: Sendable {
    let type: ResourceType
    let query: ListQuery
    let team: TeamID
    let limits: ServiceLimits
    /// As answers have it: `$ref` and `meta.location` are asked about as they are shown.
    let baseURL: String?
    let order: ListOrder
    private let question: MembershipQuestion

    init(_ type: ResourceType, _ query: ListQuery, team: TeamID, limits: ServiceLimits, baseURL: String?) {
        self.type = type
        self.query = query
        self.team = team
        self.limits = limits
        self.baseURL = baseURL
        order = ListOrder(query, type)
        question = MembershipQuestion(query)
    }

    /// Without `sortBy` the order is that of creation, whatever `sortOrder` says.
    var ascending: Bool { query.sortBy == nil || query.ascending }

    /// How many resources the page may have, when no cursor says.
    var count: Int { min(query.count ?? limits.pageDefault, limits.pageLimit) }

    func isWanted(_ stored: StoredResource, _ store: any StoreReading) throws -> Bool {
        guard let filter = query.filter else { return true }
        return try filter.matches(stored.resource) { try shown($0, beside: stored, store) }
    }

    func view(_ stored: StoredResource, _ store: any StoreReading) throws -> ResourceView {
        try store.view(stored, query.selection, team: team)
    }

    /// Where it stands in the list's order.
    func key(of stored: StoredResource, _ store: any StoreReading) throws -> SortKey {
        switch order {
        case .creation: return SortKey(creation: stored.row)
        case .name: return SortKey(bytes: try name(of: stored.resource), row: stored.row)
        case .value(let path):
            let value = try stored.resource.sortingValue(at: path) { try shown($0, beside: stored, store) }
            let bytes = path.part(in: type).flatMap { part in value.flatMap { SortKey.bytes($0, of: part) } }
            return SortKey(bytes: bytes, row: stored.row)
        }
    }

    private func name(of resource: Resource) throws -> [UInt8] {
        let key =
            switch type {
            case .user: resource.attributes["userName"]?.string.flatMap { try? CanonicalKey.userName($0) }
            case .group: resource.attributes["displayName"]?.string.flatMap { try? CanonicalKey.groupName($0) }
            case .ssoConnection: resource.attributes["entityID"]?.string
            }
        guard let key else { throw StoreError.unreadable(detail: "A name in the roster database has no key.") }
        return Array(key.utf8)
    }

    private func shown(
        _ what: ShownBeside, beside stored: StoredResource, _ store: any StoreReading
    ) throws -> [AttributeValue] {
        switch what {
        case .memberships: try question.answer(stored, store, team: team, baseURL: baseURL)
        case .manager: try store.shownManager(of: stored.resource, team: team, baseURL: baseURL).map { [$0] } ?? []
        case .location: ResourceJSON.location(of: stored.resource, baseURL).map { [$0] } ?? []
        }
    }
}

extension Resource {
    /// Of several values the primary one counts, else the first (RFC 7644 §3.4.2.3).
    fileprivate func sortingValue(
        at path: AttributePath, beside: (ShownBeside) throws -> [AttributeValue]
    ) rethrows -> AttributeValue? {
        var all = path
        all.subAttribute = nil
        let isOne = path.definition(for: type)?.isMultiValued != true
        if isOne { return try values(at: path, beside: beside).first }
        let values = try values(at: all, beside: beside)
        let chosen = values.first { $0.complex?["primary"]?.boolean == true } ?? values.first
        guard let part = path.subAttribute else { return chosen }
        return chosen?.complex?[part]
    }
}
