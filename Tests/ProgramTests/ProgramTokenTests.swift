import Foundation
import JSON
import SCIM
import SQLiteStorage
import Testing

@Suite struct `Tokens` {
    private let folder: ProgramFolder

    init() throws {
        folder = try ProgramFolder()
        for team in ["acme", "globex"] {
            #expect(try folder.run("team create \(team) --database popl.sqlite").exit == 0)
        }
    }

    private func token(_ words: String, team: String = "acme") throws -> JSONValue {
        let run = try folder.run("token \(words) --team \(team) --database popl.sqlite --format json")
        #expect(run.exit == 0, "\(run.err)")
        return try JSON.parse(run.out)
    }

    private func state(of token: JSONValue, asOf moment: String? = nil) throws -> String? {
        let at = moment.map { " --as-of \($0)" } ?? ""
        return try self.token("list" + at)["tokens"]?.array?.first { $0["id"] == token["id"] }?["state"]?.string
    }

    @Test func `are shown once, and their digest alone is kept`() throws {
        let issued = try token("issue --label Okta --expires 365d --as-of 2026-01-01T00:00:00Z")
        let text = try #require(issued["token"]?.string)
        let id = try #require(issued["id"]?.string)
        #expect(text.hasPrefix("popl_\(id)_") && text.utf8.count == 59)
        #expect(issued["expires"]?.string == "2027-01-01T00:00:00.000Z")
        let secret = Data(text.utf8.suffix(43))
        for name in try folder.names() {
            #expect(try Data(contentsOf: URL(filePath: folder.path(name))).range(of: secret) == nil)
        }
        let list = try token("list --as-of 2026-01-01T00:00:00Z")["tokens"]?.array
        #expect(list?.count == 1)
        #expect(list?.first?["label"]?.string == "Okta")
        #expect(list?.first?["state"]?.string == "live")
        #expect(try folder.run("token list --team acme --database popl.sqlite").out.contains("Okta"))
        #expect(try token("list", team: "globex")["tokens"]?.array == [])
    }

    @Test func `change the SSO connection only when issued for it, and keep that when rotated`() throws {
        #expect(try token("issue")["scopes"] == .array([]))
        let issued = try token("issue --scope sso --label admin")
        #expect(issued["scopes"] == .array([.string("sso")]))
        let rotated = try token("rotate \(try #require(issued["id"]?.string))")
        #expect(rotated["scopes"] == .array([.string("sso")]))
        let list = try token("list")["tokens"]?.array?.map { $0["scopes"]?.array?.count }
        #expect(list == [0, 1, 1])
        let text = try folder.run("token list --team acme --database popl.sqlite").out.split(separator: "\n")
        #expect(text.allSatisfy { $0.count <= 80 })
        let heads = text.filter { !$0.hasPrefix(" ") }
        #expect(heads.map { $0.hasSuffix("  sso") } == [false, true, true])
        let told = try folder.run("token issue --scope sso --team acme --database popl.sqlite").out
        #expect(told.contains("It may change the team's SSO connection."))
        #expect(try folder.run("token issue --scope all --team acme --database popl.sqlite").exit == 64)
    }

    @Test func `last a year unless told otherwise`() throws {
        #expect(
            try token("issue --as-of 2026-01-01T00:00:00Z")["expires"]?.string == "2027-01-01T00:00:00.000Z")
        let never = try token("issue --expires never")
        #expect(never["expires"] == nil)
        #expect(try state(of: never, asOf: "2099-01-01T00:00:00Z") == "live")
        #expect(try folder.run("token issue --expires soon --team acme --database popl.sqlite").exit == 64)
    }

    @Test func `are rotated with two live ones, and the old one ends by itself`() throws {
        let old = try token("issue --label Okta --expires 100d --as-of 2026-01-01T00:00:00Z")
        let id = try #require(old["id"]?.string)
        let new = try token("rotate \(id) --as-of 2026-02-01T00:00:00Z")
        #expect(new["token"] != old["token"] && new["label"]?.string == "Okta")
        #expect(new["expires"]?.string == "2026-05-12T00:00:00.000Z")
        for token in [old, new] { #expect(try state(of: token, asOf: "2026-02-07T23:59:59Z") == "live") }
        #expect(try state(of: old, asOf: "2026-02-08T00:00:00Z") == "expired")
        #expect(try state(of: new, asOf: "2026-02-08T00:00:00Z") == "live")
    }

    @Test func `are revoked for good`() throws {
        let issued = try token("issue")
        let id = try #require(issued["id"]?.string)
        #expect(try token("revoke \(id)")["state"]?.string == "revoked")
        #expect(try token("revoke \(id)")["state"]?.string == "revoked")
        #expect(try state(of: issued) == "revoked")
        let rotated = try folder.run("token rotate \(id) --team acme --database popl.sqlite")
        #expect(rotated.exit == 64 && rotated.err.contains("was revoked"), "\(rotated.err)")
    }

    @Test func `are not another team's to touch`() throws {
        let id = try #require(try token("issue")["id"]?.string)
        for verb in ["rotate", "revoke"] {
            let run = try folder.run("token \(verb) \(id) --team globex --database popl.sqlite")
            #expect(run.exit == 66)
            #expect(run.err.contains("Team globex has no token \(id)."), "\(run.err)")
        }
    }

    @Test func `open what they are for, until they end`() throws {
        let store = try SQLiteStore(path: folder.path("popl.sqlite"), mode: .readWrite)
        let team = try #require(try store.read { try $0.team(named: "acme") })
        let clock = Clock()
        let service = SCIMService(store: store, now: { clock.now })
        let issued = try service.issueToken(
            team: team.id, label: "", expires: Timestamp(rawValue: clock.now.rawValue + 1000))
        let text = issued.token.text
        let token = try #require(APIToken(text))
        #expect(try service.authenticate(token)?.team == team.id)
        let last = text.hasSuffix("x") ? "y" : "x"
        let wrong = try #require(APIToken(text.dropLast() + last))
        #expect(try service.authenticate(wrong) == nil)
        #expect(APIToken(text + "x") == nil && APIToken("popl_" + text) == nil && APIToken("") == nil)
        clock.now = Timestamp(rawValue: clock.now.rawValue + 1000)
        #expect(try service.authenticate(token) == nil)
    }

    @Test func `note their use once an hour, and not over a revocation`() throws {
        let store = try SQLiteStore(path: folder.path("popl.sqlite"), mode: .readWrite)
        let team = try #require(try store.read { try $0.team(named: "acme") })
        let clock = Clock()
        let service = SCIMService(store: store, now: { clock.now })
        let token = try service.issueToken(team: team.id, label: "", expires: nil).token
        let used = try #require(try service.authenticate(token))
        #expect(service.isUseWorthNoting(used))
        try service.noteUse(of: used)
        #expect(try service.authenticate(token)?.lastUsed == clock.now)
        let noted = try #require(try service.authenticate(token))
        #expect(!service.isUseWorthNoting(noted))
        clock.now = Timestamp(rawValue: clock.now.rawValue + 3_600_000)
        let later = try #require(try service.authenticate(token))
        #expect(service.isUseWorthNoting(later))
        _ = try service.revokeToken(token.id, team: team.id)
        try service.noteUse(of: later)
        #expect(try service.authenticate(token) == nil)
    }
}

private final class Clock: @unchecked Sendable {
    var now = Timestamp(rawValue: 1_800_000_000_000)
}
