import Foundation
import JSON
import Testing

/// What a run was at is ended, and the rest is not begun: it stops in between two transactions here, so that the one that
/// it begins next is what it is at.
@Suite(.serialized) struct `Asked to stop` {
    private let long: LongRun

    init() throws { long = try LongRun() }

    private func expectTheNextRunDoesTheRest() throws {
        #expect(try long.folder.run(LongRun.arguments).exit == 0)
        #expect(try long.people() == LongRun.people)
        #expect(try long.isIntact())
    }

    @Test func `by SIGTERM, a run says of each change whether it was applied`() async throws {
        let slow = try await long.startAndStop("--format", "json")
        defer { slow.signal(SIGKILL) }
        slow.signal(SIGTERM)
        slow.signal(SIGCONT)
        let run = try slow.end()
        #expect(slow.process.terminationReason == .exit)
        #expect(run.exit == 143, "\(run.err)")

        let report = try JSON.parse(run.out)
        #expect(report["interrupted"]?.boolean == true)
        let outcomes = (report["changes"]?.array ?? []).compactMap { $0["outcome"]?.string }
        let applied = outcomes.filter { $0 == "applied" }.count
        #expect((1..<LongRun.people).contains(applied))
        #expect(outcomes.count == LongRun.people)
        #expect(outcomes.filter { $0 == "skipped" }.count == LongRun.people - applied)
        #expect(try long.people() == applied)
        try expectTheNextRunDoesTheRest()
    }

    @Test func `by Ctrl-C, a run says how far it came and what to do`() async throws {
        let slow = try await long.startAndStop()
        defer { slow.signal(SIGKILL) }
        slow.signal(SIGINT)
        slow.signal(SIGCONT)
        let run = try slow.end()
        #expect(slow.process.terminationReason == .exit)
        #expect(run.exit == 130, "\(run.err)")
        let thousands = try long.people() / 1000
        let left = LongRun.people / 1000 - thousands
        let words =
            "Stopped: \(thousands),000 of \(LongRun.people / 1000),000 changes were applied, \(left),000 were not"
        #expect(run.out.contains(words), "\(run.out.suffix(500))")
        try expectTheNextRunDoesTheRest()
    }

    @Test func `a second time, a run ends at once`() async throws {
        let slow = try await long.startAndStop()
        defer { slow.signal(SIGKILL) }
        slow.signal(SIGINT)
        slow.signal(SIGCONT)
        while try slow.catches(SIGINT) { usleep(500) }
        slow.signal(SIGINT)
        _ = try slow.end()
        #expect(slow.process.terminationReason == .uncaughtSignal)
        #expect(slow.process.terminationStatus == SIGINT)
        try expectTheNextRunDoesTheRest()
    }
}

extension RunningProgram {
    /// Whether it has a handler of its own for that signal (proc_pid_status(5), SigCgt).
    fileprivate func catches(_ signal: Int32) throws -> Bool {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") })
        let mask = try #require(UInt64(line.dropFirst("SigCgt:".count).filter { !$0.isWhitespace }, radix: 16))
        return mask >> (UInt64(signal) - 1) & 1 == 1
    }
}
