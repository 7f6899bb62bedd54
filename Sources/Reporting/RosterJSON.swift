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

    package mutating func user(_ user: Resource, groups: [MemberGroup]) -> [UInt8] {
        let memberships = groups.map { group in
            AttributeValue.complex(
                ComplexValue([.init("value", .string(group.id.rawValue)), .init("display", .string(group.name))]))
        }
        return element(user, adding: memberships.isEmpty ? [] : [.init("groups", .list(memberships))])
    }

    package mutating func group(_ group: Resource, members: [Resource]) -> [UInt8] {
        let users = members.map { user in
            AttributeValue.complex(
                ComplexValue([
                    .init("value", .string(user.id.rawValue)),
                    .init("display", .string(UserAttributes(user.attributes).userName ?? user.id.rawValue)),
                    .init("type", .string("User")),
                ]))
        }
        return element(group, adding: [.init("members", .list(users))])
    }

    package mutating func end() -> [UInt8] { Array((isFirst ? "]}\n" : "\n]}\n").utf8) }

    /// One resource a line.
    private mutating func element(_ resource: Resource, adding: [ComplexValue.Member]) -> [UInt8] {
        var members: [ComplexValue.Member] = [
            .init("schemas", .list(resource.schemas.map(AttributeValue.string))),
            .init("id", .string(resource.id.rawValue)),
        ]
        members += resource.attributes.members + adding
        members.append(.init("meta", .complex(resource.meta)))
        var bytes = Array((isFirst ? "\n" : ",\n").utf8)
        isFirst = false
        AttributesJSON.append(ComplexValue(members), to: &bytes)
        return bytes
    }
}
