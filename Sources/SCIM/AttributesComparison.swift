extension ComplexValue {
    /// Whether both say the same: members in any order, values of a multi-valued complex attribute in any order
    /// (RFC 7643 §2.4), strings byte for byte. `==` is not this: Swift's strings are equal across normal forms, and an
    /// online client that sends another spelling gets it stored.
    package func saysTheSame(as other: ComplexValue) -> Bool {
        guard members.count == other.members.count else { return false }
        for (index, member) in members.enumerated() {
            // Mostly both are in one order.
            let twin = other.members[index].name == member.name ? other.members[index].value : other[member.name]
            guard let twin, member.value.saysTheSame(as: twin) else { return false }
        }
        return true
    }
}

extension AttributeValue {
    func saysTheSame(as other: AttributeValue) -> Bool {
        switch (self, other) {
        case (.string(let a), .string(let b)):
            return a == b && a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
        case (.complex(let a), .complex(let b)): return a.saysTheSame(as: b)
        case (.list(let a), .list(let b)):
            guard a.count == b.count else { return false }
            if zip(a, b).allSatisfy({ $0.saysTheSame(as: $1) }) { return true }
            // Simple values keep their order: NameID formats are a preference.
            guard a.count <= 64, a.allSatisfy({ $0.complex != nil }) else { return false }
            var rest = b
            for value in a {
                guard let index = rest.firstIndex(where: { value.saysTheSame(as: $0) }) else { return false }
                rest.remove(at: index)
            }
            return true
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.integer(let a), .integer(let b)): return a == b
        case (.decimal(let a), .decimal(let b)): return a == b
        default: return false
        }
    }
}
