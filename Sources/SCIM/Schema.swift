/// One schema with its attributes' characteristics (RFC 7643 §2 and §7), as enforced and as published.
package struct Schema: Sendable {
    /// `urn:…`, as RFC 7643 spells it.
    package var id: String
    package var name: String
    package var description: String
    package var attributes: [Attribute]

    package init(id: String, name: String, description: String, attributes: [Attribute]) {
        self.id = id
        self.name = name
        self.description = description
        self.attributes = attributes
    }

    /// The attribute of that name in any letter case (RFC 7643 §2.1).
    package func attribute(named name: String) -> Attribute? { attributes.named(name) }
}

extension Schema {
    /// An attribute's characteristics (RFC 7643 §7).
    package struct Attribute: Sendable {
        package enum Kind: String, Sendable {
            case string, boolean, decimal, integer, dateTime, reference, binary, complex
        }
        package enum Mutability: String, Sendable { case readOnly, readWrite, immutable, writeOnly }
        package enum Returned: String, Sendable { case always, never, `default`, request }
        package enum Uniqueness: String, Sendable { case none, server, global }

        package var name: String
        package var kind: Kind
        package var isMultiValued: Bool
        package var isRequired: Bool
        package var isCaseExact: Bool
        package var mutability: Mutability
        package var returned: Returned
        package var uniqueness: Uniqueness
        package var canonicalValues: [String]
        package var referenceTypes: [String]
        package var description: String
        package var subAttributes: [Attribute]

        package init(
            _ name: String, _ kind: Kind = .string, multiValued: Bool = false, required: Bool = false,
            caseExact: Bool = false, mutability: Mutability = .readWrite, returned: Returned = .default,
            uniqueness: Uniqueness = .none, canonicalValues: [String] = [], referenceTypes: [String] = [],
            _ description: String = "", subAttributes: [Attribute] = []
        ) {
            self.name = name
            self.kind = kind
            isMultiValued = multiValued
            isRequired = required
            isCaseExact = caseExact || kind == .reference || kind == .binary || kind == .dateTime
            self.mutability = mutability
            self.returned = returned
            self.uniqueness = uniqueness
            self.canonicalValues = canonicalValues
            self.referenceTypes = referenceTypes
            self.description = description
            self.subAttributes = subAttributes
        }

        /// A string with every characteristic at its default (RFC 7643 §2.2).
        init(_ name: String, _ description: String) { self.init(name, .string, description) }

        /// The sub-attribute of that name in any letter case.
        package func subAttribute(named name: String) -> Attribute? { subAttributes.named(name) }

        /// The sub-attribute that stands for the whole when none is named (RFC 7643 §2.4); `nil` without one.
        package var valueAttribute: Attribute? { kind == .complex ? subAttributes.named("value") : nil }

        /// The most characters a string may have (scim-rulings.md, "Limits").
        package func lengthLimit(_ limits: TextLimits = TextLimits()) -> Int {
            switch kind {
            case .binary: limits.binary
            case .reference: limits.reference
            default: name == "userName" ? limits.userName : limits.string
            }
        }
    }
}

extension [Schema.Attribute] {
    /// The attribute of that name in any letter case; the exact spelling is the quick way.
    func named(_ name: String) -> Schema.Attribute? { firstIndex(named: name).map { self[$0] } }

    func firstIndex(named name: String) -> Int? {
        for index in indices where self[index].name == name { return index }
        for index in indices where equalsIgnoringASCIICase(self[index].name, name) { return index }
        return nil
    }
}

extension ResourceType {
    /// The resource type's core schema.
    package var schema: Schema {
        switch self {
        case .user: .user
        case .group: .group
        case .ssoConnection: .ssoConnection
        }
    }

    /// The extensions it may have.
    package var extensions: [Schema] { self == .user ? [.enterpriseUser] : [] }

    /// The last part of its endpoint (RFC 7644 §3.2).
    package var endpoint: String {
        switch self {
        case .user: "Users"
        case .group: "Groups"
        case .ssoConnection: "SSOConnections"
        }
    }

    /// An attribute of the core schema or one that every resource has, by name in any letter case.
    package func attribute(named name: String) -> Schema.Attribute? {
        schema.attributes.named(name) ?? Schema.common.named(name)
    }

    /// The extension with that URN, in any letter case; an alias of listed clients counts too.
    package func schemaExtension(urn: String) -> Schema? {
        for schema in extensions
        where schema.id == urn || equalsIgnoringASCIICase(schema.id, urn)
            || Schema.aliases(of: schema.id).contains(where: { equalsIgnoringASCIICase($0, urn) })
        {
            return schema
        }
        return nil
    }
}

extension Schema {
    /// Attributes that every resource has and no schema lists (RFC 7643 §3.1).
    package static let common: [Attribute] = [
        Attribute(
            "id", caseExact: true, mutability: .readOnly, returned: .always, uniqueness: .server, "The resource's id."),
        Attribute("externalId", caseExact: true, "The identity provider's own identifier."),
        Attribute(
            "schemas", .reference, multiValued: true, mutability: .readOnly, returned: .always,
            "The schemas that the resource has attributes of."),
        Attribute(
            "meta", .complex, mutability: .readOnly, "What the service knows of the resource.",
            subAttributes: [
                Attribute("resourceType", caseExact: true, mutability: .readOnly),
                Attribute("created", .dateTime, mutability: .readOnly),
                Attribute("lastModified", .dateTime, mutability: .readOnly),
                Attribute("location", .reference, mutability: .readOnly, referenceTypes: ["uri"]),
                Attribute("version", caseExact: true, mutability: .readOnly),
            ]),
    ]

    /// URNs of SCIM 1.1 and of drafts that OneLogin's connectors still send (scim-clients.md §4): read, never written.
    static func aliases(of id: String) -> [String] {
        switch id {
        case enterpriseUserID:
            [
                "urn:scim:schemas:extension:enterprise:2.0:User", "urn:scim:schemas:extension:enterprise:2.0",
                "urn:scim:schemas:extension:enterprise:1.0",
            ]
        case userID: ["urn:scim:schemas:core:2.0:User", "urn:scim:schemas:core:2.0", "urn:scim:schemas:core:1.0"]
        case groupID: ["urn:scim:schemas:core:2.0:Group", "urn:scim:schemas:core:2.0", "urn:scim:schemas:core:1.0"]
        default: []
        }
    }
}
