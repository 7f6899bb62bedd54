import SCIM

/// A form that a roster is listed in, written piece by piece: `begin`, each resource, `end`. One value writes one list.
package protocol RosterWriter {
    mutating func begin(_ type: ResourceType, total: Int) -> [UInt8]
    mutating func user(_ user: Resource, groups: [MemberGroup]) -> [UInt8]
    mutating func group(_ group: Resource, members: [Resource]) -> [UInt8]
    mutating func end() -> [UInt8]
}

/// A group as it stands in a User's `groups` (RFC 7643 §4.1.2).
package struct MemberGroup: Hashable, Sendable {
    package var id: ResourceID
    package var name: String
    package init(id: ResourceID, name: String) {
        self.id = id
        self.name = name
    }
}
