import SCIM

extension StorageContract {
    private struct Stop: Error {}

    static let transactions = [
        Promise("A write that throws has written nothing") { store in
            let team = try store.makeTeam()
            do {
                try store.write { writing in
                    _ = try writing.insert(Make.user(1, name: "ada"), keys: Make.keys("ada"), link: nil, team: team)
                    try writing.append(Make.entry(1), team: team)
                    throw Stop()
                }
            } catch is Stop {}
            try store.read { reading in
                try expect(try reading.count(.user, team: team), 0)
                try expect(try reading.journalHead(team: team), JournalHead())
                try expect(try reading.resource(.user, id: Make.id(1), team: team) == nil)
            }
        },
        Promise("A read sees one snapshot, whatever is written meanwhile") { store in
            let team = try store.makeTeam()
            try store.add(1, "ada", team)
            try store.read { reading in
                try expect(try reading.count(.user, team: team), 1)
                try store.add(2, "bob", team)
                try expect(try reading.count(.user, team: team), 1)
                try expect(try reading.resource(.user, id: Make.id(2), team: team) == nil)
            }
            try expect(try store.read { try $0.count(.user, team: team) }, 2)
        },
        Promise("A write sees what it has written, counts and chain too") { store in
            let team = try store.makeTeam()
            try store.write { writing in
                _ = try writing.insert(Make.user(1, name: "ada"), keys: Make.keys("ada"), link: nil, team: team)
                try expect(try writing.count(.user, team: team), 1)
                try writing.append(Make.entry(1), team: team)
                try expect(try writing.journalHead(team: team).entries, 1)
                try writing.append(Make.entry(1), team: team)
                try expect(try writing.journalHead(team: team).entries, 2)
            }
            try expect(try store.read { try $0.verifyJournal(team: team) == .intact(try $0.journalHead(team: team)) })
        },
        Promise("A call refused by a constraint leaves the transaction clean, and it may go on") { store in
            let team = try store.makeTeam()
            try store.add(1, "ada", team)
            try store.write { writing in
                try expectConstraint {
                    _ = try writing.insert(Make.user(2, name: "ada"), keys: Make.keys("ada"), link: nil, team: team)
                }
                _ = try writing.insert(Make.user(3, name: "bob"), keys: Make.keys("bob"), link: nil, team: team)
            }
            try expect(try store.read { try $0.count(.user, team: team) }, 2)
        },
        Promise("A transaction that leaves somebody without a name is refused") { store in
            let team = try store.makeTeam()
            let row = try store.add(1, "ada", team)
            try expectConstraint { try store.write { try $0.releaseName(of: row, team: team) } }
            try expect(try store.read { try $0.resource(.user, name: "ada", team: team)?.row }, row)
        },
        Promise("Names released in a transaction can be swapped") { store in
            let team = try store.makeTeam()
            let (a, b) = (try store.add(1, "ada", team), try store.add(2, "bob", team))
            try store.write { writing in
                try writing.releaseName(of: a, team: team)
                try writing.releaseName(of: b, team: team)
                try writing.update(a, to: Make.user(1, name: "bob"), keys: Make.keys("bob"), link: nil, team: team)
                try writing.update(b, to: Make.user(2, name: "ada"), keys: Make.keys("ada"), link: nil, team: team)
            }
            try expect(try store.read { try $0.resource(.user, name: "ada", team: team)?.row }, b)
        },
    ]

    static let separation = [
        Promise("Nothing of another team is returned or changed") { store in
            let (mine, other) = (try store.makeTeam(), try store.makeTeam("globex"))
            let source = try store.makeSource(other)
            let row = try store.add(1, "ada", other, link: Make.link(source, 1))
            try store.write { writing in
                try writing.append(Make.entry(1), team: other)
                try writing.save(Make.run("r1", source: source, hour: 0), team: other)
                try writing.setAbsences(
                    [row: Absence(since: Make.at(0), snapshots: 1, lastExport: "e")], source: source, team: other)
            }
            try store.read { reading in
                try expect(try reading.resource(.user, id: Make.id(1), team: mine) == nil)
                try expect(try reading.resource(.user, row: row, team: mine) == nil)
                try expect(try reading.resource(.user, name: "ada", team: mine) == nil)
                try expect(try reading.row(.user, id: Make.id(1), team: mine) == nil)
                try expect(try reading.id(.user, row: row, team: mine) == nil)
                try expect(try reading.resources(.user, after: nil, limit: 9, team: mine), [])
                try expect(try reading.count(.user, team: mine), 0)
                try expect(try reading.sources(team: mine), [])
                try expect(try reading.link(of: row, source: source, team: mine), nil)
                try expect(try reading.links(of: row, team: mine), [])
                try expect(try reading.unmanagedUsers(source: nil, limit: 9, team: mine), [])
                try expect(try reading.counts(source: source, team: mine), RosterCounts())
                try expect(try reading.absences(source: source, team: mine), [:])
                try expect(try reading.deactivations(since: Make.at(0), team: mine), 0)
                try expect(try reading.runs(team: mine, limit: 9), [])
                try expect(try reading.run(RunID(rawValue: "r1"), team: mine), nil)
                try expect(try reading.appliedRecordCounts(source: source, limit: 9, team: mine), [])
                try expect(try reading.journalHead(team: mine), JournalHead())
                let position = try reading.journalHead(team: other).position
                try expect(try reading.journalDigest(at: position, team: mine), nil)
                try reading.journal(team: mine, run: nil) { _ in throw Broken(description: "another team's entry") }
                try reading.eachLink(.user, source: source, team: mine) { _ in
                    throw Broken(description: "another team's link")
                }
            }
            try store.write { writing in
                try expectConstraint {
                    try writing.update(
                        row, to: Make.user(1, name: "x"), keys: Make.keys("x"), link: nil, team: mine)
                }
                try expectConstraint { try writing.delete(row, team: mine) }
                try expectConstraint { try writing.releaseName(of: row, team: mine) }
                try expectConstraint { try writing.removeLink(of: row, source: source, team: mine) }
                try expectConstraint { try writing.setLink(Make.link(source, 2), of: row, active: true, team: mine) }
                try expectConstraint { try writing.setAbsences([:], source: source, team: mine) }
                try expect(try writing.pruneJournal(before: Make.at(99), limit: 9, team: mine), 0)
            }
            try expect(try store.read { try $0.journalHead(team: other).entries }, 1)
        },
        Promise("A removed team takes all of its own, and nothing else") { store in
            let (mine, other) = (try store.makeTeam(), try store.makeTeam("globex"))
            for team in [mine, other] {
                let source = try store.makeSource(team)
                try store.write { writing in
                    _ = try writing.insert(
                        Make.user(team == mine ? 1 : 2, name: "ada"), keys: Make.keys("ada"),
                        link: Make.link(source, 1), team: team)
                    try writing.append(Make.entry(1), team: team)
                }
            }
            try store.write { try $0.removeTeam(mine) }
            try store.read { reading in
                try expect(try reading.teams().map(\.id), [other])
                try expect(try reading.journalHead(team: mine), JournalHead())
                try expect(try reading.verifyJournal(team: other), .intact(try reading.journalHead(team: other)))
                try expect(try reading.count(.user, team: other), 1)
            }
        },
    ]
}
