import SCIM

/// The roster as a SCIM ListResponse (RFC 7644 §3.4.2): itself a valid, complete export.
package struct RosterJSON: RosterWriter {
    private var isFirst = true
    package init() {}

    package mutating func begin(_ type: ResourceType, total: Int) -> [UInt8] {
        isFirst = true
        let head =
            "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":\(total),"
            + "\"itemsPerPage\":\(total),\"startIndex\":1,\"Resources\":["
        return Array(head.utf8)
    }

    package mutating func user(_ user: Resource, groups: [ResourceJSON.Membership]) -> [UInt8] {
        element(user, groups)
    }

    package mutating func group(_ group: Resource, members: [Resource]) -> [UInt8] {
        element(
            group,
            members.map { ResourceJSON.Membership(id: $0.id, display: UserAttributes($0.attributes).userName) })
    }

    package mutating func end() -> [UInt8] { Array((isFirst ? "]}\n" : "\n]}\n").utf8) }

    /// One resource a line.
    private mutating func element(_ resource: Resource, _ memberships: [ResourceJSON.Membership]) -> [UInt8] {
        var bytes = Array((isFirst ? "\n" : ",\n").utf8)
        isFirst = false
        ResourceJSON.append(resource, memberships: memberships, to: &bytes)
        return bytes
    }
}
