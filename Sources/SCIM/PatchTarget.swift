/// One operation on one attribute of `place`: the resource itself or an extension of it.
struct PatchTarget {
    var verb: PatchOperation.Verb
    var path: AttributePath
    var attribute: Schema.Attribute
    var limits = TextLimits()

    func apply(_ value: AttributeValue?, to place: inout ComplexValue) throws(SCIMError) {
        if attribute.isMultiValued {
            try applyToList(value, &place)
            return
        }
        if path.filter != nil {
            throw SCIMError(
                status: 400, type: .invalidPath,
                detail: "\"\(attribute.name)\" has no values to choose from in brackets.")
        }
        if let name = path.subAttribute {
            var whole = place[attribute.name]?.complex ?? ComplexValue()
            try set(value, part: name, of: &whole)
            place[attribute.name] = whole.isEmpty ? nil : .complex(whole)
            return
        }
        guard verb != .remove, let value else {
            // An absent `active` would mean active: removing it must not bring anybody back.
            if attribute.name != "active" { place[attribute.name] = nil }
            return
        }
        let new = try AttributesInput.value(value, as: attribute, limits)
        // The parts named replace those there, the others stay (RFC 7644 §3.5.2.3).
        if case .complex(let parts)? = new, let old = place[attribute.name]?.complex {
            place[attribute.name] = .complex(merged(parts, into: old))
        } else {
            place[attribute.name] = new
        }
    }

    /// Sets or removes one part of a complex value.
    private func set(_ value: AttributeValue?, part name: String, of whole: inout ComplexValue) throws(SCIMError) {
        guard let part = attribute.subAttribute(named: name) else {
            throw SCIMError(
                status: 400, type: .invalidPath, detail: "\"\(attribute.name)\" has no part named \"\(name)\".")
        }
        if verb == .remove {
            whole[part.name] = nil
        } else if let value {
            whole[part.name] = try AttributesInput.value(value, as: part, limits)
        }
    }

    private func merged(_ parts: ComplexValue, into old: ComplexValue) -> ComplexValue {
        var merged = old
        for part in parts.members { merged[part.name] = part.value }
        return merged
    }
}

extension PatchTarget {
    private func applyToList(_ value: AttributeValue?, _ place: inout ComplexValue) throws(SCIMError) {
        var values = place[attribute.name]?.list ?? []
        var touched: Set<Int> = []
        if path.filter != nil || path.subAttribute != nil {
            touched = try applyToSome(value, &values)
        } else {
            switch verb {
            case .remove: remove(try listed(value), from: &values)
            case .replace: values = try elements(value)
            case .add: touched = add(try elements(value), to: &values)
            }
        }
        values = AttributesInput.withOnePrimary(values, preferring: touched)
        place[attribute.name] = values.isEmpty ? nil : .list(values)
    }

    /// The value as a list of this attribute's values.
    private func elements(_ value: AttributeValue?) throws(SCIMError) -> [AttributeValue] {
        guard let value else { return [] }
        return try AttributesInput.value(value, as: attribute, limits)?.list ?? []
    }

    /// What a `remove` lists; `nil` when it has no value and means all. Unlike ``elements(_:)`` a part may stand alone:
    /// `{"type":"home"}`.
    private func listed(_ value: AttributeValue?) throws(SCIMError) -> [AttributeValue]? {
        guard let value else { return nil }
        var listed: [AttributeValue] = []
        for element in value.list ?? [value] {
            if let element = try AttributesInput.single(element, as: attribute, limits) { listed.append(element) }
        }
        return listed
    }

    /// Adds what is not there yet; returns where the new and the completed ones are.
    private func add(_ new: [AttributeValue], to values: inout [AttributeValue]) -> Set<Int> {
        var touched: Set<Int> = []
        for element in new {
            if let index = values.firstIndex(where: { isSame($0, element) }) {
                if case .complex(let old) = values[index], case .complex(let parts) = element {
                    values[index] = .complex(merged(parts, into: old))
                }
                touched.insert(index)
            } else {
                touched.insert(values.count)
                values.append(element)
            }
        }
        return touched
    }

    /// Removes exactly the listed values; `nil` lists all.
    private func remove(_ listed: [AttributeValue]?, from values: inout [AttributeValue]) {
        guard let listed else { return values = [] }
        values.removeAll { value in listed.contains { isSame(value, $0) } }
    }

    /// Whether `value` is the one that `given` describes: by its parts other than `primary` and `display`, as far as
    /// given.
    private func isSame(_ value: AttributeValue, _ given: AttributeValue) -> Bool {
        guard let value = value.complex, let given = given.complex else {
            return isEqual(value, given, attribute)
        }
        var compared = false
        for part in given.members where part.name != "primary" && part.name != "display" {
            guard let definition = attribute.subAttribute(named: part.name), let own = value[part.name],
                isEqual(own, part.value, definition)
            else { return false }
            compared = true
        }
        return compared
    }

    private func isEqual(_ a: AttributeValue, _ b: AttributeValue, _ definition: Schema.Attribute) -> Bool {
        if a.saysTheSame(as: b) { return true }
        guard !definition.isCaseExact, let a = a.string, let b = b.string else { return false }
        return CanonicalKey.folded(a) == CanonicalKey.folded(b)
    }

    /// An operation on the values that the brackets choose, or on a part of each value.
    private func applyToSome(
        _ value: AttributeValue?, _ values: inout [AttributeValue]
    ) throws(SCIMError) -> Set<Int> {
        let chosen = values.indices.filter { path.filter?.matches(values[$0], of: attribute) ?? true }
        if verb == .remove {
            try remove(at: chosen, of: &values)
            return []
        }
        if chosen.isEmpty {
            guard let new = try created(value) else { return [] }
            values.append(new)
            return [values.count - 1]
        }
        for index in chosen { values[index] = try changed(values[index], to: value) }
        return Set(chosen)
    }

    private func remove(at chosen: [Int], of values: inout [AttributeValue]) throws(SCIMError) {
        guard let name = path.subAttribute else {
            for index in chosen.reversed() { values.remove(at: index) }
            return
        }
        for index in chosen {
            guard case .complex(var whole) = values[index] else { continue }
            try set(nil, part: name, of: &whole)
            values[index] = .complex(whole)
        }
    }

    private func changed(_ old: AttributeValue, to value: AttributeValue?) throws(SCIMError) -> AttributeValue {
        guard let value else { return old }
        guard case .complex(var whole) = old else {
            return try AttributesInput.single(value, as: attribute, limits) ?? old
        }
        if let name = path.subAttribute {
            try set(value, part: name, of: &whole)
            return .complex(whole)
        }
        guard case .complex(let parts)? = try AttributesInput.single(value, as: attribute, limits) else {
            // An empty value leaves nothing worth keeping; what is left is dropped at the end.
            whole["value"] = nil
            return .complex(whole)
        }
        // A bare string for a value in brackets is its `value`; the rest of it stays.
        let isWhole = verb == .replace && value.string == nil
        return .complex(merged(parts, into: isWhole ? chosenParts : whole))
    }

    /// The value to create when none matches: what the brackets ask for, and what is set. `nil` when nothing is set.
    private func created(_ value: AttributeValue?) throws(SCIMError) -> AttributeValue? {
        guard path.filter?.equalities != nil || path.filter == nil else {
            throw SCIMError(status: 400, type: .noTarget, detail: "No value matches \"\(path)\".")
        }
        guard let value else { return nil }
        var whole = chosenParts
        if let name = path.subAttribute {
            let before = whole
            try set(value, part: name, of: &whole)
            return whole == before && !before.isEmpty && before[name] == nil ? nil : .complex(whole)
        }
        guard let new = try AttributesInput.single(value, as: attribute, limits) else { return nil }
        guard case .complex(let parts) = new else { return new }
        return .complex(merged(parts, into: whole))
    }

    /// The parts that the brackets fix: `type` of `emails[type eq "work"]`.
    private var chosenParts: ComplexValue {
        var parts = ComplexValue()
        for (name, value) in path.filter?.equalities ?? [] { parts[name] = value }
        return parts
    }
}

extension Filter {
    /// The parts a value must have, when the filter is only `eq` joined by `and`; else `nil`.
    var equalities: [(name: String, value: AttributeValue)]? {
        switch self {
        case .compare(let path, .eq, let value): return [(path.attribute, value)]
        case .and(let a, let b):
            guard let left = a.equalities, let right = b.equalities else { return nil }
            return left + right
        case .compare, .present, .or, .not: return nil
        }
    }
}
