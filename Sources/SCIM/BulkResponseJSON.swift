import JSON

/// The body of the answer to a Bulk request (RFC 7644 §3.7.3).
package enum BulkResponseJSON {
    package static let schema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

    package static func bytes(_ answer: BulkAnswer, baseURL: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schemas", .array([.string(schema)]))
        writer.name("Operations")
        writer.beginArray()
        for result in answer.results { append(result, baseURL, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func append(_ result: BulkAnswer.Result, _ baseURL: String, to writer: inout JSONWriter) {
        writer.beginObject()
        // Where a failed POST would have led to nothing.
        if let type = result.type, let id = result.id {
            writer.member("location", ResourceJSON.url(type, id, baseURL))
        }
        writer.member("method", result.method.uppercased())
        if let bulkID = result.bulkID { writer.member("bulkId", bulkID) }
        if case .done(let resource, _) = result.outcome { writer.member("version", resource.etag) }
        writer.member("status", String(result.status))
        if case .failed(let error) = result.outcome {
            writer.name("response")
            SCIMErrorJSON.append(error, to: &writer)
        }
        writer.endObject()
    }
}
