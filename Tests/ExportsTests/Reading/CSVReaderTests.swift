import Foundation
import Testing

@testable import Exports

@Suite struct `CSV reader` {
    @Test func `reads csv-spectrum as its expected rows say`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture("csv-spectrum/csvs")).sorted()
        #expect(names.count == 11)
        for name in names {
            var bytes = try fixtureBytes("csv-spectrum/csvs/\(name)")
            if name.hasSuffix("_crlf.csv"), !bytes.contains(0x0D) {
                // The fixture's CRs were lost on its way here; its expected rows still have them.
                bytes = bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
            }
            let reading = readCSV(bytes)
            let expected = try JSONSerialization.jsonObject(
                with: Data(fixtureBytes("csv-spectrum/json/\(name.replacing(".csv", with: ".json"))")))
            let rows = try #require(expected as? [[String: String]])
            #expect(reading.refusal == nil && reading.rejected.isEmpty, "\(name)")
            #expect(
                reading.records.map {
                    Dictionary(uniqueKeysWithValues: zip(reading.header, $0.map { $0 ?? "missing" }))
                }
                    == rows, "\(name)")
        }
    }

    @Test func `ends records at LF, CRLF and lone CR, and counts each as a line`() {
        #expect(
            readCSV("a,b\n1,2\r\n3,4\r5,6\n\r\n7,8")
                == FileReading(
                    header: ["a", "b"], records: [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]], lines: [2, 3, 4, 6],
                    offsets: [4, 9, 13, 19]))
    }

    @Test func `keeps line ends inside quotes and counts them as lines`() {
        let reading = readCSV("a,b\n\"1\n\",\"x\r\ny\rz\"\n2,3\n")
        #expect(reading.records == [["1\n", "x\r\ny\rz"], ["2", "3"]])
        #expect(reading.lines == [2, 6])
    }

    @Test func `takes a quote inside an unquoted field for a letter`() {
        let reading = readCSV("a,b\n5\" pipe,x\n1,\"y\"\n\",\",a\"\"b\n q\"r\"s,\"\"\n")
        #expect(reading.records == [["5\" pipe", "x"], ["1", "y"], [",", "a\"\"b"], [" q\"r\"s", ""]])
        #expect(reading.rejected.isEmpty && reading.refusal == nil)
        #expect(reading.lines == [2, 3, 4, 5])
    }

    @Test func `rejects text after a closing quote and goes on with the next record`() {
        let reading = readCSV("a,b\n\"x\"y,1\n2,\"z\" \n3,\"\\\"\"\"\n4,\"a\"b\"\n5,6\n")
        #expect(reading.rejected == ["text-after-quote@2", "text-after-quote@3", "text-after-quote@5"])
        #expect(reading.records == [["3", "\\\""], ["5", "6"]])
    }

    @Test func `refuses a file that ends inside quotes, naming the opening quote`() {
        let reading = readCSV("a,b\n1,2\n\"x\ny\",\"z\n3,4\n")
        #expect(reading.records == [["1", "2"]])
        #expect(reading.refusal == "truncated-in-quotes")
        #expect(reading.refusalPlace == Place(file: "users.csv", line: 4, byteOffset: 14))
    }

    @Test func `refuses a short last record without line end`() {
        let reading = readCSV("a,b,c\n1,2,3\n4,5")
        #expect(reading.records == [["1", "2", "3"]])
        #expect(reading.refusal == "truncated-record")
        #expect(reading.refusalPlace?.line == 3)
        #expect(readCSV("a,b,c\n1,2,3\n4,5,").records == [["1", "2", "3"], ["4", "5", ""]])
        #expect(readCSV("a,b,c\n1,2,3\n4,5,6").records == [["1", "2", "3"], ["4", "5", "6"]])
        #expect(readCSV("a,b,c\n1,2,3\n4,5,6,7").rejected == ["too-many-fields@3"])
    }

    @Test func `rejects ragged records by their line`() throws {
        let reading = readCSV(try fixtureBytes("exports/traps/ragged-rows.csv"))
        #expect(reading.records.count == 1)
        #expect(reading.rejected == ["too-many-fields@3", "too-few-fields@4"])
    }

    @Test func `gives a rejected record's fields and cells all the same`() throws {
        let source = try ByteSource(bytes: Array("a,b,c\n1,\"x \"\"y\"\"\"\n".utf8), name: "users.csv")
        let reader = try CSVReader(source)
        let buffer = RecordBuffer(slots: 3)
        guard case .rejected = try reader.next(into: buffer) else {
            Issue.record("not rejected")
            return
        }
        #expect(buffer.fields.map(\.string) == ["1", "x \"y\"", nil])
        #expect(buffer.fields[2].state == .missing)
        #expect(reader.cells() == ["1", "x \"y\""])
    }

    @Test func `drops columns without a name at the end, and records without content`() throws {
        let reading = readCSV(try fixtureBytes("exports/traps/trailing-commas-and-blank-rows.csv"))
        #expect(reading.header == ["id", "login", "email", "status"])
        #expect(reading.records.map { $0[0] } == ["1", "2"])
        #expect(reading.lines == [2, 5])
        #expect(reading.rejected.isEmpty)
        let surplus = readCSV("a,b,,\n1,2\n3,4,\n5,6,,x\n\"\",\"\",,\n7,8,,,\n")
        #expect(surplus.records == [["1", "2"], ["3", "4"]])
        #expect(surplus.rejected == ["too-many-fields@4", "too-many-fields@6"])
    }

    @Test func `chooses the delimiter that makes most known headers`() {
        let known: Set<String> = ["id", "login", "e-mail"]
        for (text, delimiter) in [
            ("id,login,e-mail\n", ","), ("id;login;e-mail\n", ";"), ("id\tlogin\te-mail\n", "\t"),
            ("id|login|e-mail\n", "|"), ("id;login;\"a,b,c,d\"\n", ";"), ("id\n", ","), ("x,y;z;u\n", ";"),
        ] {
            let source = try? ByteSource(bytes: Array(text.utf8), name: "users.csv")
            let reader = source.flatMap { source in try? CSVReader(source) { $0.count { known.contains($0) } } }
            #expect(reader?.delimiter == delimiter.utf8.first, "\(text)")
        }
    }

    @Test func `passes over one sep= line and one #TYPE line and nothing else`() throws {
        #expect(readCSV(try fixtureBytes("exports/traps/sep-line.csv")).records.first?.first == "1")
        #expect(readCSV(try fixtureBytes("exports/traps/sep-line.csv")).lines == [3])
        let typed = readCSV("#TYPE Selected.User\r\n\"a\",\"b\"\r\n\"1\",\"2\"\r\n")
        #expect(typed.header == ["a", "b"])
        #expect(typed.lines == [3])
        #expect(readCSV("sep=|\n#TYPE x\na|b\n1|2\n").records == [["1", "2"]])
        #expect(readCSV("# comment\na,b\n1,2\n").header == ["# comment"])
        #expect(readCSV("\na,b\n1,2\n").refusal == "no-header")
        #expect(readCSV("sep=;\nsep=,\n").header == ["sep=,"])
    }

    @Test func `reads what GAM writes with an apostrophe as quote`() throws {
        let reading = readCSV(
            try fixtureBytes("exports/google/gam-formatjson-single-quote.csv"), CSVWay(quote: UInt8(ascii: "'")))
        #expect(reading.header == ["primaryEmail", "JSON"])
        #expect(reading.records.count == 4)
        #expect(reading.records.contains { $0[1]?.contains("O'Connor") == true })
        #expect(reading.rejected.isEmpty)
    }

    @Test func `lets the quote be changed after a look at the first record`() throws {
        let source = try ByteSource(bytes: Array("primaryEmail,JSON\na@b,'{\"x\":1,\"y\":2}'\n".utf8), name: "gam.csv")
        let reader = try CSVReader(source)
        #expect(String(decoding: try reader.peek(6), as: UTF8.self) == "a@b,'{")
        reader.useQuote(UInt8(ascii: "'"))
        let buffer = RecordBuffer(slots: 2)
        #expect(try reader.next(into: buffer) == .record)
        #expect(buffer.fields[1].string == "{\"x\":1,\"y\":2}")
    }

    @Test func `fills slots from the columns that were selected`() throws {
        let source = try ByteSource(bytes: Array("a,b,c\n1,\"2\"\"\",\n".utf8), name: "users.csv")
        let reader = try CSVReader(source)
        reader.select([1, nil, 0, 1, 2])
        let buffer = RecordBuffer(slots: 5)
        #expect(try reader.next(into: buffer) == .record)
        #expect(buffer.fields.map(\.string) == ["2\"", nil, "1", "2\"", nil])
        #expect(buffer.fields.map(\.state) == [.value, .missing, .value, .value, .blank])
    }

    @Test func `rejects a record with a NUL`() throws {
        let reading = readCSV(try fixtureBytes("exports/traps/nul-bytes.csv"))
        #expect(reading.records.isEmpty)
        #expect(reading.rejected == ["nul-byte@2:login"])
    }

    @Test func `keeps its limits`() {
        var way = CSVWay()
        way.limits.fieldBytes = 5
        way.limits.recordBytes = 20
        way.limits.columns = 3
        let reading = readCSV("a,b\n12345,x\n123456,y\n\"1234\",\"z\"\n", way)
        #expect(reading.records == [["12345", "x"]])
        #expect(reading.rejected == ["field-too-long@3:a", "field-too-long@4:a"])
        for piece in [1, 7, 1000] {
            way.pieceBytes = piece
            let long = readCSV("a,b\n1,2\n\"" + String(repeating: "x\n", count: 40) + "\",3\n4,5\n", way)
            #expect(long.records == [["1", "2"]])
            #expect(long.refusal == "record-too-long")
            #expect(long.refusalPlace == Place(file: "users.csv", line: 3, byteOffset: 8))
        }
        #expect(readCSV("a,b,c,d\n", way).refusal == "too-many-columns")
        #expect(readCSV("\"a\"x,b\n").refusal == "bad-header")
        #expect(readCSV("a,\"b\n1,2").refusal == "truncated-in-quotes")
        #expect(readCSV("a,b\u{0}\n1,2").refusal == "nul-byte")
    }

    @Test func `reads a header without records`() throws {
        let reading = readCSV(try fixtureBytes("exports/traps/header-only.csv"))
        #expect(reading.header.count == 7 && reading.records.isEmpty && reading.refusal == nil)
        #expect(readCSV("a,b").header == ["a", "b"])
    }

    @Test func `refuses cut and foreign files with their own codes`() throws {
        for (file, code) in [
            ("truncated-mid-row.csv", "truncated-in-quotes"), ("truncated-between-fields.csv", "truncated-record"),
            ("login-error-page.csv", "html"), ("empty.csv", "empty-file"), ("cp1252-semicolon.csv", "not-utf8"),
        ] { #expect(readCSV(try fixtureBytes("exports/traps/\(file)")).refusal == code, "\(file)") }
    }
}
