import Foundation
import JSON
import Testing

@Suite(.serialized) struct `The lock of a team` {
    private let long: LongRun
    private var folder: ProgramFolder { long.folder }
    private static let lock = "popl.sqlite.team-1.lock"

    init() throws { long = try LongRun() }

    @Test func `stays with a run that is alive, however slow, and with nobody once it is dead`() async throws {
        let slow = try await long.startAndStop()
        defer { slow.signal(SIGKILL) }
        let before = try long.people()

        let second = try long.runAnother()
        #expect(second.exit == 75)
        #expect(second.errorCode == "another-run")
        let words = "Another run holds the lock of team acme (import, process \(slow.process.processIdentifier) on "
        #expect(second.err.contains(words), "\(second.err)")
        #expect(second.err.contains(/, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\)\. Nothing was changed\./))
        #expect(try long.people() == before)
        // By another name it is the same roster.
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.sqlite"), withDestinationPath: "popl.sqlite")
        #expect(try long.runAnother(database: "link.sqlite").errorCode == "another-run")
        // Who only looks does not wait.
        #expect(try folder.run("plan one.csv --database popl.sqlite --team acme --source other").exit == 0)
        #expect(try folder.run("why u1@example.com people.csv --database popl.sqlite --team acme").exit == 0)

        slow.signal(SIGKILL)
        #expect(try slow.end().exit == SIGKILL)
        #expect(folder.exists(Self.lock))
        #expect(try long.runAnother().exit == 0)
        #expect(try long.people() == before + 1)
        #expect(try folder.run(LongRun.arguments).exit == 0)
        #expect(try long.people() == LongRun.people + 1)
        #expect(try long.isIntact())
    }

    @Test func `is each database's own, copies too, and each team's own`() async throws {
        try FileManager.default.copyItem(atPath: folder.path("popl.sqlite"), toPath: folder.path("copy.sqlite"))
        let slow = try await long.startAndStop()
        defer { slow.signal(SIGKILL) }
        #expect(try long.runAnother(database: "copy.sqlite").exit == 0)
        #expect(try long.people("copy.sqlite") == 1)
        #expect(try folder.run("import one.csv --database popl.sqlite --team globex --create-team").exit == 0)
        slow.signal(SIGCONT)
        #expect(try slow.end().exit == 0)
        #expect(try long.people() == LongRun.people)
        #expect(
            try folder.names().filter { $0.hasSuffix(".lock") }.sorted() == [
                "copy.sqlite.team-1.lock", Self.lock, "popl.sqlite.team-2.lock",
            ])
    }

    @Test(.enabled(if: geteuid() == 0, "Only root can give files away."))
    func `belongs to whom the database belongs to, also when root makes it`() throws {
        #expect(chown(folder.path("popl.sqlite"), 65_534, 65_534) == 0)
        #expect(try long.runAnother().exit == 0)
        var lock = stat()
        #expect(stat(folder.path(Self.lock), &lock) == 0)
        #expect(lock.st_uid == 65_534 && lock.st_gid == 65_534)
    }

    @Test func `is held by whoever locks its file`() throws {
        try folder.write(Self.lock, "maintenance by Ada\n")
        let descriptor = open(folder.path(Self.lock), O_RDWR | O_CLOEXEC)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let run = try long.runAnother()
        #expect(run.exit == 75)
        #expect(run.err.contains("(maintenance by Ada)"), "\(run.err)")
        close(descriptor)
        #expect(try long.runAnother().exit == 0)
    }

    @Test(arguments: ["removed", "replaced", "taken by another run"])
    func `stops its run when it is lost`(how: String) async throws {
        let slow = try await long.startAndStop("--format", "json")
        defer { slow.signal(SIGKILL) }
        try FileManager.default.removeItem(atPath: folder.path(Self.lock))
        switch how {
        case "replaced": try folder.write(Self.lock, "import, process 1\n")
        case "taken by another run": #expect(try long.runAnother().exit == 0)
        default: break
        }
        let before = try long.people()
        slow.signal(SIGCONT)
        let run = try slow.end()
        #expect(run.exit == 75)
        #expect(run.errorCode == "lock-lost")
        #expect(run.err.contains("was removed or replaced"), "\(run.err)")
        #expect(try long.people() == before)
        try long.expectReport(of: run, applied: before - (how == "taken by another run" ? 1 : 0))
        #expect(try folder.run(LongRun.arguments).exit == 0)
        #expect(try long.people() == LongRun.people + (how == "taken by another run" ? 1 : 0))
        #expect(try long.isIntact())
    }
}
