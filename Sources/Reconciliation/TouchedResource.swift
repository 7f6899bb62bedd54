import SCIM

/// What one run did to one resource, all its journal entries together.
struct TouchedResource {
    var type: ResourceType
    var id: ResourceID
    /// As it was before the run; `nil` for what the run made.
    var before: ComplexValue?
    /// As the run left it; `nil` for what it removed.
    var after: ComplexValue?
    /// The version that the run left.
    var version: Int64
    var added: Set<ResourceID> = []
    var removed: Set<ResourceID> = []

    var isCreated = false
    var isDeleted = false

    /// Everything that a run touched, in the order in which it first did. Throws what the store throws.
    static func all(of run: RunID, team: TeamID, in store: any StoreReading) throws -> [TouchedResource] {
        var touched: [TouchedResource] = []
        var places: [ResourceID: Int] = [:]
        try store.journal(team: team, run: run) { entry in
            let place: Int
            if let known = places[entry.id] {
                place = known
            } else {
                place = touched.count
                places[entry.id] = place
                touched.append(TouchedResource(type: entry.type, id: entry.id, version: entry.version))
            }
            touched[place].take(entry)
        }
        return touched
    }

    private mutating func take(_ entry: JournalEntry) {
        version = entry.version
        switch entry.operation {
        case .create:
            isCreated = true
            after = entry.after.flatMap(AttributesJSON.decode)
        case .update:
            if !isCreated && before == nil { before = entry.before.flatMap(AttributesJSON.decode) }
            after = entry.after.flatMap(AttributesJSON.decode)
        case .delete:
            isDeleted = true
            if before == nil { before = entry.before.flatMap(AttributesJSON.decode) }
            after = nil
        case .addMembers:
            for id in JournaledMembers.ids(entry.after) where removed.remove(id) == nil { added.insert(id) }
        case .removeMembers:
            for id in JournaledMembers.ids(entry.before) where added.remove(id) == nil { removed.insert(id) }
        case .skipMembers: break
        }
    }
}

/// The ids of a membership's journal entry: a JSON array of strings.
enum JournaledMembers {
    static func ids(_ bytes: [UInt8]?) -> [ResourceID] {
        guard let bytes, let list = AttributesJSON.decode(Array("{\"ids\":".utf8) + bytes + Array("}".utf8)) else {
            return []
        }
        return (list["ids"]?.list ?? []).compactMap(\.string).map(ResourceID.init(rawValue:))
    }
}
