import CScan
import JSON

/// Some complete records of a JSON file, in memory of its own. ``JSONRecordReader/nextBatch(into:)`` fills batches one
/// after the other; each can then be read by another thread than its neighbours.
package final class JSONBatch {
    /// Which of the file's batches it is, from 0.
    package internal(set) var sequence = -1

    let chunk = Chunk(capacity: 0)
    // A batch is one thread's at a time, and nothing in it is read while it is written.
    /// `lines` are physical lines of the file.
    @exclusivity(unchecked) private(set) var elements: UnsafeMutablePointer<popl_json_element>
    @exclusivity(unchecked) var count = 0
    private var capacity = 0
    @exclusivity(unchecked) private var cursor = 0
    @exclusivity(unchecked) private var file = ""
    @exclusivity(unchecked) private var depth = 0
    @exclusivity(unchecked) private var recordsBefore = 0
    @exclusivity(unchecked) private var lineBefore = 0
    @exclusivity(unchecked) private var limits = JSONReadingLimits.default
    @exclusivity(unchecked) private var extractor: JSONExtractor

    package init(_ paths: [JSONMemberPath]) {
        extractor = JSONExtractor(paths)
        elements = .allocate(capacity: 1)
    }

    deinit { elements.deallocate() }

    /// `after`: how many records the batches before it have, and the line on which the last of them begins.
    func begin(_ file: String, _ limits: JSONReadingLimits, depth: Int, after: (records: Int, line: Int)) {
        if limits != self.limits { extractor = JSONExtractor(extractor.paths, limits: limits.json) }
        self.file = file
        self.limits = limits
        self.depth = depth
        recordsBefore = after.records
        lineBefore = after.line
        count = 0
        cursor = 0
    }

    /// Room for as many elements as the chunk can hold, `{}` being the shortest.
    func reserve() {
        let needed = chunk.count / 2 + 1
        guard capacity < needed else { return }
        let grown = UnsafeMutablePointer<popl_json_element>.allocate(capacity: needed)
        grown.update(from: elements, count: count)
        elements.deallocate()
        elements = grown
        capacity = needed
    }

    /// The next record of the batch; rules as ``JSONRecordReader/next(into:)``.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        guard cursor < count else { return .end }
        let element = elements[cursor]
        let sharesLine =
            element.lines == (cursor > 0 ? Int(elements[cursor - 1].lines) : lineBefore)
            || cursor + 1 < count && elements[cursor + 1].lines == element.lines
        cursor += 1
        let bytes = raw(element)
        buffer.line = Int(element.lines)
        buffer.record = sharesLine ? recordsBefore + cursor : 0
        buffer.byteOffset = chunk.offset(at: Int(element.start))
        guard bytes.count <= limits.elementBytes else {
            throw .elementTooLarge(
                file, bytes, limits, line: buffer.line, byteOffset: { self.chunk.offset(at: Int(element.start) + $0) })
        }
        guard bytes.first == UInt8(ascii: "{") else {
            throw .notAnObject(file, line: buffer.line, byteOffset: buffer.byteOffset)
        }
        do throws(JSONError) {
            try extractor.extract(bytes, isUTF8: true, depth: depth)
        } catch {
            throw .json(
                file, error, line: buffer.line + error.line - 1,
                byteOffset: chunk.offset(at: Int(element.start) + error.byteOffset))
        }
        for slot in 0..<min(extractor.paths.count, buffer.fields.count) {
            buffer.fields[slot] = Field(extractor.slots[slot])
        }
        if !buffer.listEntries.isEmpty { buffer.listEntries.removeAll(keepingCapacity: true) }
        for entry in extractor.listEntries { buffer.listEntries.append((Int(entry.slot), Field(entry.value))) }
        return .record
    }

    /// The line on which its last record begins; 0 when it has none.
    var lastLine: Int { count > 0 ? Int(elements[count - 1].lines) : 0 }

    /// The source text of the record that was read last.
    package var element: UnsafeRawBufferPointer {
        cursor == 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : raw(elements[cursor - 1])
    }

    private func raw(_ element: popl_json_element) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: chunk.base + Int(element.start), count: Int(element.end - element.start))
    }
}

extension Field {
    @inline(__always)
    init(_ slot: JSONSlot) {
        state =
            switch slot.state {
            case .missing: .missing
            case .null: .null
            case .blank: .blank
            case .value: .value
            }
        kind =
            switch slot.kind {
            case .text: .text
            case .number: .number
            case .boolean: .boolean
            case .structure: .structure
            }
        pointer = slot.pointer
        count = slot.count
    }
}
