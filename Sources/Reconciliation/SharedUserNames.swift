import Exports

/// userNames that several records claim: nobody can tell whose they are (idp-exports.md §7).
struct SharedUserNames {
    /// By userName key, the records that claim it; only names with more than one.
    private(set) var places: [String: [(file: Int, line: RecordLine)]] = [:]

    init(_ records: RepeatedRecords, _ rules: IdentityRules) throws {
        var first: [String: (file: Int, line: RecordLine)] = [:]
        first.reserveCapacity(records.named.count + records.unmatched.count)
        func claim(_ record: IdentityRecord) {
            // A soft-deleted row claims nothing: the address may be somebody else's by now.
            guard record.activity != .deleted, let name = rules.userNameKey(of: record) else { return }
            let place = (file: record.file, line: record.line)
            if let earlier = first[name] {
                places[name, default: [earlier]].append(place)
            } else {
                first[name] = place
            }
        }
        for entry in records.named { claim(entry.record) }
        for record in records.unmatched { claim(record) }
    }
}
