import JSON
import Testing
import TestSupport

@testable import SCIM

@Suite struct `A selection of attributes` {
    private let roster: Roster
    private let rosa: Resource
    private static let urn = Schema.enterpriseUserID

    init() throws {
        roster = try Roster()
        let boss = try roster.add("boss", ",\"displayName\":\"The Boss\"")
        rosa = try roster.add(
            "rosa",
            """
            ,"externalId":"x1","name":{"givenName":"Rosa","familyName":"Ekman"},"title":"Lead",
            "emails":[{"value":"r@x.example","type":"work"},{"value":"h@x.example","type":"home"}],
            "\(Self.urn)":{"department":"Field","manager":{"value":"\(boss.id)"}}
            """)
        try roster.addGroup("Sales", [rosa])
    }

    private func shown(_ attributes: String? = nil, without excluded: String? = nil) throws -> JSONValue {
        let selection = try AttributeSelection(attributes: attributes, excludedAttributes: excluded, for: .user)
        let view = try roster.service.get(.user, id: rosa.id, showing: selection, context: roster.context)
        var bytes: [UInt8] = []
        ResourceJSON.append(view, selection: selection, baseURL: "https://x.example/scim/", to: &bytes)
        return try JSON.parse(bytes)
    }

    private func names(_ value: JSONValue) -> [String] { value.object?.map(\.name) ?? [] }

    @Test func `shows everything when nothing is asked`() throws {
        #expect(
            try names(shown()) == [
                "schemas", "id", "userName", "externalId", "name", "title", "emails", Self.urn, "active", "groups",
                "meta",
            ])
        let manager = try shown()[Self.urn]?["manager"]
        #expect(manager?["displayName"]?.string == "The Boss")
        #expect(manager?["$ref"]?.string?.hasPrefix("https://x.example/scim/Users/") == true)
        #expect(try shown().at("groups")?.array?.first?["display"]?.string == "Sales")
    }

    @Test(arguments: [
        ("userName", ["userName"]), ("USERNAME , title", ["userName", "title"]), ("id", []), ("noSuch", []),
        ("noSuch,title", ["title"]), ("meta", ["meta"]), ("groups", ["groups"]), ("password", []),
        ("urn:ietf:params:scim:schemas:core:2.0:User:title", ["title"]), (urn, [urn]), ("\(urn):department", [urn]),
    ])
    func `of some shows them and what is always shown`(attributes: String, wanted: [String]) throws {
        #expect(try names(shown(attributes)) == ["schemas", "id"] + wanted)
    }

    @Test func `reaches into parts`() throws {
        #expect(try shown("name.givenName")["name"] == JSON.parse("{\"givenName\":\"Rosa\"}"))
        #expect(
            try shown("emails.value")["emails"]
                == JSON.parse("[{\"value\":\"r@x.example\"},{\"value\":\"h@x.example\"}]"))
        #expect(try shown("\(Self.urn):department")[Self.urn] == JSON.parse("{\"department\":\"Field\"}"))
        #expect(try names(#require(shown("\(Self.urn):manager.displayName")[Self.urn]?["manager"])) == ["displayName"])
        #expect(try names(#require(shown("meta.version")["meta"])) == ["version"])
        #expect(try names(#require(shown("groups.value")["groups"]?.array?.first)) == ["value"])
        #expect(try names(#require(shown(without: "name.givenName")["name"])) == ["familyName"])
        #expect(try names(#require(shown(without: "\(Self.urn):manager")[Self.urn])) == ["department"])
    }

    @Test func `leaves out what is excluded, but never what is always shown`() throws {
        let names = try names(shown(without: "Emails, groups,meta,id,schemas,noSuch,\(Self.urn)"))
        #expect(names == ["schemas", "id", "userName", "externalId", "name", "title", "active"])
    }

    @Test func `reads memberships only when they are asked for`() throws {
        let everything = try AttributeSelection(attributes: nil, excludedAttributes: nil, for: .group)
        let without = try AttributeSelection(attributes: nil, excludedAttributes: "members", for: .group)
        for (selection, count) in [(everything, 1), (without, nil)] as [(AttributeSelection, Int?)] {
            let page = try roster.page(.group, ListQuery(selection: selection))
            #expect(page.resources.map { $0.memberships?.count } == [count])
        }
    }

    @Test func `does not resolve a manager who is nobody, or another team's`() throws {
        let other = try roster.otherTeam()
        let stranger = try roster.service.create(.user, attributes: user("{\"userName\":\"s\"}"), context: other)
        for id in ["nobody", stranger.id.rawValue] {
            let led = try roster.add("led-by-\(id)", ",\"\(Self.urn)\":{\"manager\":{\"value\":\"\(id)\"}}")
            let view = try roster.service.get(.user, id: led.id, showing: .all, context: roster.context)
            #expect(view.manager == nil)
            var bytes: [UInt8] = []
            ResourceJSON.append(view, baseURL: "https://x.example", to: &bytes)
            #expect(try JSON.parse(bytes)[Self.urn]?["manager"] == JSON.parse("{\"value\":\"\(id)\"}"))
        }
    }
}
