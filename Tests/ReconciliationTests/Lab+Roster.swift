import Exports
import Foundation
import Reconciliation
import SCIM

/// A member as the roster has them.
struct Member: Hashable, CustomStringConvertible {
    var id: ResourceID
    var userName: String
    var externalID: String?
    var isActive: Bool
    var version: Int64
    var attributes: ComplexValue

    init(_ resource: Resource) {
        let user = UserAttributes(resource.attributes)
        id = resource.id
        userName = user.userName ?? ""
        externalID = user.externalID
        isActive = user.isActive
        version = resource.version
        attributes = resource.attributes
    }

    var title: String? { attributes["title"]?.string }
    var givenName: String? { attributes["name"]?.complex?["givenName"]?.string }
    var familyName: String? { attributes["name"]?.complex?["familyName"]?.string }
    var email: String? { UserAttributes(attributes).primaryEmail }
    var department: String? { attributes[Schema.enterpriseUserID]?.complex?["department"]?.string }

    /// `1 ann@acme.test Ann CEO`, the inactive ones with a minus in front.
    var description: String {
        let words = [externalID ?? "-", userName, givenName, title].compactMap(\.self)
        return (isActive ? "" : "- ") + words.joined(separator: " ")
    }
}

extension Lab {
    /// Everybody, in order of creation.
    func members() throws -> [Member] {
        try store.read { store in
            try store.resources(.user, after: nil, limit: 100_000, team: team.id).map { Member($0.resource) }
        }
    }

    /// Everybody as one line each, by line.
    func roster() throws -> [String] { try members().map(\.description).sorted() }

    /// The only member of that userName, in any letter case.
    func member(_ userName: String) throws -> Member {
        let key = try CanonicalKey.userName(userName)
        let found = try store.read { try $0.resource(.user, name: key, team: team.id) }
        guard let found else { throw Missing(what: userName) }
        return Member(found.resource)
    }

    func member(_ id: ResourceID) throws -> Member {
        guard let found = try store.read({ try $0.resource(.user, id: id, team: team.id) }) else {
            throw Missing(what: id.rawValue)
        }
        return Member(found.resource)
    }

    func id(_ userName: String) throws -> ResourceID { try member(userName).id }

    /// Groups by name, each with its members' userNames in order.
    func groups() throws -> [String: [String]] {
        try store.read { store in
            var groups: [String: [String]] = [:]
            for group in try store.resources(.group, after: nil, limit: 10_000, team: team.id) {
                let names = try store.members(of: group.row, team: team.id).compactMap {
                    try store.resource(.user, row: $0, team: team.id).map { Member($0.resource).userName }
                }
                groups[group.resource.attributes["displayName"]?.string ?? ""] = names.sorted()
            }
            return groups
        }
    }

    func group(_ name: String) throws -> Resource {
        let key = try CanonicalKey.groupName(name)
        guard let group = try store.read({ try $0.resource(.group, name: key, team: team.id) }) else {
            throw Missing(what: name)
        }
        return group.resource
    }

    func runs() throws -> [RunRecord] { try store.read { try $0.runs(team: team.id, limit: 100) } }

    func journal(of run: RunID? = nil) throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        try store.read { try $0.journal(team: team.id, run: run) { entries.append($0) } }
        return entries
    }

    struct Missing: Error { var what: String }
}

extension Change {
    /// `update ann@acme.test title CEO→CTO`.
    var told: String {
        let shown = attributes.filter { kind != .create || $0.path == "externalId" }
        let differences = shown.map { "\($0.path) \($0.old ?? "∅")→\($0.new ?? "∅")" }
        return (["\(kind.rawValue) \(name)"] + differences).joined(separator: " ")
    }
}

extension Plan {
    var told: [String] { changes.map(\.told) }
    var isSilent: Bool { changes.isEmpty && !isHeld }
    func guardNamed(_ name: String) -> GuardFinding? { guards.first { $0.name == name } }
    var heldGuards: [String] { guards.filter(\.held).map { "\($0.name)=\($0.figure)" } }
    var pinnedNames: [String] { pinned.map(\.member.userName).sorted() }
    /// `contradicting-records:3`, by line.
    var rejections: [String] { rejected.sorted { $0.line < $1.line }.map { "\($0.code):\($0.line.line)" } }
    func has(notice code: String) -> Bool { notices.contains { $0.code == code } }
}
