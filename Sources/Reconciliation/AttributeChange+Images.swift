import SCIM

extension AttributeChange {
    /// What differs between two images, in the order of the new one; what is gone comes last.
    package static func between(_ old: ComplexValue, _ new: ComplexValue) -> [AttributeChange] {
        let before = AttributeListing.entries(old)
        let after = AttributeListing.entries(new)
        let oldValues = Dictionary(before.map { ($0.path, $0.value) }) { first, _ in first }
        let stays = Set(after.map(\.path))
        let changed = after.compactMap { entry -> AttributeChange? in
            let old = oldValues[entry.path]
            let isSame = old.map { $0.utf8.elementsEqual(entry.value.utf8) } ?? false
            return isSame ? nil : AttributeChange(path: entry.path, old: old, new: entry.value)
        }
        return changed
            + before.filter { !stays.contains($0.path) }.map { .init(path: $0.path, old: $0.value, new: nil) }
    }
}
