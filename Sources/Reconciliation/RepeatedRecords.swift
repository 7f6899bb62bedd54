import Exports
import SCIM

/// The same person twice in one export (idp-exports.md §7): identical repetitions collapse; of contradicting ones all
/// are rejected, and the member whom they may be about is pinned.
struct RepeatedRecords {
    /// One a member, in the order of the export.
    private(set) var named: [ExportReading.Named] = []
    /// One an anchor, in the order of the export.
    private(set) var unmatched: [IdentityRecord] = []
    /// Records beyond the first that said exactly the same.
    private(set) var collapsed = 0

    init(
        named: [ExportReading.Named], unmatched: [IdentityRecord], _ members: LinkIndex, roster: RosterReader,
        _ rejections: inout Rejections
    ) throws {
        self.named = try settle(named, members, roster, &rejections)
        self.unmatched = try settle(unmatched, members, &rejections)
    }

    private mutating func settle(
        _ entries: [ExportReading.Named], _ members: LinkIndex, _ roster: RosterReader, _ rejections: inout Rejections
    ) throws -> [ExportReading.Named] {
        let groups = Self.groups(entries, by: \.slot)
        return try entries.indices.compactMap { index in
            let slot = entries[index].slot
            let group = groups[slot] ?? [index]
            guard group[0] == index else { return nil }
            let records = group.map { entries[$0].record }
            // The first of all may have agreed with the roster: then it was not kept, and these contradict it.
            if members.marks[slot] == .named, Self.agree(records) {
                collapsed += records.count - 1
                return entries[index]
            }
            var places = records.map { (file: $0.file, line: $0.line) }
            if members.marks[slot] == .unchanged { places.append(members.place(of: slot)) }
            let message = Self.message(places, rejections)
            if members.marks[slot] == .unchanged, let user = try roster.user(row: members.rows[slot]) {
                let place = members.place(of: slot)
                rejections.reject(
                    atFile: place.file, line: place.line, code: "contradicting-records", message, about: user.resource)
            }
            for record in records {
                try rejections.reject(
                    record, code: "contradicting-records", message, members, pinning: [members.rows[slot]])
            }
            return nil
        }
    }

    private mutating func settle(
        _ records: [IdentityRecord], _ members: LinkIndex, _ rejections: inout Rejections
    ) throws -> [IdentityRecord] {
        let groups = Self.groups(records, by: \.anchorDigest)
        if groups.isEmpty { return records }
        return try records.indices.compactMap { index in
            guard let group = groups[records[index].anchorDigest] else { return records[index] }
            guard group[0] == index else { return nil }
            let same = group.map { records[$0] }
            if Self.agree(same) {
                collapsed += same.count - 1
                return records[index]
            }
            let message = Self.message(same.map { (file: $0.file, line: $0.line) }, rejections)
            for record in same { try rejections.reject(record, code: "contradicting-records", message, members) }
            return nil
        }
    }

    /// Indexes of elements that share a key with another one, by key.
    private static func groups<Element, Key: Hashable>(
        _ elements: [Element], by key: KeyPath<Element, Key>
    ) -> [Key: [Int]] {
        var first: [Key: Int] = [:]
        first.reserveCapacity(elements.count)
        var groups: [Key: [Int]] = [:]
        for (index, element) in elements.enumerated() {
            let key = element[keyPath: key]
            if let earlier = first[key] {
                groups[key, default: [earlier]].append(index)
            } else {
                first[key] = index
            }
        }
        return groups
    }

    private static func agree(_ records: [IdentityRecord]) -> Bool {
        records.allSatisfy { $0.fingerprint == records[0].fingerprint }
    }

    private static func message(_ places: [(file: Int, line: RecordLine)], _ rejections: Rejections) -> String {
        rejections.naming(places) + " name the same person and contradict each other"
    }
}
