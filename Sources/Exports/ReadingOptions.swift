import SCIM

/// Everything besides the files themselves that reading depends on.
package struct ReadingOptions: Sendable {
    package var mapping: MappingConfiguration
    /// A format's name (`--input-format`, or `format:` of the source): a users file of another shape is then an error.
    /// `nil` and `auto` tell by content.
    package var inputFormat: Located<String>?
    /// What hire and termination dates are compared with.
    package var asOf: Timestamp
    /// The team's time zone, by IANA name: where a bare date begins and ends.
    package var timeZone: String
    /// `snapshot: partial`: absence means nothing, whatever the files prove.
    package var isDeclaredPartial: Bool
    /// How many records all files of users have together, as somebody knows who counted.
    package var expectedRecords: Int?
    /// What the last row of each CSV file of users begins with, which says how many records stand before it.
    package var trailer: Located<String>?

    package init(
        mapping: MappingConfiguration = MappingConfiguration(), inputFormat: Located<String>? = nil, asOf: Timestamp,
        timeZone: String = "UTC", isDeclaredPartial: Bool = false, expectedRecords: Int? = nil,
        trailer: Located<String>? = nil
    ) {
        self.mapping = mapping
        self.inputFormat = inputFormat
        self.asOf = asOf
        self.timeZone = timeZone
        self.isDeclaredPartial = isDeclaredPartial
        self.expectedRecords = expectedRecords
        self.trailer = trailer
    }
}
