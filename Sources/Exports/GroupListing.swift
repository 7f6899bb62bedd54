import JSON
import SCIM

/// One pass over a file that lists groups, with or without their members inside.
struct GroupListing {
    private(set) var groups: [GroupRecord] = []
    private(set) var pages: [Grading.Page] = []

    private let listing: GroupExport.Listing
    private let shape: GroupShape
    private let index: Int
    private let anchorsAreIDs: Bool
    private let aliases: [String: Digest128]

    /// One group with a hundred thousand members is one record.
    private static let recordBytes = 64 * 1024 * 1024

    init(_ listing: GroupExport.Listing, index: Int, anchorsAreIDs: Bool, aliases: [String: Digest128]) {
        guard let shape = listing.format.groupShape else {
            preconditionFailure("the format \(listing.format.name) lists groups and has no shape for them")
        }
        self.listing = listing
        self.shape = shape
        self.index = index
        self.anchorsAreIDs = anchorsAreIDs
        self.aliases = aliases
    }

    mutating func read() -> InputSummary {
        var summary = InputSummary(file: listing.file.path, kind: .groups, format: listing.format.name)
        let digest = FileDigest(listing.file.path)
        defer { digest.cancel() }
        do throws(Refusal) {
            if case .json = listing.file.access {
                try readJSON(&summary)
            } else {
                try readCSV(&summary)
            }
            summary.sha256 = digest.finish()
        } catch {
            summary.refusal = error
        }
        if summary.records > 0, summary.rejected.count == summary.records, summary.refusal == nil {
            summary.refusal = Refusal(
                code: Refusal.nothingUsable, place: Place(file: listing.file.path),
                message: "\(Refusal.noneUsable(of: summary.records, "group")): \(summary.rejected[0].message)")
        }
        return summary
    }

    private mutating func readCSV(_ summary: inout InputSummary) throws(Refusal) {
        let names = shape.id.prefix(1) + shape.name.prefix(1) + [shape.builtIn?.path].compactMap { $0 }
        let source = try RecordSource(listing.file, columns: names.map { ColumnID(key: HeaderKey($0).text) })
        let buffer = RecordBuffer(slots: names.count)
        while true {
            let outcome = try source.next(into: buffer)
            if outcome == .end { break }
            summary.records += 1
            let texts = names.indices.map { buffer.raw($0).trimmed().text }
            if case .rejected(let code, let message, let column) = outcome {
                reject(&summary, buffer.place, code, message, column, source)
            } else {
                add(
                    &summary, buffer.place, texts[0], texts[1], type: texts.count > 2 ? texts[2] : nil, members: nil,
                    isCut: false, source)
            }
        }
        pages = [Grading.Page(records: summary.records)]
    }

    private mutating func readJSON(_ summary: inout InputSummary) throws(Refusal) {
        var limits = JSONReadingLimits.default
        limits.elementBytes = Self.recordBytes
        let source = try RecordSource(listing.file, columns: [], limits: limits)
        guard case .json(let reader) = source else { return }
        let buffer = RecordBuffer(slots: 0)
        while try source.next(into: buffer) == .record {
            summary.records += 1
            // The reader has checked it already.
            guard let value = try? JSON.parse(reader.element) else { continue }
            add(
                &summary, buffer.place, text(value, shape.id), text(value, shape.name) ?? "",
                type: shape.builtIn.flatMap { value.value(at: $0.path)?.plainText },
                members: shape.members.flatMap { value.value(at: $0)?.array }, isCut: isCut(value), source)
        }
        pages = source.pages(of: listing.file, records: summary.records, listing.format.paging)
    }

    /// A cursor of the members' own inside the group.
    private func isCut(_ group: JSONValue) -> Bool {
        guard let members = shape.members else { return false }
        return group["\(members)@odata.nextLink"]?.plainText != nil
    }

    private mutating func add(
        _ summary: inout InputSummary, _ line: RecordLine, _ id: String?, _ name: String, type: String?,
        members: [JSONValue]?, isCut: Bool, _ source: RecordSource
    ) {
        guard let name = name.trimmedOrNil, (try? CanonicalKey.groupName(name)) != nil else {
            let message =
                name.trimmedOrNil == nil
                ? "The group has no name." : "The group's name has characters that no name has."
            return reject(&summary, line, "no-group-name", message, shape.name.first, source)
        }
        var group = GroupRecord(
            file: index, line: line, anchor: id.flatMap(\.trimmedOrNil), name: name, members: nil,
            isBuiltIn: shape.builtIn.map { $0.values.contains(type ?? "") } ?? false)
        if let members { addMembers(members, to: &group) }
        if isCut { group.membersComplete = false }
        groups.append(group)
    }

    private mutating func reject(
        _ summary: inout InputSummary, _ line: RecordLine, _ code: String, _ message: String, _ column: String?,
        _ source: RecordSource
    ) {
        summary.rejected.append(
            RejectedRecord(
                file: index, line: line, column: column, code: code, message: message, original: source.original()))
    }

    private func addMembers(_ members: [JSONValue], to group: inout GroupRecord) {
        var references: [GroupMemberReference] = []
        for member in members {
            if let kind = shape.memberType, let type = member.value(at: kind.path)?.plainText, type != kind.user {
                group.skippedMembers += 1
                continue
            }
            let id = text(member, shape.memberID)
            let userName = text(member, shape.memberUserName).flatMap { try? CanonicalKey.userName($0) }
            let anchor = id.flatMap { id in aliases[id] ?? (anchorsAreIDs ? AnchorDigest.of(anchor: id) : nil) }
            if anchor == nil && userName == nil {
                group.skippedMembers += 1
            } else {
                references.append(GroupMemberReference(anchor: anchor, userName: userName))
            }
        }
        group.members = references
        if shape.cappedAt.contains(members.count) { group.membersComplete = false }
    }

    private func text(_ value: JSONValue, _ paths: [String]) -> String? {
        paths.lazy.compactMap { value.value(at: $0)?.plainText?.trimmedOrNil }.first
    }
}
