import SCIM

/// One record of an export, and where each of its values stands in the file: what `popl-sync why` shows.
package struct RecordTrace: Sendable {
    package enum Standing: Sendable {
        case used(IdentityRecord)
        case outOfScope(ScopeMiss)
        case rejected(RejectedRecord)
    }

    /// Index into the export's files.
    package var file: Int
    package var line: RecordLine
    package var standing: Standing
    /// Who it may be about, as far as it can be read.
    package var anchor: TracedValue
    package var userName: TracedValue
    package var email: TracedValue
    /// By index of the export's rules.
    package var values: [TracedValue]
    /// Everything that its activity was read from: status columns and dates of employment that say something.
    package var activity: [TracedValue]

    /// What was made of it; `nil` when it is not used.
    package var record: IdentityRecord? { if case .used(let record) = standing { record } else { nil } }
}

/// Where a value was read.
package struct TracedValue: Hashable, Sendable {
    /// The column as the file spells it, or the path in JSON; several that are joined, with ` + ` between. `nil` where
    /// the file has no column for it.
    package var column: String?
    /// As it stands there; `nil` when the column is missing from the record or blank.
    package var written: String?
    /// The columns that come before it are missing or blank.
    package var isFallback = false
    /// The login stands in for an address that the record does not have.
    package var isLogin = false
    package init(column: String?, written: String?, isFallback: Bool = false, isLogin: Bool = false) {
        self.column = column
        self.written = written
        self.isFallback = isFallback
        self.isLogin = isLogin
    }
}

/// Why a record does not count (`scope:`).
package struct ScopeMiss: Hashable, Sendable {
    package enum Rule: String, Sendable {
        case notIncluded = "not-included"
        case excluded
        case guest
    }
    package var rule: Rule
    /// As the configuration names it; `nil` for guests.
    package var column: String?
    /// What the record has there.
    package var value: String?
    /// The condition's.
    package var place: Place?
    package init(rule: Rule, column: String?, value: String?, place: Place?) {
        self.rule = rule
        self.column = column
        self.value = value
        self.place = place
    }
}

/// Whom records are looked for, by everything that they may be known by.
package struct RecordQuery: Sendable {
    /// ``AnchorDigest``s.
    package var anchors: Set<Digest128> = []
    /// Keys of userNames and addresses (``key(of:)``).
    package var names: Set<String> = []
    /// Where an export has no anchor, people are also told by these.
    package var employeeNumbers: Set<String> = []

    package init() {}

    /// Adds what somebody typed: it may be any of them.
    package mutating func add(typed text: String) {
        add(anchor: text)
        add(name: text)
        employeeNumbers.insert(text)
    }

    package mutating func add(anchor text: String) { anchors.insert(AnchorDigest.of(anchor: text)) }
    package mutating func add(name text: String) { names.insert(Self.key(of: text)) }

    /// The canonical key, or the folded text of what can have none.
    package static func key(of text: String) -> String {
        (try? CanonicalKey.email(text)) ?? (try? CanonicalKey.userName(text)) ?? TextFolding.key(text)
    }
}
