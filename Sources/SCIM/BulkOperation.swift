/// One request to the core, as a value: RFC 7644 §3.7's operations. The nightly job and HTTP speak the same.
package struct BulkOperation: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// POST. `attributes` as in ``Resource/attributes``. `members` are Groups' Users.
        case create(ResourceType, attributes: ComplexValue, members: [ResourceID])
        /// PATCH (RFC 7644 §3.5.2).
        case patch(ResourceType, ResourceID, [PatchOperation])
        /// PUT.
        case replace(ResourceType, ResourceID, attributes: ComplexValue, members: [ResourceID]?)
        /// DELETE.
        case delete(ResourceType, ResourceID)
        /// Nothing to change: only takes the resource under a source's management.
        case link(ResourceType, ResourceID)
        /// Nothing to change: only takes it out of a source's management.
        case unlink(ResourceType, ResourceID, SourceID)
    }

    package var action: Action
    /// Of what it is about.
    package var type: ResourceType {
        switch action {
        case .create(let type, _, _), .patch(let type, _, _), .replace(let type, _, _, _), .delete(let type, _),
            .link(let type, _), .unlink(let type, _, _):
            type
        }
    }
    /// What the stored version must be (`If-Match`), else the operation is refused with 412.
    package var ifMatch: VersionCondition?
    /// Which source asks, and for which record; `nil` for everybody but the batch job.
    package var link: SourceLink?
    /// What a `create` makes has this id, which another service gave it; `nil`: the core makes one.
    package var newID: ResourceID?

    package init(_ action: Action, ifMatch: VersionCondition? = nil, link: SourceLink? = nil) {
        self.action = action
        self.ifMatch = ifMatch
        self.link = link
    }

    /// `ifVersion`: the version that the caller saw.
    package init(_ action: Action, ifVersion: Int64?, link: SourceLink? = nil) {
        self.init(action, ifMatch: ifVersion.map { .oneOf([$0]) }, link: link)
    }
}

/// One change of a PATCH (RFC 7644 §3.5.2), with its path already parsed.
package struct PatchOperation: Hashable, Sendable {
    package enum Verb: String, Sendable { case add, remove, replace }
    package var verb: Verb
    /// `nil`: the value is a set of attributes of the resource itself.
    package var path: AttributePath?
    package var value: AttributeValue?
    package init(_ verb: Verb, path: AttributePath?, value: AttributeValue?) {
        self.verb = verb
        self.path = path
        self.value = value
    }
}

/// What became of one operation, in the order asked.
package enum BulkOutcome: Hashable, Sendable {
    /// The resource as it is now; `changed` is false when it was so already.
    case done(Resource, changed: Bool)
    case deleted
    case failed(SCIMError)
}

/// In whose name requests come.
package struct RequestContext: Hashable, Sendable {
    package var team: TeamID
    package var actor: String
    package var run: RunID?
    /// What the journal says in place of personal values; `nil`: the values.
    package var pseudonyms: Pseudonyms?
    /// Without it a change of the SSO connection is refused with 403, whatever it asks (``TokenScope/sso``).
    package var mayChangeConnection: Bool
    package init(
        team: TeamID, actor: String, run: RunID? = nil, pseudonyms: Pseudonyms? = nil,
        mayChangeConnection: Bool = true
    ) {
        self.team = team
        self.actor = actor
        self.run = run
        self.pseudonyms = pseudonyms
        self.mayChangeConnection = mayChangeConnection
    }
}
