import Foundation
import JSON

@testable import Exports

/// Where the fixtures lie: beside the package.
func fixture(_ path: String) -> String {
    URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/fixtures").appendingPathComponent(path).path
}

func fixtureBytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(path))))
}

/// All that a reader said of one input, in a form to compare.
struct FileReading: Equatable {
    var header: [String] = []
    var records: [[String?]] = []
    var lines: [Int] = []
    var offsets: [Int] = []
    /// `code@line`
    var rejected: [String] = []
    var refusal: String?
    var refusalPlace: Place?
    /// How many records came before the refusal.
    var pages: [JSONPage] = []
}

/// How a test's input is read.
struct CSVWay {
    var delimiter: UInt8?
    var quote = UInt8(ascii: "\"")
    var encoding: SourceEncoding?
    var limits = CSVLimits.default
    var pieceBytes = 1 << 20
    var known: Set<String> = []
}

func readCSV(_ bytes: [UInt8], _ way: CSVWay = CSVWay()) -> FileReading {
    var reading = FileReading()
    do throws(Refusal) {
        let source = try ByteSource(
            bytes: bytes, name: "users.csv", encoding: way.encoding, pieceBytes: way.pieceBytes)
        let reader = try CSVReader(source, delimiter: way.delimiter, quote: way.quote, limits: way.limits) {
            $0.count { way.known.contains($0) }
        }
        reading.header = reader.header
        let buffer = RecordBuffer(slots: reader.header.count)
        while true {
            let outcome = try reader.next(into: buffer)
            if outcome == .end { break }
            if case .rejected(let code, _, let column) = outcome {
                reading.rejected.append("\(code)@\(buffer.line)" + (column.map { ":" + $0 } ?? ""))
                continue
            }
            reading.records.append(buffer.fields.map { $0.state == .blank ? "" : $0.string })
            reading.lines.append(buffer.line)
            reading.offsets.append(buffer.byteOffset)
        }
    } catch {
        reading.refusal = error.code
        reading.refusalPlace = error.place
    }
    return reading
}

func readCSV(_ text: String, _ way: CSVWay = CSVWay()) -> FileReading { readCSV(Array(text.utf8), way) }

func readJSON(
    _ bytes: [UInt8], _ layout: JSONLayout, _ paths: [String] = ["id"], limits: JSONReadingLimits = .default,
    encoding: SourceEncoding? = nil, pieceBytes: Int = 1 << 20
) -> FileReading {
    var reading = FileReading()
    do throws(Refusal) {
        let source = try ByteSource(bytes: bytes, name: "users.json", encoding: encoding, pieceBytes: pieceBytes)
        let reader = try JSONRecordReader(
            source, layout: layout, paths: paths.compactMap { try? JSONMemberPath($0) }, limits: limits)
        let buffer = RecordBuffer(slots: paths.count)
        defer { reading.pages = reader.pages }
        while try reader.next(into: buffer) != .end {
            reading.records.append(buffer.fields.map { $0.state == .blank ? "" : $0.string })
            reading.lines.append(buffer.line)
            reading.offsets.append(buffer.byteOffset)
        }
    } catch {
        reading.refusal = error.code
        reading.refusalPlace = error.place
    }
    return reading
}

func readJSON(_ text: String, _ layout: JSONLayout, _ paths: [String] = ["id"]) -> FileReading {
    readJSON(Array(text.utf8), layout, paths)
}

func files(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: fixture(directory)).sorted()
}
