extension JSONWriter {
    /// A member that is left out when there is no value: documents have no nulls (RFC 7643 §2.5).
    package mutating func optional(_ name: String, _ value: String?) {
        if let value { member(name, value) }
    }

    package mutating func optional(_ name: String, _ value: Int?) {
        if let value { member(name, value) }
    }

    /// A member that is an array with one entry an element.
    package mutating func array<Elements: Sequence>(
        _ name: String, _ elements: Elements, _ encode: (inout JSONWriter, Elements.Element) -> Void
    ) {
        self.name(name)
        beginArray()
        for element in elements { encode(&self, element) }
        endArray()
    }
}
