import JSON

/// A request's body as bytes.
package enum RequestBody {
    /// Reads strict JSON (RFC 8259): UTF-8, no name twice in an object, no deeper than `depth` levels, no NUL in any text.
    /// Throws `invalidSyntax` for anything else.
    package static func parse(_ bytes: UnsafeRawBufferPointer, depth: Int) throws(SCIMError) -> JSONValue {
        var limits = JSONLimits.default
        limits.depth = depth
        let value: JSONValue
        do throws(JSONError) {
            value = try JSON.parse(bytes, limits: limits)
        } catch {
            throw malformed("The body is not JSON: line \(error.line): \(error.message).")
        }
        if holdsNUL(value) { throw malformed("The body holds the character NUL.") }
        return value
    }

    /// The same over bytes in an array.
    package static func parse(
        _ bytes: [UInt8], depth: Int = ServiceLimits().jsonDepth
    ) throws(SCIMError) -> JSONValue {
        try bytes.withUnsafeBytes { raw in Result { () throws(SCIMError) in try parse(raw, depth: depth) } }.get()
    }

    private static func holdsNUL(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.utf8.contains(0)
        case .array(let values): values.contains(where: holdsNUL)
        case .object(let members): members.contains { $0.name.utf8.contains(0) || holdsNUL($0.value) }
        case .null, .boolean, .number: false
        }
    }

    private static func malformed(_ detail: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidSyntax, detail: detail)
    }
}
