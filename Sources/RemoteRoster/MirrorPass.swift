import JSON
import SCIM
import SCIMClient

/// One listing of a type on its way into the mirror. What the mirror has already is only counted: a night on which little
/// changed keeps 40 bytes a resource, a first listing about a kilobyte.
struct MirrorPass: Sendable {
    let type: ResourceType
    private(set) var count = 0
    private(set) var etags: [ResourceID: String] = [:]
    private var ids: Set<ResourceID> = []
    /// New, or other than in the mirror.
    private var pending: [ForeignResource] = []
    private var total: Int?
    private var unread: [String: Int] = [:]
    private var withoutID = 0

    init(_ type: ResourceType) { self.type = type }

    mutating func take(_ page: [JSONValue], total: Int?, in store: any StoreReading, team: TeamID) throws {
        if let total { self.total = total }
        for json in page {
            count += 1
            guard let resource = ForeignResource(json, type) else {
                withoutID += 1
                continue
            }
            let id = resource.localID(type)
            guard ids.insert(id).inserted else {
                throw Listing.Inconsistent(reason: "has the same resource twice: its order is not stable")
            }
            for name in resource.unread { unread[name, default: 0] += 1 }
            if let etag = resource.etag { etags[id] = etag }
            // Groups are compared once their people are there.
            if type == .user, let stored = try store.resource(type, id: id, team: team),
                stored.resource.attributes.saysTheSame(as: resource.attributes)
            {
                continue
            }
            pending.append(resource)
        }
    }

    func check() throws(Listing.Inconsistent) {
        if let total, total != count { throw .init(reason: "counts \(total) and lists \(count)") }
    }

    var remarks: [(code: String, message: String)] {
        var remarks = unread.sorted { $0.key < $1.key }.map { name, count in
            (
                "service-value-unread",
                "the service has \(count) \(type.endpoint) with a value of \(name) that is none; it counts as absent"
            )
        }
        if withoutID > 0 {
            remarks.append(
                (
                    "service-resource-unread",
                    "the service lists \(withoutID) \(type.endpoint) without an id; they are passed over"
                ))
        }
        return remarks.map { (code: $0.0, message: $0.1) }
    }

    /// Makes the mirror say what was listed. That somebody changed is a fact, and nothing that we did: it is not journaled.
    /// Returns what had to be passed over.
    func apply(
        to store: any StoreWriting, team: TeamID, at: Timestamp
    ) throws -> [(code: String, message: String)] {
        try removeUnlisted(store, team)
        var changes: [(resource: ForeignResource, stored: StoredResource?, keys: ResourceKeys)] = []
        var unusable = 0
        for resource in pending {
            let stored = try store.resource(type, id: resource.localID(type), team: team)
            guard let keys = try? ResourceKeys(type, resource.attributes) else {
                unusable += 1
                if let stored { try store.delete(stored.row, team: team) }
                continue
            }
            if let stored, try !differs(resource, stored, store, team) { continue }
            changes.append((resource, stored, keys))
        }
        // Names that are given up are free for the others.
        for change in changes {
            guard let stored = change.stored else { continue }
            if let old = try? ResourceKeys(type, stored.resource.attributes), old.name != change.keys.name {
                try store.releaseName(of: stored.row, team: team)
            }
        }
        var namesakes = 0
        for change in changes {
            if let name = change.keys.name, let holder = try store.row(type, name: name, team: team),
                holder != change.stored?.row
            {
                namesakes += 1
                if let stored = change.stored { try store.delete(stored.row, team: team) }
                continue
            }
            try Self.write(change.resource, type, over: change.stored, change.keys, store, team, at)
        }
        var remarks: [(code: String, message: String)] = []
        if unusable > 0 {
            remarks.append(
                (
                    "service-resource-unread",
                    "the service has \(unusable) \(type.endpoint) without a usable name; they are passed over"
                ))
        }
        if namesakes > 0 {
            remarks.append(
                (
                    "service-namesakes",
                    "the service has \(namesakes) \(type.endpoint) with a name that another one has, letter case aside; they are passed over"
                ))
        }
        return remarks
    }

    private func removeUnlisted(_ store: any StoreWriting, _ team: TeamID) throws {
        var last: RowID?
        while true {
            let page = try store.resources(type, after: last, limit: 500, team: team)
            for stored in page where !ids.contains(stored.resource.id) { try store.delete(stored.row, team: team) }
            guard let end = page.last, page.count == 500 else { return }
            last = end.row
        }
    }

    private func differs(
        _ resource: ForeignResource, _ stored: StoredResource, _ store: any StoreReading, _ team: TeamID
    ) throws -> Bool {
        if !stored.resource.attributes.saysTheSame(as: resource.attributes) { return true }
        guard type == .group else { return false }
        return try rows(resource, store, team) != Set(store.members(of: stored.row, team: team))
    }

    /// Of a Group's Users, those that are there.
    private func rows(_ resource: ForeignResource, _ store: any StoreReading, _ team: TeamID) throws -> Set<RowID> {
        Set(try (resource.memberIDs ?? []).compactMap { try store.row(.user, id: $0, team: team) })
    }

    /// One resource as the service has it now.
    static func write(
        _ resource: ForeignResource, _ type: ResourceType, over stored: StoredResource?, _ keys: ResourceKeys,
        _ store: any StoreWriting, _ team: TeamID, _ at: Timestamp
    ) throws {
        let members = type == .group ? (resource.memberIDs ?? []) : []
        let mirrored = Resource(
            type: type, id: resource.localID(type), attributes: resource.attributes,
            created: stored?.resource.created ?? resource.created ?? at, lastModified: resource.lastModified ?? at,
            version: resource.attributes.contentVersion(members: members.map(\.rawValue)))
        let body = AttributesJSON.encode(resource.attributes)
        let row: RowID
        if let stored {
            row = stored.row
            try store.update(row, to: mirrored, body: body, keys: keys, link: nil, team: team)
        } else {
            row = try store.insert(mirrored, body: body, keys: keys, link: nil, team: team)
        }
        guard type == .group else { return }
        let wanted = Set(try members.compactMap { try store.row(.user, id: $0, team: team) })
        let present = Set(try store.members(of: row, team: team))
        _ = try store.removeMembers(present.subtracting(wanted).sorted(), from: row, team: team)
        _ = try store.addMembers(wanted.subtracting(present).sorted(), to: row, team: team)
    }
}
