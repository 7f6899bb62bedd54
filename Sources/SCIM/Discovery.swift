import JSON

/// What the service says of itself: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643 §5 to §7, RFC 7644 §4),
/// made of the very values that it works by. Only what is kept is published.
package struct Discovery: Sendable {
    private let limits: ServiceLimits
    private let baseURL: String

    /// `baseURL` with or without a slash at its end.
    package init(limits: ServiceLimits, baseURL: String) {
        self.limits = limits
        self.baseURL = baseURL
    }

    /// RFC 7643 §5, with RFC 9865's `pagination`.
    package var serviceProviderConfig: JSONValue {
        object([
            ("schemas", .array([.string("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig")])),
            ("patch", object([("supported", .boolean(true))])),
            (
                "bulk",
                object([
                    ("supported", .boolean(true)), ("maxOperations", .integer(limits.bulkOperations)),
                    ("maxPayloadSize", .integer(limits.bulkBytes)),
                ])
            ),
            ("filter", object([("supported", .boolean(true)), ("maxResults", .integer(limits.pageLimit))])),
            // A password is taken and forgotten.
            ("changePassword", object([("supported", .boolean(false))])),
            ("sort", object([("supported", .boolean(true))])),
            ("etag", object([("supported", .boolean(true))])),
            (
                "pagination",
                object([
                    ("cursor", .boolean(true)), ("index", .boolean(true)),
                    ("defaultPaginationMethod", .string("index")), ("defaultPageSize", .integer(limits.pageDefault)),
                    ("maxPageSize", .integer(limits.pageLimit)), ("cursorTimeout", .integer(limits.cursorSeconds)),
                ])
            ),
            (
                "authenticationSchemes",
                .array([
                    object([
                        ("type", .string("oauthbearertoken")), ("name", .string("Bearer token")),
                        (
                            "description",
                            .string("A token of the team's own, sent as \"Authorization: Bearer TOKEN\".")
                        ),
                        ("specUri", .string("https://www.rfc-editor.org/info/rfc6750")),
                        ("primary", .boolean(true)),
                    ])
                ])
            ),
            ("meta", meta("ServiceProviderConfig", ResourceJSON.url("ServiceProviderConfig", baseURL))),
        ])
    }

    /// All as a ListResponse.
    package var resourceTypes: JSONValue {
        ListResponseJSON.whole(ResourceType.allCases.map(resourceType))
    }

    /// `nil` when there is none of that id, in any letter case.
    package func resourceType(id: String) -> JSONValue? {
        ResourceType.allCases.first { equalsIgnoringASCIICase($0.name, id) }.map(resourceType)
    }

    /// All as a ListResponse.
    package var schemas: JSONValue { ListResponseJSON.whole(Self.published.map { schema($0.schema, $0.common) }) }

    /// `nil` when there is none of that URN, in any letter case.
    package func schema(id: String) -> JSONValue? {
        Self.published.first { equalsIgnoringASCIICase($0.schema.id, id) }.map { schema($0.schema, $0.common) }
    }
}

extension Discovery {
    /// RFC 7643 §6.
    private func resourceType(_ type: ResourceType) -> JSONValue {
        object([
            ("schemas", .array([.string("urn:ietf:params:scim:schemas:core:2.0:ResourceType")])),
            ("id", .string(type.name)), ("name", .string(type.name)), ("endpoint", .string("/" + type.endpoint)),
            ("description", .string(type.schema.description)), ("schema", .string(type.schema.id)),
            (
                "schemaExtensions",
                .array(
                    type.extensions.map { object([("schema", .string($0.id)), ("required", .boolean(false))]) })
            ),
            ("meta", meta("ResourceType", ResourceJSON.url("ResourceTypes/" + type.name, baseURL))),
        ])
    }

    /// Each schema, and the common attributes that a core schema's resources keep beside its own.
    private static let published: [(schema: Schema, common: [Schema.Attribute])] = ResourceType.allCases.flatMap {
        type in
        let externalID = Schema.common.filter { $0.name == "externalId" }
        return [(type.schema, externalID)] + type.extensions.map { ($0, []) }
    }

    /// RFC 7643 §7.
    private func schema(_ schema: Schema, _ common: [Schema.Attribute]) -> JSONValue {
        object([
            ("schemas", .array([.string("urn:ietf:params:scim:schemas:core:2.0:Schema")])),
            ("id", .string(schema.id)), ("name", .string(schema.name)),
            ("description", .string(schema.description)),
            ("attributes", .array((common + schema.attributes).map(attribute))),
            ("meta", meta("Schema", ResourceJSON.url("Schemas/" + schema.id, baseURL))),
        ])
    }

    private func attribute(_ attribute: Schema.Attribute) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(attribute.name)), ("type", .string(attribute.kind.rawValue)),
            ("multiValued", .boolean(attribute.isMultiValued)), ("description", .string(attribute.description)),
            // A User always has it: a POST without it means true, and a PATCH cannot take it away. RFC 7643 §8.7.1 says
            // that it is not required; clients that go by that take it away (scim2-tester does) and find it still there.
            ("required", .boolean(attribute.isRequired || attribute.name == "active")),
        ]
        if attribute.kind == .complex {
            members.append(("subAttributes", .array(attribute.subAttributes.map(self.attribute))))
        }
        if !attribute.canonicalValues.isEmpty {
            members.append(("canonicalValues", .array(attribute.canonicalValues.map { .string($0) })))
        }
        // A number or an object has no letter case (RFC 7643 §7).
        if [.string, .dateTime, .reference, .binary].contains(attribute.kind) {
            members.append(("caseExact", .boolean(attribute.isCaseExact)))
        }
        members += [
            ("mutability", .string(attribute.mutability.rawValue)), ("returned", .string(attribute.returned.rawValue)),
            ("uniqueness", .string(attribute.uniqueness.rawValue)),
        ]
        if !attribute.referenceTypes.isEmpty {
            members.append(("referenceTypes", .array(attribute.referenceTypes.map { .string($0) })))
        }
        return object(members)
    }

    private func meta(_ type: String, _ location: String) -> JSONValue {
        object([("resourceType", .string(type)), ("location", .string(location))])
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONMember(name: $0.0, value: $0.1) })
    }
}
