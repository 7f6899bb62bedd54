import SCIM

/// The entries of `mapping:` sorted out: which attribute each is about, checked against the SCIM schema.
struct MappingEntries {
    struct Attribute {
        /// In short notation, spelled as the schema does.
        var name: String
        /// As the configuration spells it.
        var written: String
        var place: Place
        var from: [Located<String>]
        var overwrite: AttributeRule.Overwrite?
        var clears: Bool?
        var isOff: Bool
    }

    private(set) var attributes: [Attribute] = []
    private(set) var active: Attribute?
    private(set) var anchor: Attribute?
    private(set) var groups: Attribute?

    init() {}

    init(_ entries: [MappingConfiguration.Entry]) throws {
        var places: [String: Place] = [:]
        for entry in entries {
            let attribute = try Self.attribute(entry)
            if let earlier = places.updateValue(entry.key.place, forKey: attribute.name) {
                let line = earlier.line.map { " in line \($0)" } ?? ""
                throw ConfigurationError(
                    place: entry.key.place, key: entry.key.value,
                    message: "\(attribute.name) is mapped twice: it is there already\(line). Keep one of the two.")
            }
            switch attribute.name {
            case "active": active = attribute
            case "externalId": anchor = attribute
            case "groups": groups = attribute
            default: attributes.append(attribute)
            }
        }
    }

    private static func attribute(_ entry: MappingConfiguration.Entry) throws -> Attribute {
        var attribute = Attribute(
            name: "", written: entry.key.value, place: entry.key.place, from: entry.from, overwrite: entry.overwrite,
            clears: entry.clears, isOff: entry.isOff)
        if let special = ["active", "externalId", "groups"].first(where: {
            $0.lowercased() == entry.key.value.lowercased()
        }) {
            attribute.name = special
            return attribute
        }
        let path: AttributePath
        do {
            path = try AttributePath.parseMapping(entry.key.value, for: .user)
        } catch {
            throw failure(entry, error.detail)
        }
        guard let definition = path.definition(for: .user) else {
            throw failure(entry, "\(entry.key.value) is a schema as a whole: name one of its attributes.")
        }
        let part = path.subAttribute.flatMap { definition.subAttribute(named: $0) } ?? definition
        if definition.mutability == .readOnly || part.mutability == .readOnly {
            throw failure(entry, "\(entry.key.value) is read-only: the service sets it.")
        }
        if definition.name == "password" {
            throw failure(entry, "Passwords are not synced: people sign in with their identity provider.")
        }
        guard part.kind != .complex, part.kind != .boolean, !definition.isMultiValued || path.filter != nil else {
            throw failure(entry, "\(entry.key.value) has no single value: name a part of it\(example(definition)).")
        }
        if path.shortName == "userName", entry.isOff { throw failure(entry, "userName cannot be left out.") }
        attribute.name = path.shortName
        return attribute
    }

    /// `, for instance emails.work`.
    private static func example(_ definition: Schema.Attribute) -> String {
        let paths = Schema.paths(of: .user).filter { $0.hasPrefix(definition.name + ".") }
        return paths.first.map { ", for instance \($0)" } ?? ""
    }

    private static func failure(_ entry: MappingConfiguration.Entry, _ message: String) -> ConfigurationError {
        ConfigurationError(place: entry.key.place, key: entry.key.value, message: message)
    }
}
