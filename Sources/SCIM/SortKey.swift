/// What a resource is sorted by (RFC 7644 §3.4.2.3), as bytes that compare as the values do; `nil` where it has no value.
/// Ties are settled by row, the order of creation.
struct SortKey: Hashable, Sendable {
    var bytes: [UInt8]?
    var row: RowID

    /// Whether `self` comes before `other`: without a value last when ascending, hence first when descending.
    func precedes(_ other: SortKey, ascending: Bool) -> Bool {
        switch (bytes, other.bytes) {
        case (nil, nil): return row < other.row
        case (nil, _?): return !ascending
        case (_?, nil): return ascending
        case (let a?, let b?):
            if a == b { return row < other.row }
            return a.lexicographicallyPrecedes(b) == ascending
        }
    }
}

extension SortKey {
    /// Of the order of creation.
    init(creation row: RowID) { self.init(bytes: Self.ordered(row.rawValue), row: row) }

    /// Reads `sortBy`: a published attribute with one value, or the `value` of one with several, which its name alone
    /// stands for. Throws `invalidPath` for anything else.
    static func path(
        _ text: String, for type: ResourceType, _ limits: FilterLimits
    ) throws(SCIMError) -> AttributePath {
        var path = try AttributePath.parse(text, for: type, limits: limits)
        guard let attribute = path.definition(for: type), attribute.returned != .never else {
            throw .invalidPath("\"\(path)\" cannot be sorted by.")
        }
        guard attribute.kind == .complex, path.subAttribute == nil else { return path }
        guard let value = attribute.valueAttribute else {
            throw .invalidPath("\"\(path)\" has parts: name the one to sort by.")
        }
        path.subAttribute = value.name
        return path
    }

    /// The key of one value of `attribute`: letter case does not count unless it is `caseExact`; dates are instants.
    static func bytes(_ value: AttributeValue, of attribute: Schema.Attribute) -> [UInt8]? {
        switch value {
        case .string(let text):
            if attribute.kind == .dateTime, let instant = Timestamp(iso8601: text) { return ordered(instant.rawValue) }
            return Array((attribute.isCaseExact ? text : CanonicalKey.folded(text)).utf8)
        case .boolean(let flag): return [flag ? 1 : 0]
        case .integer(let number):
            return attribute.kind == .decimal ? ordered(Double(number)) : ordered(number)
        case .decimal(let number): return ordered(number)
        case .complex, .list: return nil
        }
    }

    private static func ordered(_ number: Int64) -> [UInt8] {
        let bits = UInt64(bitPattern: number) ^ 1 << 63
        return withUnsafeBytes(of: bits.bigEndian) { Array($0) }
    }

    private static func ordered(_ number: Double) -> [UInt8] {
        let bits = number.bitPattern
        let ordered = bits >> 63 == 1 ? ~bits : bits | 1 << 63
        return withUnsafeBytes(of: ordered.bigEndian) { Array($0) }
    }
}

/// The first `limit` of many keys, in order, in memory for twice as many.
struct FirstInOrder: Sendable {
    let limit: Int
    private let ascending: Bool
    private var kept: [SortKey] = []
    /// Whatever comes behind it is not among the first.
    private var last: SortKey?

    init(limit: Int, ascending: Bool) {
        self.limit = limit
        self.ascending = ascending
    }

    mutating func add(_ key: SortKey) {
        if limit == 0 { return }
        if let last, !key.precedes(last, ascending: ascending) { return }
        kept.append(key)
        if kept.count >= max(limit, 512) * 2 {
            cut()
            last = kept.last
        }
    }

    mutating func sorted() -> [SortKey] {
        cut()
        return kept
    }

    private mutating func cut() {
        let ascending = ascending
        kept.sort { $0.precedes($1, ascending: ascending) }
        if kept.count > limit { kept.removeLast(kept.count - limit) }
    }
}
