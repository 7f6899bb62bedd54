import JSON

/// A write as a client sends it: one HTTP request, or one operation of a Bulk (RFC 7644 §3.3, §3.5, §3.6, §3.7).
package struct ResourceRequest: Hashable, Sendable {
    package enum Method: String, Sendable { case create = "POST", replace = "PUT", patch = "PATCH", delete = "DELETE" }

    package var method: Method
    package var type: ResourceType
    /// `nil` for ``Method/create`` only.
    package var id: ResourceID?
    /// `nil` for ``Method/delete`` only.
    package var body: JSONValue?
    package var ifMatch: VersionCondition?

    package init(
        _ method: Method, _ type: ResourceType, id: ResourceID? = nil, body: JSONValue? = nil,
        ifMatch: VersionCondition? = nil
    ) {
        self.method = method
        self.type = type
        self.id = id
        self.body = body
        self.ifMatch = ifMatch
    }
}

/// What a write is answered with.
package enum ResourceAnswer: Hashable, Sendable {
    /// 201: new, or restored in place.
    case created(ResourceView)
    /// 200.
    case done(ResourceView)
    /// 204: a Group too large to be shown after a PATCH; its version still is.
    case doneUnshown(Resource)
    /// 204.
    case deleted

    package var status: Int {
        switch self {
        case .created: 201
        case .done: 200
        case .doneUnshown, .deleted: 204
        }
    }

    /// What is there now.
    package var resource: Resource? {
        switch self {
        case .created(let view), .done(let view): view.resource
        case .doneUnshown(let resource): resource
        case .deleted: nil
        }
    }
}

extension ResourceRequest {
    /// The operation that it asks for. Throws as ``AttributesInput`` and ``PatchRequest`` do; more members or PATCH
    /// operations than ``ServiceLimits`` allow are `invalidValue`.
    func operation(_ limits: ServiceLimits) throws(SCIMError) -> BulkOperation {
        switch method {
        case .create:
            let input = try input(limits)
            let action = BulkOperation.Action.create(
                type, attributes: input.attributes, members: input.members ?? [])
            return BulkOperation(action)
        case .replace:
            let input = try input(limits)
            // What is not given is cleared, members too.
            let members = type == .group ? input.members ?? [] : nil
            let action = BulkOperation.Action.replace(
                type, try existing, attributes: input.attributes, members: members)
            return BulkOperation(action, ifMatch: ifMatch)
        case .patch:
            let id = try existing
            let request = try PatchRequest(json: try content, for: type, id: id, limits: limits)
            try Self.check(request.operations.reduce(0) { $0 + $1.listed }, limits)
            return BulkOperation(.patch(type, id, request.operations), ifMatch: ifMatch)
        case .delete: return BulkOperation(.delete(type, try existing), ifMatch: ifMatch)
        }
    }

    private var content: JSONValue {
        get throws(SCIMError) {
            guard let body else { throw SCIMError(status: 400, type: .invalidSyntax, detail: "A body is due.") }
            return body
        }
    }

    private var existing: ResourceID {
        get throws(SCIMError) {
            guard let id else { throw .notFound(type) }
            return id
        }
    }

    private func input(_ limits: ServiceLimits) throws(SCIMError) -> AttributesInput {
        let input = try AttributesInput(json: try content, for: type, limits: limits.text)
        try Self.check(input.members?.count ?? 0, limits)
        return input
    }

    private static func check(_ members: Int, _ limits: ServiceLimits) throws(SCIMError) {
        if members > limits.members {
            throw .invalidValue("One request names at most \(limits.members) members.")
        }
    }
}

extension PatchOperation {
    /// How many values it lists, of the attribute that lists most.
    fileprivate var listed: Int {
        let values = path == nil ? value?.complex?.members.map(\.value) ?? [] : value.map { [$0] } ?? []
        return values.map { $0.list?.count ?? 0 }.max() ?? 0
    }
}
