/// What one record says in one place, as bytes: whether a CSV cell or a JSON member. A missing column, `null`, an empty
/// cell and a value are four different statements (product.md, rule 3).
package struct Field {
    package var state: FieldState = .missing
    package var kind: FieldKind = .text
    /// UTF-8 without quotes and escapes; the lexeme of a number or boolean. Set with ``FieldState/value`` only, and good
    /// until the buffer is filled again.
    package var pointer: UnsafePointer<UInt8>?
    package var count = 0

    package init() {}

    init(state: FieldState) { self.state = state }

    /// A text; blank when it has no bytes.
    @inline(__always)
    init(text pointer: UnsafePointer<UInt8>, count: Int) {
        state = count == 0 ? .blank : .value
        self.pointer = pointer
        self.count = count
    }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: count) }

    /// The text of a value; `nil` without one.
    package var string: String? { state == .value ? String(decoding: bytes, as: UTF8.self) : nil }
}

package enum FieldState: UInt8, Sendable {
    /// The record has no such column or member.
    case missing
    /// JSON `null`.
    case null
    /// An empty cell, an empty string, an array in which nothing is what was asked for.
    case blank
    case value
}

package enum FieldKind: UInt8, Sendable {
    case text
    /// A JSON number: its lexeme, all digits kept.
    case number
    /// A JSON boolean: `true` or `false`, not to be taken for the texts of that name.
    case boolean
    /// A JSON object or array where a plain value was asked for: its source text.
    case structure
}
