import Exports
import Foundation
import Reconciliation
import SCIM
import Testing

@Suite struct `The history` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private let csv = "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,active\n"
    private var history: RunHistory { RunHistory(store: lab.store, team: lab.team) }

    private func same(_ a: RunReport, _ b: RunReport) throws -> Bool {
        func bytes(_ report: RunReport) throws -> [UInt8] {
            var bytes: [UInt8] = []
            try RunDocument.encode(report) { bytes += $0 }
            return bytes
        }
        return try bytes(a) == bytes(b)
    }

    @Test func `shows a run as it was reported`() throws {
        try lab.night(csv)
        let plan = try lab.plan(
            "id,login,title,status\n1,ann@acme.test,Chair,active\n2,bob@acme.test,Ops,active\nx,no body,,active\n")
        try lab.set("nickName", .string("B"), of: "bob@acme.test")
        let report = try lab.apply(plan)
        let entry = try #require(try history.entry(report.run))
        #expect(entry.head?.outcomes == OutcomeCounts(report.outcomes))
        #expect(try same(history.report(of: entry), report))
    }

    @Test func `lists runs newest first, held ones too`() throws {
        let first = try lab.night(csv).run
        let held = try lab.runner.recordHeld(try lab.plan(csv, hoursOld: 100), team: lab.team, command: "sync")
        let entries = try history.entries()
        #expect(entries.map(\.record.id) == [held, first])
        #expect(entries.first?.head?.held.first == "export-age=100")
        let report = try history.report(of: entries[0])
        #expect(report.outcomes.allSatisfy { $0 == .skipped })
    }

    @Test func `leaves a long run's changes to the journal, and shows them all the same`() throws {
        let many = "id,login,title,status\n" + (1...5000).map { "\($0),p\($0)@acme.test,T,active\n" }.joined()
        let report = try lab.apply(try lab.plan(many))
        let record = try #require(try lab.runs().first)
        #expect((record.report?.count ?? 0) < 20_000)
        let entry = try #require(try history.entry(report.run))
        let shown = try history.report(of: entry)
        #expect(shown.plan.changes.map(\.name).sorted() == report.plan.changes.map(\.name).sorted())
        #expect(shown.outcomes.allSatisfy { $0 == .applied })
        #expect(shown.plan.changes[0].attributes.contains { $0.path == "title" && $0.new == "T" })
        #expect(shown.plan.inputs == report.plan.inputs)
    }

    @Test func `has a run that was killed, with what it applied`() throws {
        let run = try lab.apply(try lab.plan(csv)).run
        // A killed run is one that never said how it ended.
        try lab.store.write { store in
            var record = try #require(try store.run(run, team: lab.team.id))
            record.finished = nil
            record.report = record.report.map { Array($0.prefix { $0 != 0x0A }) }
            try store.save(record, team: lab.team.id)
        }
        let entry = try #require(try history.entry(run))
        #expect(entry.didNotFinish)
        #expect(entry.journaled == 2)
        let report = try history.report(of: entry)
        #expect(report.plan.changes.map(\.kind) == [.create, .create])
        #expect(report.isInterrupted)
    }
}
