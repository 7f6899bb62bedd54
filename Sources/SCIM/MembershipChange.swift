/// What happens to a Group's members: the outcome is what is there (or `replacement` instead of it), less `removed`,
/// plus `added`. No id is in both.
package struct MembershipChange: Hashable, Sendable {
    /// Everybody, instead of those who are there.
    package private(set) var replacement: [ResourceID]?
    package private(set) var added: [ResourceID] = []
    package private(set) var removed: [ResourceID] = []
    private var isAdded: Set<ResourceID> = []
    private var isRemoved: Set<ResourceID> = []

    package init() {}

    package init(replacement: [ResourceID]?) {
        if let replacement { replace(with: replacement) }
    }

    package var isEmpty: Bool { replacement == nil && added.isEmpty && removed.isEmpty }

    package mutating func add(_ ids: [ResourceID]) {
        for id in ids where isAdded.insert(id).inserted { added.append(id) }
        // The later word counts.
        if isRemoved.isEmpty { return }
        isRemoved.subtract(ids)
        removed.removeAll { !isRemoved.contains($0) }
    }

    package mutating func remove(_ ids: [ResourceID]) {
        for id in ids where isRemoved.insert(id).inserted { removed.append(id) }
        if isAdded.isEmpty { return }
        isAdded.subtract(ids)
        added.removeAll { !isAdded.contains($0) }
    }

    package mutating func replace(with ids: [ResourceID]) {
        self = MembershipChange()
        replacement = []
        add(ids)
        replacement = added
        added = []
        isAdded = []
    }

    /// What comes of it, given who is there.
    package func applied(to current: [ResourceID]) -> [ResourceID] {
        var seen = isRemoved
        return ((replacement ?? current) + added).filter { seen.insert($0).inserted }
    }
}
