import SCIM

/// A form that a roster is listed in, written piece by piece: `begin`, each resource, `end`. One value writes one list.
package protocol RosterWriter {
    mutating func begin(_ type: ResourceType, total: Int) -> [UInt8]
    mutating func user(_ user: Resource, groups: [ResourceJSON.Membership]) -> [UInt8]
    mutating func group(_ group: Resource, members: [Resource]) -> [UInt8]
    mutating func end() -> [UInt8]
}
