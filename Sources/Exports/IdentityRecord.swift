import SCIM

/// What an export says about whether somebody works here.
package enum Activity: Hashable, Sendable {
    case active
    case inactive
    /// A soft-deleted row: inactive, and it never acts on whoever has the address now.
    case deleted
    /// Neither: left out of the plan until it changes. `mayCreate`: a new person in this state is created all the same.
    case undecided(word: String, mayCreate: Bool)
    /// The export has no status column, or the cell is blank: activity is unmanaged.
    case unstated

    /// An activity without its word: what is asked of every record, and costs nothing to hand around.
    package enum Kind: Sendable { case active, inactive, deleted, undecided, unstated }

    package var kind: Kind {
        switch self {
        case .active: .active
        case .inactive: .inactive
        case .deleted: .deleted
        case .undecided: .undecided
        case .unstated: .unstated
        }
    }
}

/// One person as one export states them: mapped, normalised, with the line it came from.
package struct IdentityRecord: Sendable {
    /// Index into the export's files.
    package var file: Int
    package var line: RecordLine
    /// The anchor as the export spells it; `nil` where the format has none.
    package var anchor: String?
    /// Digest of the anchor, or of the userName's key where the format has none. Never of both.
    package var anchorDigest: Digest128
    /// Digest of everything below under this mapping.
    package var fingerprint: Digest128
    package var activity: Activity
    /// By index of ``AttributeRule``.
    package var values: RecordValues
    /// Names of the groups a groups column lists; `nil` without such a column.
    package var groups: [String]?
    package init(
        file: Int, line: RecordLine, anchor: String?, anchorDigest: Digest128, fingerprint: Digest128,
        activity: Activity,
        values: RecordValues, groups: [String]?
    ) {
        self.file = file
        self.line = line
        self.anchor = anchor
        self.anchorDigest = anchorDigest
        self.fingerprint = fingerprint
        self.activity = activity
        self.values = values
        self.groups = groups
    }
}

/// What a record says of one attribute. Missing column ≠ blank cell ≠ value (product.md, rule 3).
package enum RecordValue: Hashable, Sendable {
    case missing
    case blank
    case value(String)
    package var string: String? { if case .value(let value) = self { value } else { nil } }
}

/// The values of one record in one allocation: a million records are a million small buffers, not 26 million strings.
package struct RecordValues: Hashable, Sendable {
    /// For each value its length as a little-endian Int32 (−1 missing, −2 blank), then all bytes in order, UTF-8.
    private var storage: [UInt8]
    package let count: Int

    package init(_ values: [RecordValue]) {
        count = values.count
        storage = []
        storage.reserveCapacity(values.count * 12)
        for value in values {
            let length: Int32 =
                switch value {
                case .missing: -1
                case .blank: -2
                case .value(let string): Int32(string.utf8.count)
                }
            withUnsafeBytes(of: length.littleEndian) { storage.append(contentsOf: $0) }
        }
        for value in values { if case .value(let string) = value { storage.append(contentsOf: string.utf8) } }
    }

    /// `lengths` as described for the storage, `bytes` the values' UTF-8 in the same order.
    package init(lengths: UnsafeBufferPointer<Int32>, bytes: UnsafeRawBufferPointer) {
        count = lengths.count
        storage = [UInt8](unsafeUninitializedCapacity: lengths.count * 4 + bytes.count) { buffer, used in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.copyMemory(from: UnsafeRawBufferPointer(lengths))
            UnsafeMutableRawBufferPointer(rebasing: raw[(lengths.count * 4)...]).copyMemory(from: bytes)
            used = lengths.count * 4 + bytes.count
        }
    }

    package subscript(index: Int) -> RecordValue {
        precondition(index < count)
        return storage.withUnsafeBytes { raw in
            var start = count * 4
            for earlier in 0..<index { start += max(0, Int(length(earlier, raw))) }
            let length = Int(length(index, raw))
            switch length {
            case -1: return .missing
            case -2: return .blank
            default: return .value(String(decoding: raw[start..<start + length], as: UTF8.self))
            }
        }
    }

    /// Every value that there is, by index ascending; the bytes are UTF-8 and valid inside of `body` only.
    package func forEachValue(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        storage.withUnsafeBytes { raw in
            var start = count * 4
            for index in 0..<count {
                let length = Int(length(index, raw))
                if length < 0 { continue }
                body(index, UnsafeRawBufferPointer(rebasing: raw[start..<start + length]))
                start += length
            }
        }
    }

    private func length(_ index: Int, _ raw: UnsafeRawBufferPointer) -> Int32 {
        Int32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
    }
}

/// A record that could not be used. It pins whoever it may be about (product.md, rule 2).
package struct RejectedRecord: Hashable, Sendable {
    package var file: Int
    package var line: RecordLine
    package var column: String?
    package var code: String
    package var message: String
    /// Whatever of these could be read, as written: who it may be about.
    package var anchor: String?
    package var userName: String?
    package var email: String?
    /// The record as it stood in the file, for `rejects.csv`: column names and values (CSV), or one `JSON` value.
    package var original: [OriginalCell]

    package struct OriginalCell: Hashable, Sendable {
        package var column: String
        package var value: String
        package init(column: String, value: String) {
            self.column = column
            self.value = value
        }
    }

    package init(
        file: Int, line: RecordLine, column: String?, code: String, message: String, anchor: String? = nil,
        userName: String? = nil, email: String? = nil, original: [OriginalCell] = []
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.anchor = anchor
        self.userName = userName
        self.email = email
        self.original = original
    }
}

/// One group as an export states it.
package struct GroupRecord: Sendable {
    package var file: Int
    package var line: RecordLine
    /// Becomes `externalId`.
    package var anchor: String?
    package var name: String
    /// `nil` where the file lists groups without saying who is in them.
    package var members: [GroupMemberReference]?
    /// Everyone-groups that the IdP makes itself: never licence groups, never synced.
    package var isBuiltIn: Bool
    /// Members left out because they are groups or devices.
    package var skippedMembers: Int
    /// False when the service may have cut the member list (Graph's 20 or 100).
    package var membersComplete: Bool
    package init(
        file: Int, line: RecordLine, anchor: String?, name: String, members: [GroupMemberReference]?,
        isBuiltIn: Bool = false,
        skippedMembers: Int = 0, membersComplete: Bool = true
    ) {
        self.file = file
        self.line = line
        self.anchor = anchor
        self.name = name
        self.members = members
        self.isBuiltIn = isBuiltIn
        self.skippedMembers = skippedMembers
        self.membersComplete = membersComplete
    }
}

/// A member as a groups export names them. At least one is given.
package struct GroupMemberReference: Hashable, Sendable {
    /// Digest of the member's anchor, made as ``IdentityRecord/anchorDigest``.
    package var anchor: Digest128?
    /// The userName's canonical key.
    package var userName: String?
    package init(anchor: Digest128?, userName: String?) {
        self.anchor = anchor
        self.userName = userName
    }
}
