/// What tells that a file has a format: headers of a CSV, members of a JSON record and of what is around it.
package struct Recognition: Sendable {
    /// Each must be there, in one of its spellings (``HeaderKey``). In JSON: members of the first record.
    package var requires: [[String]]
    /// None may be there.
    package var forbids: [String]
    /// Nothing besides what is required may be there.
    package var isExact: Bool
    /// Members around the records, each of which must be there: `kind`, or `kind=admin#directory#users`.
    package var envelope: [String]
    /// The envelope alone is proof enough: there may be no record to look at.
    package var envelopeSuffices: Bool

    package init(
        requires: [[String]] = [], forbids: [String] = [], isExact: Bool = false, envelope: [String] = [],
        envelopeSuffices: Bool = false
    ) {
        self.requires = requires
        self.forbids = forbids
        self.isExact = isExact
        self.envelope = envelope
        self.envelopeSuffices = envelopeSuffices
    }

    /// Whether a file with these headers, or records with these members, is one. Headers compare by ``HeaderKey`` and
    /// `names` are such keys; members of JSON are compared as they are.
    package func matches(_ names: Set<String>, asHeaders: Bool) -> Bool {
        missing(from: names, asHeaders: asHeaders).isEmpty && isAllowed(names, asHeaders)
    }

    /// What is required and not there, each in its usual spelling.
    package func missing(from names: Set<String>, asHeaders: Bool) -> [String] {
        requires.filter { !$0.contains { names.contains(asHeaders ? HeaderKey($0).text : $0) } }.compactMap(\.first)
    }

    private func isAllowed(_ names: Set<String>, _ asHeaders: Bool) -> Bool {
        if forbids.contains(where: { names.contains(asHeaders ? HeaderKey($0).text : $0) }) { return false }
        return !isExact || names.count == requires.count
    }
}
