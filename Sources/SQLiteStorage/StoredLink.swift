import SCIM

/// A link's key: source, type and row in one integer, in that order, so that the links of one source and type are one
/// range in order of row. Room for 4 million sources and 270 thousand million resources.
struct LinkKey {
    let rawValue: Int64

    private static let rowBits: Int64 = 38
    private static let typeBits: Int64 = 2
    static let rowMask: Int64 = (1 << rowBits) - 1

    init(source: SourceID, type: ResourceType, row: RowID) {
        rawValue = Self.first(source, type) | row.rawValue & Self.rowMask
    }

    /// All that `source` has of `type`.
    static func range(_ source: SourceID, _ type: ResourceType) -> ClosedRange<Int64> {
        first(source, type)...(first(source, type) | rowMask)
    }

    /// All that `source` has.
    static func range(_ source: SourceID) -> ClosedRange<Int64> {
        let first = source.rawValue << (rowBits + typeBits)
        return first...(first + (1 << (rowBits + typeBits)) - 1)
    }

    private static func first(_ source: SourceID, _ type: ResourceType) -> Int64 {
        source.rawValue << (rowBits + typeBits) | Int64(type.rawValue) << rowBits
    }
}

extension Statement {
    /// A link's digests in one blob: the anchor, then the fingerprint if it stands.
    func bind(_ index: Int32, _ link: SourceLink) {
        let anchor = (link.anchor.high.bigEndian, link.anchor.low.bigEndian)
        guard let fingerprint = link.fingerprint else {
            return withUnsafeBytes(of: anchor) { bind(index, blob: $0) }
        }
        withUnsafeBytes(of: (anchor, fingerprint.high.bigEndian, fingerprint.low.bigEndian)) { bind(index, blob: $0) }
    }

    /// `nil` when they are not what the schema promises.
    func digests(_ column: Int32) -> (anchor: Digest128, fingerprint: Digest128?)? {
        let bytes = bytes(column)
        guard bytes.count >= 16 else { return nil }
        let anchor = Digest128(high: word(bytes, 0), low: word(bytes, 8))
        guard bytes.count == 32 else { return (anchor, nil) }
        return (anchor, Digest128(high: word(bytes, 16), low: word(bytes, 24)))
    }

    private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
