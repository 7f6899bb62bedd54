/// A resource's attributes as a flat list of short paths and texts: what the journal's images look like to people.
package enum AttributeListing {
    package struct Entry: Hashable, Sendable {
        package var path: String
        package var value: String
    }

    /// In the resource's own order. Elements of a list are named by their type, `emails.work`, else by number.
    package static func entries(_ attributes: ComplexValue) -> [Entry] {
        attributes.members.flatMap { member -> [Entry] in
            if member.name == Schema.enterpriseUserID { return list(member.value, "enterprise", isExtension: true) }
            return list(member.value, member.name)
        }
    }

    private static func list(_ value: AttributeValue, _ path: String, isExtension: Bool = false) -> [Entry] {
        switch value {
        case .complex(let parts):
            return parts.members.flatMap { part in
                list(part.value, part.name == "value" && !isExtension ? path : "\(path).\(part.name)")
            }
        case .list(let elements) where elements.contains { $0.complex != nil }:
            var names: [String: Int] = [:]
            return elements.enumerated().flatMap { index, element -> [Entry] in
                guard var parts = element.complex else { return list(element, "\(path).\(index + 1)") }
                let type = parts["type"]?.string ?? "\(index + 1)"
                parts["type"] = nil
                parts["primary"] = nil
                names[type, default: 0] += 1
                let name = names[type] == 1 ? type : "\(type)-\(names[type] ?? 0)"
                return list(.complex(parts), "\(path).\(name)")
            }
        default: return value.text.map { [Entry(path: path, value: $0)] } ?? []
        }
    }
}
