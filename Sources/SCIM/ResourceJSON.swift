/// The full JSON representation of a resource (RFC 7643 §3), as online answers and roster listings have it.
package enum ResourceJSON {
    /// One of a Group's Users or of a User's Groups, as shown beside it.
    package struct Membership: Hashable, Sendable {
        package var id: ResourceID
        package var display: String?
        package init(id: ResourceID, display: String?) {
            self.id = id
            self.display = display
        }
    }

    /// Appends `resource` as one JSON object: `schemas`, `id`, its attributes in their order, memberships, `meta`.
    ///
    /// `memberships` are a Group's `members` or a User's `groups`; `nil` leaves the attribute out, and so does an empty
    /// list. Without `baseURL` there is neither `meta.location` nor `$ref`. No nulls, no empty values.
    package static func append(
        _ resource: Resource, memberships: [Membership]? = nil, baseURL: String? = nil, to bytes: inout [UInt8]
    ) {
        AttributesJSON.append(raw: "{\"schemas\":", to: &bytes)
        AttributesJSON.append(.list(resource.schemas.map { .string($0) }), to: &bytes)
        AttributesJSON.append(raw: ",\"id\":", to: &bytes)
        AttributesJSON.append(resource.id.rawValue, to: &bytes)
        for member in resource.attributes.members where member.value != .list([]) {
            bytes.append(UInt8(ascii: ","))
            AttributesJSON.append(member.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            AttributesJSON.append(member.value, to: &bytes)
        }
        if let memberships, !memberships.isEmpty {
            append(memberships, of: resource.type, baseURL, to: &bytes)
        }
        var meta = resource.meta
        if let baseURL { meta["location"] = .string(url(resource.type, resource.id, baseURL)) }
        AttributesJSON.append(raw: ",\"meta\":", to: &bytes)
        AttributesJSON.append(meta, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// Where a resource is online: `baseURL` with or without a slash at its end.
    package static func url(_ type: ResourceType, _ id: ResourceID, _ baseURL: String) -> String {
        baseURL + (baseURL.utf8.last == UInt8(ascii: "/") ? "" : "/") + type.endpoint + "/" + id.rawValue
    }

    private static func append(
        _ memberships: [Membership], of type: ResourceType, _ baseURL: String?, to bytes: inout [UInt8]
    ) {
        let isGroup = type == .group
        AttributesJSON.append(raw: isGroup ? ",\"members\":[" : ",\"groups\":[", to: &bytes)
        var first = true
        for membership in memberships {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            AttributesJSON.append(raw: "{\"value\":", to: &bytes)
            AttributesJSON.append(membership.id.rawValue, to: &bytes)
            if let display = membership.display {
                AttributesJSON.append(raw: ",\"display\":", to: &bytes)
                AttributesJSON.append(display, to: &bytes)
            }
            if let baseURL {
                AttributesJSON.append(raw: ",\"$ref\":", to: &bytes)
                AttributesJSON.append(url(isGroup ? .user : .group, membership.id, baseURL), to: &bytes)
            }
            AttributesJSON.append(raw: isGroup ? ",\"type\":\"User\"}" : ",\"type\":\"direct\"}", to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
