import JSON

/// A request's body as bytes.
package enum RequestBody {
    /// Reads strict JSON (RFC 8259): UTF-8, no name twice in an object, no deeper than 64 levels, no NUL in any text.
    /// Throws `invalidSyntax` for anything else.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(SCIMError) -> JSONValue {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSON.parse(bytes)
        } catch {
            throw malformed("The body is not JSON: line \(error.line): \(error.message).")
        }
        if holdsNUL(value) { throw malformed("The body holds the character NUL.") }
        return value
    }

    /// The same over bytes in an array.
    package static func parse(_ bytes: [UInt8]) throws(SCIMError) -> JSONValue {
        try bytes.withUnsafeBytes { raw in Result { () throws(SCIMError) in try parse(raw) } }.get()
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
