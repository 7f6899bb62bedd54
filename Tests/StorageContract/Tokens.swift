import SCIM

extension StorageContract {
    private static func token(_ id: String, _ team: TeamID, hour: Int64 = 0) -> TokenRecord {
        TokenRecord(
            id: TokenID(rawValue: id), team: team, label: "Okta", digest: [UInt8](repeating: 7, count: 32),
            created: Make.at(hour), expires: Make.at(hour + 1))
    }

    static let tokens = [
        Promise("Tokens are found by id in any team, and listed by team in order of creation") { store in
            let (acme, globex) = (try store.makeTeam(), try store.makeTeam("globex"))
            try store.write { writing in
                for (id, team) in [("b", acme), ("a", acme), ("c", globex)] { try writing.insert(token(id, team)) }
            }
            try store.read { reading in
                try expect(try reading.token(TokenID(rawValue: "c")), token("c", globex))
                try expect(try reading.token(TokenID(rawValue: "C")), nil)
                try expect(try reading.tokens(team: acme), [token("b", acme), token("a", acme)])
            }
        },
        Promise("A token's id is taken for every team") { store in
            let (acme, globex) = (try store.makeTeam(), try store.makeTeam("globex"))
            try store.write { try $0.insert(token("a", acme)) }
            try expectConstraint { try store.write { try $0.insert(token("a", globex)) } }
        },
        Promise("A token keeps its scopes") { store in
            let team = try store.makeTeam()
            var wide = token("a", team)
            wide.scopes = [.sso]
            try store.write { [wide] in
                try $0.insert(wide)
                var narrow = wide
                narrow.scopes = []
                try $0.update(narrow)
            }
            try expect(try store.read { try $0.token(TokenID(rawValue: "a")) }, wide)
            try expect(try store.read { try $0.tokens(team: team) }, [wide])
        },
        Promise("A token changes all but digest, scopes and creation, and only in its own team") { store in
            let (acme, globex) = (try store.makeTeam(), try store.makeTeam("globex"))
            try store.write { try $0.insert(token("a", acme)) }
            var changed = token("a", acme)
            changed.label = "Entra"
            changed.expires = nil
            changed.lastUsed = Make.at(3)
            changed.revoked = Make.at(4)
            try store.write { writing in
                try writing.update(changed)
                var foreign = token("a", globex)
                foreign.label = "foreign"
                try writing.update(foreign)
            }
            try expect(try store.read { try $0.token(TokenID(rawValue: "a")) }, changed)
        },
        Promise("A team's tokens go with it") { store in
            let team = try store.makeTeam()
            try store.write { try $0.insert(token("a", team)) }
            try store.write { try $0.removeTeam(team) }
            try expect(try store.read { try $0.token(TokenID(rawValue: "a")) }, nil)
        },
    ]
}
