import SCIM

/// One line of a compiled mapping: which SCIM attribute, and who wins.
package struct AttributeRule: Hashable, Sendable {
    /// Who wins when source and roster differ (product.md, rule 3).
    package enum Overwrite: String, Sendable, CaseIterable {
        case always
        case ifEmpty = "if-empty"
        case createOnly = "create-only"
    }

    /// Which differences are none in a batch run.
    package enum Comparison: Sendable {
        /// Letter case and Unicode normal form do not count: userName, addresses, display names.
        case folded
        case exact
    }

    /// The short notation, as plans show it: `emails.work`.
    package var name: String
    package var path: AttributePath
    /// Columns or members in order of preference; the first that is not blank gives the value.
    package var from: [String]
    package var overwrite: Overwrite
    /// A blank cell takes the value away, instead of keeping what is there.
    package var clears: Bool
    package var comparison: Comparison
    /// Where the configuration says so; `nil` for the format's own rule.
    package var configured: Place?
    package init(
        name: String, path: AttributePath, from: [String], overwrite: Overwrite = .always, clears: Bool = false,
        comparison: Comparison = .exact, configured: Place? = nil
    ) {
        self.name = name
        self.path = path
        self.from = from
        self.overwrite = overwrite
        self.clears = clears
        self.comparison = comparison
        self.configured = configured
    }
}
