extension ComplexValue {
    /// What a resource's attributes hold at `path`: of several values the first one that matches; of a complex value with
    /// a `value` the whole, unless the path names a part. `nil` when absent.
    package func value(at path: AttributePath) -> AttributeValue? {
        let owner = path.schema.map { self[$0]?.complex } ?? self
        guard var value = owner?[path.attribute] else { return nil }
        if path.filter != nil || (path.subAttribute != nil && value.list != nil) {
            let filter = path.filter
            let definition = path.filter.flatMap { _ in path.anyDefinition }
            let first = (value.list ?? [value]).first { element in
                guard let filter, let definition else { return filter == nil }
                return filter.matches(element, of: definition)
            }
            guard let first else { return nil }
            value = first
        }
        guard let part = path.subAttribute else { return value }
        return value.complex?[part]
    }

    /// The text at `path`, as plans and mappings show it: booleans as `true` and `false`, a complex value by its `value`,
    /// several values separated by a comma and a blank. `nil` when absent.
    package func text(at path: AttributePath) -> String? { value(at: path)?.text }

    /// Sets the value at `path`, or removes it with `nil`: as one PATCH operation does.
    package mutating func set(
        _ value: AttributeValue?, at path: AttributePath, of type: ResourceType
    ) throws(SCIMError) {
        guard let attribute = path.definition(for: type) else {
            throw Schema.unknown(path.description, for: type, failure: .invalidPath)
        }
        let target = PatchTarget(verb: value == nil ? .remove : .replace, path: path, attribute: attribute)
        guard let schema = path.schema else {
            try target.apply(value, to: &self)
            if value == nil, let values = self[path.attribute]?.list {
                let kept = values.filter { AttributesInput.saysSomething($0) }
                self[path.attribute] = kept.isEmpty ? nil : .list(kept)
            }
            return
        }
        var place = self[schema]?.complex ?? ComplexValue()
        try target.apply(value, to: &place)
        self[schema] = place.isEmpty ? nil : .complex(place)
    }
}

extension AttributeValue {
    /// See ``ComplexValue/text(at:)``.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): number.description
        case .decimal(let number): number.description
        case .complex(let parts): parts["value"]?.text
        case .list(let values): values.isEmpty ? nil : values.compactMap(\.text).joined(separator: ", ")
        }
    }
}

extension AttributePath {
    /// The schema's word on the attribute, whichever resource type has it: attribute names with brackets are unique among
    /// the types.
    fileprivate var anyDefinition: Schema.Attribute? {
        for type in ResourceType.allCases {
            if let definition = definition(for: type) { return definition }
        }
        return nil
    }
}
