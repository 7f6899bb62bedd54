/// Where an attribute is (RFC 7644 §3.5.2 `PATH`), spelled as the schema spells it.
///
/// Reads the RFC's notation (`emails[type eq "work"].value`, `urn:…:User:department`) and the short one that mappings
/// and plans use (`emails.work`, `phoneNumbers.mobile`, `addresses.work.locality`, `enterprise.department`).
package struct AttributePath: Hashable, Sendable {
    /// The extension's URN; `nil` for the core schema.
    package var schema: String?
    /// An extension as a whole is named here, by its URN, with ``schema`` `nil`: as among a resource's attributes.
    package var attribute: String
    /// The value filter in brackets. Paths in it name sub-attributes.
    package var filter: Filter?
    package var subAttribute: String?
    package init(schema: String? = nil, attribute: String, filter: Filter? = nil, subAttribute: String? = nil) {
        self.schema = schema
        self.attribute = attribute
        self.filter = filter
        self.subAttribute = subAttribute
    }
}

extension AttributePath {
    /// Reads the RFC's notation: `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:manager`, an extension's
    /// URN alone. Names and URNs in any letter case.
    ///
    /// Throws `invalidPath`, which names the nearest right path, or `invalidFilter` for what is in brackets.
    package static func parse(
        _ text: String, for type: ResourceType, limits: FilterLimits = FilterLimits()
    ) throws(SCIMError) -> AttributePath {
        var scanner = try PathScanner(text, limits, failure: .invalidPath)
        scanner.skipBlanks()
        let path = try scanner.attributePath(type, failure: .invalidPath)
        scanner.skipBlanks()
        if !scanner.isAtEnd { throw Schema.unknown(text, for: type, failure: .invalidPath) }
        return path
    }

    /// Reads a mapping's key: the short notation, else the RFC's.
    ///
    /// `emails.work` is `emails[type eq "work"].value`, `emails.primary` the value of the primary one,
    /// `addresses.work.locality` a part of the work address; `enterprise.` stands for the enterprise extension's URN,
    /// and `enterprise.manager` is the manager's id. Types are the schema's canonical values only.
    package static func parseMapping(_ text: String, for type: ResourceType) throws(SCIMError) -> AttributePath {
        let text = trimmedBlanks(text)
        if let path = shortPath(text, for: type) { return path }
        return try parse(text, for: type)
    }

    private static func shortPath(_ text: String, for type: ResourceType) -> AttributePath? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if type == .user, parts.count >= 2, equalsIgnoringASCIICase(parts[0], "enterprise") {
            parts.removeFirst()
            guard let attribute = Schema.enterpriseUser.attribute(named: parts[0]), parts.count <= 2 else { return nil }
            let sub = parts.count == 2 ? attribute.subAttribute(named: parts[1]) : attribute.valueAttribute
            if parts.count == 2, sub == nil { return nil }
            return AttributePath(
                schema: Schema.enterpriseUserID, attribute: attribute.name, subAttribute: sub?.name)
        }
        guard parts.count == 2 || parts.count == 3, let attribute = type.attribute(named: parts[0]),
            attribute.isMultiValued, attribute.kind == .complex, let chosen = choice(parts[1], among: attribute)
        else { return nil }
        let sub = parts.count == 3 ? attribute.subAttribute(named: parts[2]) : attribute.valueAttribute
        guard let sub else { return nil }
        return AttributePath(attribute: attribute.name, filter: chosen, subAttribute: sub.name)
    }

    /// What stands for brackets in the short notation: a canonical type, or `primary`.
    private static func choice(_ word: String, among attribute: Schema.Attribute) -> Filter? {
        if equalsIgnoringASCIICase(word, "primary"), attribute.subAttribute(named: "primary") != nil {
            return .compare(AttributePath(attribute: "primary"), .eq, .boolean(true))
        }
        guard let types = attribute.subAttribute(named: "type")?.canonicalValues,
            let type = types.first(where: { equalsIgnoringASCIICase($0, word) })
        else { return nil }
        return .compare(AttributePath(attribute: "type"), .eq, .string(type))
    }
}

extension AttributePath: CustomStringConvertible {
    /// The RFC's notation.
    package var description: String {
        var text = schema.map { $0 + ":" + attribute } ?? attribute
        if let filter { text += "[\(filter)]" }
        if let subAttribute { text += "." + subAttribute }
        return text
    }

    /// The short notation, as plans and mappings have it; the RFC's where there is no short one.
    package var shortName: String {
        if let schema {
            guard schema == Schema.enterpriseUserID, filter == nil else { return description }
            let sub = subAttribute.map { $0 == "value" ? "" : "." + $0 } ?? ""
            return "enterprise." + attribute + sub
        }
        guard let filter else { return description }
        guard case .compare(let path, .eq, let value) = filter else { return description }
        let word: String
        switch value {
        case .boolean(true) where path.attribute == "primary": word = "primary"
        case .string(let type) where path.attribute == "type" && isCanonical(type): word = type
        default: return description
        }
        switch subAttribute {
        case "value": return attribute + "." + word
        case let sub?: return attribute + "." + word + "." + sub
        case nil: return description
        }
    }

    private func isCanonical(_ word: String) -> Bool {
        Schema.user.attribute(named: attribute)?.subAttribute(named: "type")?.canonicalValues.contains(word) ?? false
    }
}

extension AttributePath {
    /// The schema's word on the attribute itself; `nil` for an extension as a whole.
    package func definition(for type: ResourceType) -> Schema.Attribute? {
        guard let schema else { return type.attribute(named: attribute) }
        return type.schemaExtension(urn: schema)?.attribute(named: attribute)
    }
}

/// `text` without blanks and line ends around it.
func trimmedBlanks(_ text: String) -> String {
    let bytes = text.utf8
    guard let start = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 }) else {
        return ""
    }
    return String(text[start...last])
}
