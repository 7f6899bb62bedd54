import JSON

/// A Bulk request's body (RFC 7644 §3.7).
package struct BulkRequest: Hashable, Sendable {
    /// After how many errors to stop; `nil`: go on whatever fails.
    package var failOnErrors: Int?
    package var operations: [Operation]

    /// One operation as sent, or why it cannot be one: that fails alone.
    package struct Operation: Hashable, Sendable {
        package var method: String
        package var bulkID: String?
        package var content: Result<Content, SCIMError>
    }

    package struct Content: Hashable, Sendable {
        package var method: ResourceRequest.Method
        package var type: ResourceType
        /// As in the path: an id, or `bulkId:…`; `nil` for a POST.
        package var id: String?
        package var data: JSONValue?
        package var version: VersionCondition?
    }

    /// Reads a body. Member names and methods in any letter case.
    ///
    /// Throws `invalidSyntax` for what is no such body, 413 for more operations than `limits` allow.
    package init(json: JSONValue, limits: ServiceLimits = ServiceLimits()) throws(SCIMError) {
        guard case .object(let members) = json, let list = Self.member("Operations", of: members)?.array else {
            throw Self.malformed("A Bulk request needs \"Operations\", a list.")
        }
        if list.count > limits.bulkOperations {
            throw SCIMError(
                status: 413, detail: "A Bulk request has at most \(limits.bulkOperations) operations.")
        }
        switch Self.member("failOnErrors", of: members) {
        case nil, .null: break
        case let value?:
            guard let number = value.integer, number >= 1 else {
                throw .invalidValue("\"failOnErrors\" must be a whole number above 0.")
            }
            failOnErrors = number
        }
        operations = []
        for value in list {
            guard case .object(let members) = value else {
                throw Self.malformed("Each operation is a JSON object.")
            }
            let bulkID = Self.member("bulkId", of: members)?.string
            let method = Self.member("method", of: members)?.string ?? ""
            let content = Result { () throws(SCIMError) in try Self.content(members, method) }
            operations.append(Operation(method: method, bulkID: bulkID, content: content))
        }
    }

    private static func content(_ members: [JSONMember], _ word: String) throws(SCIMError) -> Content {
        guard let method = ResourceRequest.Method(rawValue: word.uppercased()) else {
            throw malformed("A \"method\" is POST, PUT, PATCH or DELETE.")
        }
        guard let path = member("path", of: members)?.string else {
            throw malformed("Each operation needs a \"path\".")
        }
        var parts = path.split(separator: "/").map(String.init)
        guard let endpoint = parts.first,
            let type = ResourceType.allCases.first(where: { equalsIgnoringASCIICase($0.endpoint, endpoint) })
        else { throw SCIMError(status: 404, detail: "There is no such endpoint.") }
        parts.removeFirst()
        guard parts.count == (method == .create ? 0 : 1) else {
            throw .invalidValue(
                method == .create ? "The path of a POST is an endpoint." : "The path needs the id of a resource.")
        }
        let data = member("data", of: members)
        if method != .delete, data?.object == nil { throw malformed("\"data\" must be an object.") }
        let version = member("version", of: members)?.string
        return Content(
            method: method, type: type, id: parts.first, data: method == .delete ? nil : data,
            version: version.map(VersionCondition.init(header:)))
    }

    private static func member(_ name: String, of members: [JSONMember]) -> JSONValue? {
        members.first { equalsIgnoringASCIICase($0.name, name) }?.value
    }

    private static func malformed(_ detail: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidSyntax, detail: detail)
    }
}
