import JSON
import Testing

@testable import SCIM

@Suite struct `The RFCs' examples` {
    private static let barbara = "2819c223-7f76-453a-919d-413861904646"
    private static let james = "08e1d05d-121c-4561-8b96-473d93df9210"

    @Test func `are all read by a test`() throws {
        let known = Set(
            Self.users + Self.groups + Self.groupPatches.map(\.0) + Self.userPatches.map(\.0) + [
                "7644-3.4.2-list-response.json", "7644-3.7.1-circular-resources.json",
            ] + RFCMessages.fixtures + RFCDiscovery.fixtures)
        #expect(Set(try Support.fixtures()) == known)
    }

    private static let users = [
        "7643-3-resource-structure.json", "7643-8.1-minimal-user.json", "7643-8.2-full-user.json",
        "7643-8.3-enterprise-user.json",
        "7644-3.3-create-request.json",
        "7644-3.3-create-response.json", "7644-3.4.1-known-resource.json", "7644-3.5.1-replace-request.json",
        "7644-3.5.1-replace-response.json", "7644-3.9-partial-response.json", "7644-3.14-create-request.json",
        "7644-3.14-create-response.json",
    ]
    private static let groups = ["7643-8.4-group.json"]

    /// Everything in them but what is read-only, forgotten or empty is kept as it is.
    @Test(arguments: users)
    func `of users are taken whole`(name: String) throws {
        let body = try Support.fixture(name)
        let taken = try AttributesInput(json: body, for: .user).attributes
        for member in try #require(body.object) {
            if ["id", "meta", "schemas", "groups", "password"].contains(member.name) || member.value == .array([]) {
                #expect(taken[member.name] == nil)
                continue
            }
            var wanted = try AttributeValue(json: member.value)
            if member.name == Schema.enterpriseUserID, case .complex(var parts) = wanted, parts["manager"] != nil {
                parts["manager"] = try value("{\"value\":\"26118915-6090-4610-87e4-49d8ca9f808d\"}")
                wanted = .complex(parts)
            }
            #expect(taken[member.name]?.saysTheSame(as: wanted) == true, "\(member.name)")
        }
        let keys = try ResourceKeys(.user, taken)
        #expect(keys.name?.hasPrefix("bjensen") == true && keys.active)
    }

    @Test func `of groups give their members`() throws {
        let group = try AttributesInput(json: Support.fixture("7643-8.4-group.json"), for: .group)
        #expect(group.attributes == ComplexValue([.init("displayName", .string("Tour Guides"))]))
        #expect(group.members?.map(\.rawValue) == [Self.barbara, "902c246b-6245-4190-8e05-00816be7344a"])
    }

    /// Groups hold Users only (scim-rulings.md), so ids of Groups among the members come to nothing when they are sought.
    @Test func `of Groups in a circle give the ids in them`() throws {
        let circle = try Support.fixture("7644-3.7.1-circular-resources.json")
        let groups = try #require(circle["Resources"]?.array)
        let inputs = try groups.map { try AttributesInput(json: $0, for: .group) }
        #expect(inputs.map { $0.attributes["displayName"] } == [.string("Group A"), .string("Group B")])
        let ids = groups.compactMap { $0["id"]?.string }
        #expect(inputs.map { $0.members?.map(\.rawValue) } == [[ids[1]], [ids[0]]])
    }

    @Test func `of a list hold two users`() throws {
        let list = try Support.fixture("7644-3.4.2-list-response.json")
        let resources = try #require(list["Resources"]?.array)
        #expect(
            try resources.map { try AttributesInput(json: $0, for: .user).attributes["userName"]?.string } == [
                "bjensen", "jsmith",
            ])
        #expect(list["totalResults"]?.integer == resources.count)
    }

    private static let groupPatches: [(String, before: [String], after: [String])] = [
        ("7644-3.5.2-operations.json", [], [barbara]),
        ("7644-3.5.2.1-add-members.json", [james], [james, barbara]),
        ("7644-3.5.2.2-remove-one-member.json", ["2819c223-7f76-...413861904646", james], [james]),
        ("7644-3.5.2.2-remove-all-members.json", [barbara, james], []),
        // Printed without a blank behind `eq`.
        (
            "7644-3.5.2.2-remove-and-add-one-member.json", ["2819c223...919d-413861904646"],
            ["08e1d05d...473d93df9210"]
        ),
        ("7644-3.5.2.2-replace-all-members.json", ["other"], [barbara, james]),
        (
            "7644-3.5.2.3-replace-all-members.json", ["other"],
            ["2819c223...413861904646", "08e1d05d...473d93df9210"]
        ),
    ]

    @Test(arguments: groupPatches)
    func `of PATCH on groups`(name: String, before: [String], after: [String]) throws {
        let request = try PatchRequest(json: Support.fixture(name), for: .group, id: nil)
        let group = ComplexValue([.init("displayName", .string("Tour Guides"))])
        let patch = try Patch.apply(request.operations, to: group, of: .group)
        #expect(patch.attributes == group)
        #expect(patch.members.applied(to: before.map(ResourceID.init(rawValue:))).map(\.rawValue) == after)
    }

    private static let work =
        "{\"type\":\"work\",\"streetAddress\":\"911 Universal City Plaza\",\"locality\":\"Hollywood\",\"region\":\"CA\",\"postalCode\":\"91608\",\"country\":\"US\",\"formatted\":\"911 Universal City Plaza\\nHollywood, CA 91608 US\",\"primary\":true}"

    /// Applied to the full user of RFC 7643 §8.2: which attributes change, and to what.
    private static let userPatches: [(String, after: String)] = [
        (
            "7644-3.5.2.1-add-emails-and-nickname.json",
            "{\"emails\":[{\"value\":\"bjensen@example.com\",\"type\":\"work\",\"primary\":true},{\"value\":\"babs@jensen.org\",\"type\":\"home\"}],\"nickName\":\"Babs\"}"
        ),
        (
            "7644-3.5.2.2-remove-complex-multi-valued.json",
            "{\"emails\":[{\"value\":\"babs@jensen.org\",\"type\":\"home\"}]}"
        ),
        ("7644-3.5.2.3-replace-work-address.json", "{\"addresses[type eq \\\"work\\\"]\":\(work)}"),
        (
            "7644-3.5.2.3-replace-street-address.json",
            "{\"addresses[type eq \\\"work\\\"].streetAddress\":\"1010 Broadway Ave\"}"
        ),
        (
            "7644-3.5.2.3-replace-emails-and-nickname.json",
            "{\"emails\":[{\"value\":\"bjensen@example.com\",\"type\":\"work\",\"primary\":true},{\"value\":\"babs@jensen.org\",\"type\":\"home\"}],\"nickName\":\"Babs\"}"
        ),
    ]

    @Test(arguments: userPatches)
    func `of PATCH on users`(name: String, after: String) throws {
        let full = try AttributesInput(json: Support.fixture("7643-8.2-full-user.json"), for: .user).attributes
        let request = try PatchRequest(json: Support.fixture(name), for: .user, id: nil)
        let patched = try Patch.apply(request.operations, to: full, of: .user).attributes
        for wanted in try #require(try value(after).complex).members {
            let found = patched.value(at: try AttributePath.parse(wanted.name, for: .user))
            #expect(found?.saysTheSame(as: wanted.value) == true, "\(wanted.name)")
        }
        let home = try AttributePath.parse("addresses[type eq \"home\"]", for: .user)
        #expect(patched.value(at: home) == full.value(at: home))
    }

    @Test func `adding to a user without them gives both e-mail and nickname`() throws {
        let minimal = try AttributesInput(json: Support.fixture("7643-8.1-minimal-user.json"), for: .user).attributes
        let request = try PatchRequest(
            json: Support.fixture("7644-3.5.2.1-add-emails-and-nickname.json"), for: .user, id: nil)
        let patched = try Patch.apply(request.operations, to: minimal, of: .user).attributes
        #expect(patched["nickName"] == .string("Babs"))
        #expect(try patched["emails"] == value("[{\"value\":\"babs@jensen.org\",\"type\":\"home\"}]"))
    }
}
