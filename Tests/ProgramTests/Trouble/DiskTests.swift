import Foundation
import GRDB
import Testing

/// What goes wrong around the program: it says so, ends with the code for it, and the roster is as it was.
@Suite struct `When the disk or a neighbour is in the way` {
    private let folder: ProgramFolder
    private static let roster = "--database popl.sqlite --team acme"

    init() throws {
        folder = try ProgramFolder()
        try folder.write("one.csv", "id,login,email,status\n1,a@example.com,a@example.com,active\n")
        try folder.write(
            "two.csv",
            "id,login,email,status\n1,a@example.com,a@example.com,active\n2,b@example.com,b@example.com,active\n")
        #expect(try folder.run("import one.csv \(Self.roster) --create-team").exit == 0)
    }

    private func database(_ name: String = "popl.sqlite") throws -> Data {
        try Data(contentsOf: folder.url.appending(path: name))
    }

    private func run(_ words: String, wrapper: [String]) throws -> ProgramRun {
        try folder.start(words.split(separator: " ").map(String.init), wrapper: wrapper).end()
    }

    @Test func `a plan that does not fit on the disk is no plan`() throws {
        let before = try database()
        let run = try folder.run("plan two.csv \(Self.roster) --out /dev/full")
        #expect(run.exit == 73)
        #expect(run.err.contains("/dev/full cannot be written: the disk is full"), "\(run.err)")
        #expect(try database() == before)
    }

    @Test(.enabled(if: Disk.canBeMounted)) func `a full disk keeps the plan that was there before`() throws {
        let run = try run(
            "plan two.csv \(Self.roster) --out disk/tonight.plan", wrapper: Disk.full(keeping: "tonight.plan"))
        #expect(run.exit == 73)
        #expect(run.err.contains("disk/tonight.plan cannot be written: the disk is full"), "\(run.err)")
        #expect(try folder.names().filter { $0.contains("tonight") } == ["tonight.plan"])
        #expect(try folder.read("tonight.plan") == "the old one\n")
    }

    @Test(.enabled(if: Disk.canBeMounted)) func `a full disk keeps the roster that was there before`() throws {
        let before = try folder.run("roster \(Self.roster) --format json").out
        let rows = (1...3000).map { "\($0),u\($0)@example.com,u\($0)@example.com,active\n" }
        try folder.write("many.csv", "id,login,email,status\n" + rows.joined())
        let run = try run(
            "import many.csv --database disk/popl.sqlite --team acme --source other --format json",
            wrapper: Disk.full(keeping: "popl.sqlite"))
        #expect(run.exit == 73)
        #expect(run.errorCode == "roster-not-written")
        #expect(run.err.contains("The disk is full: nothing of this change was written"), "\(run.err)")
        #expect(try folder.run("roster \(Self.roster) --format json").out == before)
        #expect(try folder.run("import many.csv \(Self.roster) --source other").exit == 0)
    }

    @Test(.enabled(if: Disk.canBeMounted)) func `a disk that fills up midway keeps what fitted, and says how much`()
        throws
    {
        let rows = (100_001...112_000).map { "\($0),u\($0)@example.com,u\($0)@example.com,active\n" }
        try folder.write("many.csv", "id,login,email,status\n" + rows.joined())
        let run = try run(
            "import many.csv --database disk/popl.sqlite --team acme --source other",
            wrapper: Disk.full(keeping: "popl.sqlite", kibibytes: 6000))
        #expect(run.exit == 73)
        #expect(run.err.contains("The disk is full"), "\(run.err)")
        let history = try folder.run("history \(Self.roster)").out
        let words = try #require(
            run.out.firstMatch(of: /Stopped: (\d+),000 of 12,000 changes were applied, (\d+),000 were not/))
        #expect(try #require(Int(words.1)) > 0 && Int(words.1)! + Int(words.2)! == 12)
        #expect(history.contains("did not finish; \(words.1),000 changes applied"), "\(history)")
        let rest = try folder.run("import many.csv \(Self.roster) --source other")
        #expect(rest.exit == 0)
        #expect(rest.out.contains("all \(words.2),000 changes were applied"), "\(rest.out.suffix(300))")
    }

    @Test func `another program that begins to write midway is exit 75, with the report`() async throws {
        let long = try LongRun()
        let slow = try await long.startAndStop("--format", "json")
        defer { slow.signal(SIGKILL) }
        let before = try long.people()
        let queue = try DatabaseQueue(path: long.folder.path("popl.sqlite"))
        let run = try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            defer { try? database.execute(sql: "ROLLBACK") }
            slow.signal(SIGCONT)
            return try slow.end()
        }
        try queue.close()
        #expect(run.exit == 75)
        #expect(run.errorCode == "roster-busy")
        try long.expectReport(of: run, applied: before)
        #expect(try long.folder.run(LongRun.arguments).exit == 0)
        #expect(try long.people() == LongRun.people)
    }

    @Test func `a plan that is to lie in a folder that is not there names the folder`() throws {
        let run = try folder.run("plan two.csv \(Self.roster) --out nosuch/tonight.plan")
        #expect(run.exit == 73)
        #expect(run.err.contains("nosuch/tonight.plan cannot be written: there is no folder nosuch."), "\(run.err)")
    }

    @Test func `a folder that may not be written is only read`() throws {
        let before = try database()
        let names = try folder.names()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path("popl.sqlite"))
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
        #expect(try run("plan two.csv \(Self.roster) --detailed-exitcode", wrapper: User.ordinary).exit == 2)
        let run = try run("sync two.csv \(Self.roster) --format json", wrapper: User.ordinary)
        #expect(run.exit == 73)
        #expect(run.err.contains("may not be written") || run.err.contains("cannot be made"), "\(run.err)")
        #expect(try folder.names() == names)
        #expect(try database() == before)
    }

    @Test func `a roster that may not be written is only read`() throws {
        let before = try database()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.path("popl.sqlite"))
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
        #expect(try run("plan two.csv \(Self.roster) --detailed-exitcode", wrapper: User.ordinary).exit == 2)
        let run = try run("sync two.csv \(Self.roster)", wrapper: User.ordinary)
        #expect(run.exit == 73)
        #expect(run.err.contains("popl.sqlite may not be written"), "\(run.err)")
        #expect(try database() == before)
    }

    @Test func `another program that writes for too long is exit 75`() throws {
        let queue = try DatabaseQueue(path: folder.path("popl.sqlite"))
        let run = try queue.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            defer { try? database.execute(sql: "ROLLBACK") }
            #expect(try folder.run("plan two.csv \(Self.roster) --detailed-exitcode").exit == 2)
            return try folder.run("import two.csv \(Self.roster) --format json")
        }
        try queue.close()
        #expect(run.exit == 75)
        #expect(run.errorCode == "roster-busy")
        #expect(run.err.contains("Another program is writing to the roster"), "\(run.err)")
        #expect(try folder.run("plan two.csv \(Self.roster) --detailed-exitcode").exit == 2)
        #expect(try folder.run("import two.csv \(Self.roster)").exit == 0)
    }

    @Test(arguments: ["cut off", "empty", "one byte of it changed", "another file"])
    func `a plan file that is damaged is refused`(how: String) throws {
        #expect(try folder.run("plan two.csv \(Self.roster) --out tonight.plan").exit == 0)
        var plan = Data(try folder.read("tonight.plan").utf8)
        switch how {
        case "cut off": plan = plan.prefix(plan.count / 2)
        case "empty": plan = Data()
        case "one byte of it changed":
            let place = try #require(plan.firstRange(of: Data("b@example.com".utf8)))
            plan[place.lowerBound] = UInt8(ascii: "c")
        default: plan = Data(try folder.read("two.csv").utf8)
        }
        try plan.write(to: folder.url.appending(path: "tonight.plan"))
        let before = try database()
        let run = try folder.run("apply tonight.plan --database popl.sqlite")
        #expect(run.exit == 65)
        #expect(run.err.contains("tonight.plan"), "\(run.err)")
        #expect(run.out.isEmpty)
        #expect(try database() == before)
    }
}
