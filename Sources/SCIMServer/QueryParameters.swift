import SCIM

/// The parameters of a URL's query, decoded; what each means is the core's care. Names without a value have an empty one.
enum QueryParameters {
    /// Throws `invalidFilter` for a broken filter and `invalidValue` for another broken value: one that is not
    /// percent-encoded UTF-8. What has a broken name has no meaning anyway.
    static func parsed(_ query: Substring) throws(SCIMError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decoded(query: parts[0]) else { continue }
            guard let value = parts.count == 2 ? PercentCoding.decoded(query: parts[1]) : "" else {
                throw SCIMError(
                    status: 400, type: name.lowercased() == "filter" ? .invalidFilter : .invalidValue,
                    detail: "A parameter is not percent-encoded UTF-8.")
            }
            parameters.append((name, value))
        }
        return parameters
    }
}
