/// Why a text is not the JSON that we take (RFC 8259, and the limits of ``JSONLimits``).
package struct JSONError: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        case syntax
        /// The text ends within a value.
        case truncated
        case duplicateMember = "duplicate-member"
        case depth = "too-deep"
        case invalidUTF8 = "not-utf8"
        case loneSurrogate = "lone-surrogate"
        case tooLong = "too-long"
    }

    package var code: Code
    /// From the text's first byte, 0-based.
    package var byteOffset: Int
    /// Counted from 1; only LF ends a line.
    package var line: Int
    /// What is wrong, without the place: "a comma is missing between two members".
    package var message: String
    package init(code: Code, byteOffset: Int, line: Int, message: String) {
        self.code = code
        self.byteOffset = byteOffset
        self.line = line
        self.message = message
    }
}

/// How much of what comes from outside is taken (idp-exports.md §2).
package struct JSONLimits: Hashable, Sendable {
    /// Arrays and objects within each other.
    package var depth = 64
    /// Of one string or member name, as written between its quotes.
    package var stringBytes = 256 * 1024
    /// Of one number.
    package var numberBytes = 1024
    /// RFC 8259 §4 leaves equal names to the reader. Parsers disagree on which value counts, so we refuse them.
    package var allowsDuplicateMembers = false
    package init() {}

    package static let `default` = JSONLimits()
}

/// What the scanning functions throw: cheap to make, and turned into a ``JSONError`` where the text's start is known.
/// It never leaves the call in which the text is alive.
struct JSONFailure: Error, @unchecked Sendable {
    var code: JSONError.Code
    var at: UnsafePointer<UInt8>
    var message: StaticString

    init(_ code: JSONError.Code, at: UnsafePointer<UInt8>, _ message: StaticString) {
        self.code = code
        self.at = at
        self.message = message
    }

    static func cut(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.truncated, at: at, "the text ends in the middle of a value")
    }

    static func tooDeep(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.depth, at: at, "values are nested too deep")
    }
    static func duplicate(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.duplicateMember, at: at, "an object has two members of this name")
    }
    static func nameExpected(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.syntax, at: at, "a member's name in quotes is expected here")
    }
    static func colonExpected(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.syntax, at: at, "a colon is expected after a member's name")
    }
    static func memberEndExpected(_ at: UnsafePointer<UInt8>) -> JSONFailure {
        JSONFailure(.syntax, at: at, "a comma or } is expected after a member")
    }

    func error(in text: UnsafePointer<UInt8>) -> JSONError {
        let offset = at - text
        var line = 1
        for index in 0..<offset where text[index] == 0x0A { line += 1 }
        return JSONError(code: code, byteOffset: offset, line: line, message: "\(message)")
    }
}
