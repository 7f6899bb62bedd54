import TestSupport
import Testing

@testable import Exports

/// A table and a way to write it down.
private struct Dialect: CustomStringConvertible {
    var delimiter: UInt8
    var quote: UInt8
    var lineEnd: String
    var quotesAll: Bool
    var endsLast: Bool
    var description: String {
        "delimiter \(delimiter), quote \(quote), line end \(lineEnd.utf8.map { $0 }), all \(quotesAll)"
    }

    init(_ random: inout SeededRandom) {
        delimiter = random.pick([0x2C, 0x3B, 0x09, 0x7C])
        quote = random.chance(80) ? 0x22 : 0x27
        lineEnd = random.pick(["\n", "\r\n", "\r"])
        quotesAll = random.chance(30)
        endsLast = random.chance(70)
    }

    func write(_ rows: [[String]], _ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, row) in rows.enumerated() {
            for (column, cell) in row.enumerated() {
                if column > 0 { bytes.append(delimiter) }
                write(cell, &bytes, &random)
            }
            if index < rows.count - 1 || endsLast { bytes += Array(lineEnd.utf8) }
        }
        return bytes
    }

    private func write(_ cell: String, _ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let needsQuotes =
            cell.utf8.contains { $0 == delimiter || $0 == 0x0A || $0 == 0x0D } || cell.utf8.first == quote
        guard quotesAll || needsQuotes || random.chance(20) else {
            // A quote within is a letter here.
            bytes += Array(cell.utf8)
            return
        }
        bytes.append(quote)
        for byte in cell.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}

extension SeededRandom {
    fileprivate mutating func cell() -> String {
        let parts = [
            "a", "b", "1", " ", ",", ";", "\t", "|", "\"", "'", "\n", "\r", "\r\n", "é", "Nguyễn", "😀", "\\", "=",
            "\"\"", "''",
            "longer text that fills a block of its own, and then some more of it",
        ]
        var cell = ""
        for _ in 0..<below(6) { cell += pick(parts) }
        return cell
    }

    fileprivate mutating func table() -> [[String]] {
        let columns = 1 + below(8)
        let header = (0..<columns).map { "c\($0)" + cell() }
        return [header]
            + (0..<below(40)).map { row in
                // The first cell is never empty, as empty records are passed over.
                ["r\(row)" + cell()] + (1..<columns).map { _ in cell() }
            }
    }
}

@Suite struct `FileReading laws` {
    @Test(arguments: 0..<25) func `a table written in any dialect is read back equal`(round: Int) {
        let seed = UInt64(round) &* 0xD134_2543_DE82_EF95 &+ 3
        var random = SeededRandom(seed: seed)
        for _ in 0..<10 {
            let dialect = Dialect(&random)
            let table = random.table()
            let bytes = dialect.write(table, &random)
            let way = CSVWay(
                delimiter: dialect.delimiter, quote: dialect.quote, pieceBytes: 1 + random.below(300))
            let reading = readCSV(bytes, way)
            #expect(
                reading.refusal == nil && reading.rejected.isEmpty && reading.header == table[0]
                    && reading.records == Array(table.dropFirst()), "seed \(seed): \(dialect) \(bytes)")
            // Lines as an editor counts them: by the text before each record.
            for (line, offset) in zip(reading.lines, reading.offsets) {
                let ends = (0..<offset).count {
                    bytes[$0] == 0x0D || (bytes[$0] == 0x0A && ($0 == 0 || bytes[$0 - 1] != 0x0D))
                }
                #expect(line == ends + 1, "seed \(seed): offset \(offset) in \(bytes)")
            }
        }
    }

    @Test(arguments: 0..<25) func `where pieces end does not matter to CSV, right or wrong`(round: Int) {
        let seed = UInt64(round) &* 0x9FB2_1C65_1E98_DF25 &+ 5
        var random = SeededRandom(seed: seed)
        for _ in 0..<6 {
            let dialect = Dialect(&random)
            var bytes = dialect.write(random.table(), &random)
            for _ in 0..<random.below(6) {
                let damage: UInt8 = random.pick([0x22, 0x27, 0x0A, 0x0D, 0x2C, 0x00, 0xC3, 0x61])
                bytes.insert(damage, at: random.below(bytes.count + 1))
            }
            var way = CSVWay(delimiter: random.chance(50) ? dialect.delimiter : nil, quote: dialect.quote)
            way.limits.recordBytes = random.pick([60, 300, 1 << 20])
            way.limits.fieldBytes = random.pick([20, 1 << 18])
            let whole = readCSV(bytes, way)
            for piece in [1, 2, 3, 63, 64, 65, 1 + random.below(400)] {
                way.pieceBytes = piece
                let pieced = readCSV(bytes, way)
                if whole.refusal == "not-utf8" {
                    // How much came before depends on how much was read at once.
                    #expect(pieced.refusalPlace == whole.refusalPlace, "seed \(seed): piece \(piece) of \(bytes)")
                } else {
                    let isSame = pieced == whole
                    #expect(isSame, "seed \(seed): piece \(piece) of \(bytes)")
                }
            }
        }
    }

    @Test(arguments: 0..<25) func `quote parity finds what reading byte by byte finds`(round: Int) {
        let seed = UInt64(round) &* 0xA076_1D64_78BD_642F &+ 9
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let bytes = (0..<random.below(700)).map { _ in
                random.pick([0x61, 0x61, 0x61, 0x62, 0x22, 0x22, 0x2C, 0x0A, 0x0D, 0x00] as [UInt8])
            }
            let index = CSVIndex()
            index.chunk.reserve(bytes.count)
            index.chunk.base.update(from: bytes, count: bytes.count)
            index.chunk.count = bytes.count
            let rest = index.find(from: 0, delimiter: 0x2C, quote: 0x22, isLast: true)
            var at = 0
            var fields = 0
            var lines: UInt32 = 0
            for number in 0..<index.recordCount {
                let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: bytes.count + 1)
                defer { ends.deallocate() }
                let scan = bytes.withUnsafeBufferPointer {
                    CSVScan(
                        $0.baseAddress!, from: at, count: bytes.count, isLast: true, delimiter: 0x2C, quote: 0x22,
                        ends: ends)
                }
                guard case .lineEnd(let next) = scan.ending else {
                    Issue.record("seed \(seed): a record too many in \(bytes)")
                    return
                }
                lines += UInt32(scan.quotedLines)
                let record = index.records[number]
                #expect(
                    record.field_end == UInt32(fields + scan.fields) && record.quoted_lines == lines
                        && record.flags == scan.flags
                        && (0..<scan.fields).allSatisfy { index.ends[fields + $0] == ends[$0] },
                    "seed \(seed): record \(number) of \(bytes)")
                fields += scan.fields
                at = next
            }
            #expect(rest == at, "seed \(seed): \(bytes)")
            let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: bytes.count + 1)
            defer { ends.deallocate() }
            let scan = bytes.withUnsafeBufferPointer { buffer -> CSVScan? in
                buffer.baseAddress.map {
                    CSVScan($0, from: at, count: bytes.count, isLast: true, delimiter: 0x2C, quote: 0x22, ends: ends)
                }
            }
            #expect(scan.map { $0.ending == .dataEnd } ?? true, "seed \(seed): a record was missed in \(bytes)")
        }
    }

    @Test(arguments: 0..<25) func `where pieces end does not matter to JSON, right or wrong`(round: Int) {
        let seed = UInt64(round) &* 0xE703_7ED1_A0B4_28DB &+ 1
        var random = SeededRandom(seed: seed)
        for _ in 0..<6 {
            var bytes = Array(random.document().utf8)
            for _ in 0..<random.below(4) {
                let damage: UInt8 = random.pick([0x22, 0x5C, 0x0A, 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x3A, 0x00, 0x31])
                bytes.insert(damage, at: random.below(bytes.count + 1))
            }
            var limits = JSONReadingLimits.default
            limits.elementBytes = random.pick([40, 1 << 22])
            for layout in [JSONLayout.array, .member(["v", "e.u"]), .lines] {
                let paths = ["id", "p.q[0].r", "p[x=1].y", "p[]"]
                let whole = readJSON(bytes, layout, paths, limits: limits)
                for piece in [1, 2, 3, 63, 64, 65, 1 + random.below(400)] {
                    var pieced = readJSON(bytes, layout, paths, limits: limits, pieceBytes: piece)
                    // What stands after a mistake may have been looked at or not.
                    if whole.refusal != nil { pieced.pages = whole.pages }
                    let isSame = pieced == whole
                    #expect(isSame, "seed \(seed): piece \(piece) of \(String(decoding: bytes, as: UTF8.self))")
                }
            }
        }
    }
}

extension SeededRandom {
    /// A file as an API may write it: an array, pages with members around the records, or lines.
    fileprivate mutating func document() -> String {
        let blank = pick(["", " ", "\n", "\r\n  "])
        let elements = (0..<below(12)).map { _ in record() }
        switch below(4) {
        case 0: return elements.joined(separator: "\n")
        case 1: return "[" + blank + elements.joined(separator: "," + blank) + blank + "]"
        case 2:
            return "{\"n\":" + value(2) + "," + blank + "\"v\":[" + elements.joined(separator: ",") + "]," + blank
                + "\"m\":" + value(2) + "}" + blank
        default:
            return "{\"e\":{\"c\":1,\"u\":[" + elements.joined(separator: "," + blank) + "]},\"m\":" + value(2) + "}"
        }
    }

    private mutating func record() -> String { "{\"id\":" + value(0) + ",\"p\":" + value(3) + "}" }

    private mutating func value(_ depth: Int) -> String {
        switch below(depth == 0 ? 6 : 9) {
        case 0: "null"
        case 1: "true"
        case 2: "-12.5e3"
        case 3: "\"\""
        case 4: "\"a\\\"b\\\\\\u00e9 {[é\""
        case 5: "\"plain\""
        case 6, 7: "[" + (0..<below(4)).map { _ in value(depth - 1) }.joined(separator: ",") + "]"
        default:
            "{"
                + ["q", "r", "x", "y"].shuffled(using: &self).prefix(below(5)).map { "\"\($0)\":" + value(depth - 1) }
                .joined(separator: ",") + "}"
        }
    }
}
