/// A list that is read slice by slice, so that a long one keeps nobody else waiting.
package protocol SlicedList: Sendable {
    /// Reads the next slice; the page, once it is whole. Not to be asked again after that. The first slice is a short one:
    /// what an index finds is found in it.
    mutating func proceed(_ store: any StoreReading) throws -> ListPage?
    /// How many resources it has looked at because no index found what was asked for.
    var walked: Int { get }
    /// How many resources the page may have.
    var pageSize: Int { get }
}

extension SCIMService {
    /// GET of a list, and `.search` (RFC 7644 §3.4.2, §3.4.3; RFC 9865): to be read by ``proceed(_:)``.
    ///
    /// Without a filter, and for filters that an index answers (`userName`, `externalId`, an e-mail address, `id`, a
    /// Group's `displayName` and members, `eq` each, and what `and` joins to them), in the order of creation or of names,
    /// a page costs the same on any roster. Any other filter walks through the type, holding one page; any other order
    /// walks through it too, holding the page's keys or ``ServiceLimits/sortKeys``. More than ``ServiceLimits/walk``
    /// resources are not walked through: `tooMany`.
    ///
    /// `baseURL` is the one that the answer will have.
    package func list(
        _ type: ResourceType, _ query: ListQuery, baseURL: String? = nil, context: RequestContext
    ) -> ListWalk {
        ListWalk(
            ListReading(type, query, team: context.team, limits: limits, baseURL: baseURL), now: now())
    }

    /// One slice of a list, from a snapshot of its own.
    ///
    /// Throws ``SCIMError``: `invalidCursor`, `expiredCursor`, `invalidCount`, `tooMany`.
    package func proceed(_ list: inout some SlicedList) throws -> ListPage? {
        try store.read { try list.proceed($0) }
    }
}

/// A list of one type on its way to a page.
///
/// Slices see one snapshot each: who came, went or changed between two of them may be there or not. Nobody is on a page
/// twice, and nobody whom the filter does not match.
package struct ListWalk: SlicedList {
    private let reading: ListReading
    private let now: Timestamp
    private var pass: ListPass?
    package private(set) var walked = 0
    package var pageSize: Int { reading.count }

    init(_ reading: ListReading, now: Timestamp) {
        self.reading = reading
        self.now = now
    }

    /// How many resources are read at a time.
    private static let batch = 256

    private static let firstSlice = 128

    package mutating func proceed(_ store: any StoreReading) throws -> ListPage? {
        var pass: ListPass
        var room = reading.limits.slice
        if let begun = self.pass {
            pass = begun
        } else {
            let place = try place(store)
            if reading.query.filter == nil, reading.order.isIndexed { return try direct(place, store) }
            pass = try ListPass(reading, place, store)
            room = min(room, Self.firstSlice)
        }
        self.pass = nil
        while room > 0 {
            let batch = try pass.candidates.next(min(room, Self.batch), reading, store)
            room -= max(1, batch.count)
            if pass.candidates.isWalk { walked += batch.count }
            for stored in batch where !pass.isSatisfied { try pass.take(stored, reading, store) }
            guard pass.isSatisfied || pass.candidates.isAtEnd, !pass.beginsAgain(reading) else { continue }
            return try page(pass.found(reading, store), pass.place, total: pass.total, store)
        }
        self.pass = pass
        return nil
    }

    /// Where the page is to be.
    private func place(_ store: any StoreReading) throws -> ListPlace {
        guard let text = reading.query.cursor else {
            return ListPlace(skipped: reading.query.startIndex - 1, count: reading.count)
        }
        if text.isEmpty { return ListPlace(behind: nil, count: reading.count) }
        let cursor = try Cursor(text, scope, key: try store.sealingKey(), now: now)
        if reading.query.count != nil, reading.count != cursor.count {
            throw SCIMError(
                status: 400, type: .invalidCount, detail: "\"count\" must stay what it was on the first page.")
        }
        return ListPlace(behind: cursor.last, count: cursor.count)
    }

    private var scope: Cursor.Scope { Cursor.Scope(team: reading.team, type: reading.type, query: reading.query) }

    /// The page as an index has it.
    private func direct(_ place: ListPlace, _ store: any StoreReading) throws -> ListPage {
        let total = try store.count(reading.type, team: reading.team)
        var found: [ListPass.Found] = []
        if place.limit > 0, place.skipped < total {
            let walk = reading.order.walk(ascending: reading.ascending, behind: place.last)
            let resources = try store.resources(
                reading.type, along: walk, skipping: place.skipped, limit: place.limit, team: reading.team)
            found = try resources.map { (try reading.view($0, store), try reading.key(of: $0, store)) }
        }
        return try page(found, place, total: total, store)
    }

    /// `found` holds one more than the page when there is a next one.
    private func page(
        _ found: [ListPass.Found], _ place: ListPlace, total: Int?, _ store: any StoreReading
    ) throws -> ListPage {
        var page = ListPage(resources: found.prefix(place.count).compactMap(\.view), totalResults: total)
        guard place.isByCursor else {
            page.startIndex = reading.query.startIndex
            return page
        }
        if found.count > place.count, place.count > 0 {
            let expiry = now.rawValue / 1_000 + Int64(reading.limits.cursorSeconds)
            let next = Cursor(last: found[place.count - 1].key, count: place.count, expiry: expiry)
            page.nextCursor = next.sealed(scope, key: try store.sealingKey())
        }
        return page
    }
}
