import JSON

/// The body of a refusal (RFC 7644 §3.12).
package enum SCIMErrorJSON {
    package static let schema = "urn:ietf:params:scim:api:messages:2.0:Error"

    package static func bytes(_ error: SCIMError) -> [UInt8] {
        var writer = JSONWriter()
        append(error, to: &writer)
        return writer.bytes
    }

    static func append(_ error: SCIMError, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schemas", .array([.string(schema)]))
        writer.member("status", String(error.status))
        if let type = error.type { writer.member("scimType", type.rawValue) }
        writer.member("detail", error.detail)
        writer.endObject()
    }
}
