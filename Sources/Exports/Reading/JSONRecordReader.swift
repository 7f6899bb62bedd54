import CScan
import JSON

/// The records of one JSON file, in order; memory holds a piece of the file and the largest record (idp-exports.md §2).
///
/// All of the file is checked as strictly as ``JSON/parse(_:limits:)`` checks a text, also what nobody asked for. Several
/// root values in a row, as a loop around `curl` writes them, are pages of one export and all read. What is wrong
/// refuses the whole file; records before the place are handed out first.
package final class JSONRecordReader {
    /// What each root value says beside its records; complete once the last record was read.
    package private(set) var pages: [JSONPage] = []

    private let source: ByteSource
    private let layout: JSONLayout
    private let limits: JSONReadingLimits
    private let wanted: [[String]]
    private var phase = Phase.betweenRoots
    /// Objects on the way to the records that are open, outermost first: the names on the way and those seen so far.
    private var path: [String] = []
    private var names: [Set<[UInt8]>] = []
    private var envelopeBytes = 0
    /// The chunk whose rest, from `at` on, is not understood yet; `nil` before the first batch.
    private var tailChunk: Chunk?
    private var at = 0
    /// A position in the chunk up to which lines were counted.
    private var counted = (position: 0, line: 1)
    private var isLast = false
    private var isExhausted = false
    private var failure: Refusal?
    private var batches = 0
    /// How many records were given away, and the line on which the last of them begins.
    private var given = (records: 0, line: 0)
    private let own: JSONBatch
    /// What is wanted of each record.
    let paths: [JSONMemberPath]

    private enum Phase {
        case betweenRoots
        /// After `{`, after a comma, and after a value, within ``path``.
        case firstMember, member, afterMember
        /// After `[`, after a comma, and after an element.
        case firstElement, element, afterElement
    }

    /// - Parameter paths: what is wanted of each record; the slots of ``RecordBuffer`` in this order.
    package init(
        _ source: ByteSource, layout: JSONLayout, paths: [JSONMemberPath], limits: JSONReadingLimits = .default
    ) throws(Refusal) {
        self.source = source
        self.layout = layout
        self.limits = limits
        if case .member(let names) = layout {
            wanted = names.map { $0.split(separator: ".").map(String.init) }
        } else {
            wanted = []
        }
        own = JSONBatch(paths)
        self.paths = paths
        try source.refuseMarkup()
    }

    /// Fills `buffer` with the next record. No JSON record is rejected alone: one that is not right refuses the file.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        while true {
            let outcome = try own.next(into: buffer)
            guard case .end = outcome else { return outcome }
            guard try nextBatch(into: own) else { return .end }
        }
    }

    /// The source text of the record that ``next(into:)`` read last; good until the next call.
    package var element: UnsafeRawBufferPointer { own.element }
    func original() -> [RejectedRecord.OriginalCell] { own.original() }

    /// What comes from another encoding shares the count of its bytes.
    var batchesAreIndependent: Bool { source.encoding == .utf8 }

    /// Fills `batch` with the next complete records; false at the end. One caller at a time; the filled batch may be
    /// read while others are being filled. A batch that other paths were made for serves as well.
    package func nextBatch(into batch: JSONBatch) throws(Refusal) -> Bool {
        if let failure { throw failure }
        guard !isExhausted else { return false }
        let chunk = batch.chunk
        if let tailChunk {
            let line = self.line(tailChunk, at)
            chunk.restart(with: tailChunk, from: at)
            counted = (0, line)
            at = 0
        } else {
            source.begin(chunk)
        }
        tailChunk = chunk
        batch.begin(
            source.name, limits, depth: layout == .lines ? 0 : 1 + (wanted.map(\.count).max() ?? 0), after: given)
        do throws(Refusal) {
            isLast = try !source.fill(chunk)
            while try !walk(batch), batch.count == 0 {
                // As much again: what needs many pieces is not looked at from its start for each.
                isLast = try !source.fill(chunk, atLeast: chunk.count - at)
            }
        } catch {
            failure = error
        }
        if batch.count == 0 {
            if let failure { throw failure }
            isExhausted = true
            if pages.isEmpty { throw .emptyFile(source.name) }
            return false
        }
        given = (given.records + batch.count, batch.lastLine)
        batch.sequence = batches
        batches += 1
        return true
    }

    /// Understands as much of the chunk as is there; true when the file is at its end.
    private func walk(_ batch: JSONBatch) throws(Refusal) -> Bool {
        let chunk = batch.chunk
        let end = chunk.count
        while true {
            while at < end, isBlank(chunk.base[at]) { at += 1 }
            guard at < end else {
                guard isLast else { return false }
                guard case .betweenRoots = phase else { throw truncated(chunk) }
                return true
            }
            let goesOn =
                switch phase {
                case .betweenRoots: try beginRoot(batch)
                case .firstMember, .member, .afterMember: try stepMembers(batch)
                case .firstElement, .element, .afterElement: try stepElements(batch)
                }
            guard goesOn else {
                guard !isLast else { throw truncated(chunk) }
                return false
            }
        }
    }

    /// At the first byte of a root value.
    private func beginRoot(_ batch: JSONBatch) throws(Refusal) -> Bool {
        let byte = batch.chunk.base[at]
        switch layout {
        case .lines:
            if pages.isEmpty { pages.append(JSONPage(line: line(batch.chunk, at))) }
            return try findElements(batch)
        case .array:
            guard byte == UInt8(ascii: "[") else {
                throw unexpected(batch.chunk, "an array of records is expected here")
            }
            phase = .firstElement
        case .member:
            guard byte == UInt8(ascii: "{") else {
                throw unexpected(batch.chunk, "an object that holds the records is expected here")
            }
            phase = .firstMember
            path = []
            names = [[]]
        }
        pages.append(JSONPage(line: line(batch.chunk, at)))
        at += 1
        return true
    }

    // MARK: Elements

    private func stepElements(_ batch: JSONBatch) throws(Refusal) -> Bool {
        let byte = batch.chunk.base[at]
        switch phase {
        case .firstElement where byte == UInt8(ascii: "]"): endArray()
        case .afterElement where byte == UInt8(ascii: "]"): endArray()
        case .afterElement where byte == UInt8(ascii: ","):
            at += 1
            phase = .element
        case .afterElement: throw unexpected(batch.chunk, "a comma or ] is expected after a record")
        default: return try findElements(batch)
        }
        return true
    }

    private func endArray() {
        at += 1
        phase = names.isEmpty ? .betweenRoots : .afterMember
    }

    /// Takes all complete elements from `at` on, which is where one has to begin.
    private func findElements(_ batch: JSONBatch) throws(Refusal) -> Bool {
        let chunk = batch.chunk
        guard chunk.base[at] | 0x20 == UInt8(ascii: "{") else {
            throw chunk.base[at] == UInt8(ascii: "]") || chunk.base[at] == UInt8(ascii: ",")
                ? unexpected(chunk, "a record is expected here")
                : Refusal.notAnObject(source.name, line: line(chunk, at), byteOffset: chunk.offset(at: at))
        }
        batch.reserve()
        var state = popl_json_state()
        state.elements = UInt32(batch.count)
        state.lines = UInt32(truncatingIfNeeded: line(chunk, at))
        let stop = popl_json_elements(chunk.base, at, chunk.count, &state, batch.elements)
        let found = Int(state.elements)
        var taken = batch.count
        // What stands between elements is blanks and, in an array, one comma.
        while taken < found {
            if taken > batch.count {
                guard separates(chunk, upTo: Int(batch.elements[taken].start)) else { break }
            }
            at = Int(batch.elements[taken].end)
            phase = layout == .lines ? .betweenRoots : .afterElement
            taken += 1
        }
        pages[pages.count - 1].records += taken - batch.count
        let isOpen = taken == found && taken == batch.count
        batch.count = taken
        if taken == found { counted = (stop, Int(state.lines)) }
        guard isOpen else { return true }
        // Nothing was taken: the element that begins here is not all there. Brackets were only counted, so a mistake
        // in it may be the reason.
        guard chunk.count - at <= limits.elementBytes else {
            let bytes = UnsafeRawBufferPointer(start: chunk.base + at, count: chunk.count - at)
            throw .elementTooLarge(
                source.name, bytes, limits, line: line(chunk, at), byteOffset: { chunk.offset(at: self.at + $0) })
        }
        if isLast { _ = try parse(chunk, at) }
        return false
    }

    /// Passes from `at` over what must stand between two elements; where it is something else, `at` stays and the step
    /// for that phase says what is wrong.
    private func separates(_ chunk: Chunk, upTo next: Int) -> Bool {
        var p = at
        var commas = layout == .lines ? 1 : 0
        while p < next {
            if chunk.base[p] == UInt8(ascii: ","), commas == 0 {
                commas = 1
            } else if !isBlank(chunk.base[p]) {
                return false
            }
            p += 1
        }
        return commas == 1
    }

    // MARK: Members beside the records

    private func stepMembers(_ batch: JSONBatch) throws(Refusal) -> Bool {
        let chunk = batch.chunk
        let byte = chunk.base[at]
        switch phase {
        case .firstMember where byte == UInt8(ascii: "}"), .afterMember where byte == UInt8(ascii: "}"):
            at += 1
            names.removeLast()
            phase = names.isEmpty ? .betweenRoots : .afterMember
            if !path.isEmpty { path.removeLast() }
            return true
        case .afterMember:
            guard byte == UInt8(ascii: ",") else { throw unexpected(chunk, "a comma or } is expected after a member") }
            at += 1
            phase = .member
            return true
        default: return try readMember(chunk)
        }
    }

    /// A name, a colon, and what follows: the records, an object on the way to them, or a value to keep.
    private func readMember(_ chunk: Chunk) throws(Refusal) -> Bool {
        guard chunk.base[at] == UInt8(ascii: "\"") else {
            throw unexpected(chunk, "a member's name in quotes is expected here")
        }
        guard let (nameValue, nameEnd) = try parse(chunk, at), case .string(let name) = nameValue else { return false }
        var p = nameEnd
        while p < chunk.count, isBlank(chunk.base[p]) { p += 1 }
        guard p < chunk.count else { return false }
        guard chunk.base[p] == UInt8(ascii: ":") else {
            throw unexpected(chunk, at: p, "a colon is expected after a member's name")
        }
        p += 1
        while p < chunk.count, isBlank(chunk.base[p]) { p += 1 }
        guard p < chunk.count else { return false }
        let way = path + [name]
        if chunk.base[p] == UInt8(ascii: "["), pages[pages.count - 1].recordsMember == nil, wanted.contains(way) {
            try claim(name, chunk)
            pages[pages.count - 1].recordsMember = way.joined(separator: ".")
            at = p + 1
            phase = .firstElement
            return true
        }
        if chunk.base[p] == UInt8(ascii: "{"), wanted.contains(where: { $0.count > way.count && $0.starts(with: way) })
        {
            try claim(name, chunk)
            at = p + 1
            path = way
            names.append([])
            phase = .firstMember
            return true
        }
        guard let (value, valueEnd) = try parse(chunk, p) else { return false }
        try claim(name, chunk)
        keep(value, way.joined(separator: "."), bytes: valueEnd - at)
        at = valueEnd
        phase = .afterMember
        return true
    }

    /// Notes a name; two of one name refuse the file.
    private func claim(_ name: String, _ chunk: Chunk) throws(Refusal) {
        let depth = names.count - 1
        guard names[depth].insert(Array(name.utf8)).inserted else {
            throw refusal(chunk, at: at, .duplicateMember, "an object has two members of this name")
        }
        guard names[depth].count <= 10_000 else {
            throw refusal(chunk, at: at, .tooLong, "more than 10,000 members stand beside the records")
        }
    }

    private func keep(_ value: JSONValue, _ name: String, bytes: Int) {
        envelopeBytes += bytes
        if envelopeBytes <= limits.envelopeBytes {
            pages[pages.count - 1].members.append(JSONMember(name: name, value: value))
        } else {
            envelopeBytes -= bytes
            pages[pages.count - 1].omitted.append(name)
        }
    }

    /// The value at a position and where it ends; `nil` when it is not all there yet.
    private func parse(_ chunk: Chunk, _ position: Int) throws(Refusal) -> (JSONValue, Int)? {
        // No further than the limit, so that what is found does not depend on how much was read.
        let available = chunk.count - position
        let bytes = UnsafeRawBufferPointer(start: chunk.base + position, count: min(available, limits.elementBytes))
        do throws(JSONError) {
            let (value, isComplete, consumed) = try JSON.parseBeginning(
                bytes, limits: limits.json, isUTF8: true, depth: names.count)
            guard isComplete, let value else {
                guard available > limits.elementBytes else { return nil }
                throw JSONError(
                    code: .tooLong, byteOffset: 0, line: 1,
                    message: "a value begins that is longer than \(limits.elementBytes) bytes")
            }
            return (value, position + consumed)
        } catch {
            throw refusal(chunk, at: position + error.byteOffset, error.code, error.message)
        }
    }

    // MARK: Places

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// The physical line of a position in the present chunk.
    private func line(_ chunk: Chunk, _ position: Int) -> Int {
        var (p, line) = counted
        while p < position {
            if chunk.base[p] == 0x0A { line += 1 }
            p += 1
        }
        while p > position {
            p -= 1
            if chunk.base[p] == 0x0A { line -= 1 }
        }
        counted = (p, line)
        return line
    }

    private func truncated(_ chunk: Chunk) -> Refusal {
        refusal(chunk, at: chunk.count, .truncated, "the text ends in the middle of a value")
    }

    private func unexpected(_ chunk: Chunk, at position: Int? = nil, _ message: String) -> Refusal {
        refusal(chunk, at: position ?? at, .syntax, message)
    }

    private func refusal(_ chunk: Chunk, at position: Int, _ code: JSONError.Code, _ message: String) -> Refusal {
        .json(
            source.name, JSONError(code: code, byteOffset: position, line: 1, message: message),
            line: line(chunk, position), byteOffset: chunk.offset(at: position))
    }
}
