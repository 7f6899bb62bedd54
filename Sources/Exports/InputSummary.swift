import SCIM

/// What one file turned out to be: `inspect`'s row, and what a plan says of its inputs.
package struct InputSummary: Hashable, Sendable {
    package enum Kind: String, Sendable { case users, groups, samlMetadata = "saml-metadata" }

    package var file: String
    package var kind: Kind
    /// `okta-users-json`, `generic-csv`, …
    package var format: String
    /// `nil` when it was refused.
    package var grade: Grade?
    package var gradeReasons: [String] = []
    /// A number says that all records are here: a total of the service, a manifest.
    package var isCounted = false
    /// When it was written, as a manifest says. Without one ``modified`` stands in for it.
    package var exportDate: Timestamp?
    /// What the file's trailer row says, where there has to be one.
    package var trailer: TrailerFinding?
    package var records = 0
    package var active = 0
    package var inactive = 0
    /// Those whose activity is not stated are among them.
    package var undecided = 0
    /// Usable records that the scope leaves out; counted above by their activity all the same.
    package var outOfScope = 0
    package var rejected: [RejectedRecord] = []
    /// What SAML metadata says, in place of the counts.
    package var metadata: MetadataSummary?
    package var diagnostics: [Diagnostic] = []
    package var refusal: Refusal?
    /// SHA-256 of the file's bytes, 64 hex digits; `nil` when it was not read to its end.
    package var sha256: String?
    /// The file's own modification time, which a copy may have changed.
    package var modified: Timestamp?
    /// Bytes read.
    package var bytes = 0
    /// Columns that no rule uses, named once.
    package var unusedColumns: [String] = []

    package init(file: String, kind: Kind, format: String) {
        self.file = file
        self.kind = kind
        self.format = format
    }
}
