/// Which part of a list a page is.
struct ListPlace: Sendable {
    let isByCursor: Bool
    /// By index: how many come before it.
    let skipped: Int
    /// By cursor: behind which one it begins; `nil` for the first page.
    let last: SortKey?
    let count: Int

    init(skipped: Int, count: Int) {
        isByCursor = false
        self.skipped = skipped
        last = nil
        self.count = count
    }

    init(behind last: SortKey?, count: Int) {
        isByCursor = true
        skipped = 0
        self.last = last
        self.count = count
    }

    /// How many to find: under a cursor one more, to know whether there is a next page.
    var limit: Int { isByCursor && count > 0 ? count + 1 : count }
}

/// The way through a list's candidates to its page.
///
/// Candidates that come in the list's order are taken as they come. From others the keys are kept that come first, and
/// the page is read in the end; where more keys come before the page than are kept at a time, the way is gone several
/// times, each time behind where the last one ended.
struct ListPass: Sendable {
    /// Without a view: it was there and is no more.
    typealias Found = (view: ResourceView?, key: SortKey)

    let place: ListPlace
    var candidates: ListCandidates
    private var matches = 0
    private let countsAll: Bool
    /// Only what comes behind it may be on the page.
    private var boundary: SortKey?
    private var skipped: Int
    private var page: [Found] = []
    /// `nil`: in order.
    private var keys: FirstInOrder?
    private var isFirst = true

    init(_ reading: ListReading, _ place: ListPlace, _ store: any StoreReading) throws {
        self.place = place
        boundary = place.last
        skipped = place.skipped
        let lookup = FilterLookup(store: store, type: reading.type, team: reading.team)
        let rows = try reading.query.filter.flatMap { try lookup.rows($0) }
        let size = try rows?.count ?? store.count(reading.type, team: reading.team)
        let keepsKeys = reading.order != .creation && (rows != nil || reading.order != .name)
        if keepsKeys {
            keys = FirstInOrder(
                limit: skipped < size ? Self.keyLimit(skipped, place, reading.limits) : 0, ascending: reading.ascending)
        }
        if let rows {
            countsAll = true
            candidates = ListCandidates(rows: reading.order == .creation && !reading.ascending ? rows.reversed() : rows)
            return
        }
        let ways = keepsKeys && skipped < size ? Self.ways(place, reading.limits) : 1
        guard size <= reading.limits.walk / ways else { throw SCIMError.tooMany(reading.limits.walk) }
        // To count all on every page would cost a long list its square.
        countsAll = keepsKeys || place.last == nil || size <= reading.limits.recounted
        candidates = ListCandidates(reading, behind: countsAll ? nil : place.last)
    }

    private static func keyLimit(_ skipped: Int, _ place: ListPlace, _ limits: ServiceLimits) -> Int {
        skipped == 0 || skipped + place.limit <= limits.sortKeys
            ? skipped + place.limit : min(skipped, limits.sortKeys)
    }

    /// How often the way is gone.
    private static func ways(_ place: ListPlace, _ limits: ServiceLimits) -> Int {
        var (ways, skipped) = (1, place.skipped)
        while keyLimit(skipped, place, limits) < skipped + place.limit {
            skipped -= keyLimit(skipped, place, limits)
            ways += 1
        }
        return ways
    }

    /// How many match; `nil` when they were not all counted.
    var total: Int? { countsAll ? matches : nil }

    /// Nothing more has to be looked at.
    var isSatisfied: Bool { keys == nil && !countsAll && page.count >= place.limit }

    mutating func take(_ stored: StoredResource, _ reading: ListReading, _ store: any StoreReading) throws {
        guard try reading.isWanted(stored, store) else { return }
        if isFirst { matches += 1 }
        if keys == nil && page.count >= place.limit { return }
        let key = try reading.key(of: stored, store)
        if let boundary, !boundary.precedes(key, ascending: reading.ascending) { return }
        if keys != nil {
            keys?.add(key)
        } else if skipped > 0 {
            skipped -= 1
        } else {
            page.append((try reading.view(stored, store), key))
        }
    }

    /// At the end of the way: whether it has to be gone again, and if so, from its beginning.
    mutating func beginsAgain(_ reading: ListReading) -> Bool {
        guard var passed = keys, passed.limit > 0, passed.limit < skipped + place.limit else { return false }
        let sorted = passed.sorted()
        keys = FirstInOrder(limit: 0, ascending: reading.ascending)
        guard sorted.count == passed.limit else { return false }
        boundary = sorted.last
        skipped -= sorted.count
        keys = FirstInOrder(limit: Self.keyLimit(skipped, place, reading.limits), ascending: reading.ascending)
        candidates.restart(reading)
        isFirst = false
        return true
    }

    /// What is on the page, in order, and the one behind it that ``ListPlace/limit`` asks for.
    func found(_ reading: ListReading, _ store: any StoreReading) throws -> [Found] {
        guard var keys else { return page }
        return try keys.sorted().dropFirst(skipped).map { key in
            // As it is now: some slices ago it was another.
            let stored = try store.resource(reading.type, row: key.row, team: reading.team)
            guard let stored, try reading.isWanted(stored, store) else { return (nil, key) }
            return (try reading.view(stored, store), key)
        }
    }
}

/// Who may be on a list: those in a few rows that an index gave, or all along a walk.
struct ListCandidates: Sendable {
    private enum Source {
        case rows([RowID], next: Int)
        case walk(StoredWalk, behind: SortKey?)
    }

    private var source: Source
    private(set) var isAtEnd = false

    init(rows: [RowID]) { source = .rows(rows, next: 0) }

    init(_ reading: ListReading, behind last: SortKey?) {
        source = .walk(reading.order.walk(ascending: reading.ascending, behind: last), behind: last)
    }

    var isWalk: Bool { if case .walk = source { true } else { false } }

    mutating func restart(_ reading: ListReading) {
        isAtEnd = false
        switch source {
        case .rows(let rows, _): source = .rows(rows, next: 0)
        case .walk: self = ListCandidates(reading, behind: nil)
        }
    }

    /// Up to `limit` of them.
    mutating func next(_ limit: Int, _ reading: ListReading, _ store: any StoreReading) throws -> [StoredResource] {
        switch source {
        case .rows(let rows, let next):
            let end = min(rows.count, next + limit)
            source = .rows(rows, next: end)
            isAtEnd = end == rows.count
            return try rows[next..<end].compactMap { try store.resource(reading.type, row: $0, team: reading.team) }
        case .walk(let walk, let last):
            let batch = try store.resources(reading.type, along: walk, skipping: 0, limit: limit, team: reading.team)
            isAtEnd = batch.count < limit
            if !isAtEnd, let stored = batch.last {
                let key = try walk.isByName ? reading.key(of: stored, store) : SortKey(creation: stored.row)
                // A walk that does not go on would never end.
                if let last, !last.precedes(key, ascending: reading.ascending), walk.isByName {
                    throw StoreError.unreadable(detail: "Names in the roster database are not in order.")
                }
                source = .walk(reading.order.walk(ascending: reading.ascending, behind: key), behind: key)
            }
            return batch
        }
    }
}

extension SCIMError {
    static func tooMany(_ limit: Int) -> SCIMError {
        SCIMError(
            status: 400, type: .tooMany,
            detail:
                "More than \(limit) resources would have to be looked through. Ask by userName, externalId, an e-mail "
                + "address or id, or go from page to page with a cursor.")
    }
}
