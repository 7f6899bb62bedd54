/// PATCH (RFC 7644 §3.5.2) as a pure function, with the dialects of listed clients (scim-clients.md §3.4, §5).
///
/// `add` and `replace` are used interchangeably by clients and differ here only for whole lists. All operations apply or
/// none does: the value is the outcome, the throw a refusal.
package struct Patch: Hashable, Sendable {
    package private(set) var attributes: ComplexValue
    /// Memberships are rows of their own: what was asked of a Group's `members`.
    package private(set) var members = MembershipChange()

    private let type: ResourceType
    private let id: ResourceID?
    private let limits: ServiceLimits

    /// Applies `operations` to well-formed `attributes`. `id` is the resource's own: a repeat of it in a value is
    /// ignored, another one refused.
    ///
    /// Throws `invalidValue`, `invalidPath`, `noTarget`, `mutability` as RFC 7644 table 9 has them.
    package static func apply(
        _ operations: [PatchOperation], to attributes: ComplexValue, of type: ResourceType, id: ResourceID? = nil,
        limits: ServiceLimits = ServiceLimits()
    ) throws(SCIMError) -> Patch {
        var patch = Patch(attributes: attributes, type: type, id: id, limits: limits)
        for operation in operations { try patch.apply(operation) }
        patch.dropEmptyValues()
        try AttributesInput.checkRequired(patch.attributes, for: type)
        return patch
    }

    private init(attributes: ComplexValue, type: ResourceType, id: ResourceID?, limits: ServiceLimits) {
        self.attributes = attributes
        self.type = type
        self.id = id
        self.limits = limits
    }

    private mutating func apply(_ operation: PatchOperation) throws(SCIMError) {
        if let path = operation.path {
            if operation.verb != .remove, operation.value == nil {
                throw .invalidValue("\"\(operation.verb.rawValue)\" of \"\(path)\" needs a value.")
            }
            try apply(operation.verb, path, operation.value)
            return
        }
        if operation.verb == .remove {
            throw SCIMError(status: 400, type: .noTarget, detail: "\"remove\" needs a path.")
        }
        guard let value = operation.value?.complex else {
            throw .invalidValue("Without a path the value must be an object of attributes.")
        }
        for member in value.members { try applyPathless(operation.verb, member) }
    }

    /// One member of a path-less value. Its key may be plain, dotted, behind a URN or a whole path (Entra's second
    /// dialect); an unknown one is dropped, a read-only one ignored.
    private mutating func applyPathless(
        _ verb: PatchOperation.Verb, _ member: ComplexValue.Member
    ) throws(SCIMError) {
        guard let path = Schema.resolve(member.name, for: type) ?? bracketed(member.name) else { return }
        if path.attribute == "id", path.schema == nil, let id, member.value != .string(id.rawValue) {
            throw SCIMError(status: 400, type: .mutability, detail: "The id of a resource never changes.")
        }
        if isReadOnly(path) { return }
        try apply(verb, path, member.value)
    }

    private func bracketed(_ name: String) -> AttributePath? {
        name.utf8.contains(UInt8(ascii: "["))
            ? try? AttributePath.parse(name, for: type, limits: limits.filter) : nil
    }

    private func isReadOnly(_ path: AttributePath) -> Bool {
        guard let attribute = path.definition(for: type) else { return false }
        let part = path.subAttribute.flatMap { attribute.subAttribute(named: $0) }
        return attribute.mutability == .readOnly || part?.mutability == .readOnly
    }

    private mutating func apply(
        _ verb: PatchOperation.Verb, _ path: AttributePath, _ value: AttributeValue?
    ) throws(SCIMError) {
        if isReadOnly(path) {
            throw SCIMError(status: 400, type: .mutability, detail: "\"\(path)\" is read-only.")
        }
        if path.schema == nil, let schema = type.schemaExtension(urn: path.attribute) {
            try applyExtension(verb, schema, value)
            return
        }
        guard let attribute = path.definition(for: type) else {
            throw Schema.unknown(path.description, for: type, failure: .invalidPath)
        }
        if type == .group, attribute.name == "members" {
            try applyMembers(verb, path, value)
            return
        }
        if attribute.mutability == .writeOnly {
            if let value { _ = try AttributesInput.value(value, as: attribute, limits.text) }
            return
        }
        var place = path.schema.map { attributes[$0]?.complex ?? ComplexValue() } ?? attributes
        try PatchTarget(verb: verb, path: path, attribute: attribute, limits: limits.text).apply(value, to: &place)
        if let schema = path.schema {
            attributes[schema] = place.isEmpty ? nil : .complex(place)
        } else {
            attributes = place
        }
    }

    private mutating func applyExtension(
        _ verb: PatchOperation.Verb, _ schema: Schema, _ value: AttributeValue?
    ) throws(SCIMError) {
        guard verb != .remove, let value, value != .list([]) else {
            attributes[schema.id] = nil
            return
        }
        guard let parts = value.complex else { throw .invalidValue("\"\(schema.id)\" must be an object.") }
        for part in parts.members {
            guard let attribute = schema.attribute(named: part.name), attribute.mutability != .readOnly else {
                continue
            }
            try apply(verb, AttributePath(schema: schema.id, attribute: attribute.name), part.value)
        }
    }

    /// What operations left without content goes: `{"type":"work"}` when its value was removed. Only at the end, since
    /// several operations may build one value.
    private mutating func dropEmptyValues() {
        for member in attributes.members {
            guard case .list(let values) = member.value else { continue }
            let kept = values.filter { AttributesInput.saysSomething($0) }
            if kept.count != values.count { attributes[member.name] = kept.isEmpty ? nil : .list(kept) }
        }
    }
}

extension Patch {
    private mutating func applyMembers(
        _ verb: PatchOperation.Verb, _ path: AttributePath, _ value: AttributeValue?
    ) throws(SCIMError) {
        if path.subAttribute != nil {
            throw SCIMError(status: 400, type: .mutability, detail: "Members are added and removed, not changed.")
        }
        if let filter = path.filter {
            guard verb == .remove else {
                throw SCIMError(status: 400, type: .mutability, detail: "Members are added and removed, not changed.")
            }
            members.remove(try memberIDs(named: filter))
            return
        }
        switch (verb, value) {
        case (.add, let value?): members.add(try AttributesInput.memberIDs(value))
        case (.replace, let value?): members.replace(with: try AttributesInput.memberIDs(value))
        // `Remove` with a value list takes away those alone; without one it empties the group.
        case (.remove, let value?): members.remove(try AttributesInput.memberIDs(value))
        case (.remove, nil): members.replace(with: [])
        case (.add, nil), (.replace, nil): throw .invalidValue("\"members\" needs a value.")
        }
    }

    /// The ids that `members[value eq "…"]` names, several joined by `or` as well.
    private func memberIDs(named filter: Filter) throws(SCIMError) -> [ResourceID] {
        guard let attribute = type.attribute(named: "members") else { return [] }
        var ids: [ResourceID] = []
        guard filter.asks(only: ["value", "type"]), Self.collect(filter, &ids) else {
            throw SCIMError(
                status: 400, type: .invalidFilter, detail: "Members are named as members[value eq \"id\"].")
        }
        return ids.filter { id in
            let member = ComplexValue([.init("value", .string(id.rawValue)), .init("type", .string("User"))])
            return filter.matches(.complex(member), of: attribute)
        }
    }

    /// False when the filter may match members that it does not name.
    private static func collect(_ filter: Filter, _ ids: inout [ResourceID]) -> Bool {
        switch filter {
        case .compare(let path, .eq, .string(let id)) where path.attribute == "value":
            ids.append(ResourceID(rawValue: id))
            return true
        case .or(let a, let b):
            let left = collect(a, &ids)
            return collect(b, &ids) && left
        case .and(let a, let b):
            let left = collect(a, &ids)
            return collect(b, &ids) || left
        case .compare, .present, .not: return false
        }
    }
}
