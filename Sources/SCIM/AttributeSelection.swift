/// Which attributes an answer shows: `attributes` and `excludedAttributes` (RFC 7644 §3.9).
///
/// What is always returned (`id`, `schemas`) is shown whatever is asked, what never is, never. Names that no schema has
/// are passed over: a client that asks for more than there is gets what there is.
package struct AttributeSelection: Hashable, Sendable {
    private enum Mode: Hashable { case all, only, except }
    /// Whether an attribute is named as a whole, and which of its parts are.
    private struct Named: Hashable {
        var isWhole = false
        var parts: Set<String> = []
    }

    private var mode = Mode.all
    /// By attribute name, by an extension's URN, and by `URN:attribute`.
    private var named: [String: Named] = [:]

    /// What is returned by default.
    package static let all = AttributeSelection()

    private init() {}

    /// Reads both parameters, names separated by commas, each plain, dotted or behind a URN, in any letter case.
    ///
    /// Throws `invalidValue` when both are given.
    package init(
        attributes: String?, excludedAttributes: String?, for type: ResourceType
    ) throws(SCIMError) {
        try self.init(attributes: attributes, excludedAttributes: excludedAttributes, for: [type])
    }

    /// The same for answers that hold resources of several types.
    init(attributes: String?, excludedAttributes: String?, for types: [ResourceType]) throws(SCIMError) {
        let wanted = Self.names(attributes)
        let unwanted = Self.names(excludedAttributes)
        if !wanted.isEmpty && !unwanted.isEmpty {
            throw .invalidValue("\"attributes\" and \"excludedAttributes\" exclude each other.")
        }
        if wanted.isEmpty && unwanted.isEmpty { return }
        mode = wanted.isEmpty ? .except : .only
        for name in wanted + unwanted {
            for path in types.compactMap({ Schema.resolve(name, for: $0) }) { add(path) }
        }
    }

    private mutating func add(_ path: AttributePath) {
        let key = path.schema.map { "\($0):\(path.attribute)" } ?? path.attribute
        if let part = path.subAttribute {
            named[key, default: Named()].parts.insert(part)
        } else {
            named[key, default: Named()].isWhole = true
        }
    }

    private static func names(_ text: String?) -> [String] {
        text?.split(separator: ",").map { trimmedBlanks(String($0)) }.filter { !$0.isEmpty } ?? []
    }

    package var isAll: Bool { mode == .all }

    /// The client named what it wants.
    package var namesAttributes: Bool { mode == .only }
}

extension AttributeSelection {
    /// Whether anything of the attribute is shown.
    package func shows(_ name: String) -> Bool {
        switch mode {
        case .all: true
        case .only: named[name] != nil
        case .except: named[name]?.isWhole != true
        }
    }

    /// The client asked for this part of the attribute by name.
    func asks(for part: String, of name: String) -> Bool { mode == .only && named[name]?.parts.contains(part) == true }

    /// What is shown of an attribute's value, or of an extension's; `nil` when nothing is.
    func shown(_ value: AttributeValue, of name: String) -> AttributeValue? {
        if mode == .all { return value }
        if name.utf8.contains(UInt8(ascii: ":")), case .complex(let parts) = value {
            return shown(parts, ofExtension: name)
        }
        return shown(value, named[name])
    }

    private func shown(_ parts: ComplexValue, ofExtension urn: String) -> AttributeValue? {
        if let whole = named[urn], whole.isWhole { return mode == .only ? .complex(parts) : nil }
        var shown = ComplexValue()
        for part in parts.members { shown[part.name] = self.shown(part.value, named["\(urn):\(part.name)"]) }
        return shown.isEmpty ? nil : .complex(shown)
    }

    private func shown(_ value: AttributeValue, _ named: Named?) -> AttributeValue? {
        switch mode {
        case .all: return value
        case .only:
            guard let named else { return nil }
            return named.isWhole ? value : reduced(value) { named.parts.contains($0) }
        case .except:
            guard let named else { return value }
            return named.isWhole ? nil : reduced(value) { !named.parts.contains($0) }
        }
    }

    /// `value` with those of its parts that `isShown`; `nil` when nothing is left.
    private func reduced(_ value: AttributeValue, _ isShown: (String) -> Bool) -> AttributeValue? {
        switch value {
        case .complex(let parts):
            let kept = parts.members.filter { isShown($0.name) }
            return kept.isEmpty ? nil : .complex(ComplexValue(kept))
        case .list(let values):
            let kept = values.compactMap { reduced($0, isShown) }
            return kept.isEmpty ? nil : .list(kept)
        case .string, .boolean, .integer, .decimal: return value
        }
    }
}
