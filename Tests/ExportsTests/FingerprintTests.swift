import Foundation
import SCIM
import TestSupport
import Testing

@testable import Exports

@Suite struct `Fingerprints` {
    private let header = ["id", "login", "firstName", "lastName", "email", "title", "department", "status"]

    private func rows(_ seed: UInt64) -> [[String]] {
        var random = SeededRandom(seed: seed)
        let names = ["Ada", "Björn", "Thị Hương", "D'Arcy", "İpek", "Zoë", "李雷", "Jean-Luc \"JL\"", "e\u{301}lan"]
        return (0..<40).map { index in
            [
                "id\(index)", "user\(index)@example.com", names[Int(random.next() % 9)], names[Int(random.next() % 9)],
                index % 5 == 0 ? "" : "User\(index)@Example.com",
                ["", "Boss, Big", "R&D; Lead"][Int(random.next() % 3)],
                ["Sales", "IT", ""][Int(random.next() % 3)], ["ACTIVE", "SUSPENDED", "STAGED"][Int(random.next() % 3)],
            ]
        }
    }

    private func csv(_ header: [String], _ rows: [[String]]) -> String {
        ([header] + rows).map { row in
            row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",")
        }.joined(separator: "\n") + "\n"
    }

    private func prints(_ text: String) throws -> [String: Digest128] {
        let reading = try Reading(csv: text)
        #expect(reading.rejected.isEmpty)
        return Dictionary(uniqueKeysWithValues: reading.records.map { ($0.anchor ?? "", $0.fingerprint) })
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `do not depend on the order of rows or columns, nor on unknown columns`(seed: UInt64) throws {
        let rows = rows(seed)
        let plain = try prints(csv(header, rows))
        #expect(plain.count == 40)
        var random = SeededRandom(seed: seed &+ 99)
        #expect(try prints(csv(header, rows.shuffled(using: &random))) == plain)
        let order = header.indices.shuffled(using: &random)
        #expect(try prints(csv(order.map { header[$0] }, rows.map { row in order.map { row[$0] } })) == plain)
        #expect(try prints(csv(header + ["Favourite colour"], rows.map { $0 + ["red"] })) == plain)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `are the same when the export is read again`(seed: UInt64) throws {
        let text = csv(header, rows(seed))
        let (once, again) = (try prints(text), try prints(text))
        #expect(once == again)
        let directory = try Directory()
        let inputs = try Inputs.open([InputFile(try directory.write(text))], options: ReadingOptions(asOf: asOf))
        let export = try #require(inputs.users)
        var twice: [[Digest128]] = []
        for _ in 0..<2 {
            var digests: [Digest128] = []
            let summaries = try export.read(
                keeping: { [$0.anchorDigest, $0.fingerprint] }, { digests += $0 }, rejected: { _ in })
            #expect(summaries[0].records == 40)
            twice.append(digests)
        }
        #expect(twice[0] == twice[1])
        #expect(twice[0].count == 80)
    }

    @Test func `do not change with letter case or normal form of names and addresses`() throws {
        let plain = ["1", "thị@example.com", "Thị Hương", "Ångström", "thị@example.com", "Boss", "IT", "ACTIVE"]
        let before = try prints(csv(header, [plain]))["1"]
        var flipped = plain
        for index in [1, 2, 3, 4] { flipped[index] = plain[index].decomposedStringWithCanonicalMapping.uppercased() }
        #expect(try prints(csv(header, [flipped]))["1"] == before)
        var decomposed = plain
        decomposed[5] = "Boss"
        decomposed[6] = "IT "
        decomposed[2] = "Thị  Hương"
        #expect(try prints(csv(header, [decomposed]))["1"] == before)
    }

    @Test(arguments: 1..<8)
    func `change with every value`(column: Int) throws {
        let plain = ["1", "a@example.com", "Ada", "Lovelace", "ada@example.com", "Boss", "IT", "ACTIVE"]
        let other = ["1", "b@example.com", "Eda", "Byron", "eda@example.com", "boss", "It", "SUSPENDED"]
        var changed = plain
        changed[column] = other[column]
        #expect(try prints(csv(header, [changed]))["1"] != prints(csv(header, [plain]))["1"])
        if column > 4, column < 7 {
            changed[column] = ""
            #expect(try prints(csv(header, [changed]))["1"] != prints(csv(header, [plain]))["1"])
        }
    }

    @Test func `do not run together across values`() throws {
        let one = ["1", "a@example.com", "AB", "C", "a@example.com", "", "", "ACTIVE"]
        var two = one
        (two[2], two[3]) = ("A", "BC")
        #expect(try prints(csv(header, [one]))["1"] != prints(csv(header, [two]))["1"])
    }

    @Test func `of the mapping change with what is configured, not with the columns of the day`() throws {
        func fingerprint(_ csv: String, _ change: (inout MappingConfiguration) -> Void = { _ in }) throws -> String {
            var mapping = MappingConfiguration()
            change(&mapping)
            let fingerprint = try #require(try Reading(csv: csv, mapping).export).fingerprint
            #expect(fingerprint.count == 64)
            return fingerprint
        }
        let plain = "id,login,title,department\n1,a@example.com,x,y\n"
        let base = try fingerprint(plain)
        #expect(try fingerprint("id,login,title,department,city\n1,a@example.com,x,y,z\n") == base)
        #expect(try fingerprint("id,login,title\n1,a@example.com,x\n") == base)
        #expect(try fingerprint(plain) { $0.entries = [.init("title", from: "department")] } != base)
        #expect(try fingerprint(plain) { $0.entries = [.init("title", clears: true)] } != base)
        #expect(try fingerprint(plain) { $0.scope.include = [.init(column: located("department"), in: ["y"])] } != base)
        #expect(try fingerprint(plain) { $0.preset = .minimal } != base)
        #expect(try fingerprint(plain) { $0.statusWords = [.init(located("gone"), means: .inactive)] } != base)
        #expect(try fingerprint("login,title,department\na@example.com,x,y\n") != base)
    }
}
