import SCIM

/// What a change means to make different: compared with what the service shows, it tells whether the change was made, by
/// whom, and what of it was not kept.
struct Expectation: Sendable {
    private let type: ResourceType
    private let before: [String: String]
    private let wanted: [String: String]
    /// Paths at which both differ.
    let changed: [String]

    init(_ type: ResourceType, from before: ComplexValue, to wanted: ComplexValue) {
        self.type = type
        self.before = Self.entries(before)
        self.wanted = Self.entries(wanted)
        let old = self.before
        let new = self.wanted
        changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    }

    private static func entries(_ attributes: ComplexValue) -> [String: String] {
        Dictionary(AttributeListing.entries(attributes).map { ($0.path, $0.value) }) { first, _ in first }
    }

    /// All of it is so, letter case and normal form aside.
    func isMet(by attributes: ComplexValue) -> Bool {
        let there = Self.entries(attributes)
        return changed.allSatisfy { Self.isSame(there[$0], wanted[$0]) }
    }

    /// Some of it is so, and the rest is as before: a service that does not keep everything did it.
    func isBegun(by attributes: ComplexValue) -> Bool {
        let there = Self.entries(attributes)
        return changed.contains { Self.isSame(there[$0], wanted[$0]) }
            && changed.allSatisfy { Self.isSame(there[$0], wanted[$0]) || Self.isSame(there[$0], before[$0]) }
    }

    /// What was sent and is not there as it was sent.
    func shortcomings(_ attributes: ComplexValue) -> [Shortcoming] {
        let there = Self.entries(attributes)
        var found: [Shortcoming] = []
        for path in changed {
            // Of what people sign in and out with nothing is left out: it fails, loudly.
            guard let sent = wanted[path], path != "userName", path != "active" else { continue }
            guard let kept = there[path] else {
                found.append(Shortcoming(.notKept, type, Self.whole(path, attributes)))
                continue
            }
            if !Self.isSame(kept, sent) { found.append(Shortcoming(.altered, type, path)) }
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The attribute as a whole where nothing of it is there, or where its values have no names.
    private static func whole(_ path: String, _ attributes: ComplexValue) -> String {
        let parts = path.split(separator: ".")
        guard let first = parts.first, first != "enterprise" else { return path }
        let isUnnamed = parts.count > 1 && Int(parts[1]) != nil
        return attributes[String(first)] == nil || isUnnamed ? String(first) : path
    }

    private static func isSame(_ a: String?, _ b: String?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a == b || CanonicalKey.folded(a) == CanonicalKey.folded(b)
        default: false
        }
    }
}

extension ComplexValue {
    /// These attributes with what `before` has wherever `shortcomings` say that nothing else is taken.
    func leavingOut(_ shortcomings: [Shortcoming], of type: ResourceType, from before: ComplexValue) -> ComplexValue {
        var attributes = self
        for shortcoming in shortcomings where shortcoming.isLeftOut && shortcoming.type == type {
            guard let path = try? AttributePath.parseMapping(shortcoming.path, for: type) else { continue }
            if path.schema == nil, path.filter == nil, path.subAttribute == nil {
                attributes[path.attribute] = before[path.attribute]
            } else {
                let value = before.value(at: path)
                if attributes.value(at: path) != value { try? attributes.set(value, at: path, of: type) }
            }
        }
        return attributes
    }
}
