import Exports
import Foundation
import JSON
import Reconciliation
import SCIM
import Testing

@Suite struct `A run` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private let csv = "id,login,title,status\n1,ann@acme.test,CEO,active\n2,bob@acme.test,Dev,active\n"

    @Test func `is kept with its plan, its verdict and what was accepted`() throws {
        lab.policy.limits.exportAgeHours = 0
        let plan = try lab.plan(csv, hoursOld: 2)
        let report = try lab.apply(plan, accepting: ["export-age=2"])
        let run = try #require(try lab.runs().first)
        #expect(run.id == report.run)
        #expect(run.command == "sync")
        #expect(run.planDigest == plan.digest)
        #expect(run.verdict == "held")
        #expect(run.accepted == ["export-age=2"])
        #expect(run.finished != nil)
        let kept = try #require(run.report)
        let head = try #require(RunHead(kept))
        #expect(head.outcomes?.applied == 2)
        #expect(head.changes == 2)
        #expect(!head.isInterrupted)
        #expect(head.by == "ops@lab")
        #expect(head.held == ["export-age=2"])
        #expect(run.exportDigests == plan.inputs.compactMap(\.sha256))
        #expect(run.exportDigests.first?.count == 64)
    }

    @Test func `is kept with no changes too`() throws {
        try lab.night(csv)
        try lab.night(csv)
        #expect(try lab.runs().map(\.verdict) == ["in-sync", "clear"])
    }

    @Test func `is kept when it was held, and changed nothing`() throws {
        let plan = try lab.plan(csv, hoursOld: 100)
        let run = try lab.runner.recordHeld(plan, team: lab.team, command: "sync")
        #expect(try lab.runs().map(\.id) == [run])
        #expect(try lab.runs().first?.verdict == "held")
        #expect(try lab.members().isEmpty)
        #expect(try lab.store.read { try $0.source(named: "okta", team: lab.team.id)?.lastApplied } == nil)
    }

    @Test func `journals each change once, with what was there before`() throws {
        let first = try lab.night(csv)
        #expect(try lab.journal(of: first.run).map(\.operation) == [.create, .create])
        let second = try lab.night("id,login,title,status\n1,ann@acme.test,Chair,active\n3,cal@acme.test,,active\n")
        let entries = try lab.journal(of: second.run)
        #expect(entries.map(\.operation) == [.update, .create, .update])
        #expect(entries.allSatisfy { $0.actor == "sync" })
        let bytes = try #require(entries[0].before)
        let before = try #require(AttributesJSON.decode(bytes))
        #expect(before["title"]?.string == "CEO")
        let bob = try lab.id("bob@acme.test")
        #expect(entries[2].id == bob)
        #expect(
            try lab.journal(
                of: try lab.night(
                    csv.replacing("2,bob@acme.test,Dev,active\n", with: "3,cal@acme.test,,active\n").replacing(
                        "CEO", with: "Chair")
                ).run
            ).isEmpty)
    }

    @Test func `does no more than its plan shows`() throws {
        try lab.night(csv)
        let plan = try lab.plan(
            "id,login,title,status\n1,ann@acme.test,Chair,active\n2,bob@acme.test,Dev,active\n3,cal@acme.test,Ops,active\n"
        )
        let run = try lab.apply(plan).run
        #expect(try lab.journal(of: run).count == plan.changes.count)
    }

    @Test func `leaves everything as it was when it is only planned`() throws {
        try lab.night(csv)
        lab.store.close()
        let files = try FileManager.default.contentsOfDirectory(at: lab.directory, includingPropertiesForKeys: nil)
        let before = try Dictionary(
            uniqueKeysWithValues: files.map { ($0.lastPathComponent, try Data(contentsOf: $0)) })
        let other = try Lab(reading: lab)
        let plan = try other.plan(files: [InputFile(lab.directory.appending(path: "night-1.csv").path, role: .users)])
        #expect(plan.inputs.count == 1)
        other.store.close()
        let after = try FileManager.default.contentsOfDirectory(at: lab.directory, includingPropertiesForKeys: nil)
        #expect(Set(after.map(\.lastPathComponent)) == Set(before.keys))
        for file in after { #expect(try Data(contentsOf: file) == before[file.lastPathComponent]) }
    }

    @Test func `takes joiners in the order of their names, byte by byte`() throws {
        let names = ["pat", "patricia.a", "patricia.ab", "patricia.b", "patricia", "Zoe", "ä", "a", "patrici"]
        let csv = names.indices.map { "\($0),\(names[$0])@acme.test,T,active\n" }.joined()
        let planned = try lab.plan("id,login,title,status\n" + csv).changes.map(\.name)
        #expect(
            planned
                == names.map { $0 + "@acme.test" }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test func `stopped between any two batches converges when it is run again`() throws {
        let people = lab.service.batchSize + 500
        let many = "id,login,title,status\n" + (1...people).map { "\($0),p\($0)@acme.test,T,active\n" }.joined()
        for stop in 0...2 {
            try lab.move(toNewTeam: "stopped-\(stop)")
            let approved = try lab.plan(many).approve(accepting: [])
            var asked = 0
            let report = try lab.runner.apply(
                approved, team: lab.team, command: "sync",
                shouldStop: {
                    asked += 1
                    return asked > stop
                })
            #expect(report.isInterrupted == (stop < 2))
            #expect(report.applied == min(stop * lab.service.batchSize, people))
            #expect(report.outcomes.count { $0 == .skipped } == people - report.applied)
            #expect(try lab.members().count == report.applied)
            let next = try lab.plan(many)
            #expect(next.counts[.create, default: 0] == people - report.applied)
            #expect(try lab.apply(next).isComplete)
            #expect(try lab.members().count == people)
            #expect(try lab.plan(many).isSilent)
            #expect(try lab.journal().count == people)
        }
    }

    @Test func `that was stopped is no measure for the next one`() throws {
        let approved = try lab.plan(csv).approve(accepting: [])
        let report = try lab.runner.apply(approved, team: lab.team, command: "sync", shouldStop: { true })
        #expect(report.isInterrupted)
        #expect(try lab.store.read { try $0.source(named: "okta", team: lab.team.id)?.lastApplied } == nil)
    }

    @Test func `gives names up in one transaction, and takes nobody away before the joiners came`() throws {
        try lab.night("id,login,status\n1,a@acme.test,active\n2,b@acme.test,active\n3,c@acme.test,active\n")
        let plan = try lab.plan("id,login,status\n1,b@acme.test,active\n2,a@acme.test,active\n4,d@acme.test,active\n")
        #expect(plan.changes.map(\.kind) == [.update, .update, .create, .deactivate])
        #expect(plan.changes.map(\.together) == [1, 1, nil, nil])
        // Stopped after each batch in turn, nobody ever lacks a name or has another's.
        for stop in 1...3 {
            var asked = 0
            _ = try lab.runner.apply(
                plan.approve(accepting: []), team: lab.team, command: "apply",
                shouldStop: {
                    asked += 1
                    return asked > stop
                })
            let names = try lab.members().map(\.userName)
            #expect(Set(names).count == names.count)
        }
        expectNoDifference(try lab.roster(), ["- 3 c@acme.test", "1 b@acme.test", "2 a@acme.test", "4 d@acme.test"])
    }
}
