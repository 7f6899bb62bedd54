import Exports
import SCIM

/// The groups that a column of a users export speaks of, by name.
struct ColumnGroups {
    private struct Entry {
        var name: String
        var file: Int
        var line: RecordLine
        var members: [Digest128]
    }

    /// By the name's canonical key, or the name itself where it has none.
    private var entries: [String: Entry] = [:]
    /// Everybody whose groups the column says, be they none.
    private(set) var spokenFor: Set<Digest128> = []

    /// Whether there was such a column at all: an empty one still says that nobody is in any group.
    var isPresent: Bool { !spokenFor.isEmpty }

    mutating func add(_ anchor: Digest128, of groups: [String], file: Int, line: RecordLine) {
        spokenFor.insert(anchor)
        for name in groups {
            let key = (try? CanonicalKey.groupName(name)) ?? name
            guard var entry = entries.removeValue(forKey: key) else {
                entries[key] = Entry(name: name, file: file, line: line, members: [anchor])
                continue
            }
            // Of several spellings always the same one, whatever the order of rows.
            if name.utf8.lexicographicallyPrecedes(entry.name.utf8) { entry.name = name }
            entry.members.append(anchor)
            entries[key] = entry
        }
    }

    /// The groups as a groups export would state them, by name.
    var records: [GroupRecord] {
        entries.sorted { $0.key < $1.key }.map { _, entry in
            GroupRecord(
                file: entry.file, line: entry.line, anchor: nil, name: entry.name,
                members: entry.members.map { GroupMemberReference(anchor: $0, userName: nil) })
        }
    }
}
