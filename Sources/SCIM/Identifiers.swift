/// A team's number in one database. Every query carries it: it is the isolation boundary.
package struct TeamID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A source's number in one database: one IdP that feeds one team (`okta`, `default`).
package struct SourceID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A resource's place in one store: stable for its life, ascending with creation. Never shown to anybody.
package struct RowID: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (a: RowID, b: RowID) -> Bool { a.rawValue < b.rawValue }
}

/// A SCIM resource's `id` (RFC 7643 §3.1): opaque, compared byte for byte, never changed, never given out again.
package struct ResourceID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package static func < (a: ResourceID, b: ResourceID) -> Bool {
        a.rawValue.utf8.lexicographicallyPrecedes(b.rawValue.utf8)
    }
    package var description: String { rawValue }
}

/// One application of one plan, as people name it: a sortable string.
package struct RunID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

extension RunID {
    /// A new run's name: its start in UTC and eight random hex digits, so that runs sort by time.
    package init(startingAt start: Timestamp) {
        let stamp = start.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }
        let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        self.init(rawValue: "\(stamp)Z-\(String(repeating: "0", count: 8 - digits.count))\(digits)")
    }
}

/// An instant in whole milliseconds since 1970-01-01T00:00:00Z, the precision SCIM's `meta` shows.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.rawValue < b.rawValue }
}

/// The kinds of resource a team holds.
package enum ResourceType: Int, Sendable, CaseIterable {
    case user = 1
    case group = 2
    /// The team's single sign-on connection: at most one a team.
    case ssoConnection = 3

    /// The name in `meta.resourceType` and in plans.
    package var name: String {
        switch self {
        case .user: "User"
        case .group: "Group"
        case .ssoConnection: "SSOConnection"
        }
    }
}
