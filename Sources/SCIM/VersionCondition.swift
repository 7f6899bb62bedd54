/// What `If-Match` and `If-None-Match` ask of a resource's version (RFC 9110 §13.1, RFC 7644 §3.14), and a Bulk
/// operation's `version`. Weak comparison: every tag of ours is weak.
package enum VersionCondition: Hashable, Sendable {
    /// `*`: whatever it is.
    case any
    /// One of these. A tag that cannot be one of ours is left out, so that it never holds.
    case oneOf([Int64])

    /// Reads a header's value: `*`, or tags separated by commas.
    package init(header: String) {
        let text = trimmedBlanks(header)
        if text == "*" {
            self = .any
            return
        }
        self = .oneOf(text.split(separator: ",").compactMap { Self.version(trimmedBlanks(String($0))) })
    }

    package func holds(for version: Int64) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let versions): versions.contains(version)
        }
    }

    /// The number in `W/"3"` or `"3"`, spelled as ``Resource/etag`` spells it.
    private static func version(_ tag: String) -> Int64? {
        var tag = Substring(tag)
        if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
        guard tag.count > 2, tag.first == "\"", tag.last == "\"" else { return nil }
        let digits = tag.dropFirst().dropLast()
        guard let version = Int64(digits), String(version) == digits else { return nil }
        return version
    }
}
