/// What an answer shows of a resource beside the attributes that are kept of it.
///
/// A filter and an order see a resource as answers show it (RFC 7644 §3.4.2.2 knows no other one): `meta.location` and
/// every `$ref` as the URL that the client gets, `manager.displayName` as the manager has it now. Whatever an answer does
/// not show is not there to a filter either: a `$ref` to somebody who is not in the team, and every URL where there is no
/// base URL.
package enum ShownBeside: Sendable {
    /// A Group's `members` or a User's `groups`, as values.
    case memberships
    /// The `manager` of a User with `$ref` and `displayName`, when it is a User of the team.
    case manager
    /// `meta` with `location`.
    case location
}

extension StoreReading {
    /// ``ShownBeside/manager``.
    func shownManager(of user: Resource, team: TeamID, baseURL: String?) throws -> AttributeValue? {
        try manager(of: user, team: team).map { .complex(ResourceJSON.parts(ofManager: $0, baseURL)) }
    }
}

extension ResourceJSON {
    /// ``ShownBeside/location``.
    static func location(of resource: Resource, _ baseURL: String?) -> AttributeValue? {
        baseURL.map { .complex(ComplexValue([.init("location", .string(url(resource.type, resource.id, $0)))])) }
    }

    /// What a manager has beside its `value`.
    static func parts(ofManager manager: Membership, _ baseURL: String?) -> ComplexValue {
        var parts = ComplexValue()
        if let baseURL { parts["$ref"] = .string(url(.user, manager.id, baseURL)) }
        parts["displayName"] = manager.display.map { .string($0) }
        return parts
    }
}
