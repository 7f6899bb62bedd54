import JSON

/// The body of a list (RFC 7644 §3.4.2, RFC 9865 §2).
package enum ListResponseJSON {
    package static let schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

    /// `Resources` is always there, empty too: a client that looks for nobody finds an empty list.
    package static func bytes(
        _ page: ListPage, selection: AttributeSelection = .all, baseURL: String?
    ) -> [UInt8] {
        var writer = JSONWriter(reservingBytes: 256 + page.resources.count * 1_024)
        writer.beginObject()
        writer.member("schemas", .array([.string(schema)]))
        if let total = page.totalResults { writer.member("totalResults", total) }
        if let startIndex = page.startIndex { writer.member("startIndex", startIndex) }
        writer.member("itemsPerPage", page.itemsPerPage)
        if let cursor = page.nextCursor { writer.member("nextCursor", cursor) }
        writer.name("Resources")
        writer.beginArray()
        var bytes: [UInt8] = []
        for view in page.resources {
            bytes.removeAll(keepingCapacity: true)
            ResourceJSON.append(view, selection: selection, baseURL: baseURL, to: &bytes)
            bytes.withUnsafeBytes { writer.raw($0) }
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// A list that is whole, as those of the discovery endpoints.
    package static func whole(_ resources: [JSONValue]) -> JSONValue {
        .object([
            JSONMember(name: "schemas", value: .array([.string(schema)])),
            JSONMember(name: "totalResults", value: .integer(resources.count)),
            JSONMember(name: "startIndex", value: .integer(1)),
            JSONMember(name: "itemsPerPage", value: .integer(resources.count)),
            JSONMember(name: "Resources", value: .array(resources)),
        ])
    }
}
