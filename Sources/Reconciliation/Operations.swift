import SCIM

/// From what a plan shows to what the core is asked: the same whether the plan was just made or read from a file.
struct OperationBuilder {
    let source: SourceID
    /// By the name that mappings use; looked up in the schema once, since a first import asks a million times.
    private var targets: [String: Target] = [:]

    /// Where a value goes, and as what.
    private struct Target {
        var path: AttributePath
        var isBoolean: Bool
        var isMultiValued: Bool
    }

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
            let target = try target(attribute.path, of: change.type)
            if target.isBoolean {
                attributes[target.path.attribute] = .boolean(new == "true")
            } else {
                Attributes.set(new, at: target.path, isMultiValued: target.isMultiValued, in: &attributes)
            }
        }
        return attributes
    }

    private mutating func patch(_ change: AttributeChange, of type: ResourceType) throws -> PatchOperation {
        let target = try target(change.path, of: type)
        guard let new = change.new else { return PatchOperation(.remove, path: target.path, value: nil) }
        let value: AttributeValue = target.isBoolean ? .boolean(new == "true") : .string(new)
        return PatchOperation(.replace, path: target.path, value: value)
    }

    private mutating func target(_ name: String, of type: ResourceType) throws -> Target {
        if let known = targets[name] { return known }
        let path = try AttributePath.parseMapping(name, for: type)
        let definition = path.schema == nil ? ResourceType.user.attribute(named: path.attribute) : nil
        let target = Target(
            path: path, isBoolean: definition?.kind == .boolean, isMultiValued: definition?.isMultiValued ?? false)
        targets[name] = target
        return target
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
