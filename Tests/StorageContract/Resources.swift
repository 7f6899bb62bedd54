import SCIM

extension StorageContract {
    static let resources = [
        Promise("Resources are found by id, row, name, externalId and e-mail, in order of row") { store in
            let team = try store.makeTeam()
            let rows = try store.write { writing in
                try (1...3).map { number in
                    try writing.insert(
                        Make.user(number, name: "u\(number)"),
                        keys: Make.keys(
                            "u\(number)", externalID: "x", email: number == 1 ? "u1" : "m@x"), link: nil, team: team)
                }
            }
            try store.read { reading in
                try expect(try reading.resources(.user, externalID: "x", team: team).map(\.row), rows)
                try expect(try reading.users(email: "m@x", team: team).map(\.row), Array(rows[1...]))
                try expect(try reading.users(email: "u1", team: team).map(\.row), [rows[0]])
                try expect(try reading.resource(.user, name: "u2", team: team)?.row, rows[1])
                try expect(try reading.row(.user, id: Make.id(3), team: team), rows[2])
                try expect(try reading.id(.user, row: rows[2], team: team), Make.id(3))
                try expect(try reading.resources(.user, after: rows[0], limit: 1, team: team).map(\.row), [rows[1]])
                try expect(try reading.resource(.group, id: Make.id(1), team: team) == nil)
            }
        },
        Promise("Resources are found without being read") { store in
            let team = try store.makeTeam()
            let other = try store.makeTeam("globex")
            let rows = try store.write { writing in
                try (1...4).map { number in
                    try writing.insert(
                        Make.user(number, name: "u\(number)"), keys: Make.keys("u\(number)", externalID: "x"),
                        link: nil,
                        team: number == 2 ? other : team)
                }
            }
            try store.write { try $0.delete(rows[2], team: team) }
            try store.read { reading in
                try expect(try reading.row(.user, name: "u1", team: team), rows[0])
                try expect(try reading.row(.user, name: "u2", team: team), nil)
                try expect(try reading.row(.group, name: "u1", team: team), nil)
                try expect(try reading.rows(.user, externalID: "x", team: team), [rows[0], rows[3]])
                try expect(try reading.rows(.user, externalID: "X", team: team), [])
            }
        },
        Promise("Resources are walked through by creation and by name, both ways, from any place on") { store in
            let team = try store.makeTeam()
            let other = try store.makeTeam("globex")
            let names = ["c", "ä", "a", "b", "bb"]
            let rows = try store.write { writing in
                try names.enumerated().map { index, name in
                    _ = try writing.insert(
                        Make.user(index + 11, name: name), keys: Make.keys(name), link: nil, team: other)
                    _ = try writing.insert(
                        Make.group(index + 21, name: name), keys: Make.keys(name), link: nil, team: team)
                    return try writing.insert(
                        Make.user(index + 1, name: name), keys: Make.keys(name), link: nil, team: team)
                }
            }
            try store.read { reading in
                func walk(_ walk: StoredWalk, _ wanted: [Int], skipping: Int = 0, limit: Int = 9) throws {
                    let found = try reading.resources(
                        .user, along: walk, skipping: skipping, limit: limit, team: team)
                    try expect(found.map(\.row), wanted.map { rows[$0] }, "\(walk)")
                }
                try walk(.creation(after: nil), [0, 1, 2, 3, 4])
                try walk(.creation(after: rows[1]), [2, 3], limit: 2)
                try walk(.creation(after: rows[1]), [4], skipping: 2)
                try walk(.latest(before: nil), [4, 3], limit: 2)
                try walk(.latest(before: rows[3]), [1, 0], skipping: 1)
                try walk(.names(after: nil), [2, 3, 4, 0, 1])
                try walk(.names(after: "b"), [4, 0], limit: 2)
                try walk(.names(after: "ba"), [0, 1], skipping: 1)
                try walk(.namesBackwards(before: nil), [1, 0, 4], limit: 3)
                try walk(.namesBackwards(before: "bb"), [2], skipping: 1)
                try walk(.names(after: "ä"), [])
                try walk(.creation(after: nil), [], limit: 0)
            }
        },
        Promise("Users are found by any of their addresses, also after a change, and in their team only") { store in
            let team = try store.makeTeam()
            let other = try store.makeTeam("globex")
            func keys(_ name: String, _ email: String?, _ others: [String]) -> ResourceKeys {
                ResourceKeys(
                    name: name, externalID: nil, email: email, otherEmails: others, active: true, isAdmin: false)
            }
            let rows = try store.write { writing in
                [
                    try writing.insert(
                        Make.user(1, name: "a"), keys: keys("a", "a", ["b", "c"]), link: nil, team: team),
                    try writing.insert(Make.user(2, name: "d"), keys: keys("d", "b", []), link: nil, team: team),
                    try writing.insert(Make.user(3, name: "a"), keys: keys("a", nil, ["b"]), link: nil, team: other),
                ]
            }
            func found(_ key: String) throws -> [RowID] {
                try store.read { try $0.users(withAnyEmail: key, team: team) }
            }
            try expect(try found("a"), [rows[0]])
            try expect(try found("b"), [rows[0], rows[1]])
            try expect(try found("c"), [rows[0]])
            try expect(try found("d"), [])
            try store.write {
                try $0.update(
                    rows[0], to: Make.user(1, name: "a", version: 2), keys: keys("a", "a", ["c"]), link: nil, team: team
                )
            }
            try expect(try found("b"), [rows[1]])
            try expect(try found("c"), [rows[0]])
            try store.write { try $0.delete(rows[0], team: team) }
            try expect(try found("c"), [])
            try expect(try store.read { try $0.users(withAnyEmail: "b", team: other) }, [rows[2]])
        },
        Promise("The sealing key is 32 bytes, and one store's own") { store in
            let key = try store.read { try $0.sealingKey() }
            try expect(key.count, 32)
            try expect(try store.read { try $0.sealingKey() }, key)
            try expect(Set(key).count > 8, "it is random")
        },
        Promise("Counts follow activation, admins and deletion") { store in
            let team = try store.makeTeam()
            let rows = try store.write { writing in
                try (1...3).map { number in
                    try writing.insert(
                        Make.user(number, name: "u\(number)"), keys: Make.keys("u\(number)", admin: number == 1),
                        link: nil, team: team)
                }
            }
            try expect(try store.read { try $0.activeAdmins(team: team) }, [rows[0]])
            try store.setActive(rows[0], 1, "u1", false, team)
            try store.write { try $0.delete(rows[2], team: team) }
            let counts = try store.read { try $0.counts(source: nil, team: team) }
            try expect([counts.users, counts.activeUsers, counts.activeAdmins], [2, 1, 0])
        },
        Promise("Who becomes an admin, or stops being one, under the same name is listed so") { store in
            let team = try store.makeTeam()
            let rows = try store.write { writing in
                try (1...2).map { number in
                    try writing.insert(
                        Make.user(number, name: "u\(number)"), keys: Make.keys("u\(number)", admin: number == 1),
                        link: nil, team: team)
                }
            }
            try store.write { writing in
                for (index, isAdmin) in [false, true].enumerated() {
                    let name = "u\(index + 1)"
                    try writing.update(
                        rows[index], to: Make.user(index + 1, name: name, version: 2),
                        keys: Make.keys(name, admin: isAdmin), link: nil, team: team)
                }
            }
            try expect(try store.read { try $0.activeAdmins(team: team) }, [rows[1]])
            try expect(try store.read { try $0.counts(source: nil, team: team).activeAdmins }, 1)
        },
        Promise("Memberships tell which were new and which were there, and go with either side") { store in
            let team = try store.makeTeam()
            let (a, b) = (try store.add(1, "ada", team), try store.add(2, "bob", team))
            try store.write { writing in
                let group = try writing.insert(
                    Make.group(9, name: "g"), keys: Make.keys("g"), link: nil, team: team)
                try expect(try writing.addMembers([a, b], to: group, team: team), [a, b])
                try expect(try writing.addMembers([b], to: group, team: team), [])
                try expect(try writing.removeMembers([b], from: group, team: team), [b])
                try expect(try writing.removeMembers([b], from: group, team: team), [])
                try expect(try writing.members(of: group, team: team), [a])
                try expect(try writing.groups(of: a, team: team), [group])
                try expect(try writing.isMember(a, of: group, team: team), true)
                try expect(try writing.isMember(b, of: group, team: team), false)
                try expectConstraint { _ = try writing.addMembers([group], to: group, team: team) }
                try writing.delete(a, team: team)
                try expect(try writing.members(of: group, team: team), [])
            }
        },
    ]

    static let shownMemberships = [
        Promise("Memberships are shown with names, counted no further than asked, and are their team's alone") {
            store in
            let team = try store.makeTeam()
            let other = try store.makeTeam("globex")
            let group = try store.write {
                try $0.insert(Make.group(9, name: "G"), keys: Make.keys("g"), link: nil, team: team)
            }
            var ada = Make.user(1, name: "ada")
            ada.attributes["displayName"] = .string("Ada L.")
            let rows = try store.write { [ada] writing in
                [
                    try writing.insert(ada, keys: Make.keys("ada"), link: nil, team: team),
                    try writing.insert(Make.user(2, name: "bob"), keys: Make.keys("bob"), link: nil, team: team),
                ]
            }
            try store.write { _ = try $0.addMembers(rows, to: group, team: team) }
            try store.read { reading in
                let members = try reading.memberships(ofGroup: group, team: team)
                try expect(members.map(\.id), [Make.id(1), Make.id(2)])
                try expect(members.map(\.display), ["Ada L.", "bob"])
                let groups = try reading.memberships(ofUser: rows[1], team: team)
                try expect(groups, [ResourceJSON.Membership(id: Make.id(9), display: "G")])
                try expect(try (0...3).map { try reading.memberCount(of: group, upTo: $0, team: team) }, [0, 1, 2, 2])
                let stored = try reading.resource(.group, row: group, team: team)
                try expect(try stored.flatMap { try reading.firstMembership(of: $0, team: team) }, Make.id(1))
                try expect(try reading.memberships(ofGroup: group, team: other), [])
                try expect(try reading.memberships(ofUser: rows[1], team: other), [])
                try expect(try reading.memberCount(of: group, upTo: 9, team: other), 0)
                try expect(try reading.isMember(rows[0], of: group, team: other), false)
                try expect(try stored.flatMap { try reading.firstMembership(of: $0, team: other) }, nil)
            }
        }
    ]

    static let links = [
        Promise("Any other write clears the fingerprint, and the link follows activity") { store in
            let team = try store.makeTeam()
            let source = try store.makeSource(team)
            let row = try store.add(1, "ada", team, link: Make.link(source, 1))
            try expect(try store.read { try $0.link(of: row, source: source, team: team)?.fingerprint != nil })
            try store.setActive(row, 1, "ada", false, team)
            try store.read { reading in
                try expect(
                    try reading.link(of: row, source: source, team: team), Make.link(source, 1, fingerprint: nil))
                try expect(try reading.counts(source: source, team: team).managedActive, 0)
                var active: [Bool] = []
                try reading.eachLink(.user, source: source, team: team) { active.append($0.active) }
                try expect(active, [false])
            }
        },
        Promise("A source's active members are counted by e-mail domain, or by the userName's") { store in
            let team = try store.makeTeam()
            let (okta, hr) = (try store.makeSource(team), try store.makeSource(team, "hr"))
            func add(_ number: Int, _ name: String, email: String?, active: Bool = true, _ source: SourceID) throws {
                try store.write {
                    _ = try $0.insert(
                        Make.user(number, name: name), keys: Make.keys(name, active: active, email: email),
                        link: Make.link(source, UInt64(number)), team: team)
                }
            }
            try add(1, "ada", email: "ada@acme.test", okta)
            try add(2, "bob@acme.test", email: nil, okta)
            try add(3, "cleo@acme.test", email: "cleo@globex.test", okta)
            try add(4, "dan", email: nil, okta)
            try add(5, "eve", email: "eve@acme.test", active: false, okta)
            try add(6, "fay", email: "fay@acme.test", hr)
            let other = try store.makeTeam("other")
            try store.read { reading in
                try expect(
                    try reading.activeUsersByDomain(source: okta, team: team), ["acme.test": 2, "globex.test": 1])
                try expect(try reading.activeUsersByDomain(source: okta, team: other), [:])
            }
        },
        Promise("Each source has its own link, and may let go of it") { store in
            let team = try store.makeTeam()
            let (okta, hr) = (try store.makeSource(team), try store.makeSource(team, "hr"))
            let row = try store.add(1, "ada", team, link: Make.link(okta, 1))
            try store.write { try $0.setLink(Make.link(hr, 2), of: row, active: true, team: team) }
            try store.read { reading in
                try expect(try reading.sources(team: team).map(\.id), [okta, hr])
                try expect(try reading.links(of: row, team: team), [Make.link(okta, 1), Make.link(hr, 2)])
            }
            try store.write { try $0.removeLink(of: row, source: okta, team: team) }
            try store.write { try $0.removeLink(of: row, source: okta, team: team) }
            try store.read { reading in
                try expect(try reading.links(of: row, team: team), [Make.link(hr, 2)])
                try expect(try reading.counts(source: okta, team: team).managedActive, 0)
                try expect(try reading.counts(source: hr, team: team).managedActive, 1)
                try expect(try reading.unmanagedUsers(source: okta, limit: 9, team: team).map(\.row), [row])
                try expect(try reading.unmanagedUsers(source: hr, limit: 9, team: team).map(\.row), [])
            }
            try store.write { try $0.removeLink(of: row, source: hr, team: team) }
            try expect(try store.read { try $0.unmanagedUsers(source: hr, limit: 9, team: team).map(\.row) }, [row])
        },
    ]
}
