import Foundation
import Testing

@testable import Exports

@Suite struct `Byte source` {
    /// A path in a directory of this test's own.
    private func temporary(_ name: String) throws -> String {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "popl-reading-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory.appendingPathComponent(name).path
    }

    private func all(_ source: ByteSource) throws(Refusal) -> [UInt8] {
        let chunk = Chunk(capacity: 0)
        source.begin(chunk)
        while try source.fill(chunk) {}
        return Array(UnsafeBufferPointer(start: chunk.base, count: chunk.count))
    }

    private func decoded(
        _ bytes: [UInt8], _ encoding: SourceEncoding? = nil, piece: Int = 1 << 20
    ) throws(Refusal) -> String {
        let source = try ByteSource(bytes: bytes, name: "f", encoding: encoding, pieceBytes: piece)
        return String(decoding: try all(source), as: UTF8.self)
    }

    private func code(_ bytes: [UInt8], _ encoding: SourceEncoding? = nil, piece: Int = 1 << 20) -> String? {
        do throws(Refusal) {
            _ = try decoded(bytes, encoding, piece: piece)
            return nil
        } catch { return error.code }
    }

    @Test func `takes a byte order mark for the encoding and off the text`() throws {
        let text = "né😀\n"
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let swapped = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for piece in [1, 2, 3, 1 << 20] {
            #expect(try decoded([0xEF, 0xBB, 0xBF] + Array(text.utf8), piece: piece) == text)
            #expect(try decoded([0xFF, 0xFE] + wide, piece: piece) == text)
            #expect(try decoded([0xFE, 0xFF] + swapped, .windows1252, piece: piece) == text)
            #expect(try decoded(wide, .utf16LE, piece: piece) == text)
            #expect(try decoded(swapped, .utf16BE, piece: piece) == text)
        }
    }

    @Test func `decodes windows-1252 and ISO 8859-1 only when told to`() throws {
        let bytes: [UInt8] = [0x4A, 0xFC, 0x96, 0x80, 0x0A]
        #expect(code(bytes) == "not-utf8")
        #expect(try decoded(bytes, .windows1252) == "Jü–€\n")
        #expect(try decoded(bytes, .latin1) == "Jü\u{96}\u{80}\n")
        #expect(code([0x81], .windows1252) == "not-windows-1252")
        #expect(SourceEncoding(name: "CP1252") == .windows1252)
        #expect(SourceEncoding(name: "utf_16LE") == .utf16LE)
        #expect(SourceEncoding(name: "ebcdic") == nil)
        var way = CSVWay(encoding: .windows1252)
        way.pieceBytes = 16
        let reading = readCSV(try fixtureBytes("exports/traps/cp1252-semicolon.csv"), way)
        #expect(reading.records.map { $0[1] } == ["Jürgen", "Zoë"])
        #expect(reading.offsets == [35, 82])
    }

    @Test func `refuses UTF-16 without a mark and says how to name it`() {
        let wide = "id,login\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(code(wide) == "utf16-without-bom")
        #expect(code(wide.reversed()) == "utf16-without-bom")
        let refusal = #expect(throws: Refusal.self) { try decoded(wide) }
        #expect(refusal?.message.contains("encoding: utf-16le") == true)
        #expect(code([0x61, 0x00, 0x62, 0x63]) == nil)
    }

    @Test func `refuses broken text with line and byte, wherever pieces end`() {
        let bytes = Array("one\ntwo é\nthree ".utf8) + [0xC3, 0x28] + Array("\n".utf8)
        for piece in [1, 2, 5, 17, 18, 100] {
            let refusal = #expect(throws: Refusal.self) { try decoded(bytes, piece: piece) }
            #expect(refusal?.code == "not-utf8")
            #expect(refusal?.place == Place(file: "f", line: 3, byteOffset: 17))
            #expect(code(Array("ab".utf8) + [0xF0, 0x9F, 0x98], piece: piece) == "not-utf8")
            #expect(code([0xED, 0xA0, 0x80], piece: piece) == "not-utf8")
            #expect(code([0xC0, 0x80], piece: piece) == "not-utf8")
            #expect(code([0xF4, 0x90, 0x80, 0x80], piece: piece) == "not-utf8")
            #expect(code([0x61, 0xD8, 0x00, 0xDC], .utf16LE, piece: piece) == nil)
            #expect(code([0x00, 0xD8, 0x61, 0x00], .utf16LE, piece: piece) == "not-utf-16le")
            #expect(code([0x00, 0xDC, 0x61, 0x00], .utf16LE, piece: piece) == "not-utf-16le")
            #expect(code([0x61, 0x00, 0x61], .utf16LE, piece: piece) == "not-utf-16le")
        }
    }

    @Test func `checks every scalar as Unicode says`() {
        // Every lead byte with second bytes around every limit: against the standard library.
        for lead in UInt8(0x80)...0xFF {
            for second: UInt8 in [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] {
                for tail in [[], [0x80], [0x80, 0xBF]] as [[UInt8]] {
                    let bytes = Array("x".utf8) + [lead, second] + tail
                    #expect(
                        (code(bytes + Array("yz".utf8)) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
                }
            }
        }
    }

    @Test func `refuses what is no text at all`() {
        #expect(code([]) == "empty-file")
        #expect(code([0xEF, 0xBB, 0xBF]) == "empty-file")
        #expect(code([0x50, 0x4B, 0x03, 0x04, 0x00]) == "zip")
        #expect(code([0x1F, 0x8B, 0x08]) == "gzip")
        #expect(code([0xD0, 0xCF, 0x11, 0xE0, 0xA1]) == "spreadsheet")
        #expect(code(Array("%PDF-1.7".utf8)) == "pdf")
        #expect(readCSV("  <!DOCTYPE html>").refusal == "html")
        #expect(readCSV("<?xml version=\"1.0\"?>").refusal == "xml")
    }

    @Test func `looks ahead without consuming`() throws {
        let source = try ByteSource(bytes: Array("0123456789".utf8), name: "f", pieceBytes: 3)
        #expect(String(decoding: try source.peek(4), as: UTF8.self) == "0123")
        #expect(String(decoding: try source.peek(2), as: UTF8.self) == "01")
        #expect(try source.peek(100).count == 10)
        #expect(try all(source) == Array("0123456789".utf8))
    }

    @Test func `reads files and names what cannot be opened`() throws {
        let path = try temporary("users.csv")
        try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
        let source = try ByteSource(path: path)
        #expect(source.name == path)
        #expect(try all(source) == Array("a,b\n1,2\n".utf8))
        #expect(source.bytesRead == 8)
        #expect(#expect(throws: Refusal.self) { try ByteSource(path: path + ".no") }?.code == "not-found")
        #expect(
            #expect(throws: Refusal.self) { try ByteSource(path: FileManager.default.temporaryDirectory.path) }?.code
                == "not-a-file")
    }

    @Test func `reads a pipe`() throws {
        let path = try temporary("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let text = (0..<20_000).map { "\($0),é\n" }.joined()
        let writer = Thread {
            let handle = FileHandle(forWritingAtPath: path)
            try? handle?.write(contentsOf: Data(text.utf8))
            try? handle?.close()
        }
        writer.start()
        let source = try ByteSource(path: path, pieceBytes: 1000)
        #expect(try all(source) == Array(text.utf8))
    }

    @Test func `refuses a file that grows or is replaced while it is read`() throws {
        let big = Data(String(repeating: "a,b\n", count: 5000).utf8)
        for change in 0..<3 {
            let path = try temporary("users.csv")
            let url = URL(fileURLWithPath: path)
            try big.write(to: url)
            let source = try ByteSource(path: path, pieceBytes: 1000)
            _ = try source.peek(10)
            switch change {
            case 0:
                let handle = try FileHandle(forWritingTo: url)
                try handle.seekToEnd()
                try handle.write(contentsOf: Data("c,d\n".utf8))
                try handle.close()
            case 1:
                try FileManager.default.removeItem(at: url)
                try big.write(to: url)
            default: try FileManager.default.removeItem(at: url)
            }
            #expect(#expect(throws: Refusal.self) { try all(source) }?.code == "changed-while-read", "\(change)")
        }
    }
}
