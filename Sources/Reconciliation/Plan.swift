import Exports
import SCIM

/// Every intended difference, in the order it would be applied, with everything needed to review and replay it.
///
/// A `Plan` can be shown; only ``Guards/approve(_:accepting:)`` makes an ``ApprovedPlan`` of it, and only that can be
/// applied.
package struct Plan: Sendable {
    package enum Verdict: String, Sendable {
        case clear, held
        case inSync = "in-sync"
    }

    package var team: String
    package var source: String
    /// When it was made; what it was judged by.
    package var asOf: Timestamp
    package var inputs: [InputSummary]
    /// Of mapping and scope, 64 hex digits.
    package var fingerprint: String
    package var changes: [Change]
    /// Members found in step whom the source takes under its management, or whose record is remembered anew: nothing
    /// that anybody sees.
    package var links: [LinkChange]
    package var guards: [GuardFinding]
    package var pinned: [PinnedMember]
    package var unmanaged: [MemberName]
    /// How many unmanaged there are; `unmanaged` lists at most ``unmanagedListLimit``.
    package var unmanagedCount: Int
    /// Would-be removals that wait, for an input that proves them or for their grace to end.
    package var suspected: [SuspectedMember]
    /// Members whom the source lets go, since another one still manages them.
    package var released: [ReleasedMember] = []
    /// Absences are counted: what ``suspected`` says of them replaces what the source's last run left.
    package var countsAbsences = false
    package var unchanged: Int
    /// Facts worth a sentence that hold nothing up: `status unknown`, an expiring certificate, a skipped group.
    package var notices: [Notice]
    /// When the export was written, as far as known.
    package var exportDate: Timestamp?
    /// The export stands for everybody of its source, so that the next one is judged by it.
    package internal(set) var isWholeList = true
    /// The team's roster as the plan saw it.
    package internal(set) var roster = RosterState()
    /// The run that it takes back, if it does.
    package internal(set) var undoes: RunID?
    /// Until when it may be applied.
    package internal(set) var expires = Timestamp(rawValue: 0)
    /// Pseudonyms stand for personal values: it is for showing only (``hashed(by:)``).
    package internal(set) var isHashed = false
    /// SHA-256 of the plan's document, 64 hex digits: what it is recognised by.
    package internal(set) var digest = ""

    package static let unmanagedListLimit = 1000
    /// Raised when a field is removed or changes its meaning; added fields leave it.
    package static let formatVersion = 1

    /// Metadata was given and refused: the last good connection stays, people are reconciled, and the exit code says so.
    package var hasRefusedMetadata: Bool { inputs.contains { $0.kind == .samlMetadata && $0.refusal != nil } }
    /// How many changes of each kind.
    package var counts: [Change.Kind: Int] {
        changes.indices.reduce(into: [:]) { $0[changes[$1].kind, default: 0] += 1 }
    }
    /// Rejected records with the name of their file.
    package var rejectedWithFiles: [(file: String, record: RejectedRecord)] {
        inputs.flatMap { input in input.rejected.map { (input.file, $0) } }
    }
    package var rejected: [RejectedRecord] { inputs.flatMap(\.rejected) }
    /// Removals that an incomplete input holds back.
    package var withheld: Int { suspected.count { $0.absence == nil } }
    package var isHeld: Bool { guards.contains(where: \.held) }
    package var verdict: Verdict { isHeld ? .held : changes.isEmpty ? .inSync : .clear }
}

package struct Notice: Hashable, Sendable {
    package enum Level: String, Sendable { case info, warning, critical }
    package var level: Level
    package var code: String
    package var message: String
    package init(_ level: Level, code: String, message: String) {
        self.level = level
        self.code = code
        self.message = message
    }
}

/// How a member is named to people.
package struct MemberName: Hashable, Sendable {
    package var id: String
    package var userName: String
    package var externalID: String?
    package init(id: String, userName: String, externalID: String?) {
        self.id = id
        self.userName = userName
        self.externalID = externalID
    }
}

/// A member left exactly as is, because a record about them was rejected or ambiguous.
package struct PinnedMember: Hashable, Sendable {
    package var member: MemberName
    package var reason: String
    package var file: String?
    package var line: RecordLine?
    package init(member: MemberName, reason: String, file: String?, line: RecordLine?) {
        self.member = member
        self.reason = reason
        self.file = file
        self.line = line
    }
}

/// One intended difference of one resource, with its reason.
package struct Change: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case create, update, deactivate, reactivate, groupCreate, groupUpdate, connectionUpdate
    }

    package var kind: Kind
    /// `nil` for what does not exist yet.
    package var id: ResourceID?
    /// userName, group name or entityID.
    package var name: String
    package var externalID: String?
    /// The version the plan saw.
    package var version: Int64?
    package var reason: String
    /// `nil` when no record named it (absent).
    package var place: Place?
    package var link: SourceLink?
    /// Groups only.
    package var addMembers: [MemberReference] = []
    /// Groups only.
    package var removeMembers: [MemberReference] = []
    /// Changes of one number move names among each other and are applied together or not at all (rule 13).
    package var together: Int?
    /// The whole connection as it will be; `attributes` shows what differs.
    package var connection: ComplexValue?
    /// The User's attributes as an undo restores them, whole; `attributes` shows what differs.
    package var restored: ComplexValue?
    private var content: Content

    /// A joiner's attributes stay packed: a first import plans a million of them.
    private enum Content: Sendable {
        case list([AttributeChange])
        case record(RecordValues, [AttributeRule], also: [AttributeChange], Pseudonyms?)
    }

    package init(
        _ kind: Kind, id: ResourceID? = nil, name: String, externalID: String? = nil, version: Int64? = nil,
        reason: String, place: Place? = nil, attributes: [AttributeChange], link: SourceLink? = nil
    ) {
        self.kind = kind
        self.id = id
        self.name = name
        self.externalID = externalID
        self.version = version
        self.reason = reason
        self.place = place
        self.link = link
        content = .list(attributes)
    }

    /// A joiner: the record's own values, and `also` those that no rule gives.
    init(
        creating name: String, externalID: String?, reason: String, place: Place, values: RecordValues,
        rules: [AttributeRule], also: [AttributeChange], link: SourceLink
    ) {
        self.init(
            .create, name: name, externalID: externalID, reason: reason, place: place, attributes: [], link: link)
        content = .record(values, rules, also: also, nil)
    }

    /// What would differ, in the order of the mapping.
    package var attributes: [AttributeChange] {
        get {
            if case .list(let list) = content { return list }
            var list: [AttributeChange] = []
            forEachAttribute { path, old, new in
                list.append(AttributeChange(path: path, old: old, new: new.map { String(decoding: $0, as: UTF8.self) }))
            }
            return list
        }
        set { content = .list(newValue) }
    }

    mutating func hashAttributes(by pseudonyms: Pseudonyms) {
        switch content {
        case .list(let list): content = .list(list.map { $0.hashed(by: pseudonyms) })
        case .record(let values, let rules, let also, _): content = .record(values, rules, also: also, pseudonyms)
        }
    }

    /// ``attributes`` one by one, without making them: `new` is UTF-8 and valid inside of `body` only.
    package func forEachAttribute(_ body: (_ path: String, _ old: String?, _ new: UnsafeRawBufferPointer?) -> Void) {
        func hand(_ change: AttributeChange) {
            guard var new = change.new else { return body(change.path, change.old, nil) }
            new.withUTF8 { body(change.path, change.old, UnsafeRawBufferPointer($0)) }
        }
        switch content {
        case .list(let list):
            for change in list { hand(change) }
        case .record(let values, let rules, let also, nil):
            for change in also { hand(change) }
            values.forEachValue { body(rules[$0].name, nil, $1) }
        case .record(let values, let rules, let also, let pseudonyms?):
            for change in also { hand(change.hashed(by: pseudonyms)) }
            values.forEachValue { index, new in
                let change = AttributeChange(
                    path: rules[index].name, old: nil, new: String(decoding: new, as: UTF8.self))
                hand(change.hashed(by: pseudonyms))
            }
        }
    }

    package var type: ResourceType {
        switch kind {
        case .create, .update, .deactivate, .reactivate: .user
        case .groupCreate, .groupUpdate: .group
        case .connectionUpdate: .ssoConnection
        }
    }
}

/// A link to be set without a change to the resource.
package struct LinkChange: Hashable, Sendable {
    package var type: ResourceType
    package var id: ResourceID
    /// The version the plan saw: the record is in step with that one only.
    package var version: Int64
    /// `nil`: the source lets go of it.
    package var link: SourceLink?
    package init(type: ResourceType, id: ResourceID, version: Int64, link: SourceLink?) {
        self.type = type
        self.id = id
        self.version = version
        self.link = link
    }
}

package enum MemberReference: Hashable, Sendable {
    /// Somebody in the roster; the userName is for people.
    case member(ResourceID, userName: String)
    /// Somebody this plan creates, by userName.
    case created(userName: String)
}

/// One attribute's difference, in the short notation of mappings. `nil` is absent.
package struct AttributeChange: Hashable, Sendable {
    package var path: String
    package var old: String?
    package var new: String?
    package init(path: String, old: String?, new: String?) {
        self.path = path
        self.old = old
        self.new = new
    }
}

/// What one guard measured.
package struct GuardFinding: Hashable, Sendable {
    /// As in product.md's table: `deactivations`, `sso-host`.
    package var name: String
    /// Of what, where a guard looks at several things: the attribute, `day` or `week`.
    package var subject: String?
    /// A number, or a word to be repeated exactly (`sso-host=idp.example`).
    package var figure: String
    package var limit: String
    package var held: Bool
    /// False for `last-admin` and `wrong-team`.
    package var canBeAccepted: Bool
    /// The configuration's key that sets the limit; `nil` where nothing does.
    package var setting: String?
    /// One sentence: what, how many, of whom.
    package var message: String
    /// What it is told apart by: `attribute-changed.title`.
    package var key: String { subject.map { "\(name).\($0)" } ?? name }
    /// What `--accept` takes; `nil` when it is not held or cannot be overridden.
    package var accept: String? { held && canBeAccepted ? "--accept \(key)=\(figure)" : nil }
    package init(
        name: String, subject: String? = nil, figure: String, limit: String, held: Bool, canBeAccepted: Bool = true,
        setting: String? = nil, message: String
    ) {
        self.name = name
        self.subject = subject
        self.figure = figure
        self.limit = limit
        self.held = held
        self.canBeAccepted = canBeAccepted
        self.setting = setting
        self.message = message
    }
}
