import JSON

extension JSONValue {
    package init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let number): self = .integer(number)
        case .decimal(let number): self = .number("\(number)")
        case .complex(let value): self = .object(value.jsonMembers)
        case .list(let values): self = .array(values.map(JSONValue.init))
        }
    }

    /// An object of members in that order.
    package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember(name: $0.key, value: $0.value) })
    }
}

extension ComplexValue {
    package var jsonMembers: [JSONMember] { members.map { JSONMember(name: $0.name, value: JSONValue($0.value)) } }
}

/// Bodies as we send them to a SCIM service: in the form that every one accepts (scim-clients.md §7).
package enum RequestWriting {
    /// Of a POST (RFC 7644 §3.3).
    package static func creation(
        _ type: ResourceType, _ attributes: ComplexValue, members: [ResourceID]?
    ) -> JSONValue {
        let schemas = [type.schema.id] + type.extensions.map(\.id).filter { attributes[$0] != nil }
        var body = [JSONMember(name: "schemas", value: .array(schemas.map { .string($0) }))]
        body += attributes.jsonMembers
        if let members, !members.isEmpty { body.append(JSONMember(name: "members", value: list(members))) }
        return .object(body)
    }

    /// Of a PUT (RFC 7644 §3.5.1): `current` as the service shows it, with what `after` has instead of `before`. What no
    /// schema of ours knows stays as it is.
    package static func replacement(
        of current: JSONValue, _ type: ResourceType, from before: ComplexValue, to after: ComplexValue
    ) -> JSONValue {
        var body = (current.object ?? []).filter { !["meta", "groups"].contains($0.name) }
        func set(_ name: String, _ value: JSONValue?) {
            let place = body.firstIndex { equalsIgnoringASCIICase($0.name, name) }
            if let place { body.remove(at: place) }
            if let value { body.insert(JSONMember(name: name, value: value), at: place ?? body.count) }
        }
        for name in names(before, after) where !same(before[name], after[name]) {
            if name.hasPrefix("urn:") {
                // Attributes of the extension that are not ours stay.
                var parts = body.first { equalsIgnoringASCIICase($0.name, name) }?.value.object ?? []
                let own = Set((before[name]?.complex?.members ?? []).map(\.name))
                parts.removeAll { own.contains($0.name) }
                parts += after[name]?.complex?.jsonMembers ?? []
                set(name, parts.isEmpty ? nil : .object(parts))
            } else {
                set(name, after[name].map(JSONValue.init))
            }
        }
        let known = Set((current["schemas"]?.array ?? []).compactMap(\.string))
        let missing = type.extensions.map(\.id).filter { after[$0] != nil && !known.contains($0) }
        if !missing.isEmpty || known.isEmpty {
            let core = known.isEmpty ? [type.schema.id] : []
            set(
                "schemas",
                .array((current["schemas"]?.array ?? []) + (core + missing).map { .string($0) }))
        }
        return .object(body)
    }

    /// Of a PUT that leaves a Group as it is but for its members.
    package static func replacement(of current: JSONValue, members: [ResourceID]) -> JSONValue {
        let kept = (current.object ?? []).filter { $0.name != "meta" && !equalsIgnoringASCIICase($0.name, "members") }
        return .object(kept + [JSONMember(name: "members", value: list(members))])
    }

    /// Of a PATCH (RFC 7644 §3.5.2).
    package static func patch(_ operations: [JSONValue]) -> JSONValue {
        .members([
            "schemas": .array([.string("urn:ietf:params:scim:api:messages:2.0:PatchOp")]),
            "Operations": .array(operations),
        ])
    }

    /// The operations that make `after` of `before`: whole attributes, parts of a complex one, and of a list the single
    /// element only where it is known to be there.
    package static func operations(from before: ComplexValue, to after: ComplexValue) -> [JSONValue] {
        var operations: [JSONValue] = []
        for name in names(before, after) where !same(before[name], after[name]) {
            if name.hasPrefix("urn:") {
                operations += parts(before[name]?.complex, after[name]?.complex, of: name, separator: ":")
            } else if let old = before[name]?.complex, let new = after[name]?.complex {
                operations += parts(old, new, of: name, separator: ".")
            } else if let elements = elements(before[name]?.list, after[name]?.list, of: name) {
                operations += elements
            } else {
                operations.append(operation(name, before[name], after[name]))
            }
        }
        return operations
    }

    /// Members to add in one operation, and to take out in one each.
    package static func membership(adding: [ResourceID], removing: [ResourceID]) -> [JSONValue] {
        var operations: [JSONValue] = []
        if !adding.isEmpty {
            operations.append(.members(["op": .string("add"), "path": .string("members"), "value": list(adding)]))
        }
        return operations
            + removing.map { id in
                let path = "members[value eq \(quoted(id.rawValue))]"
                return .members(["op": .string("remove"), "path": .string(path)])
            }
    }

    /// Members to take out as Microsoft Entra lists them, for services that know no other way. To the letter of the RFC it
    /// takes everybody out.
    package static func listedRemoval(_ members: [ResourceID]) -> JSONValue {
        .members(["op": .string("remove"), "path": .string("members"), "value": list(members)])
    }

    /// A string of a filter (RFC 7644 §3.4.2.2): JSON's.
    package static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func list(_ members: [ResourceID]) -> JSONValue {
        .array(members.map { .members(["value": .string($0.rawValue)]) })
    }

    private static func names(_ before: ComplexValue, _ after: ComplexValue) -> [String] {
        before.members.map(\.name) + after.members.map(\.name).filter { before[$0] == nil }
    }

    private static func same(_ a: AttributeValue?, _ b: AttributeValue?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a.saysTheSame(as: b)
        default: false
        }
    }

    private static func operation(_ path: String, _ old: AttributeValue?, _ new: AttributeValue?) -> JSONValue {
        guard let new else { return .members(["op": .string("remove"), "path": .string(path)]) }
        return .members([
            "op": .string(old == nil ? "add" : "replace"), "path": .string(path), "value": JSONValue(new),
        ])
    }

    private static func parts(
        _ before: ComplexValue?, _ after: ComplexValue?, of name: String, separator: String
    ) -> [JSONValue] {
        let (before, after) = (before ?? ComplexValue(), after ?? ComplexValue())
        return names(before, after).filter { !same(before[$0], after[$0]) }
            .map { operation(name + separator + $0, before[$0], after[$0]) }
    }

    /// `nil` unless both have the same elements by their types, each once, and only values differ.
    private static func elements(
        _ before: [AttributeValue]?, _ after: [AttributeValue]?, of name: String
    ) -> [JSONValue]? {
        // One alone may have its type from us.
        guard let before, let after, before.count == after.count, before.count > 1 else { return nil }
        guard let types = types(before), types == Self.types(after) else { return nil }
        var operations: [JSONValue] = []
        for (index, type) in types.enumerated() {
            guard let old = before[index].complex, let new = after[index].complex else { return nil }
            for part in names(old, new) where !same(old[part], new[part]) {
                guard let value = new[part], old[part] != nil, part != "primary" else { return nil }
                operations.append(operation("\(name)[type eq \(quoted(type))].\(part)", old[part], value))
            }
        }
        return operations
    }

    private static func types(_ values: [AttributeValue]) -> [String]? {
        let types = values.compactMap { $0.complex?["type"]?.string }
        return types.count == values.count && Set(types).count == types.count ? types : nil
    }
}
