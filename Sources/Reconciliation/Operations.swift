import SCIM

/// From what a plan shows to what the core is asked: the same whether the plan was just made or read from a file.
struct OperationBuilder {
    let source: SourceID
    private var paths: [String: AttributePath] = [:]

    init(source: SourceID) { self.source = source }

    /// The request for one change. `resolve` finds somebody whom the plan created, by userName.
    mutating func operation(
        for change: Change, resolve: (String) throws -> ResourceID?
    ) throws -> BulkOperation {
        var link = change.link
        link?.source = source
        switch change.kind {
        case .create:
            return BulkOperation(.create(.user, attributes: try attributes(of: change), members: []), link: link)
        case .groupCreate:
            let members = try ids(change.addMembers, resolve)
            return BulkOperation(.create(.group, attributes: try attributes(of: change), members: members), link: link)
        case .connectionUpdate:
            guard let content = change.connection else {
                guard let id = change.id else { preconditionFailure("only a connection that is there is removed") }
                return BulkOperation(.delete(.ssoConnection, id), ifVersion: change.version)
            }
            guard let id = change.id else {
                return BulkOperation(.create(.ssoConnection, attributes: content, members: []), link: nil)
            }
            return BulkOperation(
                .replace(.ssoConnection, id, attributes: content, members: nil), ifVersion: change.version, link: nil)
        case .update, .deactivate, .reactivate, .groupUpdate:
            guard let id = change.id else { preconditionFailure("an update names what it updates") }
            if let restored = change.restored {
                let action = BulkOperation.Action.replace(change.type, id, attributes: restored, members: nil)
                return BulkOperation(action, ifVersion: change.version, link: link)
            }
            var operations = try change.attributes.map { try patch($0, of: change.type) }
            operations += memberOperations(.add, try ids(change.addMembers, resolve))
            operations += memberOperations(.remove, try ids(change.removeMembers, resolve))
            return BulkOperation(.patch(change.type, id, operations), ifVersion: change.version, link: link)
        }
    }

    private mutating func attributes(of change: Change) throws -> ComplexValue {
        var attributes = ComplexValue()
        for attribute in change.attributes {
            guard let new = attribute.new else { continue }
            let path = try path(attribute.path, of: change.type)
            if case .boolean(let flag) = value(new, at: path) {
                attributes[path.attribute] = .boolean(flag)
            } else {
                Attributes.set(new, at: path, in: &attributes)
            }
        }
        return attributes
    }

    private mutating func patch(_ change: AttributeChange, of type: ResourceType) throws -> PatchOperation {
        let path = try path(change.path, of: type)
        guard let new = change.new else { return PatchOperation(.remove, path: path, value: nil) }
        return PatchOperation(.replace, path: path, value: value(new, at: path))
    }

    private func value(_ text: String, at path: AttributePath) -> AttributeValue {
        if path.schema == nil, ResourceType.user.attribute(named: path.attribute)?.kind == .boolean {
            return .boolean(text == "true")
        }
        return .string(text)
    }

    private mutating func path(_ name: String, of type: ResourceType) throws -> AttributePath {
        if let known = paths[name] { return known }
        let parsed = try AttributePath.parseMapping(name, for: type)
        paths[name] = parsed
        return parsed
    }

    private func memberOperations(_ verb: PatchOperation.Verb, _ ids: [ResourceID]) -> [PatchOperation] {
        guard !ids.isEmpty else { return [] }
        let values = ids.map { AttributeValue.complex(ComplexValue([.init("value", .string($0.rawValue))])) }
        return [PatchOperation(verb, path: AttributePath(attribute: "members"), value: .list(values))]
    }

    private func ids(_ members: [MemberReference], _ resolve: (String) throws -> ResourceID?) throws -> [ResourceID] {
        try members.compactMap { member in
            switch member {
            case .member(let id, _): id
            case .created(let userName): try resolve(userName)
            }
        }
    }
}
