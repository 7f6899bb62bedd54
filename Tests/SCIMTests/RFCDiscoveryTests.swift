import JSON
import Testing

@testable import SCIM

enum RFCDiscovery {
    static let schemas = [
        "7643-8.7.1-user-schema.json", "7643-8.7.1-group-schema.json", "7643-8.7.1-enterprise-schema.json",
    ]
    static let fixtures = schemas + ["7643-8.6-resource-types.json", "7643-8.5-service-provider-config.json"]
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
        for theirs in try Support.fixture("7643-8.6-resource-types.json").array ?? [] {
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
    }
}
