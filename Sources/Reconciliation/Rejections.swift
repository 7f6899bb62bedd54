import Exports
import SCIM

/// Records that cannot be used, and the members who are left exactly as they are because of them (product.md, rule 2).
struct Rejections {
    struct Pin {
        var reason: String
        var file: Int
        var line: RecordLine
    }

    /// Those found after reading; the reader's own are in its summaries already.
    private(set) var records: [RejectedRecord] = []
    private(set) var pins: [RowID: Pin] = [:]
    /// Rejected records of which nobody can tell whom they are about: they may be about anybody.
    private(set) var anonymous = 0
    /// Employee numbers of rejected records, and where they stand.
    private(set) var employeeNumbers: [String: (file: Int, line: RecordLine)] = [:]

    private let roster: RosterReader
    private let rules: IdentityRules
    private let files: [String]

    init(roster: RosterReader, rules: IdentityRules, files: [String]) {
        self.roster = roster
        self.rules = rules
        self.files = files
    }

    func isPinned(_ row: RowID) -> Bool { pins[row] != nil }

    /// A record that the reader could not use.
    mutating func take(_ reject: RejectedRecord, _ members: LinkIndex) throws {
        let found = try rows(about: reject, members)
        for row in found { pin(row, "a record about them was rejected: \(reject.message)", reject.file, reject.line) }
        // A joiner's anchor tells that it is about nobody here. Anything else that finds nobody may be a damaged name.
        if found.isEmpty && (!rules.hasAnchor || reject.anchor == nil) { anonymous += 1 }
    }

    /// A record whose person is in doubt: pins everybody it may be about, and `others`.
    mutating func reject(
        _ record: IdentityRecord, code: String, _ message: String, _ members: LinkIndex, pinning others: [RowID] = []
    ) throws {
        let reject = append(record, code: code, message)
        for row in try rows(about: reject, members).union(others) { pin(row, message, record.file, record.line) }
    }

    /// A record whose person is known, and who cannot have what it says.
    mutating func refuse(_ record: IdentityRecord, code: String, _ message: String, pinning rows: [RowID]) {
        append(record, code: code, message)
        for row in rows { pin(row, message, record.file, record.line) }
    }

    /// A record that was read and not kept, since it agreed with the roster: only its place is known.
    mutating func reject(atFile file: Int, line: RecordLine, code: String, _ message: String, about user: Resource) {
        records.append(
            RejectedRecord(
                file: file, line: line, column: nil, code: code, message: message, anchor: user.externalID,
                userName: user.userName))
    }

    @discardableResult
    private mutating func append(_ record: IdentityRecord, code: String, _ message: String) -> RejectedRecord {
        let reject = RejectedRecord(
            file: record.file, line: record.line, column: nil, code: code, message: message, anchor: record.anchor,
            userName: rules.userName(of: record), email: rules.email(of: record))
        records.append(reject)
        if let number = rules.employeeNumber(of: record) { employeeNumbers[number] = (record.file, record.line) }
        return reject
    }

    mutating func pin(_ row: RowID, _ reason: String, _ file: Int, _ line: RecordLine) {
        if pins[row] == nil { pins[row] = Pin(reason: reason, file: file, line: line) }
    }

    /// Whom a record may be about, by whatever of it can be read.
    private func rows(about reject: RejectedRecord, _ members: LinkIndex) throws -> Set<RowID> {
        var found: Set<RowID> = []
        if let anchor = reject.anchor {
            if rules.hasAnchor, let slot = members.slot(of: AnchorDigest.of(anchor: anchor)) {
                found.insert(members.rows[slot])
            }
            for user in try roster.users(externalID: anchor) { found.insert(user.row) }
        }
        if let name = reject.userName.flatMap({ try? CanonicalKey.userName($0) }) {
            if !rules.hasAnchor, let slot = members.slot(of: AnchorDigest.of(userNameKey: name)) {
                found.insert(members.rows[slot])
            }
            if let user = try roster.user(name: name) { found.insert(user.row) }
        }
        for address in [reject.email, reject.userName] {
            guard let key = address.flatMap({ try? CanonicalKey.email($0) }) else { continue }
            for user in try roster.users(email: key) { found.insert(user.row) }
        }
        return found
    }

    /// `lines 3 and 7`, or `records 3 and 7`, or `a.csv:3 and b.csv:7` where they are of several files.
    func naming(_ places: [(file: Int, line: RecordLine)]) -> String {
        let sorted = places.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
        if Set(sorted.map(\.file)).count > 1 {
            return sorted.map { Place(file: files[$0.file], at: $0.line).text(files[$0.file]) }
                .joined(separator: " and ")
        }
        let records = sorted.compactMap(\.line.record)
        if records.isEmpty { return "lines " + sorted.map { String($0.line.line) }.joined(separator: " and ") }
        if records.count == sorted.count { return "records " + records.map(String.init).joined(separator: " and ") }
        return sorted.map(\.line.description).joined(separator: " and ")
    }
}
