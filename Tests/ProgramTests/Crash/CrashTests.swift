import Foundation
import TestSupport
import Testing

/// Crash-only (product.md, rule 8): killed anywhere and run again, a command has done all of its work, once.
@Suite struct `Killed and run again` {
    struct Work: Sendable, CustomStringConvertible {
        let description: String
        var arguments: [String]
        /// From an empty folder; else from the roster that the import made.
        var isFirst = false
        var isMigration = false
        /// From the roster after the sync, which is taken back; its id is the first argument after the command's name.
        var isUndo = false
    }

    static let works = [
        Work(description: "import", arguments: CrashLab.importing, isFirst: true),
        Work(description: "sync", arguments: CrashLab.syncing),
        Work(description: "apply", arguments: CrashLab.applying),
        Work(description: "retention", arguments: CrashLab.pruning),
        Work(description: "undo", arguments: CrashLab.undoing, isUndo: true),
        Work(description: "migration", arguments: CrashLab.syncing, isMigration: true),
    ]

    /// The work, everything ready for it in a lab, and what comes of it when nothing kills it.
    private func prepare(_ work: Work) throws -> (work: Work, lab: CrashLab, unbroken: Aftermath) {
        var work = work
        let lab = try CrashLab()
        if !work.isFirst {
            #expect(try lab.run(CrashLab.importing).exit == 0)
            #expect(try lab.run(CrashLab.planning).exit == 0)
            if work.isMigration { try lab.takeBackToVersion1() }
            if work.isUndo {
                #expect(try lab.run(CrashLab.syncing).exit == 0)
                work.arguments.insert(try lab.syncedRun(), at: 1)
            }
            try lab.keep(as: "start.sqlite")
        }
        let whole = try lab.run(work.arguments)
        #expect(whole.exit == 0, "\(work): \(whole.out)\(whole.err)")
        let unbroken = try Aftermath(lab.path("roster.sqlite"))
        #expect(unbroken.isIntact && unbroken.members.count == (work.isFirst ? 6 : 8))
        return (work, lab, unbroken)
    }

    private func reset(_ lab: CrashLab, _ work: Work) throws {
        if work.isFirst { try lab.remove() } else { try lab.restore("start.sqlite") }
    }

    private func expectConvergence(_ lab: CrashLab, _ work: Work, _ unbroken: Aftermath, _ how: String) throws {
        let again = try lab.run(work.arguments)
        #expect(again.exit == 0, "\(work), killed at \(how): \(again.out)\(again.err)")
        let aftermath = try Aftermath(lab.path("roster.sqlite"))
        #expect(aftermath == unbroken, "\(work), killed at \(how)")
    }

    /// Every write, every commit, and the moment after each, until there is none of that number.
    @Test(arguments: works, ["write", "commit", "after-commit"])
    func `at each step in turn`(work: Work, step: String) throws {
        let (work, lab, unbroken) = try prepare(work)
        var number = 1
        while true {
            try reset(lab, work)
            let run = try lab.run(work.arguments, fault: "\(step):\(number)")
            guard run.wasKilled else {
                #expect(run.exit == 0)
                break
            }
            try expectConvergence(lab, work, unbroken, "\(step):\(number)")
            number += 1
        }
        print("\(work): killed at \(number - 1) steps of kind \(step)")
        #expect(number > 4, "the fault points are not reached")
    }

    @Test(arguments: works) func `at random moments from outside`(work: Work) throws {
        let (work, lab, unbroken) = try prepare(work)
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(work): seed \(seed)")
        var random = SeededRandom(seed: seed)
        try reset(lab, work)
        let length = try ContinuousClock().measure { _ = try lab.run(work.arguments) }
        for _ in 1...10 {
            try reset(lab, work)
            let moment = length * Double.random(in: 0.1...1.0, using: &random)
            _ = try lab.run(work.arguments, killAfter: moment)
            try expectConvergence(lab, work, unbroken, "\(moment), seed \(seed)")
        }
    }
}
