import SCIM

/// The groups of one source: files that list groups, files that list the members of one group, or both.
package struct GroupExport: Sendable {
    /// A file that lists groups.
    struct Listing: Sendable {
        var file: ExportFile
        var format: Format
        init(_ file: ExportFile, _ format: Format) {
            self.file = file
            self.format = format
        }
    }

    /// A file that lists the members of one group.
    struct MemberList: Sendable {
        var file: ExportFile
        var format: Format
        /// Its name or id, or what is left of one in a file's name; `nil` when nothing says it.
        var group: String?
        init(_ file: ExportFile, _ format: Format, group: String?) {
            self.file = file
            self.format = format
            self.group = group
        }
    }

    /// Of the first file.
    package var format: Format { listings.first?.format ?? memberLists[0].format }
    /// Listings first, then lists of members, each in the order given. ``GroupRecord/file`` counts in them.
    package var files: [String] { listings.map(\.file.path) + memberLists.map(\.file.path) }
    /// The files that list the members of one group, with that group's name or what is left of it in the file's name.
    package var memberFiles: [(group: String, path: String)] {
        memberLists.compactMap { list in list.group.map { ($0, list.file.path) } }
    }
    /// Those of which nothing says the group.
    package var unnamedMemberFiles: [String] { memberLists.filter { $0.group == nil }.map(\.file.path) }
    /// The configuration's `groups:`, else the format's default. The files are read and graded either way.
    package let isEnabled: Bool

    let listings: [Listing]
    /// Not empty when `listings` is.
    let memberLists: [MemberList]
    private let users: UserExport?
    private let options: ReadingOptions

    init(
        listings: [Listing], memberLists: [MemberList], users: UserExport?, isEnabled: Bool, options: ReadingOptions
    ) {
        precondition(!listings.isEmpty || !memberLists.isEmpty)
        self.listings = listings
        self.memberLists = memberLists
        self.users = users
        self.isEnabled = isEnabled
        self.options = options
    }

    /// Every group with its members; summaries in the order of ``files``.
    ///
    /// A group that no file gives the members of has `members == nil`. Files that were refused have their `refusal` in
    /// the summary, and groups whose member file was refused or is not complete have `membersComplete == false`. A list
    /// of members of which nobody knows the group is read, counted, warned of and otherwise left alone.
    package func read() throws -> (groups: [GroupRecord], summaries: [InputSummary]) {
        // The id of a member is an anchor only where the users' own anchor is the id.
        let anchorsAreIDs = !options.mapping.entries.contains { $0.key.value.lowercased() == "externalid" }
        let aliases = try memberAliases()
        var groups: [GroupRecord] = []
        var summaries: [InputSummary] = []
        var listingPages: [Grading.Page] = []
        for (index, listing) in listings.enumerated() {
            var reading = GroupListing(listing, index: index, anchorsAreIDs: anchorsAreIDs, aliases: aliases)
            summaries.append(reading.read())
            groups += reading.groups
            listingPages += reading.pages
        }
        GroupExport.grade(&summaries, listingPages, listings.first?.format.paging ?? Paging(), options)
        for (index, list) in memberLists.enumerated() {
            var reading = GroupMemberListing(list, anchorsAreIDs: anchorsAreIDs)
            var summary = reading.read()
            var own = [summary]
            GroupExport.grade(&own, reading.pages, list.format.paging, options)
            summary = own[0]
            place(reading.members, of: list, file: listings.count + index, in: &groups, &summary)
            summaries.append(summary)
        }
        summaries.judgeByManifests(expected: nil)
        return (groups, summaries)
    }

    // MARK: - Members in files of their own

    private func place(
        _ members: [GroupMemberReference], of list: MemberList, file: Int, in groups: inout [GroupRecord],
        _ summary: inout InputSummary
    ) {
        guard let name = list.group else {
            summary.diagnostics.append(
                Diagnostic(
                    code: "group-unnamed", place: Place(file: list.file.path),
                    message: "Nothing says whose members these are, so they are not used: name the group in the "
                        + "configuration, or call the file group-members-NAME."))
            return
        }
        let isComplete = summary.refusal == nil && summary.grade == .complete
        let matches = groups.indices.filter { groups[$0].isCalled(name) }
        guard matches.count <= 1, matches.count == 1 || listings.isEmpty else {
            let found = matches.isEmpty ? "No group" : "More than one group"
            summary.grade = nil
            summary.refusal = Refusal(
                code: matches.isEmpty ? "unknown-group" : "ambiguous-group", place: Place(file: list.file.path),
                message: "\(found) of the listing is called \"\(name)\": give the file the group's exact name or id.")
            return
        }
        if let index = matches.first {
            groups[index].members = (groups[index].members ?? []) + members
            groups[index].membersComplete = groups[index].membersComplete && isComplete
        } else {
            groups.append(
                GroupRecord(
                    file: file, line: 1, anchor: nil, name: name, members: members, membersComplete: isComplete))
        }
    }

    /// By a member's id the digest of their anchor, where the two differ: SCIM's users have an `externalId` besides.
    private func memberAliases() throws -> [String: Digest128] {
        guard listings.contains(where: { $0.format.groupShape?.memberIDIsNotAnchor == true }), let users else {
            return [:]
        }
        var aliases: [String: Digest128] = [:]
        let columns = (["id"] + users.mapping.anchor.flatMap { $0.slots.map { users.mapping.columns[$0].key } }).map {
            ColumnID(key: $0)
        }
        let buffer = RecordBuffer(slots: columns.count)
        for file in users.sources {
            guard case .json = file.access, let source = try? RecordSource(file, columns: columns) else { continue }
            while let outcome = try? source.next(into: buffer), outcome == .record {
                let texts = columns.indices.map { buffer.raw($0).trimmed().text }
                guard let anchor = texts.dropFirst().first(where: { !$0.isEmpty }), !texts[0].isEmpty else { continue }
                aliases[texts[0]] = AnchorDigest.of(anchor: anchor)
            }
        }
        return aliases
    }

    // MARK: - Grades

    private static func grade(
        _ summaries: inout [InputSummary], _ pages: [Grading.Page], _ paging: Paging, _ options: ReadingOptions
    ) {
        let records = summaries.reduce(0) { $0 + $1.records }
        for index in summaries.indices where summaries[index].refusal == nil && records == 0 {
            summaries[index].refusal = .emptyExport(summaries[index].file)
        }
        let isBroken = summaries.contains { $0.refusal != nil }
        let (grade, reasons) = Grading(paging: paging).grade(pages)
        for index in summaries.indices where summaries[index].refusal == nil {
            summaries[index].grade = isBroken || options.isDeclaredPartial ? .partial : grade
            summaries[index].gradeReasons = reasons
            if isBroken { summaries[index].gradeReasons = ["Another file of this export cannot be used."] }
            if options.isDeclaredPartial {
                summaries[index].gradeReasons.append("The source is declared to be partial (snapshot: partial).")
            }
        }
    }
}

extension GroupRecord {
    /// Whether `name` is its name or id, or what is left of one of them in a file's name.
    fileprivate func isCalled(_ name: String) -> Bool {
        let key = GroupFileName.key(name)
        return self.name == name || anchor == name || GroupFileName.key(self.name) == key
            || anchor.map { GroupFileName.key($0) == key } ?? false
    }
}
