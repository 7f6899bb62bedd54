import SCIM

/// The parameters of a URL's query (RFC 7644 §3.4.2). Those that no endpoint knows mean nothing: Entra leaves its own
/// flags there, OneLogin an empty one (scim-clients.md §1, §3.4).
struct QueryParameters: Sendable {
    private var values: [String: String] = [:]

    static let names: Set<String> = [
        "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes",
    ]

    /// Throws `invalidValue` (`invalidFilter` for a filter) for a value that is no UTF-8 or broken, and for a parameter
    /// given twice, which two readers would take for two different questions.
    init(query: Substring) throws(SCIMError) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decoded(query: parts[0]), Self.names.contains(name) else { continue }
            guard let value = parts.count == 2 ? PercentCoding.decoded(query: parts[1]) : "" else {
                throw Self.refused(name, "is not percent-encoded UTF-8")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw Self.refused(name, "is given twice") }
        }
    }

    /// `nil` when it is absent or empty.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static func refused(_ name: String, _ what: String) -> SCIMError {
        let kind: SCIMError.Kind = name == "filter" ? .invalidFilter : .invalidValue
        return SCIMError(status: 400, type: kind, detail: "The parameter \(name) \(what).")
    }
}
