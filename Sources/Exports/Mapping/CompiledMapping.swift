import SCIM

/// A mapping made ready for a million records: every column is a slot, every decision that can be taken once is taken.
struct CompiledMapping: Sendable {
    /// What to ask of the reader; a slot is an index into it.
    var columns: [ColumnID] = []
    var rules: [AttributeRule] = []
    /// By index of ``rules``.
    var values: [CompiledValue] = []
    var anchor: [CompiledSource] = []
    var status: [CompiledStatus] = []
    var presenceMeansActive = false
    var hire: [Int] = []
    var termination: [Int] = []
    var guests: CompiledGuests?
    var groups: CompiledGroups?
    var include: [CompiledCondition] = []
    var exclude: [CompiledCondition] = []
    /// The rule of the primary e-mail, if it is mapped.
    var emailRule: Int?
    /// A mapping's own digest, mixed into each record's.
    var seed = Digest128(high: 0, low: 0)
    /// Of mapping, scope and normaliser version, 64 hex digits.
    var fingerprint = ""
    var dates = MappingConfiguration.DateDialect.iso
    var hasTypeNames = false
    /// A spreadsheet or a shell may have been at it: `="…"`, `1E+05`, a leading apostrophe, `?` for lost letters.
    var isSpreadsheet = false
    /// Found while compiling: columns that the configuration names and nobody has seen.
    var diagnostics: [Diagnostic] = []

    static let userNameRule = 0
    /// Raised whenever the same bytes are normalised to something else than before.
    static let normaliserVersion = 1
}

/// How one attribute's value is cleaned, and from where it comes.
struct CompiledValue: Sendable {
    enum Kind: Sendable {
        case userName
        case email
        /// Inner runs of blanks are one blank.
        case name
        /// Phones and numbers, in which spreadsheets leave a leading `'`.
        case identifier
        case text
    }
    var kind: Kind
    var sources: [CompiledSource]
    /// Letter case and normal form do not count.
    var isFolded: Bool
    /// The most characters the schema allows.
    var lengthLimit: Int

    /// The only column, where it is taken as it is.
    var onlySlot: Int? {
        guard sources.count == 1, sources[0].wrapping == nil, sources[0].slots.count == 1 else { return nil }
        return sources[0].slots[0]
    }
}

struct CompiledSource: Sendable {
    var wrapping: Source.Wrapping?
    /// One, or several that are joined by a blank.
    var slots: [Int]
}

struct CompiledStatus: Sendable {
    /// Slots in order of preference.
    var slots: [Int]
    var words: [String: StatusColumn.Meaning]
    var unknown: StatusColumn.Unknown
    var anything: StatusColumn.Meaning?
    var inactiveBit: Int?
}

struct CompiledGuests: Sendable {
    var slot: Int?
    var value: [UInt8]
    var marker: [UInt8]?
    var loginSlot: Int?
    var addresses: [CompiledSource]
    /// Guests count as everybody else does.
    var areIncluded: Bool
}

struct CompiledGroups: Sendable {
    var slots: [Int]
    var separator: GroupColumn.Separator
    var blankMeansNone: Bool
    /// A container without blanks: an LDIF entry of somebody without groups has no such attribute.
    var missingMeansNone: Bool
}

struct CompiledCondition: Sendable {
    var alternatives: [CompiledSource]
    /// Folded as ``TextFolding`` does.
    var values: Set<[UInt8]>
}
