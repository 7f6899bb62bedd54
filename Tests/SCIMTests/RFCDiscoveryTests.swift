import JSON
import Testing

@testable import SCIM

enum RFCDiscovery {
    static let schemas = [
        "7643-8.7.1-user-schema.json", "7643-8.7.1-group-schema.json", "7643-8.7.1-enterprise-schema.json",
    ]
    /// What discovery's own documents are made of (RFC 7643 §8.7.2).
    static let ownSchemas = [
        "7643-8.7.2-service-provider-config-schema.json", "7643-8.7.2-resource-type-schema.json",
        "7643-8.7.2-schema-schema.json",
    ]
    static let fixtures =
        schemas + ownSchemas + [
            "7643-8.6-resource-types.json", "7643-8.5-service-provider-config.json",
            "7644-4-resource-types-response.json", "9865-4-service-provider-config.json",
        ]
}

@Suite struct `The RFCs' discovery` {
    private let discovery = Discovery(limits: ServiceLimits(), baseURL: "https://example.com/v2")

    /// Where we say another thing than RFC 7643 §8.7.1 prints, and why.
    private static let deviations: Set<String> = [
        // A Group's name is unique in its team, and required: clients find Groups by it.
        "displayName uniqueness", "displayName required",
        // Groups have Users only, and Users are in Groups directly.
        "members.$ref referenceTypes", "members.type canonicalValues", "groups.$ref referenceTypes",
        "groups.type canonicalValues",
        // The service knows where a manager is; a client cannot say so.
        "manager.$ref mutability",
        // A User is active or not, always.
        "active required",
    ]

    @Test(arguments: RFCDiscovery.schemas)
    func `schemas are ours but for stated deviations`(name: String) throws {
        let theirs = try Support.fixture(name)
        let ours = try #require(discovery.schema(id: theirs["id"]?.string ?? ""))
        #expect(ours["name"] == theirs["name"] && ours["description"] == theirs["description"])
        compare(try #require(ours["attributes"]?.array), try #require(theirs["attributes"]?.array), "", name)
    }

    private func compare(_ ours: [JSONValue], _ theirs: [JSONValue], _ prefix: String, _ schema: String) {
        for theirs in theirs {
            let name = prefix + (theirs["name"]?.string ?? "?")
            guard let ours = ours.first(where: { $0["name"] == theirs["name"] }) else {
                Issue.record("\(schema): \(name) is missing")
                continue
            }
            for what in [
                "type", "multiValued", "required", "mutability", "returned", "uniqueness", "canonicalValues",
                "referenceTypes",
            ] {
                let isDeviation = Self.deviations.contains("\(name) \(what)")
                // `caseExact` is not compared: it is printed false for references and ids, which §2.3.7 and §3.1 say are
                // exact.
                guard !isDeviation, let wanted = theirs[what] else { continue }
                #expect(ours[what] == wanted, "\(schema): \(name) \(what)")
            }
            compare(ours["subAttributes"]?.array ?? [], theirs["subAttributes"]?.array ?? [], name + ".", schema)
        }
    }

    @Test func `resource types are ours, with an extension that nobody must use`() throws {
        let ours = try #require(discovery.resourceTypes["Resources"]?.array)
        let list = try Support.fixture("7644-4-resource-types-response.json")
        #expect(
            RFCMessages.shape(discovery.resourceTypes.without("Resources"))
                == RFCMessages.shape(list.without("Resources")))
        #expect(list["Resources"] == (try Support.fixture("7643-8.6-resource-types.json")))
        for theirs in try #require(list["Resources"]?.array) {
            let own = try #require(ours.first { $0["id"] == theirs["id"] })
            for member in ["schemas", "name", "endpoint", "description", "schema", "meta"] {
                #expect(RFCMessages.shape(own[member] ?? .null) == RFCMessages.shape(theirs[member] ?? .null))
                if member != "meta" { #expect(own[member] == theirs[member]) }
            }
            #expect(own.at("meta", "location") == theirs.at("meta", "location"))
            #expect(
                own["schemaExtensions"]?.array?.map { $0["schema"] } ?? []
                    == theirs["schemaExtensions"]?.array?.map { $0["schema"] } ?? [])
        }
    }

    @Test func `configuration has every member that is printed as required`() throws {
        let theirs = try Support.fixture("7643-8.5-service-provider-config.json")
        let ours = discovery.serviceProviderConfig
        for member in ["schemas", "patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            #expect(RFCMessages.shape(ours[member] ?? .null) == RFCMessages.shape(theirs[member] ?? .null), "\(member)")
        }
        let scheme = try #require(ours["authenticationSchemes"]?.array?.first)
        for member in ["name", "description", "specUri", "type", "primary"] { #expect(scheme[member] != nil) }
        #expect(ours.at("meta", "location") == theirs.at("meta", "location"))
        let pagination = try #require(try Support.fixture("9865-4-service-provider-config.json")["pagination"])
        #expect(RFCMessages.shape(ours["pagination"] ?? .null) == RFCMessages.shape(pagination))
    }

    /// RFC 7643 §8.7.2 describes the documents of discovery as schemas: each of ours is as they say.
    @Test func `documents are made as their own schemas say`() throws {
        let own = try RFCDiscovery.ownSchemas.map(Support.fixture)
        let documents: [[JSONValue]] = [
            [discovery.serviceProviderConfig, try Support.fixture("7643-8.5-service-provider-config.json")],
            try #require(discovery.resourceTypes["Resources"]?.array),
            try #require(discovery.schemas["Resources"]?.array) + own + RFCDiscovery.schemas.map(Support.fixture),
        ]
        for (schema, documents) in zip(own, documents) {
            let attributes = try #require(schema["attributes"]?.array)
            for document in documents { check(document, attributes, schema["name"]?.string ?? "") }
        }
    }

    /// Members that the schemas of §8.7.2 do not list, in documents that have them by other rules.
    private static let beyond: Set<String> = [
        // Of every resource (RFC 7643 §3.1).
        "schemas", "meta",
        // RFC 9865.
        "pagination",
        // Printed by §8.5 and asked for by §5.
        "authenticationSchemes.type", "authenticationSchemes.primary",
    ]

    private func check(_ document: JSONValue, _ attributes: [JSONValue], _ place: String, _ prefix: String = "") {
        for member in document.object ?? [] {
            let name = prefix + member.name
            guard let attribute = attributes.first(where: { $0["name"]?.string == member.name }) else {
                #expect(Self.beyond.contains(name), "\(place): nothing says what \(name) is")
                continue
            }
            let values = attribute["multiValued"]?.boolean == true ? member.value.array ?? [.null] : [member.value]
            for value in values {
                switch attribute["type"]?.string {
                case "string", "reference": #expect(value.string != nil, "\(place): \(name)")
                case "boolean": #expect(value.boolean != nil, "\(place): \(name)")
                case "integer": #expect(value.integer != nil, "\(place): \(name)")
                case "complex":
                    #expect(value.object != nil, "\(place): \(name)")
                    // An attribute's parts are attributes, as deep as they go.
                    let isPart = name == "attributes.subAttributes"
                    let parts = isPart ? attributes : attribute["subAttributes"]?.array ?? []
                    check(value, parts, place, isPart ? prefix : name + ".")
                default: Issue.record("\(place): \(name) is of no type")
                }
            }
        }
        for attribute in attributes where attribute["required"]?.boolean == true {
            let name = attribute["name"]?.string ?? ""
            #expect(document[name] != nil, "\(place): \(prefix)\(name) is missing")
        }
    }
}
