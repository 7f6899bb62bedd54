/// A value of the configuration with its place, for messages that name file and line.
package struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var place: Place
    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }
}

/// What the configuration says about one source's records, on top of the format's own defaults: `attributes:`,
/// `mapping:`, `scope:`, `status:`, `groups:`, `leavers:`, `dates:`, `encoding:`. Nothing in it is checked yet; that
/// happens against the format and the SCIM schema when the export is opened.
package struct MappingConfiguration: Hashable, Sendable {
    /// How much is mapped without saying more (product.md, "Details settled").
    package enum Preset: String, Sendable, CaseIterable { case minimal, full }

    /// How the export shows that somebody left (idp-exports.md §4).
    package enum Leavers: String, Sendable, CaseIterable { case absent, flagged, both }

    /// The order of day and month in dates with slashes. `iso` uses only what fits one order.
    package enum DateDialect: String, Sendable, CaseIterable { case iso, us, eu }

    /// One entry of `mapping:`.
    package struct Entry: Hashable, Sendable {
        /// A SCIM path in short or RFC notation, or `active`, `externalId`, `groups`.
        package var key: Located<String>
        /// Columns, member paths or SCIM paths in order of preference; empty keeps the format's own.
        /// `A + B` joins two with a blank, `NAME #2` is the second column of that name.
        package var from: [Located<String>]
        package var overwrite: AttributeRule.Overwrite?
        package var clears: Bool?
        /// `title: off` takes the attribute out of the mapping.
        package var isOff: Bool
        package init(
            key: Located<String>, from: [Located<String>] = [], overwrite: AttributeRule.Overwrite? = nil,
            clears: Bool? = nil, isOff: Bool = false
        ) {
            self.key = key
            self.from = from
            self.overwrite = overwrite
            self.clears = clears
            self.isOff = isOff
        }
    }

    /// Which records count. Those that do not are as if they were not in the export.
    package struct Scope: Hashable, Sendable {
        /// That a column has one of some values; letter case and outer blanks do not count.
        package struct Condition: Hashable, Sendable {
            /// A vendor's header, a member path or a SCIM path.
            package var column: Located<String>
            package var values: [String]
            package init(column: Located<String>, in values: [String]) {
                self.column = column
                self.values = values
            }
        }
        /// All must hold.
        package var include: [Condition]
        /// None may hold.
        package var exclude: [Condition]
        /// `nil`: guests are left out, unless a condition asks for the column that tells them.
        package var includesGuests: Bool?
        package init(include: [Condition] = [], exclude: [Condition] = [], includesGuests: Bool? = nil) {
            self.include = include
            self.exclude = exclude
            self.includesGuests = includesGuests
        }
    }

    /// What a word of the status column means.
    package enum StatusMeaning: String, Sendable, CaseIterable {
        case active
        case inactive
        /// Left out of the plan until it changes.
        case undecided
        /// The same for members, but a new person in this state is created.
        case create
    }

    package struct StatusWord: Hashable, Sendable {
        package var word: Located<String>
        package var meaning: StatusMeaning
        package init(_ word: Located<String>, means meaning: StatusMeaning) {
            self.word = word
            self.meaning = meaning
        }
    }

    /// How one cell lists several groups (idp-exports.md §7): configured, never guessed.
    package enum GroupSeparator: String, Sendable, CaseIterable {
        case semicolon = ";"
        case comma = ","
        case bar = "|"
        case blank = " "
        case newline = "\n"
        case plus = "+"
        /// A JSON array of strings.
        case json
        /// Distinguished names between unescaped semicolons or newlines; the first RDN's value is the name.
        case distinguishedNames = "dn"
    }

    package struct Groups: Hashable, Sendable {
        /// `nil` is the format's default.
        package var isEnabled: Bool?
        package var separator: GroupSeparator?
        package init(isEnabled: Bool? = nil, separator: GroupSeparator? = nil) {
            self.isEnabled = isEnabled
            self.separator = separator
        }
    }

    package var preset: Preset?
    package var entries: [Entry]
    package var scope: Scope
    /// `status:`, over the format's own words.
    package var statusWords: [StatusWord]
    package var groups: Groups
    package var leavers: Leavers?
    package var dates: DateDialect?
    /// `utf-8`, `windows-1252` and the like, for files without a byte order mark.
    package var encoding: Located<String>?

    package init(
        preset: Preset? = nil, entries: [Entry] = [], scope: Scope = Scope(), statusWords: [StatusWord] = [],
        groups: Groups = Groups(), leavers: Leavers? = nil, dates: DateDialect? = nil, encoding: Located<String>? = nil
    ) {
        self.preset = preset
        self.entries = entries
        self.scope = scope
        self.statusWords = statusWords
        self.groups = groups
        self.leavers = leavers
        self.dates = dates
        self.encoding = encoding
    }
}
