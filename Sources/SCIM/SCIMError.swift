/// A refusal as RFC 7644 §3.12 tells it. Compare by `status` and `type`, never by `detail`.
package struct SCIMError: Error, Hashable, Sendable {
    /// RFC 7644 table 9, and RFC 9865 §2.1 for the last three.
    package enum Kind: String, Sendable {
        case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue
        case invalidVers, sensitive
        case invalidCursor, expiredCursor, invalidCount
    }

    package var status: Int
    package var type: Kind?
    /// One sentence, fit for a customer's administrator: no ids of other people, no paths, no SQL.
    package var detail: String

    package init(status: Int, type: Kind? = nil, detail: String) {
        self.status = status
        self.type = type
        self.detail = detail
    }

    package static func notFound(_ what: String) -> SCIMError {
        SCIMError(status: 404, detail: "\(what) does not exist.")
    }
    package static func invalidValue(_ detail: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidValue, detail: detail)
    }
    package static func invalidPath(_ detail: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidPath, detail: detail)
    }
    package static func uniqueness(_ detail: String) -> SCIMError {
        SCIMError(status: 409, type: .uniqueness, detail: detail)
    }
    /// The resource changed since the version that the caller saw (RFC 7644 §3.14).
    package static func preconditionFailed(_ detail: String) -> SCIMError { SCIMError(status: 412, detail: detail) }
}
