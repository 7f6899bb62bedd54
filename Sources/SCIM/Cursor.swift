import COpenSSL

/// Where a list by cursor goes on (RFC 9865). A cursor is text that nobody but this store's services can make: it is
/// sealed to the team, the resource type, the filter, the order, the page size and an hour (scim-rulings.md, "Lists").
struct Cursor: Hashable {
    /// The last resource of the page before, and what it was sorted by.
    var last: SortKey
    var count: Int
    /// Seconds since 1970.
    var expiry: Int64

    /// What else a cursor belongs to.
    struct Scope: Hashable {
        var team: TeamID
        var type: ResourceType
        var query: ListQuery

        fileprivate var bytes: [UInt8] {
            let filter = query.filter?.description ?? ""
            let order = query.sortBy.map { "\($0) \(query.ascending ? "ascending" : "descending")" } ?? ""
            return Array("\(team.rawValue) \(type.rawValue) \(filter.utf8.count) \(filter) \(order)".utf8)
        }
    }

    private static let sealBytes = 32
    /// Row, count, expiry, and whether a key follows.
    private static let headBytes = 25

    func sealed(_ scope: Scope, key: [UInt8]) -> String {
        var bytes: [UInt8] = []
        for number in [last.row.rawValue, Int64(count), expiry] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(last.bytes == nil ? 0 : 1)
        bytes += last.bytes ?? []
        return Base64URL.encode(Self.seal(bytes, scope, key) + bytes)
    }

    /// Throws `invalidCursor` for text that is none of ours for this scope, `expiredCursor` for one that is too old.
    init(_ text: String, _ scope: Scope, key: [UInt8], now: Timestamp) throws(SCIMError) {
        guard let sealed = Base64URL.decode(text), sealed.count >= Self.sealBytes + Self.headBytes else {
            throw Self.invalid
        }
        let body = Array(sealed[Self.sealBytes...])
        guard popl_equal(Self.seal(body, scope, key), sealed, Self.sealBytes) else { throw Self.invalid }
        func number(_ place: Int) -> Int64 {
            body[(place * 8)..<(place * 8 + 8)].reduce(0) { $0 << 8 | Int64($1) }
        }
        last = SortKey(bytes: body[24] == 1 ? Array(body[25...]) : nil, row: RowID(rawValue: number(0)))
        count = Int(number(1))
        expiry = number(2)
        guard now.rawValue / 1_000 < expiry else {
            throw SCIMError(
                status: 400, type: .expiredCursor, detail: "The cursor is too old. Begin again with the first page.")
        }
    }

    init(last: SortKey, count: Int, expiry: Int64) {
        self.last = last
        self.count = count
        self.expiry = expiry
    }

    private static let invalid = SCIMError(
        status: 400, type: .invalidCursor, detail: "The cursor does not belong to this list.")

    private static func seal(_ body: [UInt8], _ scope: Scope, _ key: [UInt8]) -> [UInt8] {
        var seal = [UInt8](repeating: 0, count: sealBytes)
        let bytes = body.count.description.utf8 + [0x20] + body + scope.bytes
        popl_hmac_sha256(key, key.count, bytes, bytes.count, &seal)
        return seal
    }
}

/// Base64 for URLs, without padding (RFC 4648 §5).
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[buffer >> bits & 63])
            }
            buffer &= (1 << bits) - 1
        }
        if bits > 0 { text.append(digits[buffer << (6 - bits) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for anything that ``encode(_:)`` does not make.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in text.utf8 {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            buffer = buffer << 6 | digit
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(buffer >> bits))
            buffer &= (1 << bits) - 1
        }
        return bits < 6 && buffer == 0 ? bytes : nil
    }
}
