import JSON
import Testing

@testable import SCIM

@Suite struct `What the service says of itself` {
    private let discovery = Discovery(limits: ServiceLimits(), baseURL: "https://x.example/scim/")

    private func attributes(_ schema: JSONValue?) -> [String] {
        schema?["attributes"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    @Test func `publishes what is kept and nothing else`() throws {
        #expect(
            Set(attributes(discovery.schema(id: Schema.userID))) == [
                "userName", "externalId", "name", "displayName", "nickName", "profileUrl", "title", "userType",
                "preferredLanguage", "locale", "timezone", "active", "password", "emails", "phoneNumbers", "ims",
                "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates",
            ])
        #expect(
            attributes(discovery.schema(id: Schema.enterpriseUserID)) == [
                "employeeNumber", "costCenter", "organization", "division", "department", "manager",
            ])
        #expect(Set(attributes(discovery.schema(id: Schema.groupID))) == ["displayName", "externalId", "members"])
        #expect(attributes(discovery.schema(id: Schema.ssoConnectionID)).contains("entityID"))
        let all = try #require(discovery.schemas["Resources"]?.array)
        #expect(all.count == 4 && discovery.schemas["totalResults"]?.integer == 4)
        for schema in all {
            let id = try #require(schema["id"]?.string)
            #expect(discovery.schema(id: id.uppercased()) == schema)
            #expect(schema.at("meta", "location")?.string == "https://x.example/scim/Schemas/\(id)")
        }
        #expect(discovery.schema(id: "urn:x") == nil)
    }

    /// RFC 7643 §7: each characteristic is told, with one of the values that there are.
    @Test func `tells every characteristic of every attribute`() throws {
        func check(_ attribute: JSONValue) {
            let kind = attribute["type"]?.string ?? ""
            let name = attribute["name"]?.string ?? "?"
            #expect(
                ["string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"].contains(kind)
            )
            for member in ["multiValued", "required"] { #expect(attribute[member]?.boolean != nil, "\(name)") }
            for member in ["description", "mutability", "returned", "uniqueness"] {
                #expect(attribute[member]?.string != nil, "\(name)")
            }
            #expect((attribute["subAttributes"] != nil) == (kind == "complex"), "\(name)")
            #expect((attribute["referenceTypes"] != nil) == (kind == "reference"), "\(name)")
            #expect((attribute["caseExact"] != nil) == ["string", "dateTime", "reference", "binary"].contains(kind))
            for part in attribute["subAttributes"]?.array ?? [] { check(part) }
        }
        for schema in try #require(discovery.schemas["Resources"]?.array) {
            for attribute in try #require(schema["attributes"]?.array) { check(attribute) }
        }
        let password = discovery.schema(id: Schema.userID)?["attributes"]?.array?.first {
            $0["name"]?.string == "password"
        }
        #expect(password?["mutability"]?.string == "writeOnly" && password?["returned"]?.string == "never")
    }

    @Test func `names the resource types with their schemas`() throws {
        let types = try #require(discovery.resourceTypes["Resources"]?.array)
        #expect(types.map { $0["endpoint"]?.string } == ["/Users", "/Groups", "/SSOConnections"])
        #expect(types.map { $0["schema"]?.string } == [Schema.userID, Schema.groupID, Schema.ssoConnectionID])
        #expect(
            try types[0]["schemaExtensions"]
                == JSON.parse("[{\"schema\":\"\(Schema.enterpriseUserID)\",\"required\":false}]"))
        #expect(discovery.resourceType(id: "user") == types[0] && discovery.resourceType(id: "Robot") == nil)
    }

    @Test func `tells the limits in force`() {
        var limits = ServiceLimits()
        limits.pageLimit = 50
        limits.bulkOperations = 7
        let config = Discovery(limits: limits, baseURL: "https://x.example").serviceProviderConfig
        for feature in ["patch", "bulk", "filter", "sort", "etag"] {
            #expect(config.at(feature, "supported")?.boolean == true, "\(feature)")
        }
        #expect(config.at("changePassword", "supported")?.boolean == false)
        #expect(config.at("bulk", "maxOperations")?.integer == 7)
        #expect(config.at("bulk", "maxPayloadSize")?.integer == 10_485_760)
        #expect(config.at("filter", "maxResults")?.integer == 50)
        #expect(config.at("pagination", "cursor")?.boolean == true && config.at("pagination", "index")?.boolean == true)
        #expect(config.at("pagination", "defaultPaginationMethod")?.string == "index")
        #expect(config["authenticationSchemes"]?.array?.first?["type"]?.string == "oauthbearertoken")
    }
}
