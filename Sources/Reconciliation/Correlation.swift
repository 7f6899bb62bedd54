import Exports
import SCIM

/// Which user each record is: anchor first, then userName, then primary e-mail. Two candidates, or one that belongs to
/// somebody else, make a record disputed: reported, and everybody it may be about is pinned. Nobody is guessed.
struct Correlation {
    /// On which evidence a record was taken to be a user.
    enum Basis: String {
        case anchor, externalId, userName, email, employeeNumber
        /// The same login and the same name, under another anchor: the IdP's accounts were made anew.
        case reissuedAnchor = "reissued anchor"
    }

    struct Match {
        var record: IdentityRecord
        var user: StoredResource
        var basis: Basis
        /// Linked to this source before this run.
        var isManaged: Bool
    }

    struct Pin {
        var reason: String
        var file: Int
        var line: Int
    }

    private(set) var members: LinkIndex
    private(set) var matches: [Match] = []
    private(set) var newcomers: [IdentityRecord] = []
    private(set) var rejected: [RejectedRecord] = []
    private(set) var pins: [RowID: Pin] = [:]
    /// Inactive in the export and unknown to the roster: nothing to do about them.
    private(set) var strangersInactive = 0
    /// Rejected records that name nobody: they may be about anybody.
    private(set) var anonymousRejects = 0

    private let roster: RosterReader
    private let rules: IdentityRules
    /// userName keys of newcomers that somebody in the roster has.
    private var contestedNames: Set<String> = []

    /// E-mail domains of those whom the roster does not know.
    var newcomerDomains: Set<String> {
        Set(newcomers.compactMap { rules.emailKey(of: $0)?.split(separator: "@").last.map(String.init) })
    }

    /// Newcomers whose name must first be given up by its holder.
    var contestedNewcomers: [IdentityRecord] {
        contestedNames.isEmpty
            ? [] : newcomers.filter { record in rules.userNameKey(of: record).map(contestedNames.contains) ?? false }
    }

    init(
        _ reading: inout ExportReading, rules: IdentityRules, roster: RosterReader
    ) throws {
        members = reading.members
        self.roster = roster
        self.rules = rules
        for reject in reading.rejected { try pin(whoever: reject) }
        let kept = reading.takeRecords()
        let named = settleRepeats(of: kept.named)
        let unmatched = settleRepeats(ofUnmatched: kept.unmatched)
        try correlate(named: named, unmatched: unmatched)
        try settleSharedUsers()
    }

    // MARK: Rejected by the reader

    private mutating func pin(whoever reject: RejectedRecord) throws {
        var found: Set<RowID> = []
        if let anchor = reject.anchor, rules.hasAnchor, let slot = members.slot(of: AnchorDigest.of(anchor: anchor)) {
            found.insert(members.rows[slot])
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
        for row in found { pin(row, "a record about them was rejected: \(reject.message)", reject.file, reject.line) }
        if reject.anchor == nil && reject.userName == nil && reject.email == nil { anonymousRejects += 1 }
    }

    private mutating func pin(_ row: RowID, _ reason: String, _ file: Int, _ line: Int) {
        if pins[row] == nil { pins[row] = Pin(reason: reason, file: file, line: line) }
        if let slot = members.slot(of: row) { members.marks[slot] = .pinned }
    }

    private mutating func reject(_ record: IdentityRecord, code: String, _ message: String, pinning rows: [RowID]) {
        rejected.append(
            RejectedRecord(
                file: record.file, line: record.line, column: nil, code: code, message: message, anchor: record.anchor,
                userName: rules.userName(of: record), email: rules.email(of: record)))
        for row in rows { pin(row, message, record.file, record.line) }
    }

    // MARK: The same person twice

    /// Identical repetitions collapse; contradicting ones are all rejected and their member is pinned.
    private mutating func settleRepeats(of named: [ExportReading.Named]) -> [ExportReading.Named] {
        var bySlot: [Int: [ExportReading.Named]] = [:]
        for entry in named { bySlot[entry.slot, default: []].append(entry) }
        var single: [ExportReading.Named] = []
        for (slot, entries) in bySlot {
            guard members.marks[slot] != .pinned else { continue }
            let first = entries[0].record
            let agree = entries.allSatisfy { $0.record.fingerprint == first.fingerprint }
            if agree && members.marks[slot] == .named {
                single.append(entries[0])
            } else {
                let lines = Set(entries.map(\.record.line) + [Int(members.lines[slot])]).sorted()
                let message = Self.contradiction(lines)
                let row = members.rows[slot]
                if members.marks[slot] == .unchanged {
                    // The first one agreed with the roster and was not kept: its place is all that is known.
                    rejected.append(
                        RejectedRecord(
                            file: first.file, line: Int(members.lines[slot]), column: nil, code: "contradicting-records",
                            message: message, anchor: first.anchor, userName: rules.userName(of: first)))
                }
                for entry in entries { reject(entry.record, code: "contradicting-records", message, pinning: [row]) }
            }
        }
        return single
    }

    private mutating func settleRepeats(ofUnmatched records: [IdentityRecord]) -> [IdentityRecord] {
        var first: [Digest128: Int] = [:]
        first.reserveCapacity(records.count)
        var contradicting: [Digest128: [Int]] = [:]
        for (index, record) in records.enumerated() {
            if let earlier = first[record.anchorDigest] {
                if records[earlier].fingerprint != record.fingerprint || contradicting[record.anchorDigest] != nil {
                    contradicting[record.anchorDigest, default: [earlier]].append(index)
                }
            } else {
                first[record.anchorDigest] = index
            }
        }
        for indexes in contradicting.values {
            let message = Self.contradiction(indexes.map { records[$0].line }.sorted())
            for index in indexes { reject(records[index], code: "contradicting-records", message, pinning: []) }
        }
        guard first.count < records.count || !contradicting.isEmpty else { return records }
        return records.indices.filter { index in
            let anchor = records[index].anchorDigest
            return first[anchor] == index && contradicting[anchor] == nil
        }.map { records[$0] }
    }

    private static func contradiction(_ lines: [Int]) -> String {
        "lines \(lines.map(String.init).joined(separator: " and ")) name the same person and contradict each other"
    }

    // MARK: Who is it

    private mutating func correlate(named: [ExportReading.Named], unmatched: [IdentityRecord]) throws {
        // userNames that two records claim: nobody can tell whose it is.
        var claims: [String: (record: Int, isNamed: Bool)] = [:]
        var clashes: [String: [IdentityRecord]] = [:]
        claims.reserveCapacity(named.count + unmatched.count)
        func claim(_ record: IdentityRecord, _ index: Int, isNamed: Bool) {
            guard record.activity != .deleted, let name = rules.userNameKey(of: record) else { return }
            if let other = claims[name] {
                let earlier = other.isNamed ? named[other.record].record : unmatched[other.record]
                clashes[name, default: [earlier]].append(record)
            } else {
                claims[name] = (index, isNamed)
            }
        }
        for (index, entry) in named.enumerated() { claim(entry.record, index, isNamed: true) }
        for (index, record) in unmatched.enumerated() { claim(record, index, isNamed: false) }

        var namedNow: [(ExportReading.Named, StoredResource)] = []
        for entry in named {
            guard members.marks[entry.slot] != .pinned else { continue }
            guard let user = try roster.user(row: members.rows[entry.slot]) else { continue }
            if try rejectIfShared(entry.record, clashes, own: user) { continue }
            namedNow.append((entry, user))
        }
        for (entry, user) in namedNow {
            matches.append(Match(record: entry.record, user: user, basis: .anchor, isManaged: true))
        }
        let rosterIsEmpty = try roster.isEmpty
        for record in unmatched {
            if try rejectIfShared(record, clashes, own: nil) { continue }
            if rosterIsEmpty { welcome(record) } else { try identify(record) }
        }
        if !rules.hasAnchor { try matchEmployeeNumbers() }
    }

    /// Whether another record claims the same userName; then the record is rejected.
    private mutating func rejectIfShared(
        _ record: IdentityRecord, _ clashes: [String: [IdentityRecord]], own user: StoredResource?
    ) throws -> Bool {
        guard record.activity != .deleted, let name = rules.userNameKey(of: record) else { return false }
        if let sharers = clashes[name] {
            let lines = sharers.map(\.line).sorted().map(String.init).joined(separator: " and ")
            let holder = try roster.user(name: name)
            reject(
                record, code: "shared-username", "lines \(lines) are different people with the same userName",
                pinning: [user?.row, holder?.row].compactMap(\.self))
            return true
        }
        // Somebody in step with their record still has it.
        guard let holder = try roster.isEmpty ? nil : roster.user(name: name), holder.row != user?.row,
            let slot = members.slot(of: holder.row), members.marks[slot] == .unchanged
        else { return false }
        let other = Int(members.lines[slot])
        let message = "lines \(other) and \(record.line) are different people with the same userName"
        rejected.append(
            RejectedRecord(
                file: record.file, line: other, column: nil, code: "shared-username", message: message,
                anchor: holder.resource.externalID, userName: rules.userName(of: record)))
        reject(record, code: "shared-username", message, pinning: [user?.row, holder.row].compactMap(\.self))
        return true
    }

    private mutating func identify(_ record: IdentityRecord) throws {
        // A deleted row is about nobody but the holder of its anchor.
        if let anchor = record.anchor {
            let users = try roster.users(externalID: anchor).filter { !isOthers($0, anchor: record.anchorDigest) }
            if users.count > 1 {
                return reject(
                    record, code: "ambiguous", "\(users.count) members have the externalId of this record",
                    pinning: users.map(\.row))
            }
            if let user = users.first { return match(record, user, .externalId) }
        }
        guard record.activity != .deleted else {
            strangersInactive += 1
            return
        }
        if let name = rules.userNameKey(of: record), let user = try roster.user(name: name) {
            contestedNames.insert(name)
            return try decide(record, user, .userName)
        }
        if let email = rules.emailKey(of: record) {
            let users = try roster.users(email: email)
            let candidates = users.filter { !isNamed($0) }
            if candidates.count > 1 {
                return reject(
                    record, code: "ambiguous", "\(candidates.count) members have the e-mail address of this record",
                    pinning: candidates.map(\.row))
            }
            if let user = candidates.first { return try decide(record, user, .email) }
        }
        welcome(record)
    }

    /// The user has the record's address. Is it the same person?
    private mutating func decide(_ record: IdentityRecord, _ user: StoredResource, _ basis: Basis) throws {
        let slot = members.slot(of: user.row)
        let otherAnchor = user.resource.externalID.flatMap { $0 == record.anchor ? nil : $0 }
        guard let slot else {
            // Not linked to this source. An inactive member with an anchor of their own is not brought back as another.
            if record.anchor != nil, let otherAnchor, !user.resource.isActive || basis == .email {
                return dispute(record, user, otherAnchor)
            }
            return match(record, user, basis)
        }
        // Linked under another anchor.
        if members.marks[slot] == .pinned {
            return reject(
                record, code: "ambiguous", "the member with this address is left as is because of another record",
                pinning: [user.row])
        }
        if members.marks[slot] != .absent {
            // Named by a record of their own, which moves them to another address: whoever comes is somebody else.
            return welcome(record)
        }
        if !rules.hasAnchor { return match(record, user, basis) }
        guard members.isActive[slot] else { return dispute(record, user, otherAnchor ?? "another anchor") }
        switch rules.sameName(record, user.resource) {
        case true?: match(record, user, .reissuedAnchor)
        case false?: welcome(record)
        case nil: dispute(record, user, otherAnchor ?? "another anchor")
        }
    }

    private mutating func dispute(_ record: IdentityRecord, _ user: StoredResource, _ otherAnchor: String) {
        let state = user.resource.isActive ? "the member" : "the inactive member"
        reject(
            record, code: "address-of-another",
            "\(record.anchor ?? "this record") has the address of \(state) \(user.resource.userName), whose externalId is \(otherAnchor);"
                + " give one of them another address, or the member this externalId",
            pinning: [user.row])
    }

    private mutating func match(_ record: IdentityRecord, _ user: StoredResource, _ basis: Basis) {
        let slot = members.slot(of: user.row)
        if let slot {
            guard members.marks[slot] != .pinned else { return }
            members.marks[slot] = .named
            members.lines[slot] = Int32(clamping: record.line)
        }
        let isManaged = slot != nil || basis == .externalId
        matches.append(Match(record: record, user: user, basis: basis, isManaged: isManaged))
    }

    private mutating func welcome(_ record: IdentityRecord) {
        switch record.activity {
        case .active, .unstated, .undecided(_, mayCreate: true): newcomers.append(record)
        case .inactive, .deleted, .undecided(_, mayCreate: false): strangersInactive += 1
        }
    }

    /// Linked to this source under another anchor.
    private func isOthers(_ user: StoredResource, anchor: Digest128) -> Bool {
        members.slot(of: user.row).map { members.anchors[$0] != anchor && members.marks[$0] != .absent } ?? false
    }

    private func isNamed(_ user: StoredResource) -> Bool {
        members.slot(of: user.row).map { members.marks[$0] == .named || members.marks[$0] == .unchanged } ?? false
    }

    // MARK: Exports without an anchor

    /// Somebody whose login and address both changed, known by their employee number (scenario 8).
    private mutating func matchEmployeeNumbers() throws {
        guard let rule = rules.employeeNumber, !newcomers.isEmpty else { return }
        var numbers: [String: [StoredResource]] = [:]
        for slot in members.rows.indices where members.marks[slot] == .absent && members.isActive[slot] {
            guard let user = try roster.user(row: members.rows[slot]),
                let number = Attributes.value(at: rules.all[rule].path, in: user.resource.attributes)
            else { continue }
            numbers[number, default: []].append(user)
        }
        guard !numbers.isEmpty else { return }
        let candidates = newcomers
        newcomers = []
        var claimed: [String: Int] = [:]
        for record in candidates { if let n = record.values[rule].string { claimed[n, default: 0] += 1 } }
        for record in candidates {
            if let number = record.values[rule].string, let users = numbers[number], users.count == 1,
                claimed[number] == 1
            {
                match(record, users[0], .employeeNumber)
            } else {
                newcomers.append(record)
            }
        }
    }

    // MARK: Two records, one user

    private mutating func settleSharedUsers() throws {
        var byRow: [RowID: [Int]] = [:]
        for (index, match) in matches.enumerated() { byRow[match.user.row, default: []].append(index) }
        guard byRow.count < matches.count else { return }
        var dropped: Set<Int> = []
        for (row, indexes) in byRow where indexes.count > 1 {
            let lines = indexes.map { matches[$0].record.line }.sorted().map(String.init).joined(separator: " and ")
            for index in indexes {
                reject(
                    matches[index].record, code: "ambiguous", "lines \(lines) both match the same member",
                    pinning: [row])
                dropped.insert(index)
            }
        }
        matches = matches.indices.filter { !dropped.contains($0) }.map { matches[$0] }
    }

    /// Takes a match back because its user cannot have the name it asks for.
    mutating func reject(matchOf row: RowID, code: String, _ message: String, alsoPinning other: RowID) {
        guard let index = matches.firstIndex(where: { $0.user.row == row }) else { return }
        let match = matches.remove(at: index)
        reject(match.record, code: code, message, pinning: [row, other])
    }

    mutating func reject(newcomer record: IdentityRecord, code: String, _ message: String, pinning other: RowID) {
        newcomers.removeAll { $0.file == record.file && $0.line == record.line }
        reject(record, code: code, message, pinning: [other])
    }
}
