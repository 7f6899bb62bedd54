/// One list being read, within one snapshot.
struct ListReading {
    let store: any StoreReading
    let type: ResourceType
    let query: ListQuery
    let team: TeamID
    let limits: ServiceLimits
    let now: Timestamp
    /// As answers have it.
    let baseURL: String?
    private let question: MembershipQuestion

    init(
        store: any StoreReading, type: ResourceType, query: ListQuery, team: TeamID, limits: ServiceLimits,
        now: Timestamp, baseURL: String?
    ) {
        self.store = store
        self.type = type
        self.query = query
        self.team = team
        self.limits = limits
        self.now = now
        self.baseURL = baseURL
        question = MembershipQuestion(query)
    }

    /// How many resources are read at a time while walking.
    private static let batch = 256

    func page() throws -> ListPage {
        guard let text = query.cursor else { return try pageByIndex() }
        if text.isEmpty { return try page(after: nil, count: count) }
        let cursor = try Cursor(text, scope, key: try store.sealingKey(), now: now)
        if query.count != nil, count != cursor.count {
            throw SCIMError(
                status: 400, type: .invalidCount, detail: "\"count\" must stay what it was on the first page.")
        }
        return try page(after: cursor, count: cursor.count)
    }

    private var count: Int { min(query.count ?? limits.pageDefault, limits.pageLimit) }
    private var scope: Cursor.Scope { Cursor.Scope(team: team, type: type, query: query) }
}

// MARK: By index

extension ListReading {
    private func pageByIndex() throws -> ListPage {
        let skipped = query.startIndex - 1
        var (found, total): ([StoredResource], Int)
        if query.sortBy != nil {
            (found, total) = try sorted(skipping: skipped)
        } else if let filter = query.filter {
            (found, total) = try filtered(filter, skipping: skipped)
        } else {
            total = try store.count(type, team: team)
            found = []
            if count > 0, let first = try store.row(type, at: skipped, team: team) {
                let before = RowID(rawValue: first.rawValue - 1)
                found = try store.resources(type, after: before, limit: count, team: team)
            }
        }
        return ListPage(resources: try views(found), totalResults: total, startIndex: query.startIndex)
    }

    private func filtered(_ filter: Filter, skipping skipped: Int) throws -> ([StoredResource], Int) {
        var page: [StoredResource] = []
        var total = 0
        try eachMatch { stored in
            if total >= skipped, page.count < count { page.append(stored) }
            total += 1
            return true
        }
        return (page, total)
    }

    private func sorted(skipping skipped: Int) throws -> ([StoredResource], Int) {
        let all = try store.count(type, team: team)
        var first = FirstInOrder(limit: min(skipped, all) + count, ascending: query.ascending)
        var total = 0
        try eachMatch { stored in
            total += 1
            if skipped < all { first.add(try key(of: stored)) }
            return true
        }
        return (try resources(first.sorted().dropFirst(skipped)), total)
    }
}

// MARK: By cursor

extension ListReading {
    private func page(after cursor: Cursor?, count: Int) throws -> ListPage {
        if query.sortBy != nil { return try sortedPage(after: cursor, count) }
        if query.filter == nil {
            let found = try store.resources(type, after: cursor?.last.row, limit: count + 1, team: team)
            let total = try store.count(type, team: team)
            return try page(found, count, total) { SortKey(bytes: nil, row: $0.row) }
        }
        var found: [StoredResource] = []
        var total = 0
        try eachMatch(after: cursor?.last.row) { stored in
            if found.count <= count { found.append(stored) }
            total += 1
            // The first page has counted them all.
            return cursor == nil || found.count <= count
        }
        return try page(found, count, cursor?.total ?? total) { SortKey(bytes: nil, row: $0.row) }
    }

    private func sortedPage(after cursor: Cursor?, _ count: Int) throws -> ListPage {
        var first = FirstInOrder(limit: count + 1, ascending: query.ascending)
        var total = 0
        try eachMatch { stored in
            total += 1
            let key = try key(of: stored)
            if cursor?.last.precedes(key, ascending: query.ascending) ?? true { first.add(key) }
            return true
        }
        return try page(try resources(first.sorted()[...]), count, total) { try key(of: $0) }
    }

    /// `found` holds one more than the page when there is a next one.
    private func page(
        _ found: [StoredResource], _ count: Int, _ total: Int, key: (StoredResource) throws -> SortKey
    ) throws -> ListPage {
        var page = ListPage(resources: try views(found.prefix(count)), totalResults: total)
        if found.count > count, count > 0 {
            let expiry = now.rawValue / 1_000 + Int64(limits.cursorSeconds)
            let next = Cursor(last: try key(found[count - 1]), count: count, total: total, expiry: expiry)
            page.nextCursor = next.sealed(scope, key: try store.sealingKey())
        }
        return page
    }
}

// MARK: Walking

extension ListReading {
    private func views(_ found: some Collection<StoredResource>) throws -> [ResourceView] {
        try found.map { try store.view($0, query.selection, team: team) }
    }

    private func resources(_ keys: ArraySlice<SortKey>) throws -> [StoredResource] {
        try keys.compactMap { try store.resource(type, row: $0.row, team: team) }
    }

    /// Those that the filter matches, in order of creation, until `body` wants no more.
    private func eachMatch(after row: RowID? = nil, _ body: (StoredResource) throws -> Bool) throws {
        try eachCandidate(after: row) { stored in
            if let filter = query.filter {
                guard try filter.matches(stored.resource, beside: { try shown($0, beside: stored) }) else { return true }
            }
            return try body(stored)
        }
    }

    private func eachCandidate(after row: RowID?, _ body: (StoredResource) throws -> Bool) throws {
        if let filter = query.filter,
            let rows = try FilterLookup(store: store, type: type, team: team).rows(filter)
        {
            for candidate in rows where row.map({ $0 < candidate }) ?? true {
                guard let stored = try store.resource(type, row: candidate, team: team) else { continue }
                guard try body(stored) else { return }
            }
            return
        }
        var last = row
        while true {
            let batch = try store.resources(type, after: last, limit: Self.batch, team: team)
            for stored in batch {
                guard try body(stored) else { return }
            }
            guard batch.count == Self.batch else { return }
            last = batch.last?.row
        }
    }

    private func key(of stored: StoredResource) throws -> SortKey {
        guard let path = query.sortBy, let attribute = path.part(in: type) else {
            return SortKey(bytes: nil, row: stored.row)
        }
        let value = try stored.resource.sortingValue(at: path) { try shown($0, beside: stored) }
        return SortKey(bytes: value.flatMap { SortKey.bytes($0, of: attribute) }, row: stored.row)
    }

    private func shown(_ what: ShownBeside, beside stored: StoredResource) throws -> [AttributeValue] {
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
        if path.definition(for: type)?.isMultiValued != true { return try values(at: path, beside: beside).first }
        var whole = path
        whole.subAttribute = nil
        let values = try values(at: whole, beside: beside)
        let chosen = values.first { $0.complex?["primary"]?.boolean == true } ?? values.first
        guard let part = path.subAttribute else { return chosen }
        return chosen?.complex?[part]
    }
}
