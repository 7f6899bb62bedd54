import SCIM

/// The smallest things that make a point.
enum Make {
    static func at(_ hour: Int64) -> Timestamp { Timestamp(rawValue: 1_700_000_000_000 + hour * 3_600_000) }

    static func id(_ number: Int) -> ResourceID {
        let digits = String(number, radix: 16)
        return ResourceID(
            rawValue: "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)
    }

    static func user(_ number: Int, name: String, version: Int64 = 1) -> Resource {
        Resource(
            type: .user, id: id(number), attributes: ComplexValue([.init("userName", .string(name))]),
            created: at(0), lastModified: at(0), version: version)
    }

    static func group(_ number: Int, name: String) -> Resource {
        Resource(
            type: .group, id: id(number), attributes: ComplexValue([.init("displayName", .string(name))]),
            created: at(0), lastModified: at(0), version: 1)
    }

    static func keys(
        _ name: String?, active: Bool = true, admin: Bool = false, externalID: String? = nil, email: String? = nil
    ) -> ResourceKeys {
        ResourceKeys(name: name, externalID: externalID, email: email, active: active, isAdmin: admin)
    }

    static func link(_ source: SourceID, _ anchor: UInt64, fingerprint: UInt64? = 7) -> SourceLink {
        SourceLink(
            source: source, anchor: Digest128(high: 1, low: anchor),
            fingerprint: fingerprint.map { Digest128(high: 2, low: $0) })
    }

    static func entry(
        _ number: Int, _ operation: JournalEntry.Operation = .update, run: String? = "r1", hour: Int64 = 0,
        before: String? = "{}", after: String? = "{}"
    ) -> JournalEntry {
        JournalEntry(
            operation: operation, type: .user, id: id(number), actor: "sync", run: run.map(RunID.init), at: at(hour),
            version: 1, before: before.map { Array($0.utf8) }, after: after.map { Array($0.utf8) })
    }

    static func run(_ id: String, source: SourceID?, hour: Int64) -> RunRecord {
        RunRecord(
            id: RunID(rawValue: id), source: source, command: "sync", planDigest: "d", verdict: "clear",
            started: at(hour))
    }
}

extension ResourceStore {
    func makeTeam(_ name: String = "acme") throws -> TeamID {
        try write { try $0.createTeam(named: name, at: Make.at(0)).id }
    }

    func makeSource(_ team: TeamID, _ name: String = "okta") throws -> SourceID {
        try write { try $0.makeSource(named: name, team: team).id }
    }

    @discardableResult func add(
        _ number: Int, _ name: String, _ team: TeamID, active: Bool = true, link: SourceLink? = nil
    ) throws -> RowID {
        try write {
            try $0.insert(
                Make.user(number, name: name), keys: Make.keys(name, active: active), link: link, team: team)
        }
    }

    func setActive(_ row: RowID, _ number: Int, _ name: String, _ active: Bool, _ team: TeamID) throws {
        try write {
            try $0.update(
                row, to: Make.user(number, name: name, version: 2), keys: Make.keys(name, active: active), link: nil,
                team: team)
        }
    }
}

/// As the core calls it: with the attributes' JSON.
extension StoreWriting {
    func insert(_ resource: Resource, keys: ResourceKeys, link: SourceLink?, team: TeamID) throws -> RowID {
        let body = AttributesJSON.encode(resource.attributes)
        return try insert(resource, body: body, keys: keys, link: link, team: team)
    }

    func update(_ row: RowID, to resource: Resource, keys: ResourceKeys, link: SourceLink?, team: TeamID) throws {
        let body = AttributesJSON.encode(resource.attributes)
        try update(row, to: resource, body: body, keys: keys, link: link, team: team)
    }
}
