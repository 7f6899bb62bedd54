import SCIM

/// The roster for people: one line a member or group, in columns that a terminal shows.
package struct RosterText: RosterWriter {
    package init() {}

    package mutating func begin(_ type: ResourceType, total: Int) -> [UInt8] {
        Array(counted(total, type == .user ? "member" : "group").utf8) + [0x0A]
    }

    package mutating func user(_ user: Resource, groups: [ResourceJSON.Membership]) -> [UInt8] {
        let attributes = UserAttributes(user.attributes)
        let state = attributes.isActive ? "active" : "inactive"
        return line(attributes.userName ?? user.id.rawValue, [state, attributes.displayName ?? ""])
    }

    package mutating func group(_ group: Resource, members: [Resource]) -> [UInt8] {
        line(group.attributes["displayName"]?.string ?? group.id.rawValue, [counted(members.count, "member")])
    }

    package mutating func end() -> [UInt8] { [] }

    private func line(_ name: String, _ facts: [String]) -> [UInt8] {
        var text = TerminalText.padded(TerminalText.visible(name), to: 40)
        for fact in facts where !fact.isEmpty { text += "  " + TerminalText.padded(TerminalText.visible(fact), to: 8) }
        while text.last == " " { text.removeLast() }
        return Array((text + "\n").utf8)
    }
}
