import Foundation

/// One column of an export, as readers are asked for it.
struct ColumnID: Hashable, Sendable {
    /// A ``HeaderKey`` (CSV, LDIF) or a member path (JSON).
    var key: String
    /// Which of the columns with that key, from 0.
    var occurrence = 0
}

/// What is known of an export's columns before its records are read.
struct Columns: Sendable {
    /// As the file spells them, in order.
    let names: [String]
    /// Nothing else can turn up: a CSV's header. The members of JSON objects are only those seen so far.
    let isComplete: Bool
    /// Columns that the format knows, seen or not: member paths.
    private let known: [String]
    private let byKey: [String: [String]]

    init(headers: [String]) {
        names = headers
        isComplete = true
        known = []
        byKey = Dictionary(grouping: headers) { HeaderKey($0).text }
    }

    /// `members` are the paths seen at the beginning of a JSON file or the attributes of an LDIF's first entries;
    /// `known` the format's own.
    init(members: Set<String>, known: [String]) {
        names = members.sorted()
        isComplete = false
        self.known = known
        byKey = Dictionary(grouping: members.sorted()) { HeaderKey($0).text }
    }

    /// The column that the format's own data or the configuration names; `nil` when a complete header lacks it.
    func column(_ name: String) -> ColumnID? {
        if isComplete {
            let (name, occurrence) = Self.occurrence(of: name)
            let key = HeaderKey(name).text
            guard let same = byKey[key], occurrence < same.count else { return nil }
            return ColumnID(key: key, occurrence: occurrence)
        }
        // With a blank in it, a name is a header's spelling and no path: `Employee ID` finds the member `employeeId`.
        if names.contains(name) || known.contains(name) && !name.contains(" ") { return ColumnID(key: name) }
        return ColumnID(key: byKey[HeaderKey(name).text]?.first ?? name)
    }

    /// Whether the file was seen to have the column.
    func hasSeen(_ name: String) -> Bool { byKey[HeaderKey(name).text] != nil }

    /// As ``column(_:)`` for a name that a person wrote: also by a path's last member (`mobilePhone` for
    /// `profile.mobilePhone`), and `nil` for what no one has seen.
    func writtenColumn(_ name: String) -> ColumnID? {
        if isComplete { return column(name) }
        if names.contains(name) || known.contains(name) { return ColumnID(key: name) }
        let key = HeaderKey(name).text
        if let same = byKey[key]?.first { return ColumnID(key: same) }
        let nested = (names + known).filter { path in
            path.split(separator: ".").last.map { HeaderKey(String($0)).text == key } ?? false
        }
        return nested.min { $0.utf8.count < $1.utf8.count }.map { ColumnID(key: $0) }
    }

    /// The header that a misspelt one is nearest to.
    func nearest(_ name: String) -> String? {
        let key = HeaderKey(name).text
        let ranked = (names + known).map { ($0, EditDistance.between(HeaderKey($0).text, key)) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, key.count * 2 / 5) else { return nil }
        return best.0
    }

    /// `Email #2` is the second column named Email.
    static func occurrence(of name: String) -> (name: String, occurrence: Int) {
        guard let mark = name.range(of: " #", options: .backwards), let number = Int(name[mark.upperBound...]),
            number > 0
        else { return (name, 0) }
        return (String(name[..<mark.lowerBound]), number - 1)
    }
}

extension MappingConfiguration {
    /// Keys of the columns that the configuration names by number (`Email #2`), which may therefore occur twice.
    var columnsChosenByNumber: Set<String> {
        let written = entries.flatMap(\.from) + scope.include.map(\.column) + scope.exclude.map(\.column)
        return Set(
            written.compactMap { name in
                let column = Columns.occurrence(of: name.value).name
                return column == name.value ? nil : HeaderKey(column).text
            })
    }
}

package enum EditDistance {
    /// Insertions, deletions and substitutions that make `b` of `a`.
    package static func between(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.unicodeScalars.prefix(100)), Array(b.unicodeScalars.prefix(100)))
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                (diagonal, row[j + 1]) = (
                    row[j + 1], min(row[j + 1] + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
                )
            }
        }
        return row[b.count]
    }
}
