/// The groups of one source: files that list groups, files that list the members of one group, or both.
package struct GroupExport: Sendable {
    package let format: Format
    package let files: [String]
    /// The configuration's `groups:`, else the format's default. The files are read and graded either way.
    package let isEnabled: Bool

    /// Every group with its members; summaries in the order of ``files``.
    ///
    /// A group that no file gives the members of has `members == nil`. Files that were refused have their `refusal` in
    /// the summary, and groups whose member file was refused have `membersComplete == false`.
    package func read() throws -> (groups: [GroupRecord], summaries: [InputSummary]) { fatalError("not yet") }
}
