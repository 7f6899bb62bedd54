import HTTPTypes
import Hummingbird
import SCIM

/// `If-Match` and `If-None-Match` (RFC 7644 §3.14, RFC 9110 §13.1). Tags compare weakly: ours say of a version all there
/// is to say.
struct Preconditions: Sendable {
    enum Tags: Hashable, Sendable {
        /// `*`
        case any
        case listed([String])
    }

    let match: Tags?
    let noneMatch: Tags?

    init(_ headers: HTTPFields) {
        match = headers[.ifMatch].map(Self.tags)
        noneMatch = headers[.ifNoneMatch].map(Self.tags)
    }

    /// Whether a resource of this version may be answered with 304.
    func isKnown(_ resource: Resource) -> Bool { noneMatch.map { Self.holds($0, resource) } ?? false }

    /// The version that a change is allowed to start from; `nil` for any. Of several tags the one counts that is
    /// `current`; where none is, no version is right.
    func version(current: () throws -> Resource) rethrows -> Int64? {
        switch match {
        case nil, .any: return nil
        case .listed(let tags) where tags.count == 1: return Self.version(tags[0]) ?? -1
        case .listed:
            let resource = try current()
            return match.map { Self.holds($0, resource) } == true ? resource.version : -1
        }
    }

    private static func holds(_ tags: Tags, _ resource: Resource) -> Bool {
        switch tags {
        case .any: true
        case .listed(let tags): tags.contains { version($0) == resource.version }
        }
    }

    private static func tags(_ header: String) -> Tags {
        let tags = header.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return tags == ["*"] ? .any : .listed(tags)
    }

    /// Of `W/"3"`, `"3"` and, as shells strip quotes, `3`.
    private static func version(_ tag: String) -> Int64? {
        let opaque = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
        return Int64(opaque.filter { $0 != "\"" })
    }
}
