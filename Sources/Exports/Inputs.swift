/// The files of one run, told apart and opened.
package struct Inputs: Sendable {
    package var users: UserExport?
    package var groups: GroupExport?
    /// SAML metadata files, in the order given.
    package var metadata: [String]
    /// Files that cannot be read as anything, each with its `refusal`.
    package var refused: [InputSummary]

    /// Looks at the beginning of each file to tell what it is, and compiles the mapping against what it finds there.
    ///
    /// Throws ``ConfigurationError`` when the mapping, the scope or the forced format does not fit; a file that cannot
    /// be believed is in ``refused`` instead.
    package static func open(_ files: [InputFile], options: ReadingOptions) throws -> Inputs { fatalError("not yet") }
}
