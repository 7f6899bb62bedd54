import SCIM

extension StorageContract {
    static let journal = [
        Promise("The journal is in order, each run's by itself, and its chain is intact") { store in
            let (team, other) = (try store.makeTeam(), try store.makeTeam("globex"))
            try store.write { writing in
                for number in 1...3 {
                    try writing.append(Make.entry(number, run: number == 2 ? "r2" : "r1"), team: team)
                    try writing.append(Make.entry(number + 10), team: other)
                }
            }
            try store.write { try $0.append(Make.entry(4, run: nil), team: team) }
            try store.read { reading in
                var all: [JournalEntry] = []
                try reading.journal(team: team, run: nil) { all.append($0) }
                try expect(all.map(\.id), [1, 2, 3, 4].map(Make.id))
                try expect(all.map(\.position), all.map(\.position).sorted())
                var first: [ResourceID] = []
                try reading.journal(team: team, run: RunID(rawValue: "r1")) { first.append($0.id) }
                try expect(first, [1, 3].map(Make.id))
                let head = try reading.journalHead(team: team)
                try expect(head.entries, 4)
                try expect(head.position, all[3].position)
                try expect(try reading.verifyJournal(team: team), .intact(head))
                try expect(try reading.journalDigest(at: head.position, team: team), head.digest)
                try expect(Set(try all.map { try reading.journalDigest(at: $0.position, team: team) }).count, 4)
                try expect(try reading.verifyJournal(team: other), .intact(try reading.journalHead(team: other)))
            }
        },
        Promise("What was done to one resource comes newest first, back to its making, and not another team's") {
            store in
            let (team, other) = (try store.makeTeam(), try store.makeTeam("globex"))
            func append(_ operation: JournalEntry.Operation, _ number: Int, version: Int64, _ team: TeamID) throws {
                var entry = Make.entry(number, operation, run: version == 2 ? "r2" : nil, hour: version)
                entry.version = version
                try store.write { [entry] in try $0.append(entry, team: team) }
            }
            try append(.create, 1, version: 1, team)
            try append(.create, 2, version: 1, team)
            try append(.update, 1, version: 2, team)
            try append(.update, 2, version: 2, team)
            try append(.update, 1, version: 9, other)
            try append(.update, 1, version: 3, team)
            try append(.update, 1, version: 4, team)
            try store.read { reading in
                let all = try reading.journal(of: Make.id(1), limit: 9, team: team)
                try expect(all.map(\.version), [4, 3, 2, 1])
                try expect(all.map(\.run), [nil, nil, RunID(rawValue: "r2"), nil])
                try expect(all.map(\.operation), [.update, .update, .update, .create])
                try expect(try reading.journal(of: Make.id(1), limit: 2, team: team).map(\.version), [4, 3])
                try expect(try reading.journal(of: Make.id(1), limit: 0, team: team), [])
                try expect(try reading.journal(of: Make.id(3), limit: 9, team: team), [])
            }
        },
        Promise("What is pruned is the oldest, and the chain can be verified from there on") { store in
            let team = try store.makeTeam()
            try store.write { writing in
                try writing.save(Make.run("r1", source: nil, hour: 1), team: team)
                try writing.save(Make.run("r2", source: nil, hour: 3), team: team)
                for (hour, run) in [(1, "r1"), (2, "r1"), (3, "r2"), (2, "r2"), (4, "r2")] {
                    try writing.append(Make.entry(hour, run: run, hour: Int64(hour)), team: team)
                }
            }
            let head = try store.read { try $0.journalHead(team: team) }
            try expect(try store.write { try $0.pruneJournal(before: Make.at(3), limit: 9, team: team) }, 2)
            try expect(try store.write { try $0.pruneRuns(before: Make.at(3), limit: 9, team: team) }, 1)
            try store.read { reading in
                var left: [ResourceID] = []
                try reading.journal(team: team, run: nil) { left.append($0.id) }
                try expect(left, [3, 2, 4].map(Make.id))
                let now = try reading.journalHead(team: team)
                try expect(now, JournalHead(entries: 3, position: head.position, digest: head.digest))
                try expect(try reading.verifyJournal(team: team), .intact(now))
                try expect(try reading.journalDigest(at: head.position - 3, team: team) != nil)
                try expect(try reading.journalDigest(at: head.position - 4, team: team), nil)
                try expect(try reading.runs(team: team, limit: 9).map(\.id.rawValue), ["r2"])
            }
            // Within a stretch, then all of it; and the chain goes on.
            try expect(try store.write { try $0.pruneJournal(before: Make.at(4), limit: 9, team: team) }, 2)
            try expect(try store.write { try $0.pruneJournal(before: Make.at(9), limit: 9, team: team) }, 1)
            try store.write { try $0.append(Make.entry(6), team: team) }
            try store.read { reading in
                let now = try reading.journalHead(team: team)
                try expect(now.entries, 1)
                try expect(now.position, head.position + 1)
                try expect(try reading.verifyJournal(team: team), .intact(now))
            }
        },
        Promise("Pruning stops at its limit and goes on from there; runs know what they lost, and go when all is gone")
        {
            store in
            let team = try store.makeTeam()
            try store.write { writing in
                for (run, hour) in [("r1", 1), ("r2", 2), ("r3", 3), ("r4", 9)] {
                    try writing.save(Make.run(run, source: nil, hour: Int64(hour)), team: team)
                }
                for number in 1...3 { try writing.append(Make.entry(number, run: "r1", hour: 1), team: team) }
                for number in 4...5 { try writing.append(Make.entry(number, run: "r2", hour: 2), team: team) }
            }
            func prune(_ limit: Int) throws -> Int {
                try store.write { try $0.pruneJournal(before: Make.at(9), limit: limit, team: team) }
            }
            func pruned() throws -> [String: Int] {
                try store.read { store in
                    Dictionary(
                        uniqueKeysWithValues: try store.runs(team: team, limit: 9).map {
                            ($0.id.rawValue, $0.prunedEntries)
                        })
                }
            }
            func verify() throws {
                try store.read { store in
                    try expect(try store.verifyJournal(team: team), .intact(try store.journalHead(team: team)))
                }
            }
            try expect(try prune(2), 2)
            try verify()
            try expect(try pruned(), ["r1": 2, "r2": 0, "r3": 0, "r4": 0])
            // A run that still has an entry stays; so does one that is not old.
            try expect(try store.write { try $0.pruneRuns(before: Make.at(9), limit: 9, team: team) }, 1)
            try expect(try prune(2), 2)
            try verify()
            try store.write { try $0.save(Make.run("r2", source: nil, hour: 2), team: team) }
            try expect(try pruned(), ["r1": 3, "r2": 1, "r4": 0])
            try expect(try prune(2), 1)
            try expect(try prune(2), 0)
            try verify()
            try expect(try store.write { try $0.pruneRuns(before: Make.at(9), limit: 1, team: team) }, 1)
            try expect(try pruned(), ["r2": 2, "r4": 0])
        },
    ]

    static let history = [
        Promise("Runs are kept whole, newest first, and replaced by saving again") { store in
            let team = try store.makeTeam()
            let source = try store.makeSource(team)
            var run = Make.run("r1", source: source, hour: 1)
            try store.write { writing in
                try writing.save(run, team: team)
                try writing.save(Make.run("r2", source: nil, hour: 2), team: team)
            }
            run.finished = Make.at(3)
            run.accepted = ["deactivations=3", "updates=1"]
            run.report = [1, 2]
            run.records = 12
            run.isWholeList = true
            run.exportDigests = ["aa", "bb"]
            try store.write { [run] in try $0.save(run, team: team) }
            try store.read { reading in
                try expect(try reading.run(run.id, team: team), run)
                try expect(try reading.runs(team: team, limit: 9).map(\.id.rawValue), ["r2", "r1"])
                try expect(try reading.runs(team: team, limit: 1).map(\.id.rawValue), ["r2"])
            }
        },
        Promise("Only whole lists that were applied count for later ones") { store in
            let team = try store.makeTeam()
            let (source, other) = (try store.makeSource(team), try store.makeSource(team, "hr"))
            try store.write { writing in
                for (number, (from, records, isWhole)) in [
                    (source, 10, true), (source, nil, true), (source, 5, false), (other, 7, true), (source, 12, true),
                ].enumerated() {
                    var run = Make.run("r\(number)", source: from, hour: Int64(number))
                    run.records = records
                    run.isWholeList = isWhole
                    try writing.save(run, team: team)
                }
            }
            try store.read { reading in
                try expect(try reading.appliedRecordCounts(source: source, limit: 9, team: team), [12, 10])
                try expect(try reading.appliedRecordCounts(source: source, limit: 1, team: team), [12])
            }
        },
        Promise("What a file was taken for is told by its digest, of whole lists that were applied") { store in
            let team = try store.makeTeam()
            let (source, other) = (try store.makeSource(team), try store.makeSource(team, "hr"))
            func use(_ digest: String) throws -> ExportUse? {
                try store.read { try $0.useOfExport(digest, source: source, team: team) }
            }
            func run(_ hour: Int64, _ digest: String, from: SourceID? = nil, records: Int? = 5, isWhole: Bool = true)
                throws
            {
                var run = Make.run("r\(hour)-\(digest)", source: from ?? source, hour: hour)
                run.records = records
                run.isWholeList = isWhole
                run.exportDigests = ["groups", digest]
                try store.write { [run] in try $0.save(run, team: team) }
            }
            try run(1, "a", from: other)
            try run(2, "a", records: nil)
            try run(3, "a", isWhole: false)
            try expect(try use("a"), nil)
            try run(4, "a")
            try expect(try use("a"), ExportUse(since: Make.at(4), last: Make.at(4), isLatest: true))
            try run(5, "b")
            try expect(try use("a"), ExportUse(since: Make.at(4), last: Make.at(4), isLatest: false))
            for hour: Int64 in [6, 7, 8] { try run(hour, "a") }
            try expect(try use("a"), ExportUse(since: Make.at(6), last: Make.at(8), isLatest: true))
            try expect(try use("b"), ExportUse(since: Make.at(5), last: Make.at(5), isLatest: false))
        },
        Promise("Deactivations by runs are counted with the change, and stay counted") { store in
            let team = try store.makeTeam()
            let rows = try (1...3).map { try store.add($0, "u\($0)", team) }
            func deactivate(_ number: Int, run: String?, hour: Int64) throws {
                try store.write { writing in
                    try writing.update(
                        rows[number - 1], to: Make.user(number, name: "u\(number)", version: 2),
                        keys: Make.keys("u\(number)", active: false), link: nil, team: team)
                    try writing.append(Make.entry(number, run: run, hour: hour), team: team)
                }
            }
            try deactivate(1, run: "r1", hour: 1)
            try deactivate(2, run: "r1", hour: 2)
            try deactivate(3, run: nil, hour: 2)
            try store.setActive(rows[0], 1, "u1", true, team)
            try store.read { reading in
                try expect(try reading.deactivations(since: Make.at(0), team: team), 2)
                try expect(try reading.deactivations(since: Make.at(2), team: team), 1)
                try expect(try reading.deactivations(since: Make.at(3), team: team), 0)
            }
            try deactivate(1, run: "r2", hour: 2)
            try expect(try store.read { try $0.deactivations(since: Make.at(2), team: team) }, 2)
        },
        Promise("Absences are replaced as a whole, and go with their person") { store in
            let team = try store.makeTeam()
            let source = try store.makeSource(team)
            let (a, b) = (try store.add(1, "ada", team), try store.add(2, "bob", team))
            let absence = Absence(since: Make.at(1), snapshots: 2, lastExport: "e2")
            try store.write { try $0.setAbsences([a: absence, b: absence], source: source, team: team) }
            try expect(try store.read { try $0.absences(source: source, team: team) }, [a: absence, b: absence])
            try store.write { try $0.delete(b, team: team) }
            try expect(try store.read { try $0.absences(source: source, team: team) }, [a: absence])
            try store.write { writing in
                try expectConstraint { try writing.setAbsences([b: absence], source: source, team: team) }
            }
            try store.write { try $0.setAbsences([:], source: source, team: team) }
            try expect(try store.read { try $0.absences(source: source, team: team) }, [:])
        },
        Promise("A team's privacy key is its own, is set once, and goes with the team") { store in
            let (team, other) = (try store.makeTeam(), try store.makeTeam("globex"))
            let key = [UInt8](0..<32)
            try expect(try store.read { try $0.privacyKey(team: team) }, nil)
            try store.write { try $0.setPrivacyKey(key, team: team) }
            try store.write { writing in
                try expectConstraint { try writing.setPrivacyKey(key, team: team) }
                try expectConstraint { try writing.setPrivacyKey([1], team: other) }
            }
            try expect(try store.read { try $0.privacyKey(team: team) }, key)
            try expect(try store.read { try $0.privacyKey(team: other) }, nil)
            try store.write { try $0.removeTeam(team) }
            try expect(try store.read { try $0.privacyKey(team: team) }, nil)
        },
        Promise("A source keeps what its last applied run left") { store in
            let team = try store.makeTeam()
            let source = try store.makeSource(team)
            let applied = Source.Applied(at: Make.at(1), records: 3, fingerprint: "f", exportDate: Make.at(0))
            try store.write { try $0.setLastApplied(applied, source: source, team: team) }
            try expect(try store.read { try $0.source(named: "okta", team: team)?.lastApplied }, applied)
            try expect(try store.makeSource(team), source)
        },
    ]
}
