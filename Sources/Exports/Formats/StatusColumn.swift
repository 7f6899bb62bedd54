/// A column that says something about whether somebody works here, and what its words mean (idp-exports.md §4).
///
/// A format may have several. What they say is put together as: deleted before inactive before undecided before active.
package struct StatusColumn: Sendable {
    package enum Meaning: Sendable {
        case active
        case inactive
        case undecided
        /// Undecided, but a new person in this state is created.
        case create
        case deleted
        /// Says nothing: another column decides.
        case silent
    }

    package enum Unknown: Sendable {
        /// A word that is not listed rejects the record: it is never read as active or as gone.
        case rejects
        /// The column qualifies another one; words that are not listed add nothing.
        case isSilent
    }

    /// The column's names, in order of preference.
    package var from: [String]
    /// By ``HeaderKey`` of the word.
    package var words: [String: Meaning]
    package var unknown: Unknown
    /// Whatever is in it means this (a time of deletion).
    package var anything: Meaning?
    /// The value is a number; with this bit set it means inactive, else active.
    package var inactiveBit: Int?

    package init(
        _ from: String..., words: [String: Meaning] = [:], unknown: Unknown = .rejects, anything: Meaning? = nil,
        inactiveBit: Int? = nil
    ) {
        self.from = from
        self.words = Dictionary(words.map { (HeaderKey($0.key).text, $0.value) }) { first, _ in first }
        self.unknown = unknown
        self.anything = anything
        self.inactiveBit = inactiveBit
    }

    /// Booleans in the spellings that spreadsheets and scripts leave.
    package static let booleans: [String: Meaning] = table(
        active: ["true", "t", "yes", "y", "1", "on", "enabled", "active", "wahr", "vrai", "verdadero"],
        inactive: ["false", "f", "no", "n", "0", "off", "disabled", "inactive", "falsch", "faux", "falso"])

    /// `true` means that the person is *not* active: `Block credential`, `suspended`.
    package static let invertedBooleans: [String: Meaning] = booleans.mapValues { $0 == .active ? .inactive : .active }

    /// `true` means inactive and `false` says nothing by itself.
    package static let exceptions: [String: Meaning] = booleans.mapValues { $0 == .active ? .inactive : .silent }

    package static let humanResources: [String: Meaning] = booleans.merging(
        table(active: ["On leave", "Leave"], inactive: ["Terminated"], undecided: ["Hired", "Accepted", "Pre-hire"])
    ) { first, _ in first }

    package static func table(
        active: [String] = [], inactive: [String] = [], undecided: [String] = [], create: [String] = []
    ) -> [String: Meaning] {
        var table: [String: Meaning] = [:]
        for (words, meaning) in [
            (active, Meaning.active), (inactive, .inactive), (undecided, .undecided), (create, .create),
        ] {
            for word in words { table[HeaderKey(word).text] = meaning }
        }
        return table
    }
}
