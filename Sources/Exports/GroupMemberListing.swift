import SCIM

/// One pass over a file that lists the members of one group.
struct GroupMemberListing {
    private(set) var members: [GroupMemberReference] = []
    private(set) var pages: [Grading.Page] = []

    private let list: GroupExport.MemberList
    private let anchorsAreIDs: Bool

    init(_ list: GroupExport.MemberList, anchorsAreIDs: Bool) {
        self.list = list
        self.anchorsAreIDs = anchorsAreIDs
    }

    mutating func read() -> InputSummary {
        var summary = InputSummary(file: list.file.path, kind: .groups, format: list.format.name)
        let digest = FileDigest(list.file.path)
        defer { digest.cancel() }
        do throws(Refusal) {
            try readAll(&summary)
            summary.sha256 = digest.finish()
        } catch {
            summary.refusal = error
        }
        if summary.records > 0, summary.rejected.count == summary.records, summary.refusal == nil {
            summary.refusal = Refusal(
                code: Refusal.nothingUsable, place: Place(file: list.file.path),
                message: "\(Refusal.noneUsable(of: summary.records, "member")): \(summary.rejected[0].message)")
        }
        return summary
    }

    private mutating func readAll(_ summary: inout InputSummary) throws(Refusal) {
        let anchors = list.format.anchor.flatMap(\.columns)
        let logins = list.format.attributes.first { $0.name == "userName" }?.from.flatMap(\.columns) ?? []
        let type = list.format.groupShape?.memberType
        let names = anchors + logins + [type?.path].compactMap { $0 }
        let isJSON = list.format.container.isJSON
        let source = try RecordSource(
            list.file, columns: names.map { ColumnID(key: isJSON ? $0 : HeaderKey($0).text) })
        let buffer = RecordBuffer(slots: names.count)
        while true {
            let outcome = try source.next(into: buffer)
            if outcome == .end { break }
            summary.records += 1
            if case .rejected(let code, let message, let column) = outcome {
                reject(&summary, buffer.place, column, code, message, source)
                continue
            }
            let texts = names.indices.map { buffer.raw($0).trimmed().text }
            if let type, let text = texts.last, !text.isEmpty, HeaderKey(text) != HeaderKey(type.user) { continue }
            let id = texts[..<anchors.count].first { !$0.isEmpty }
            let login = texts[anchors.count..<anchors.count + logins.count].first { !$0.isEmpty }
            let key = login.flatMap { try? CanonicalKey.userName($0) }
            let anchor = anchorsAreIDs ? id.map { AnchorDigest.of(anchor: $0) } : nil
            if anchor == nil && key == nil {
                reject(
                    &summary, buffer.place, anchors.first, "no-anchor", "The member has neither an id nor a login.",
                    source)
            } else {
                members.append(GroupMemberReference(anchor: anchor, userName: key))
            }
        }
        pages = source.pages(of: list.file, records: summary.records, list.format.paging)
    }

    private func reject(
        _ summary: inout InputSummary, _ line: RecordLine, _ column: String?, _ code: String, _ message: String,
        _ source: RecordSource
    ) {
        summary.rejected.append(
            RejectedRecord(
                file: 0, line: line, column: column, code: code, message: message, original: source.original()))
    }
}
