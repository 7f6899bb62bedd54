import JSON

/// A resource as another service shows it, understood as far as it can be (scim-clients.md §7): ids that are numbers,
/// booleans and numbers as strings, names in any letter case. What is not understood is left out and named; what no
/// schema of ours has is not looked at.
package struct ForeignResource: Hashable, Sendable {
    /// As it is said in URLs; never empty.
    package let id: String
    /// `meta.version`, opaque (RFC 7644 §3.14).
    package var etag: String?
    package let created: Timestamp?
    package let lastModified: Timestamp?
    package let attributes: ComplexValue
    /// A Group's Users by id; `nil` where the answer says nothing of members.
    package let members: [String]?
    /// Attributes with a value that is none.
    package let unread: [String]

    /// `nil` when it has no id.
    package init?(_ json: JSONValue, _ type: ResourceType) {
        guard case .object(let fields) = json, let id = json["id"].flatMap({ $0.string ?? $0.number }), !id.isEmpty
        else { return nil }
        self.id = id
        let meta = json["meta"]
        etag = meta?["version"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        created = meta?["created"]?.string.flatMap(Timestamp.init(iso8601:))
        lastModified = meta?["lastModified"]?.string.flatMap(Timestamp.init(iso8601:))
        var reading = Reading(type: type)
        for field in fields { reading.take(field) }
        reading.nameOnlyAddress()
        attributes = reading.attributes
        members = reading.members
        unread = reading.unread
    }

    /// One that is known without having been shown.
    package init(id: String, attributes: ComplexValue) {
        self.id = id
        self.attributes = attributes
        etag = nil
        created = nil
        lastModified = nil
        members = nil
        unread = []
    }

    private struct Reading {
        let type: ResourceType
        var attributes = ComplexValue()
        var members: [String]?
        var unread: [String] = []

        /// Longer than any real value: what another service keeps is not refused for its length.
        private static let limits = {
            var limits = TextLimits()
            limits.string = 1 << 20
            limits.userName = 1 << 20
            limits.reference = 1 << 20
            limits.binary = 1 << 24
            return limits
        }()

        mutating func take(_ field: JSONMember) {
            if let schema = type.schemaExtension(urn: field.name) {
                var parts = attributes[schema.id]?.complex ?? ComplexValue()
                for part in field.value.object ?? [] {
                    guard let attribute = schema.attribute(named: part.name) else { continue }
                    if let value = value(part.value, attribute, named: part.name) { parts[attribute.name] = value }
                }
                attributes[schema.id] = parts.isEmpty ? nil : .complex(parts)
                return
            }
            guard let attribute = type.attribute(named: field.name), attribute.mutability != .writeOnly else { return }
            if type == .group, attribute.name == "members" {
                members = (field.value.array ?? []).compactMap { member in
                    let kind = member["type"]?.string
                    guard kind == nil || kind?.lowercased() == "user" else { return nil }
                    return member["value"].flatMap { $0.string ?? $0.number } ?? member.string
                }
                return
            }
            if attribute.mutability == .readOnly { return }
            if let value = value(field.value, attribute, named: field.name) { attributes[attribute.name] = value }
        }

        /// A service that keeps one address has no need of types; to the mapping it is the one of work.
        mutating func nameOnlyAddress() {
            guard let emails = attributes["emails"]?.list, emails.count == 1, var email = emails[0].complex,
                email["type"] == nil
            else { return }
            email["type"] = .string("work")
            attributes["emails"] = .list([.complex(email)])
        }

        private mutating func value(
            _ json: JSONValue, _ attribute: Schema.Attribute, named name: String
        ) -> AttributeValue? {
            // No value is no mistake of theirs, `active` of null included.
            if json.isNull { return nil }
            do throws(SCIMError) {
                guard attribute.isMultiValued, let elements = json.array else {
                    return try AttributesInput.value(Self.given(json, attribute), as: attribute, Self.limits)
                }
                var given: [AttributeValue] = []
                for element in elements where !element.isNull {
                    let one = try Self.given(element, attribute)
                    if (try? AttributesInput.single(one, as: attribute, Self.limits)) == nil {
                        unread.append(name)
                    } else {
                        given.append(one)
                    }
                }
                return try AttributesInput.value(.list(given), as: attribute, Self.limits)
            } catch {
                unread.append(name)
                return nil
            }
        }

        /// A number where a string is due is its digits.
        private static func given(
            _ json: JSONValue, _ attribute: Schema.Attribute
        ) throws(SCIMError) -> AttributeValue {
            if let digits = json.number, [.string, .reference].contains(attribute.kind) { return .string(digits) }
            if case .object(let fields) = json, attribute.kind == .complex {
                return .complex(
                    try ComplexValue(
                        json: fields.map { field in
                            guard let digits = field.value.number,
                                attribute.subAttribute(named: field.name)?.kind == .string
                            else { return field }
                            return JSONMember(name: field.name, value: .string(digits))
                        }))
            }
            return try AttributeValue(json: json)
        }
    }
}

extension ComplexValue {
    /// A positive number that two values share when they say the same, and else hardly ever: what a mirror has for a
    /// version where nothing else tells whether somebody changed a resource. `members` count too, in any order.
    package func contentVersion(members: [String] = []) -> Int64 {
        var bytes: [UInt8] = []
        AttributesJSON.append(inOneOrder, to: &bytes)
        for member in members.sorted() { AttributesJSON.append(member, to: &bytes) }
        let digest = bytes.withUnsafeBytes { Digest128($0) }
        return Int64(digest.high >> 3) + 1
    }

    private var inOneOrder: ComplexValue {
        ComplexValue(
            members.sorted { $0.name < $1.name }.map { member in
                switch member.value {
                case .complex(let value): .init(member.name, .complex(value.inOneOrder))
                case .list(let values):
                    .init(
                        member.name,
                        .list(
                            values.map { value in
                                if case .complex(let parts) = value { .complex(parts.inOneOrder) } else { value }
                            }.sorted { Self.bytes($0).lexicographicallyPrecedes(Self.bytes($1)) }))
                default: member
                }
            })
    }

    private static func bytes(_ value: AttributeValue) -> [UInt8] {
        var bytes: [UInt8] = []
        AttributesJSON.append(value, to: &bytes)
        return bytes
    }
}
