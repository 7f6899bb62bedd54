/// One export of users: one file, or the pages of one given together.
package struct UserExport: Sendable {
    package let format: Format
    /// Its files in the order given; ``MappedRecord/file`` counts in them.
    package let files: [String]
    /// The compiled mapping; the first rule is `userName`. ``IdentityRecord/values`` are by index of these.
    package let rules: [AttributeRule]
    /// SHA-256 of mapping, scope and normaliser version, 64 hex digits.
    package let fingerprint: String
    /// There is a column that becomes `externalId`. Without one, people are told apart by userName.
    package let hasAnchor: Bool
    /// The export says who works there, be it by a column or by who is in it.
    package let statesActivity: Bool
    package let leavers: MappingConfiguration.Leavers
    /// Groups that a column of this export lists are to be synced.
    package let groupsAreEnabled: Bool

    /// Reads all files in order, once through, in constant memory.
    ///
    /// `each` gets what is in scope and usable, `rejected` what is not usable; duplicates are not looked for. A file
    /// that turns out to be unusable on the way ends its own reading: its summary has a `refusal` and no `grade`, and
    /// records already delivered from it stand for nothing that may remove anybody. Nothing is thrown but what the two
    /// closures throw.
    package func read(
        _ each: (borrowing MappedRecord) throws -> Void, rejected: (RejectedRecord) throws -> Void
    ) throws -> [InputSummary] { fatalError("not yet") }
}
