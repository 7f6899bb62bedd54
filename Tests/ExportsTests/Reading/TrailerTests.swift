import Testing

@testable import Exports

@Suite struct `A trailer row` {
    struct Result: Equatable {
        var records: [String] = []
        var rejected: [String] = []
        var finding: TrailerFinding?
        var refusal: String?
    }

    private func read(_ text: String, word: String = "TRAILER", piece: Int = 1 << 20) -> Result {
        var result = Result()
        do throws(Refusal) {
            let source = try ByteSource(bytes: Array(text.utf8), name: "users.csv", pieceBytes: piece)
            let reader = try CSVReader(source)
            reader.expect(CSVTrailer(word))
            let buffer = RecordBuffer(slots: reader.header.count)
            reading: while true {
                switch try reader.next(into: buffer) {
                case .end: break reading
                case .record: result.records.append("\(buffer.fields[0].string ?? "")@\(buffer.line)")
                case .rejected(let code, _, _): result.rejected.append("\(code)@\(buffer.line)")
                }
            }
            result.finding = reader.trailer
        } catch {
            result.refusal = error.code
        }
        return result
    }

    @Test(arguments: [
        "TRAILER,2\n", "TRAILER,2", "trailer,2,\r\n", "\"TRAILER\",\"2\"\n\n,,\n", "TRAILER;rows 2\n", "Trailer: 2\n",
        "TRAILER (2 records),,\n", "TRAILER,2026-11-23,2\n", "TRAILER,,2",
    ])
    func `at the end is no record, and says how many there are`(trailer: String) {
        for piece in [1, 2, 3, 7, 1 << 20] {
            let result = read("id,login,name\n1,a,\"A\nA\"\n2,b,B\n" + trailer, piece: piece)
            #expect(result == Result(records: ["1@2", "2@4"], finding: .count(2)), "in pieces of \(piece)")
        }
    }

    @Test(arguments: [
        ("1,a,A\n2,b,B\n", Result(records: ["1@2", "2@3"], finding: .missing)),
        ("", Result(finding: .missing)),
        ("1,a,A\nTRAILER,many\n", Result(records: ["1@2"], finding: .withoutNumber)),
        ("1,a,A\nTRAILERS,1,B\n", Result(records: ["1@2", "TRAILERS@3"], finding: .missing)),
        ("1,a,A\nTRAILER2,1,B\n", Result(records: ["1@2", "TRAILER2@3"], finding: .missing)),
        ("1,a,A\n2,b", Result(records: ["1@2"], refusal: "truncated-record")),
        ("1,a,A\n2,b,\"TRAILER,2\n", Result(records: ["1@2"], refusal: "truncated-in-quotes")),
        (
            "1,a,A\nTRAILER,1,\n2,b,B\nTRAILER,1\n",
            Result(records: ["1@2", "2@4"], rejected: ["trailer-before-the-end@3"], finding: .count(1))
        ),
    ])
    func `that is absent, without number, cut off or in the midst is found out`(rows: String, expected: Result) {
        for piece in [1, 5, 1 << 20] { #expect(read("id,login,name\n" + rows, piece: piece) == expected) }
    }

    @Test func `is the last of many records, whatever the pieces`() {
        let rows = (1...3000).map { "\($0),u\($0),\"N\($0)\"\n" }.joined()
        for piece in [97, 4096, 1 << 20] {
            let result = read("id,login,name\n\(rows)TRAILER,3000\n", piece: piece)
            #expect(result.records.count == 3000 && result.rejected.isEmpty && result.finding == .count(3000))
        }
    }

    @Test func `of one file proves nothing of another`() throws {
        let directory = try Directory()
        let head = "id,login,status\n"
        let first = try directory.write(head + "1,a@x.example,active\nTRAILER,1\n", to: "a.csv")
        let second = try directory.write(head + "2,b@x.example,active\n", to: "b.csv")
        _ = try directory.write(#"{"records":1}"#, to: "a.csv.manifest.json")
        var options = ReadingOptions(asOf: asOf)
        options.trailer = Located("TRAILER", at: Place(file: "x.yaml"))
        #expect(try Reading(first, options: options).summaries[0].isCounted)
        let both = try Reading([first, second], options: options)
        #expect(both.summaries.map(\.grade) == [.partial, .partial])
        #expect(both.summaries[0].gradeReasons[0].contains("b.csv has no trailer row"))
        options.trailer = nil
        #expect(try Reading([first, second], options: options).summaries.allSatisfy { !$0.isCounted })
    }
}
