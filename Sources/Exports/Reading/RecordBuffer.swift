/// The wanted fields of one record. One buffer is filled again and again; who wants to keep a value copies it.
package final class RecordBuffer {
    /// By slot: the order in which the reader was told what is wanted.
    package let fields: UnsafeMutableBufferPointer<Field>
    /// Where the record begins: physical line of the file, from 1.
    @exclusivity(unchecked) package internal(set) var line = 0
    /// Which of the file's records it is, from 1, where it shares its line with another one; else 0.
    @exclusivity(unchecked) package internal(set) var record = 0
    /// Where the record begins: bytes of the file as it lies on the disk, from 0.
    @exclusivity(unchecked) package internal(set) var byteOffset = 0
    /// Entries of the slots that are lists (`groups[].display`), each list's in the order of the array. An element of
    /// the array that lacks what the path asks for has an entry all the same, whose state says so.
    @exclusivity(unchecked) package internal(set) var listEntries: [(slot: Int, field: Field)] = []

    /// - Parameter slots: how many fields the reader was asked for.
    package init(slots: Int) {
        fields = .allocate(capacity: slots)
        fields.initialize(repeating: Field())
    }

    deinit { fields.deallocate() }

    var place: RecordLine { RecordLine(line, record: record) }

    /// The entries of one list slot.
    package func list(_ slot: Int) -> [Field] { listEntries.filter { $0.slot == slot }.map(\.field) }
}

/// What a reader found next.
package enum RecordOutcome: Equatable {
    /// The buffer holds it.
    case record
    /// A record that cannot be used; reading goes on after it. The buffer holds its line and offset, and whatever fields
    /// could be told apart, so that the person it may be about can be pinned.
    case rejected(code: String, message: String, column: String?)
    case end
}
