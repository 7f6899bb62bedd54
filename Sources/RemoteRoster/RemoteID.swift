import SCIM
import SCIMClient

/// A service's ids and the mirror's. A mirror has one namespace for all types and a service may not: Users have theirs as
/// it is, and what else has no UUID is called by its endpoint, `Groups/7`.
enum RemoteID {
    static func local(_ id: String, _ type: ResourceType) -> ResourceID {
        let isPlain = type == .user ? !id.utf8.contains(UInt8(ascii: "/")) : isUUID(id)
        return ResourceID(rawValue: isPlain ? id : "\(type.endpoint)/\(id)")
    }

    static func remote(_ id: ResourceID, _ type: ResourceType) -> String {
        let prefix = type.endpoint + "/"
        return id.rawValue.hasPrefix(prefix) ? String(id.rawValue.dropFirst(prefix.count)) : id.rawValue
    }

    static func path(_ id: ResourceID, _ type: ResourceType) -> String {
        "\(type.endpoint)/\(percentEncoded(remote(id, type)))"
    }

    private static func isUUID(_ id: String) -> Bool {
        let text = Array(id.utf8)
        return text.count == 36
            && text.indices.allSatisfy { place in
                [8, 13, 18, 23].contains(place)
                    ? text[place] == UInt8(ascii: "-") : Character(UnicodeScalar(text[place])).isHexDigit
            }
    }
}

extension ForeignResource {
    func localID(_ type: ResourceType) -> ResourceID { RemoteID.local(id, type) }
    /// As the mirror has them.
    var memberIDs: [ResourceID]? { members.map { $0.map { RemoteID.local($0, .user) } } }
}
