/// What an element says about one wanted path. A missing member, `null`, an empty string and a value are four different
/// statements (product.md, rule 3).
package struct JSONSlot {
    package enum State: UInt8, Sendable {
        case missing
        /// Written as `null`, or a member of something written as `null`.
        case null
        /// An empty string, or an array in which nothing is what the path asks for.
        case blank
        case value
    }

    package enum Kind: UInt8, Sendable {
        case text
        case number
        case boolean
        /// An object or array stands where a plain value was asked for; the bytes are its source text.
        case structure
    }

    package var state: State = .missing
    package var kind: Kind = .text
    /// The text without quotes and escapes, or the lexeme of a number or boolean. Set with ``State/value`` only.
    package var pointer: UnsafePointer<UInt8>?
    package var count = 0

    init() {}

    init(_ state: State) { self.state = state }

    init(_ kind: Kind, _ pointer: UnsafePointer<UInt8>, _ count: Int) {
        state = count == 0 ? .blank : .value
        self.kind = kind
        self.pointer = pointer
        self.count = count
    }
}

/// One entry of a slot that is a list.
package struct JSONListEntry {
    package var slot: Int32
    package var value: JSONSlot
}
