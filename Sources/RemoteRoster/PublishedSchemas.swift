import JSON
import SCIM
import SCIMClient

/// What a service's own schemas say that it keeps (RFC 7643 §7). Where they look as if they were not meant, nothing is made
/// of them.
struct PublishedSchemas {
    /// SHA-256 of the schemas, whatever their order, 64 hex digits; empty when it publishes none, `nil` when that is not
    /// known at this moment.
    let digest: String?
    let shortcomings: [Shortcoming]

    init(_ description: ServiceDescription) {
        let definitions = description.schemaDefinitions
        switch description.told.first(where: { $0.document == "Schemas" })?.told {
        case .told: digest = Self.digest(definitions)
        case .missing: digest = ""
        case .wrong, nil: digest = definitions.isEmpty ? nil : Self.digest(definitions)
        }
        shortcomings = Self.shortcomings(definitions)
    }

    private static func digest(_ definitions: [JSONValue]) -> String {
        var writer = JSONWriter()
        let ordered = definitions.map(inOneOrder).sorted { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
        writer.value(.array(ordered))
        return writer.bytes.withUnsafeBytes { sha256Hex($0) }
    }

    /// Without `meta`, which may hold a time.
    private static func inOneOrder(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.filter { $0.name != "meta" }.sorted { $0.name < $1.name }
                    .map { JSONMember(name: $0.name, value: inOneOrder($0.value)) })
        case .array(let values):
            .array(values.map(inOneOrder).sorted { ($0["name"]?.string ?? "") < ($1["name"]?.string ?? "") })
        default: value
        }
    }

    private static func shortcomings(_ definitions: [JSONValue]) -> [Shortcoming] {
        func attributes(_ urn: String) -> [String: JSONValue]? {
            let definition = definitions.first { $0["id"]?.string?.lowercased() == urn.lowercased() }
            guard let list = definition?["attributes"]?.array else { return nil }
            return Dictionary(list.map { ($0["name"]?.string?.lowercased() ?? "", $0) }) { first, _ in first }
        }
        // One without a userName, or with next to nothing, was not meant.
        guard let user = attributes(Schema.userID), user["username"] != nil, user.count > 3 else { return [] }
        var missing: [String] = []
        for attribute in Schema.user.attributes where attribute.mutability == .readWrite {
            guard !["userName", "active"].contains(attribute.name) else { continue }
            guard let published = user[attribute.name.lowercased()], !isReadOnly(published) else {
                missing.append(attribute.name)
                continue
            }
            guard attribute.kind == .complex, !attribute.isMultiValued, let parts = published["subAttributes"]?.array,
                !parts.isEmpty
            else { continue }
            for part in attribute.subAttributes {
                let twin = parts.first { $0["name"]?.string?.lowercased() == part.name.lowercased() }
                if twin.map(isReadOnly) ?? true { missing.append("\(attribute.name).\(part.name)") }
            }
        }
        let enterprise = attributes(Schema.enterpriseUserID) ?? [:]
        for attribute in Schema.enterpriseUser.attributes {
            let published = enterprise[attribute.name.lowercased()]
            if published.map(isReadOnly) ?? true { missing.append("enterprise.\(attribute.name)") }
        }
        return missing.map { Shortcoming(.notKept, .user, $0) }
    }

    private static func isReadOnly(_ attribute: JSONValue) -> Bool { attribute["mutability"]?.string == "readOnly" }
}
