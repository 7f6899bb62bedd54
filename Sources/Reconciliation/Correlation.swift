import Exports
import SCIM

/// Which user each record is: anchor first, then userName, then primary e-mail. Two candidates, or one that belongs to
/// somebody else, make a record disputed: reported, and everybody it may be about is pinned. Nobody is guessed.
///
/// Each kind of evidence is weighed for all records before the next weaker one is looked at, so that the order of rows
/// decides nothing.
package struct Correlation {
    /// On which evidence a record was taken to be a user.
    package enum Basis: String, Sendable {
        case anchor, externalId, employeeNumber, userName, email
        /// The same login and the same name, under another anchor: the IdP's accounts were made anew.
        case reissuedAnchor = "reissued anchor"
    }

    struct Match {
        var record: IdentityRecord
        var user: StoredResource
        var basis: Basis
        /// Of this source before this run: linked to it, or known by its anchor.
        var isManaged: Bool
    }

    private(set) var members: LinkIndex
    private(set) var matches: [Match] = []
    /// How the watched records were weighed, in order.
    private(set) var trail: [Weighing] = []
    private(set) var newcomers: [IdentityRecord] = []
    private(set) var rejections: Rejections
    /// Inactive in the export and unknown to the roster: nothing to do about them.
    private(set) var strangersInactive = 0
    /// Records that say again what another one says.
    private(set) var repeated = 0

    private let roster: RosterReader
    private let rules: IdentityRules
    private let watched: Set<RecordPlace>
    /// userName keys of newcomers that somebody in the roster has.
    private var contestedNames: Set<String> = []
    /// Who was found by stronger evidence than the one being looked at.
    private var found: Set<RowID> = []

    /// `watched`: records whose weighing is to be told.
    init(
        _ reading: inout ExportReading, rules: IdentityRules, roster: RosterReader, files: [String],
        watched: Set<RecordPlace> = []
    ) throws {
        members = reading.members
        self.roster = roster
        self.rules = rules
        self.watched = watched
        rejections = Rejections(roster: roster, rules: rules, files: files)
        for reject in reading.rejected { try rejections.take(reject, members) }
        let kept = reading.takeRecords()
        let records = try RepeatedRecords(
            named: kept.named, unmatched: kept.unmatched, members, roster: roster, &rejections)
        repeated = reading.repeated + records.collapsed
        let names = try SharedUserNames(records, rules)
        var strangers = try takeLinked(records.named, names)
        for record in records.unmatched where try !rejectIfShared(record, names, own: nil) {
            note(record, .anchor, .unknown)
            strangers.append(record)
        }
        if try !roster.isEmpty {
            try settle(&strangers, by: .externalId, byExternalID)
            if !rules.hasAnchor {
                let numbers = try EmployeeNumbers(strangers, rules, roster, members)
                try settle(&strangers, by: .employeeNumber, numbers.find)
            }
            try settle(&strangers, by: .userName, byUserName)
            try settle(&strangers, by: .email, byEmail)
        }
        for record in strangers { welcome(record) }
        if !rules.hasAnchor { try pinByEmployeeNumber() }
    }

    /// A rejected record may be about whoever has its employee number, whatever login it says.
    private mutating func pinByEmployeeNumber() throws {
        let numbers = rejections.employeeNumbers
        if numbers.isEmpty { return }
        for slot in members.rows.indices where isAbsent(slot) && members.isActive(slot) {
            guard let user = try roster.user(row: members.rows[slot]),
                let number = rules.employeeNumber(of: user.resource), let place = numbers[number]
            else { continue }
            rejections.pin(user.row, "a record with their employee number was rejected", place.file, place.line)
        }
    }

    /// Linked to this source, and no record names them.
    func isAbsent(_ slot: Int) -> Bool { members.marks[slot] == .absent }

    /// Members whose record says exactly what the last applied one did.
    var inStep: Int {
        members.marks.indices.count { members.marks[$0] == .unchanged && !rejections.isPinned(members.rows[$0]) }
    }

    /// Those of them who are inactive.
    var inactiveInStep: Int {
        members.marks.indices.count {
            members.marks[$0] == .unchanged && !members.isActive($0) && !rejections.isPinned(members.rows[$0])
        }
    }

    /// E-mail domains of those whom the roster does not know.
    var newcomerDomains: Set<String> {
        Set(newcomers.compactMap { rules.emailKey(of: $0)?.split(separator: "@").last.map(String.init) })
    }

    /// Newcomers whose name must first be given up by its holder.
    var contestedNewcomers: [IdentityRecord] {
        contestedNames.isEmpty
            ? [] : newcomers.filter { record in rules.userNameKey(of: record).map(contestedNames.contains) ?? false }
    }

    // MARK: Known by their link

    /// Matches members by the anchor they are linked under; returns those who only have somebody else's login.
    private mutating func takeLinked(
        _ named: [ExportReading.Named], _ names: SharedUserNames
    ) throws -> [IdentityRecord] {
        var strangers: [IdentityRecord] = []
        for entry in named {
            guard let user = try roster.user(row: members.rows[entry.slot]),
                try !rejectIfShared(entry.record, names, own: user)
            else { continue }
            switch rules.isAnother(entry.record, than: user.resource) {
            case .no:
                note(entry.record, .anchor, .match(user, .anchor))
                matches.append(Match(record: entry.record, user: user, basis: .anchor, isManaged: true))
                found.insert(user.row)
            case .yes, .perhaps:
                // Their employee numbers tell whose record it is, and whether this member has one of their own.
                note(entry.record, .anchor, .newcomer(user, .anotherNumber))
                members.marks[entry.slot] = .absent
                strangers.append(entry.record)
            }
        }
        return strangers
    }

    /// Whether another record claims the same userName; then the record is rejected.
    private mutating func rejectIfShared(
        _ record: IdentityRecord, _ names: SharedUserNames, own user: StoredResource?
    ) throws -> Bool {
        guard record.activity != .deleted, let name = rules.userNameKey(of: record) else { return false }
        var places = names.places[name] ?? []
        // Somebody in step with their record still has the name.
        if rules.overwritesUserName, members.count > 0, let holder = try roster.user(name: name),
            holder.row != user?.row,
            let slot = members.slot(of: holder.row), members.marks[slot] == .unchanged
        {
            let place = members.place(of: slot)
            if places.isEmpty { places.append((record.file, record.line)) }
            places.append(place)
            if !rejections.isPinned(holder.row) {
                rejections.reject(
                    atFile: place.file, line: place.line, code: "shared-username", Self.shared(places, rejections),
                    about: holder.resource)
            }
        }
        if places.isEmpty { return false }
        try rejections.reject(
            record, code: "shared-username", Self.shared(places, rejections), members,
            pinning: user.map { [$0.row] } ?? [])
        return true
    }

    private static func shared(_ places: [(file: Int, line: RecordLine)], _ rejections: Rejections) -> String {
        rejections.naming(places) + " are different people with the same userName"
    }

    // MARK: Known by something weaker

    /// What one kind of evidence says about a record.
    enum Verdict {
        case match(StoredResource, Basis)
        /// Nobody by this evidence.
        case unknown
        /// Somebody whom the roster does not know, though their login or address is that of a member.
        case newcomer(StoredResource, Otherness)
        case ambiguous([StoredResource], String)
        /// The user has what the record claims, and may be somebody else.
        case dispute(StoredResource)
    }

    /// Why a member is not the one whom a record is about.
    package enum Otherness: String, Sendable {
        /// They are named by a record of their own.
        case hasOwnRecord = "has-own-record"
        /// Another employee number, and another name.
        case anotherNumber = "another-number"
        /// Linked under another anchor, and another name.
        case anotherName = "another-name"
    }

    /// One kind of evidence for one record.
    struct Weighing {
        var place: RecordPlace
        var basis: Basis
        var verdict: Verdict
    }

    private mutating func note(_ record: IdentityRecord, _ basis: Basis, _ verdict: Verdict) {
        guard !watched.isEmpty, watched.contains(RecordPlace(record)) else { return }
        trail.append(Weighing(place: RecordPlace(record), basis: basis, verdict: verdict))
    }

    /// Weighs one kind of evidence for all `records`, and leaves in it those of whom it says nothing.
    private mutating func settle(
        _ records: inout [IdentityRecord], by basis: Basis, _ weigh: (IdentityRecord) throws -> Verdict
    ) throws {
        let verdicts = try records.map(weigh)
        var left: [IdentityRecord] = []
        var claims: [RowID: [(IdentityRecord, StoredResource, Basis)]] = [:]
        var order: [RowID] = []
        for (record, verdict) in zip(records, verdicts) {
            note(record, basis, verdict)
            switch verdict {
            case .unknown: left.append(record)
            case .newcomer:
                if let name = rules.userNameKey(of: record) { contestedNames.insert(name) }
                welcome(record)
            case .ambiguous, .dispute: try reject(record, because: verdict)
            case .match(let user, let basis):
                if claims[user.row] == nil { order.append(user.row) }
                claims[user.row, default: []].append((record, user, basis))
            }
        }
        for row in order {
            let same = claims[row] ?? []
            let message: String
            if same.count > 1 {
                message = rejections.naming(same.map { ($0.0.file, $0.0.line) }) + " both match the same member"
            } else if rejections.isPinned(row) {
                message = "the member whom this record matches is left as is because of another record"
            } else {
                for (record, user, basis) in same { match(record, user, basis) }
                continue
            }
            for (record, _, _) in same {
                try rejections.reject(record, code: "ambiguous", message, members, pinning: [row])
            }
        }
        records = left
        found.formUnion(order)
    }

    private mutating func match(_ record: IdentityRecord, _ user: StoredResource, _ basis: Basis) {
        let slot = members.slot(of: user.row)
        if let slot { members.mark(slot, .named, file: record.file, line: record.line) }
        matches.append(
            Match(record: record, user: user, basis: basis, isManaged: slot != nil || basis == .externalId))
    }

    private mutating func welcome(_ record: IdentityRecord) {
        switch record.activity {
        case .active, .unstated, .undecided(_, mayCreate: true): newcomers.append(record)
        case .inactive, .deleted, .undecided(_, mayCreate: false): strangersInactive += 1
        }
    }

    private mutating func reject(_ record: IdentityRecord, because verdict: Verdict) throws {
        switch verdict {
        case .ambiguous(let users, let message):
            try rejections.reject(record, code: "ambiguous", message, members, pinning: users.map(\.row))
        case .dispute(let user):
            let state = user.resource.isActive ? "the member" : "the inactive member"
            let own = user.resource.externalID.map { ", whose externalId is \(quoted($0))" } ?? ""
            try rejections.reject(
                record, code: "address-of-another",
                "\(record.anchor.map(quoted) ?? "this record") has the address of \(state) \(quoted(user.resource.userName))\(own);"
                    + " give one of them another address, or the member the externalId of this record",
                members, pinning: [user.row])
        case .match, .unknown, .newcomer: preconditionFailure("only doubt is a reason to reject")
        }
    }

    /// Named by a record of their own, or found by stronger evidence.
    private func isTaken(_ user: StoredResource) -> Bool {
        found.contains(user.row) || members.slot(of: user.row).map { !isAbsent($0) } ?? false
    }

    private func byExternalID(_ record: IdentityRecord) throws -> Verdict {
        guard let anchor = record.anchor else { return .unknown }
        let users = try roster.users(externalID: anchor).filter { !isTaken($0) }
        if users.count > 1 {
            return .ambiguous(users, "\(users.count) members have the externalId of this record")
        }
        return users.first.map { .match($0, .externalId) } ?? .unknown
    }

    private func byUserName(_ record: IdentityRecord) throws -> Verdict {
        // A deleted row is about nobody but the holder of its anchor.
        guard record.activity != .deleted, let name = rules.userNameKey(of: record),
            let user = try roster.user(name: name)
        else { return .unknown }
        // Named by a record of their own, which moves them to another name: whoever comes is somebody else.
        return isTaken(user) ? .newcomer(user, .hasOwnRecord) : decide(record, user, .userName)
    }

    private func byEmail(_ record: IdentityRecord) throws -> Verdict {
        guard record.activity != .deleted, let email = rules.emailKey(of: record) else { return .unknown }
        let users = try roster.users(email: email).filter { !isTaken($0) && !gaveWay($0, to: record) }
        if users.count > 1 {
            return .ambiguous(users, "\(users.count) members have the e-mail address of this record")
        }
        return users.first.map { decide(record, $0, .email) } ?? .unknown
    }

    /// A member who left, and whose userName a run gave to this record: with it goes the address. A service that knows no
    /// transactions may be left between the two.
    private func gaveWay(_ user: StoredResource, to record: IdentityRecord) -> Bool {
        guard !user.resource.isActive, members.slot(of: user.row) != nil, let name = rules.userName(of: record),
            let tombstone = try? CanonicalKey.userName(NameSettlement.tombstone(of: user.resource.id, userName: name))
        else { return false }
        return tombstone == (try? CanonicalKey.userName(user.resource.userName))
    }

    /// The user has the record's login or address, and no record of their own. Is it the same person?
    private func decide(_ record: IdentityRecord, _ user: StoredResource, _ basis: Basis) -> Verdict {
        let isActive = user.resource.isActive
        let sameName = rules.sameName(record, user.resource)
        switch rules.isAnother(record, than: user.resource) {
        case .no: break
        case .yes: return .newcomer(user, .anotherNumber)
        case .perhaps: return .dispute(user)
        }
        if members.slot(of: user.row) != nil {
            guard rules.hasAnchor else {
                // The login is all that tells people apart; an address alone may have been given on.
                if basis == .userName || sameName == true { return .match(user, basis) }
                return sameName == nil && isActive ? .match(user, basis) : .dispute(user)
            }
            // Linked under another anchor: nobody who left comes back as somebody else.
            guard isActive else { return .dispute(user) }
            switch sameName {
            case true?: return .match(user, .reissuedAnchor)
            case false?: return .newcomer(user, .anotherName)
            case nil: return .dispute(user)
            }
        }
        // Not of this source yet. Somebody else's anchor stands against an address, and against bringing anybody back.
        if record.anchor != nil {
            if user.resource.externalID != nil {
                return isActive && basis == .userName ? .match(user, basis) : .dispute(user)
            }
            return isActive || sameName == true ? .match(user, basis) : .dispute(user)
        }
        return isActive || basis == .userName || sameName == true ? .match(user, basis) : .dispute(user)
    }

    // MARK: What became of a record

    /// What a record turned out to be.
    enum Role {
        case match(Match)
        /// It says what the last applied one said; by slot.
        case inStep(Int)
        case newcomer(IdentityRecord)
        case rejected(RejectedRecord)
        /// It says again what another one says, or it is about somebody inactive whom the roster does not know.
        case idle
    }

    func role(of record: IdentityRecord) -> Role {
        let place = RecordPlace(record)
        func isIt(_ other: IdentityRecord) -> Bool { RecordPlace(other) == place }
        if let match = matches.first(where: { isIt($0.record) }) { return .match(match) }
        if let newcomer = newcomers.first(where: isIt) { return .newcomer(newcomer) }
        if let rejected = rejections.records.first(where: { $0.file == place.file && $0.line == place.line }) {
            return .rejected(rejected)
        }
        if let slot = members.slot(of: record.anchorDigest), members.marks[slot] == .unchanged { return .inStep(slot) }
        return .idle
    }

    func match(of row: RowID) -> Match? { matches.first { $0.user.row == row } }

    // MARK: Names that cannot be had

    /// Takes matches and newcomers back whose name belongs to somebody who keeps it.
    mutating func refuse(_ claims: [NameMoves.Claim]) {
        if claims.isEmpty { return }
        let byClaimant = Dictionary(claims.map { ($0.claimant, $0) }) { first, _ in first }
        func message(_ claim: NameMoves.Claim) -> String {
            "its userName \(quoted(claim.name)) belongs to a member who keeps it; change one of the two in the identity provider"
        }
        let asking = matches
        matches = []
        for match in asking {
            if let claim = byClaimant[.resource(match.user.row)] {
                rejections.refuse(
                    match.record, code: "username-taken", message(claim), pinning: [match.user.row, claim.holder])
            } else {
                matches.append(match)
            }
        }
        let coming = newcomers
        newcomers = []
        for record in coming {
            if let claim = rules.userNameKey(of: record).flatMap({ byClaimant[.new($0)] }) {
                rejections.refuse(record, code: "username-taken", message(claim), pinning: [claim.holder])
            } else {
                newcomers.append(record)
            }
        }
    }
}

/// Which record of an export, by the index of its file and its line.
struct RecordPlace: Hashable {
    var file: Int
    var line: RecordLine
    init(file: Int, line: RecordLine) {
        self.file = file
        self.line = line
    }
    init(_ record: IdentityRecord) { self.init(file: record.file, line: record.line) }
}
