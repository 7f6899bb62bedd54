import SCIM

/// Reading and writing single attributes of a resource by path, as text: what plans show and mappings fill.
package enum Attributes {
    /// The value at `path`, or `nil`. A multi-valued attribute gives its first element that passes the path's filter; a
    /// complex one its `value`.
    package static func value(at path: AttributePath, in attributes: ComplexValue) -> String? {
        let holder = path.schema.map { attributes[$0]?.complex } ?? attributes
        guard let found = holder?[path.attribute] else { return nil }
        switch found {
        case .list(let elements):
            guard let element = elements.first(where: { passes($0, path.filter) }) else { return nil }
            return text(element, path.subAttribute)
        default:
            return text(found, path.subAttribute)
        }
    }

    /// Sets the value at `path` of a resource that is being made. Elements are made as their filter describes; the
    /// first e-mail address is the primary one.
    static func set(
        _ value: String, at path: AttributePath, isMultiValued: Bool, in attributes: inout ComplexValue
    ) {
        if let schema = path.schema {
            var extended = attributes[schema]?.complex ?? ComplexValue()
            set(
                value,
                at: AttributePath(attribute: path.attribute, filter: path.filter, subAttribute: path.subAttribute),
                isMultiValued: isMultiValued, in: &extended)
            attributes[schema] = .complex(extended)
            return
        }
        if isMultiValued {
            setElement(value, at: path, in: &attributes)
        } else if path.subAttribute != nil {
            var complex = attributes[path.attribute]?.complex ?? ComplexValue()
            complex[path.subAttribute ?? "value"] = .string(value)
            attributes[path.attribute] = .complex(complex)
        } else {
            attributes[path.attribute] = .string(value)
        }
    }

    private static func setElement(_ value: String, at path: AttributePath, in attributes: inout ComplexValue) {
        var elements = attributes[path.attribute]?.list ?? []
        let index = elements.firstIndex { passes($0, path.filter) }
        var element = index.flatMap { elements[$0].complex } ?? ComplexValue()
        if index == nil {
            if case .compare(let attribute, .eq, let wanted)? = path.filter { element[attribute.attribute] = wanted }
            if path.attribute == "emails", elements.isEmpty { element["primary"] = .boolean(true) }
        }
        element[path.subAttribute ?? "value"] = .string(value)
        if let index { elements[index] = .complex(element) } else { elements.append(.complex(element)) }
        attributes[path.attribute] = .list(elements)
    }

    private static func passes(_ element: AttributeValue, _ filter: Filter?) -> Bool {
        switch filter {
        case nil: true
        case .compare(let path, .eq, let wanted): element.complex?[path.attribute] == wanted
        default: false
        }
    }

    private static func text(_ value: AttributeValue, _ subAttribute: String?) -> String? {
        switch value {
        case .string(let string): string
        case .boolean(let boolean): boolean ? "true" : "false"
        case .integer(let integer): String(integer)
        case .decimal(let decimal): String(decimal)
        case .complex(let complex): complex[subAttribute ?? "value"].flatMap { text($0, nil) }
        case .list(let elements): elements.first.flatMap { text($0, subAttribute) }
        }
    }
}
