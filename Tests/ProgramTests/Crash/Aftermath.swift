import SCIM
import SQLiteStorage

/// What a roster says when ids and times are left out, and whether its journal is intact.
struct Aftermath: Equatable {
    /// userName and attributes, by userName.
    var members: [String] = []
    /// displayName and its members' userNames.
    var groups: [String] = []
    /// Each change as operation, resource and images; sorted, so that a change journaled twice is there twice.
    var journal: [String] = []
    var isIntact = true
    /// Links of the source whose fingerprint stands.
    var settledLinks = 0
    var lastAppliedRecords: Int?

    init(_ path: String) throws {
        let store = try SQLiteStore(path: path, mode: .readWrite)
        defer { store.close() }
        self = try store.read { try Aftermath($0) }
    }

    private init(_ store: any StoreReading) throws {
        guard let team = try store.team(named: "acme")?.id else { return }
        func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
        let people = try store.resources(.user, after: nil, limit: 1000, team: team)
        // An anchor names a person for life, whatever they are called.
        var names: [String: String] = [:]
        for person in people { names[person.resource.id.rawValue] = Self.string(person.resource, "externalId") }
        let groups = try store.resources(.group, after: nil, limit: 1000, team: team)
        for group in groups { names[group.resource.id.rawValue] = Self.string(group.resource, "externalId") }
        members = people.map { text(AttributesJSON.encode($0.resource.attributes)) }.sorted()
        self.groups = try groups.map { group in
            let rows = try store.members(of: group.row, team: team)
            let members = try rows.map { names[try store.id(.user, row: $0, team: team)?.rawValue ?? ""] ?? "?" }
            return "\(text(AttributesJSON.encode(group.resource.attributes))) \(members.sorted())"
        }.sorted()
        var journal: [String] = []
        try store.journal(team: team, run: nil) { entry in
            var images = [text(entry.before), text(entry.after)]
            if entry.operation == .addMembers || entry.operation == .removeMembers {
                images = images.map { image in
                    let ids = image.split { "[],\"".contains($0) }
                    return ids.map { names[String($0)] ?? String($0) }.sorted().joined(separator: " ")
                }
            }
            journal.append("\(entry.operation) \(names[entry.id.rawValue] ?? "?") \(images)")
        }
        self.journal = journal.sorted()
        isIntact = try store.verifyJournal(team: team) == .intact(try store.journalHead(team: team))
        if let source = try store.source(named: "default", team: team) {
            lastAppliedRecords = source.lastApplied?.records
            var settled = 0
            try store.eachLink(.user, source: source.id, team: team) { if $0.fingerprint != nil { settled += 1 } }
            settledLinks = settled
        }
    }

    private static func string(_ resource: Resource, _ name: String) -> String? {
        if case .string(let text) = resource.attributes[name] { text } else { nil }
    }
}
