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

    /// Appends `resource` as one JSON object with all that is returned by default.
    ///
    /// `memberships` are a Group's `members` or a User's `groups`; `nil` leaves the attribute out, and so does an empty
    /// list.
    package static func append(
        _ resource: Resource, memberships: [Membership]? = nil, baseURL: String? = nil, to bytes: inout [UInt8]
    ) {
        append(ResourceView(resource, memberships: memberships), baseURL: baseURL, to: &bytes)
    }

    /// Appends `view` as one JSON object: `schemas`, `id`, its attributes in their order, memberships, `meta`, as far as
    /// `selection` shows them (RFC 7644 §3.9).
    ///
    /// Without `baseURL` there is neither `meta.location` nor `$ref`. No nulls, no empty values.
    package static func append(
        _ view: ResourceView, selection: AttributeSelection = .all, baseURL: String? = nil, to bytes: inout [UInt8]
    ) {
        let resource = view.resource
        AttributesJSON.append(raw: "{\"schemas\":[\"", to: &bytes)
        for (index, schema) in resource.schemas.enumerated() {
            if index > 0 { AttributesJSON.append(raw: "\",\"", to: &bytes) }
            bytes.append(contentsOf: schema.utf8)
        }
        AttributesJSON.append(raw: "\"]", to: &bytes)
        AttributesJSON.append(raw: ",\"id\":", to: &bytes)
        AttributesJSON.append(resource.id.rawValue, to: &bytes)
        for member in resource.attributes.members where member.value != .list([]) {
            var value = member.value
            if let manager = view.manager, member.name == Schema.enterpriseUserID {
                value = withManager(manager, value, baseURL)
            }
            append(value, named: member.name, selection, to: &bytes)
        }
        if let memberships = view.memberships, !memberships.isEmpty {
            append(memberships, of: resource.type, selection, baseURL, to: &bytes)
        }
        var meta = resource.meta
        if let baseURL { meta["location"] = .string(url(resource.type, resource.id, baseURL)) }
        append(.complex(meta), named: "meta", selection, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// Where a resource is online: `baseURL` with or without a slash at its end.
    package static func url(_ type: ResourceType, _ id: ResourceID, _ baseURL: String) -> String {
        url(type.endpoint, baseURL) + "/" + id.rawValue
    }

    /// Where an endpoint is online.
    package static func url(_ endpoint: String, _ baseURL: String) -> String {
        baseURL + (baseURL.utf8.last == UInt8(ascii: "/") ? "" : "/") + endpoint
    }

    private static func append(
        _ value: AttributeValue, named name: String, _ selection: AttributeSelection, to bytes: inout [UInt8]
    ) {
        guard let value = selection.shown(value, of: name) else { return }
        bytes.append(UInt8(ascii: ","))
        AttributesJSON.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        AttributesJSON.append(value, to: &bytes)
    }

    private static func append(
        _ memberships: [Membership], of type: ResourceType, _ selection: AttributeSelection, _ baseURL: String?,
        to bytes: inout [UInt8]
    ) {
        let name = type == .group ? "members" : "groups"
        guard selection.shows(name) else { return }
        let values = memberships.map { AttributeValue.complex(complex($0, of: type, selection, baseURL)) }
        append(.list(values), named: name, selection, to: &bytes)
    }

    private static func complex(
        _ membership: Membership, of type: ResourceType, _ selection: AttributeSelection, _ baseURL: String?
    ) -> ComplexValue {
        let isGroup = type == .group
        var members: [ComplexValue.Member] = [.init("value", .string(membership.id.rawValue))]
        // RFC 7643 §8.7.1 gives a Group's members none; listings for people have it.
        if let display = membership.display, !isGroup || baseURL == nil || selection.asks(for: "display", of: "members")
        {
            members.append(.init("display", .string(display)))
        }
        if let baseURL {
            members.append(.init("$ref", .string(url(isGroup ? .user : .group, membership.id, baseURL))))
        }
        members.append(.init("type", .string(isGroup ? "User" : "direct")))
        return ComplexValue(members)
    }

    /// The enterprise extension's value with the manager's URL and name.
    private static func withManager(
        _ manager: Membership, _ value: AttributeValue, _ baseURL: String?
    ) -> AttributeValue {
        guard case .complex(var parts) = value, case .complex(var shown)? = parts["manager"] else { return value }
        for part in Self.parts(ofManager: manager, baseURL).members { shown[part.name] = part.value }
        parts["manager"] = .complex(shown)
        return .complex(parts)
    }
}
