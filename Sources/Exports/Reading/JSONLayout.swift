import JSON

/// Where in a JSON file the records stand.
package enum JSONLayout: Hashable, Sendable {
    /// The root is an array of them.
    case array
    /// The root is an object, and the first member of one of these names that holds an array has them. A dot leads into
    /// an object: `_embedded.users`.
    case member([String])
    /// The root values are the records: NDJSON.
    case lines
}

/// How much of one file is taken (idp-exports.md §2). There is no cap on records.
package struct JSONReadingLimits: Hashable, Sendable {
    /// Depth, string and number lengths; equal names are never allowed.
    package var json = JSONLimits.default
    /// Of one record, or of one value beside the records.
    package var elementBytes = 4 * 1024 * 1024
    /// Of what is kept of the values beside the records, for the whole file.
    package var envelopeBytes = 4 * 1024 * 1024
    package init() {}

    package static let `default` = JSONReadingLimits()
}

/// What one root value of a file says beside its records: `@odata.nextLink`, `totalResults`, an API's error. A file with
/// several root values has a page for each.
package struct JSONPage: Hashable, Sendable {
    /// In the order of the file, before and after the records alike. Names inside an object that leads to the records
    /// carry the way: `_embedded.count`.
    package internal(set) var members: [JSONMember] = []
    /// Members that were checked and not kept, since they are large.
    package internal(set) var omitted: [String] = []
    /// The member that has the records, as ``JSONLayout/member(_:)`` spells it; `nil` when there was none, or the root
    /// is an array.
    package internal(set) var recordsMember: String?
    /// Records read from it so far.
    package internal(set) var records = 0
    /// The line it begins on.
    package internal(set) var line: Int

    package subscript(name: String) -> JSONValue? {
        members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

/// The head of a JSON file, for telling formats apart before anything is read.
package struct JSONOutline: Hashable, Sendable {
    /// The first root value, as far as the head goes: of what it cuts off, the whole parts.
    package var root: JSONValue
    /// Whether all of the first root value is there.
    package var isComplete: Bool
    /// Whether another root value follows the first: NDJSON, or pages written one after the other.
    package var hasMore: Bool

    /// Looks at the first `count` bytes of `source` without consuming them; `nil` when they are no JSON.
    package static func of(_ source: ByteSource, bytes count: Int = 256 * 1024) throws(Refusal) -> JSONOutline? {
        let head = try source.peek(count)
        guard let (value, isComplete, consumed) = try? JSON.parseBeginning(head, isUTF8: true), let value else {
            return nil
        }
        let rest = head[min(consumed, head.count)...].first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return JSONOutline(root: value, isComplete: isComplete, hasMore: isComplete && rest != nil)
    }
}
