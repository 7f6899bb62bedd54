import JSON

/// How to read one file of an export again, once it is known what it is.
struct ExportFile: Sendable {
    enum Access: Sendable {
        case csv(delimiter: UInt8, quote: UInt8)
        case csvOfJSON(column: String, delimiter: UInt8, quote: UInt8)
        case json(JSONLayout)
        case ldif
    }
    var path: String
    var access: Access
    /// As the file spells them: a CSV's header.
    var headers: [String] = []
    var encoding: SourceEncoding?
}

/// The records of one file, whichever reader they come from. Not to be shared.
enum RecordSource {
    case csv(CSVReader)
    case csvOfJSON(CSVReader, JSONCells)
    case json(JSONRecordReader)
    case ldif(LDIFReader)

    /// Opens `file` and asks for `columns`, by slot.
    init(
        _ file: ExportFile, columns: [ColumnID], limits: JSONReadingLimits = .default, trailer: CSVTrailer? = nil
    ) throws(Refusal) {
        let source = try ByteSource(path: file.path, encoding: file.encoding)
        switch file.access {
        case .csv(let delimiter, let quote):
            let reader = try CSVReader(source, delimiter: delimiter, quote: quote)
            try Self.requireHeader(reader, file)
            reader.select(columns.map { Self.index(of: $0, in: reader.header) })
            if let trailer { reader.expect(trailer) }
            self = .csv(reader)
        case .csvOfJSON(let column, let delimiter, let quote):
            let reader = try CSVReader(source, delimiter: delimiter, quote: quote)
            try Self.requireHeader(reader, file)
            reader.select([Self.index(of: ColumnID(key: HeaderKey(column).text), in: reader.header)])
            self = .csvOfJSON(reader, JSONCells(columns, file: file.path))
        case .json(let layout):
            self = .json(
                try JSONRecordReader(source, layout: layout, paths: columns.map(\.path), limits: limits))
        case .ldif:
            let reader = try LDIFReader(source)
            reader.select(columns)
            self = .ldif(reader)
        }
    }

    @inline(__always)
    func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        switch self {
        case .csv(let reader): try reader.next(into: buffer)
        case .csvOfJSON(let reader, let cells): try cells.next(reader, into: buffer)
        case .json(let reader): try reader.next(into: buffer)
        case .ldif(let reader): try reader.next(into: buffer)
        }
    }

    /// What became of the trailer, once the last record was read; `nil` where none was asked for.
    var trailer: TrailerFinding? { if case .csv(let reader) = self { reader.trailer } else { nil } }

    /// The record read last, as it stands in the file.
    func original() -> [RejectedRecord.OriginalCell] {
        switch self {
        case .csv(let reader), .csvOfJSON(let reader, _): return reader.original()
        case .json(let reader): return reader.original()
        case .ldif(let reader):
            return reader.cells.map { .init(column: $0.attribute, value: $0.value) }
        }
    }

    /// What the file's pages say about being all; once the last record was read.
    func pages(of file: ExportFile, records: Int, _ paging: Paging) -> [Grading.Page] {
        var pages: [Grading.Page] = []
        if case .json(let reader) = self { pages = reader.pages.map { Grading.Page($0, paging) } }
        if pages.isEmpty { pages = [Grading.Page(records: records)] }
        if paging.hasLinkHeader, let hasNext = LinkHeader.hasNext(besides: file.path) {
            pages[pages.count - 1].hasNext = hasNext
            pages[pages.count - 1].nextName = "Link: rel=\"next\""
        }
        return pages
    }

    /// A file that was replaced since it was looked at is another file.
    private static func requireHeader(_ reader: CSVReader, _ file: ExportFile) throws(Refusal) {
        guard reader.header == file.headers else {
            throw Refusal(
                code: "changed-while-read", place: Place(file: file.path, line: reader.headerLine),
                message: "The file was replaced while it was read: its header is another one now. Run again.")
        }
    }

    private static func index(of column: ColumnID, in header: [String]) -> Int? {
        var left = column.occurrence
        for (index, name) in header.enumerated() where HeaderKey(name).text == column.key {
            if left == 0 { return index }
            left -= 1
        }
        return nil
    }
}

extension ColumnID {
    /// A name that is no path in itself is one member of that name.
    var path: JSONMemberPath { (try? JSONMemberPath(key)) ?? JSONMemberPath(members: [key]) }
}

/// JSON objects inside the cells of a CSV.
final class JSONCells {
    private let extractor: JSONExtractor
    private let cell = RecordBuffer(slots: 1)
    private let file: String

    init(_ columns: [ColumnID], file: String) {
        extractor = JSONExtractor(columns.map(\.path))
        self.file = file
    }

    func next(_ reader: CSVReader, into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        let outcome = try reader.next(into: cell)
        buffer.line = cell.line
        buffer.byteOffset = cell.byteOffset
        for slot in buffer.fields.indices { buffer.fields[slot] = Field() }
        buffer.listEntries.removeAll(keepingCapacity: true)
        guard outcome == .record else { return outcome }
        do throws(JSONError) {
            try extractor.extract(cell.fields[0].bytes, isUTF8: true)
        } catch {
            return .rejected(code: "bad-json", message: "The cell is no JSON object: \(error.message).", column: "JSON")
        }
        for slot in 0..<min(extractor.paths.count, buffer.fields.count) {
            buffer.fields[slot] = Field(extractor.slots[slot])
        }
        for entry in extractor.listEntries { buffer.listEntries.append((Int(entry.slot), Field(entry.value))) }
        return .record
    }
}
