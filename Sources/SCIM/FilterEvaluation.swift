extension Filter {
    /// Whether `resource` is one of those asked for (RFC 7644 §3.4.2.2, scim-rulings.md "Filters").
    ///
    /// `beside` gives the values of what is not among a resource's attributes; it is called only when the filter asks
    /// about that.
    package func matches(
        _ resource: Resource, beside: (ShownBeside) throws -> [AttributeValue]
    ) rethrows -> Bool {
        switch self {
        case .and(let a, let b):
            try a.matches(resource, beside: beside) && b.matches(resource, beside: beside)
        case .or(let a, let b):
            try a.matches(resource, beside: beside) || b.matches(resource, beside: beside)
        case .not(let a): try !a.matches(resource, beside: beside)
        case .present(let path):
            try !resource.values(at: path, beside: beside).isEmpty
        case .compare(let path, let comparison, let value):
            try resource.isNamed(path, comparison, value)
                ?? Self.compare(
                    try resource.values(at: path, beside: beside), comparison, value,
                    isCaseExact: path.isCaseExact(in: resource.type), isDate: path.isDate(in: resource.type))
        }
    }

    /// The same for a resource with nothing beside it.
    package func matches(_ resource: Resource) -> Bool { matches(resource) { _ in [] } }

    /// Whether one value of the multi-valued `attribute` is one of those that brackets ask for.
    func matches(_ element: AttributeValue, of attribute: Schema.Attribute) -> Bool {
        switch self {
        case .and(let a, let b): return a.matches(element, of: attribute) && b.matches(element, of: attribute)
        case .or(let a, let b): return a.matches(element, of: attribute) || b.matches(element, of: attribute)
        case .not(let a): return !a.matches(element, of: attribute)
        case .present(let path): return !Self.values(of: element, path.attribute).isEmpty
        case .compare(let path, let comparison, let value):
            let part = attribute.subAttribute(named: path.attribute) ?? attribute
            return Self.compare(
                Self.values(of: element, path.attribute), comparison, value, isCaseExact: part.isCaseExact,
                isDate: part.kind == .dateTime)
        }
    }

    private static func values(of element: AttributeValue, _ name: String) -> [AttributeValue] {
        guard let complex = element.complex else { return [element] }
        return complex[name].map { [$0] } ?? []
    }

    /// True when one of `values` compares so; `ne` is true when none of them is equal, hence also when there is none.
    private static func compare(
        _ values: [AttributeValue], _ comparison: Comparison, _ wanted: AttributeValue, isCaseExact: Bool, isDate: Bool
    ) -> Bool {
        if comparison == .ne {
            return !compare(values, .eq, wanted, isCaseExact: isCaseExact, isDate: isDate)
        }
        return values.contains { value in
            switch (value, wanted) {
            case (.string(let a), .string(let b)):
                if isDate, let a = Timestamp(iso8601: a), let b = Timestamp(iso8601: b) {
                    return ordered(a, b, comparison)
                }
                return compare(a, b, comparison, isCaseExact: isCaseExact)
            case (.boolean(let a), .boolean(let b)): return a == b
            case (.integer(let a), .integer(let b)): return ordered(a, b, comparison)
            case (.integer(let a), .decimal(let b)): return ordered(Double(a), b, comparison)
            case (.decimal(let a), .integer(let b)): return ordered(a, Double(b), comparison)
            case (.decimal(let a), .decimal(let b)): return ordered(a, b, comparison)
            default: return false
            }
        }
    }

    private static func compare(_ a: String, _ b: String, _ comparison: Comparison, isCaseExact: Bool) -> Bool {
        let left = Array((isCaseExact ? a : CanonicalKey.folded(a)).utf8)
        let right = Array((isCaseExact ? b : CanonicalKey.folded(b)).utf8)
        switch comparison {
        case .eq: return left == right
        case .ne: return left != right
        case .co: return contains(left, right)
        case .sw: return left.starts(with: right)
        case .ew: return left.suffix(right.count).elementsEqual(right)
        case .gt: return right.lexicographicallyPrecedes(left)
        case .ge: return !left.lexicographicallyPrecedes(right)
        case .lt: return left.lexicographicallyPrecedes(right)
        case .le: return !right.lexicographicallyPrecedes(left)
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            if text[start..<start + part.count].elementsEqual(part) { return true }
        }
        return false
    }

    private static func ordered<Value: Comparable>(_ a: Value, _ b: Value, _ comparison: Comparison) -> Bool {
        switch comparison {
        case .eq: a == b
        case .ne: a != b
        case .gt: a > b
        case .ge: a >= b
        case .lt: a < b
        case .le: a <= b
        case .co, .sw, .ew: false
        }
    }
}

extension AttributePath {
    /// The schema's word on what the path ends at: the part, if it names one.
    func part(in type: ResourceType) -> Schema.Attribute? {
        let whole = definition(for: type)
        return subAttribute.flatMap { whole?.subAttribute(named: $0) } ?? whole
    }

    fileprivate func isCaseExact(in type: ResourceType) -> Bool { part(in: type)?.isCaseExact ?? false }
    fileprivate func isDate(in type: ResourceType) -> Bool { part(in: type)?.kind == .dateTime }
}

extension Resource {
    /// A name equals by its key, as uniqueness has it: white space around it does not count. `nil` for other questions.
    fileprivate func isNamed(
        _ path: AttributePath, _ comparison: Filter.Comparison, _ value: AttributeValue
    ) -> Bool? {
        guard comparison == .eq || comparison == .ne, path.schema == nil, case .string(let wanted) = value,
            type == .user && path.attribute == "userName" || type == .group && path.attribute == "displayName",
            let own = attributes[path.attribute]?.string
        else { return nil }
        let key = type == .user ? CanonicalKey.userName : CanonicalKey.groupName
        let isEqual = (try? key(wanted)).map { $0 == (try? key(own)) } ?? false
        return isEqual == (comparison == .eq)
    }

    /// The single values at `path`, those of a list one by one; none when it is absent.
    func values(
        at path: AttributePath, beside: (ShownBeside) throws -> [AttributeValue]
    ) rethrows -> [AttributeValue] {
        let whole: AttributeValue? =
            if let schema = path.schema {
                if schema == Schema.enterpriseUserID, path.attribute == "manager", let part = path.subAttribute,
                    part != "value"
                {
                    try beside(.manager).first
                } else {
                    attributes[schema]?.complex?[path.attribute]
                }
            } else {
                switch path.attribute {
                case "id": .string(id.rawValue)
                case "meta" where path.subAttribute == "location": try beside(.location).first
                case "meta": .complex(meta)
                case "schemas": .list(schemas.map { .string($0) })
                case "members" where type == .group, "groups" where type == .user: .list(try beside(.memberships))
                default: attributes[path.attribute]
                }
            }
        guard let whole else { return [] }
        var values = whole.list ?? [whole]
        if let filter = path.filter, let attribute = path.definition(for: type) {
            values.removeAll { !filter.matches($0, of: attribute) }
        }
        guard let part = path.subAttribute else { return values }
        return values.compactMap { $0.complex?[part] }
    }
}
