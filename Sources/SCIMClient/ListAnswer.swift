import JSON

/// A ListResponse (RFC 7644 §3.4.2), read as far as it can be.
package struct ListAnswer: Sendable {
    /// `nil` where it does not say.
    package let totalResults: Int?
    package let resources: [JSONValue]
    /// An array, without a ListResponse around it.
    package let isBareArray: Bool
    /// What is not as the RFC has it, in words that follow "it".
    package let oddities: [String]

    /// `nil` when it is no list at all.
    package init?(_ value: JSONValue?) {
        guard let value else { return nil }
        var odd: [String] = []
        isBareArray = value.array != nil
        if let array = value.array {
            odd.append("is a bare array instead of a ListResponse")
            totalResults = nil
            resources = array
        } else {
            let total = value["totalResults"]
            totalResults = total?.lenientInteger
            switch value["Resources"] {
            case .array(let array): resources = array
            case nil, .null:
                guard let totalResults else { return nil }
                resources = []
                if totalResults > 0 { odd.append("counts \(totalResults) and has no Resources") }
            default: return nil
            }
            if totalResults == nil { odd.append("has no totalResults") }
            for name in ["totalResults", "startIndex", "itemsPerPage"] where value[name]?.string != nil {
                odd.append("has \(name) as a string")
            }
            let schema = JSONValue.string("urn:ietf:params:scim:api:messages:2.0:ListResponse")
            if value["schemas"]?.array?.contains(schema) != true { odd.append("does not name the schema ListResponse") }
        }
        if resources.contains(where: { $0["id"]?.number != nil }) { odd.append("has ids that are numbers") }
        oddities = odd
    }
}
