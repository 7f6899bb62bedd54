import Foundation
import GRDB
import JSON
import RawHTTP
import Testing

/// `check` against real services: our own, plain and over TLS, and a foreign one. What no real one does is
/// `CheckOfBadServices`.
@Suite struct `The connection test` {
    private let folder: ProgramFolder
    private let token: String
    private let id: String

    init() throws {
        folder = try ProgramFolder()
        (id, token) = try folder.teamWithToken()
        try folder.write("token", token + "\n")
    }

    private func serve(_ options: String...) async throws -> (program: RunningProgram, url: String) {
        try await folder.serving(["serve", "--database", "popl.sqlite", "--port", "0", "--quiet"] + options)
    }

    private func check(_ url: String, _ options: String = "") throws -> CheckRun {
        try CheckRun(folder.run("check --scim \(url) --token-file token --format json \(options)"))
    }

    @Test func `finds nothing to object to in our own service, and writes nothing unasked`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        let run = try check(url)
        #expect(run.exit == 0 && run.verdict == "passed", "\(run.said)")
        #expect(run.outcomes.filter { $0.value != "passed" } == ["tls": "skipped"])
        #expect(run.document["features"]?["bulkOperations"]?.integer == 1000)
        #expect(run.document["features"]?["cursorPaging"]?.boolean == true)
        #expect(run.document["features"]?["changePassword"]?.boolean == false)
        #expect(
            try folder.run("history --verify --database popl.sqlite --team acme --format json").out.contains(
                "\"entries\": 0"))
    }

    @Test func `writes a test user when asked, and nothing is left of it`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        let run = try check(url, "--write")
        #expect(run.exit == 0, "\(run.said)")
        for step in ["create", "find", "change", "deactivate", "remove"] {
            #expect(run.outcomes[step] == "passed", "\(step)")
        }
        #expect(run.message("create").contains(/popl-sync-check-[0-9a-f-]+@example\.invalid/))
        #expect(
            try folder.run("roster --database popl.sqlite --team acme --format csv").out.split(separator: "\n").count
                == 1)
        let journal = try folder.run("history --verify --database popl.sqlite --team acme --format json").out
        #expect(journal.contains("\"entries\": 4"), "\(journal)")
    }

    @Test func `of a foreign service is the same`() async throws {
        let (program, url) = try await folder.foreignService(token: "secret")
        defer { program.signal(SIGKILL) }
        try folder.write("token", "secret")
        let run = try check(url, "--write")
        #expect(run.exit == 0, "\(run.said)")
        #expect(run.outcomes["remove"] == "passed")
        #expect(run.document["features"]?["cursorPaging"]?.boolean == false)
        try folder.write("token", "another")
        #expect(try check(url).exit == 77)
    }

    @Test func `warns of a service that lets everybody in`() async throws {
        let (program, url) = try await folder.foreignService(token: nil)
        defer { program.signal(SIGKILL) }
        let run = try check(url)
        #expect(run.exit == 0 && run.code("authorization") == "anybody-let-in", "\(run.said)")
    }

    @Test func `says of a token that is not accepted that it is refused, by exit 77`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        #expect(try folder.run("token revoke \(id) --team acme --database popl.sqlite").exit == 0)
        let run = try check(url, "--write")
        #expect(run.exit == 77 && run.code("authorization") == "token-refused", "\(run.said)")
        #expect(run.document.at("error", "exitCode")?.integer == 77)
        #expect(run.outcomes["create"] == "skipped")
        #expect(!run.said.contains(token))
    }

    @Test func `is text of 80 columns for people, and says at the end whether it works`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        let good = try folder.run("check --scim \(url) --token-file token --write")
        #expect(good.exit == 0)
        #expect(
            good.out.contains("  ✓ authorization  the token is accepted, a wrong one is refused (401)\n"), "\(good.out)"
        )
        #expect(good.out.hasSuffix("\nIt works.\n"), "\(good.out)")
        try folder.write("token", "wrong")
        let bad = try folder.run("check --scim \(url) --token-file token")
        #expect(bad.out.contains("  ✗ authorization  The service refuses the token (401)."), "\(bad.out)")
        #expect(bad.out.hasSuffix("\nIt does not work: authorization.\n"), "\(bad.out)")
        for line in (good.out + bad.out).split(separator: "\n") where !line.contains("example.invalid") {
            #expect(line.count <= 80, "\(line)")
        }
        #expect(!good.out.contains("\u{1B}["))
    }

    @Test func `needs a name that resolves and something that listens`() throws {
        let unknown = try check("https://nosuch.invalid/scim/")
        #expect(unknown.exit == 69, "\(unknown.said)")
        #expect(["name-unknown", "name-server-silent"].contains(unknown.code("name")), "\(unknown.said)")
        #expect(unknown.outcomes["connection"] == "skipped")
        // Nobody listens on the port of the discard service.
        let closed = try check("https://127.0.0.1:9/scim/")
        #expect(closed.exit == 69 && closed.code("connection") == "not-connected", "\(closed.said)")
        #expect(closed.message("connection").contains("nothing listens there"))
    }

    @Test func `trusts whom the system and the CA file trust, and says what is wrong with a certificate`() async throws
    {
        let ours = try TestAuthority(folder)
        try TestAuthority(folder, name: "stranger").issue("strange")
        try ours.issue("good")
        try ours.issue("old", days: -1)
        try ours.issue("other", host: "elsewhere.example")
        for (certificate, code, words) in [
            ("good", String?.none, "TLS 1.3, certificate valid until"),
            ("old", "certificate-expired", "The certificate CN=old expired on "),
            ("other", "certificate-wrong-host", "The certificate is for elsewhere.example, not for localhost."),
            ("strange", "certificate-unknown-issuer", "issued by CN=stranger, whom this machine does not trust."),
        ] {
            let (program, url) = try await serve(
                "--tls-certificate", "\(certificate).pem", "--tls-key", "\(certificate).key")
            let localhost = url.replacing("127.0.0.1", with: "localhost")
            let run = try check(localhost, "--ca-file authority.pem")
            #expect(run.exit == (code == nil ? 0 : 69), "\(run.said)")
            #expect(run.code("tls") == code, "\(run.said)")
            #expect(run.message("tls").contains(words), "\(run.said)")
            if certificate == "good" {
                let distrusted = try check(localhost)
                #expect(
                    distrusted.exit == 69 && distrusted.code("tls") == "certificate-unknown-issuer",
                    "\(distrusted.said)")
                // The certificate is for the name, not for the address.
                #expect(try check(url, "--ca-file authority.pem").code("tls") == "certificate-wrong-host")
                let plain = try check(localhost.replacing("https:", with: "http:"))
                #expect(plain.exit == 69 && plain.outcomes["authorization"] == "failed", "\(plain.said)")
            }
            program.signal(SIGKILL)
            _ = try program.end()
        }
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        #expect(try check(url.replacing("http:", with: "https:")).code("tls") == "not-tls")
    }

    @Test func `takes service, token and authorities from the configuration`() async throws {
        try TestAuthority(folder).issue("good")
        let (program, url) = try await serve("--tls-certificate", "good.pem", "--tls-key", "good.key")
        defer { program.signal(SIGKILL) }
        let localhost = url.replacing("127.0.0.1", with: "localhost")
        let target = "target:\n  scim: \(localhost)\n  ca-file: authority.pem\n"
        try folder.write("popl-sync.yaml", target + "  token: { file: token }\n")
        #expect(try folder.run("check").exit == 0)
        try folder.write("popl-sync.yaml", target + "  token: { env: MY_TOKEN }\n")
        #expect(try folder.run("check", environment: ["MY_TOKEN": token]).exit == 0)
        #expect(try folder.run("check", environment: ["MY_TOKEN": "wrong"]).exit == 77)
        try folder.write("popl-sync.yaml", target)
        #expect(try folder.run("check", environment: ["POPL_SCIM_TOKEN": token]).exit == 0)
        let none = try folder.run("check")
        #expect(none.exit == 78 && none.err.contains("POPL_SCIM_TOKEN is not set"), "\(none.err)")
        // The configuration's token is for the configuration's service.
        try folder.write("popl-sync.yaml", target + "  token: { file: token }\n")
        let elsewhere = try folder.run("check --scim https://127.0.0.1:9/")
        #expect(elsewhere.exit == 78 && elsewhere.err.contains("No token is given"), "\(elsewhere.err)")
    }

    @Test func `removes its test user when it is stopped`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        for signal in [SIGINT, SIGTERM] {
            // Stopped in the midst of its requests: the service stands still until the signal is there.
            let running = try folder.start(["check", "--scim", url, "--token-file", "token", "--write"])
            while !running.output.contains("✓ create") { try await Task.sleep(for: .milliseconds(2)) }
            running.signal(signal)
            let run = try running.end()
            if run.exit != 0 {
                #expect(run.exit == 128 + signal, "\(run.out)")
                #expect(run.out.contains("✓ remove"), "\(run.out)")
            }
            let roster = try folder.run("roster --database popl.sqlite --team acme --format csv").out
            #expect(!roster.contains("popl-sync-check"), "\(roster)")
        }
    }
}

@Suite struct `A token` {
    @Test(arguments: [
        ("Bearer abc", "begins with the word Bearer", "Take the word out"),
        ("bearer abc\n", "begins with the word Bearer", "Take the word out"),
        ("Authorization: Bearer abc", "begins with the word Bearer", "Take the word out"),
        ("", "is empty", "alone on one line"), (" \n", "is empty", "alone on one line"),
        ("\"abc\"", "has quotation marks around it", "Take them out"),
        ("abc def", "has more than one word", "on one line"), ("abc\ndef", "has more than one word", "on one line"),
        ("ábc", "has characters that no token has", "as plain text"),
    ])
    func `that was pasted wrong is named with its mend, and never shown`(text: String, what: String, mend: String)
        throws
    {
        let folder = try ProgramFolder()
        try folder.write("token", text)
        let run = try folder.run("check --scim https://127.0.0.1:9/ --token-file token")
        #expect(run.exit == 78)
        #expect(run.err.contains("The token of token \(what). Nothing was asked."), "\(run.err)")
        #expect(run.err.contains(mend), "\(run.err)")
        #expect(!run.err.contains("bc"), "\(run.err)")
    }

    @Test func `comes from a file that is there`() throws {
        let run = try ProgramFolder().run("check --scim https://127.0.0.1:9/ --token-file nosuch")
        #expect(run.exit == 66 && run.err.contains("nosuch cannot be read"), "\(run.err)")
        let folder = try ProgramFolder()
        try folder.write("token", "abc")
        try folder.write("ca.pem", "nothing")
        let authority = try folder.run("check --scim https://127.0.0.1:9/ --token-file token --ca-file ca.pem")
        #expect(authority.exit == 78 && authority.err.contains("ca.pem holds no certificate"), "\(authority.err)")
    }
}

@Suite struct `The URL of a service` {
    @Test(arguments: [
        ("nonsense", "is no URL"), ("ftp://x.example/", "is no URL"),
        ("http://api.example.com/scim/", "Use https: https://api.example.com/scim/"),
        ("https://me:secret@api.example.com/", "has a name or a password in it"),
        ("https://api.example.com/?a=b", "has a query"), ("https://api.example.com/#x", "has a query"),
        ("https://api.example.com/scim/v2/Users", "Users is put behind: https://api.example.com/scim/v2/"),
    ])
    func `that cannot be meant is refused with its mend`(url: String, words: String) throws {
        let folder = try ProgramFolder()
        try folder.write("token", "abc")
        let run = try folder.run(["check", "--scim", url, "--token-file", "token"])
        #expect(run.exit == 64, "\(run.err)")
        #expect(run.err.contains(words) && !run.err.contains("secret"), "\(run.err)")
        try folder.write("popl-sync.yaml", "target: { scim: \"\(url)\", token: { file: token } }\n")
        let configured = try folder.run("check")
        #expect(configured.exit == 78)
        #expect(
            configured.err.contains("popl-sync.yaml:1:11: target.scim ") && configured.err.contains(words),
            "\(configured.err)")
    }

    @Test func `is nothing for commands about a database of our own`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "team: acme\ntarget:\n  scim: https://api.example.com/\n")
        for command in ["serve", "team list", "token list"] {
            let run = try folder.run(command)
            #expect(run.exit == 78, "\(command)")
            #expect(run.err.contains("popl-sync.yaml:3:3: target.scim is a SCIM service elsewhere"), "\(run.err)")
            #expect(run.err.contains("Give --database FILE"), "\(run.err)")
        }
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        #expect(try folder.run("roster --database popl.sqlite").exit == 0)
    }
}

@Suite struct `The check of a roster database` {
    private let folder: ProgramFolder

    init() throws {
        folder = try ProgramFolder()
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
    }

    private func check(_ words: String = "--database popl.sqlite --team acme") throws -> CheckRun {
        try CheckRun(folder.run("check \(words) --format json"))
    }

    @Test func `changes nothing and says that a run could begin`() throws {
        let before = try Data(contentsOf: URL(filePath: folder.path("popl.sqlite")))
        let run = try check()
        #expect(run.exit == 0 && run.outcomes.values.allSatisfy { $0 == "passed" }, "\(run.said)")
        #expect(run.outcomes.count == 5)
        #expect(try folder.names() == ["popl.sqlite"])
        #expect(try Data(contentsOf: URL(filePath: folder.path("popl.sqlite"))) == before)
        try folder.write("popl-sync.yaml", "team: acme\ntarget: { database: popl.sqlite }\n")
        #expect(try check("").exit == 0)
    }

    @Test func `names the team that is not there, and the database`() throws {
        let team = try check("--database popl.sqlite --team acne")
        #expect(team.exit == 78 && team.code("team") == "unknown-team", "\(team.said)")
        #expect(team.outcomes["database"] == "passed" && team.outcomes["lock"] == "skipped")
        let database = try check("--database nowhere.sqlite --team acme")
        #expect(database.exit == 78 && database.outcomes["database"] == "failed", "\(database.said)")
        try folder.write("other.sqlite", String(repeating: "not a database ", count: 100))
        #expect(try check("--database other.sqlite --team acme").exit == 69)
        #expect(!folder.exists("nowhere.sqlite"))
    }

    @Test func `names the run that holds the lock, and holds up none itself`() throws {
        try folder.write("popl.sqlite.team-1.lock", "sync, process 7\n")
        #expect(try check().exit == 0)
        let descriptor = open(folder.path("popl.sqlite.team-1.lock"), O_RDWR | O_CLOEXEC)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let held = try check()
        #expect(held.exit == 75 && held.code("lock") == "another-run", "\(held.said)")
        #expect(held.message("lock").contains("(sync, process 7)"))
        close(descriptor)
        // Somebody looks, and is gone before a run gives up.
        let looking = open(folder.path("popl.sqlite.team-1.lock"), O_RDONLY | O_CLOEXEC)
        #expect(flock(looking, LOCK_SH | LOCK_NB) == 0)
        try folder.write("a.csv", "id,login,email,status\n1,a@x.example,a@x.example,active\n")
        let run = try folder.start(["import", "a.csv", "--database", "popl.sqlite", "--team", "acme"])
        Thread.sleep(forTimeInterval: 0.02)
        close(looking)
        #expect(try run.end().exit == 0)
    }

    @Test func `says of an older format that it has to be migrated, and how`() throws {
        let database = try DatabaseQueue(path: folder.path("popl.sqlite"))
        try database.write { try $0.execute(sql: "PRAGMA user_version = 1") }
        try database.close()
        let run = try check()
        #expect(run.exit == 69 && run.code("format") == "migration-due", "\(run.said)")
        #expect(run.said.contains("popl-sync team create acme --database popl.sqlite"))
        #expect(run.outcomes["team"] == "skipped")
    }

    @Test func `finds out that it may not be written`() throws {
        for path in [folder.url.path, folder.path("popl.sqlite")] {
            try FileManager.default.setAttributes(
                [.posixPermissions: path.hasSuffix("sqlite") ? 0o444 : 0o755], ofItemAtPath: path)
        }
        let words = ["check", "--database", "popl.sqlite", "--team", "acme", "--format", "json"]
        let run = try CheckRun(folder.start(words, wrapper: User.ordinary).end())
        #expect(run.exit == 73 && run.code("writing") == "roster-not-writable", "\(run.said)")
    }

    @Test func `is one target, and knows no test user`() throws {
        #expect(try folder.run("check --database popl.sqlite --scim https://x.example/").exit == 64)
        let write = try folder.run("check --database popl.sqlite --team acme --write")
        #expect(write.exit == 64 && write.err.contains("--write is about a SCIM service"), "\(write.err)")
        #expect(try folder.run("check").exit == 64)
        #expect(try folder.run("check --timeout 0 --scim https://x.example/").exit == 64)
    }
}

/// What `check --format json` said.
struct CheckRun {
    let exit: Int32
    let document: JSONValue
    /// Everything, for messages of tests.
    let said: String

    init(_ run: ProgramRun) throws {
        exit = run.exit
        said = run.out + run.err
        document = try JSON.parse(run.out)
    }

    var verdict: String? { document["verdict"]?.string }

    /// By step.
    var outcomes: [String: String] {
        Dictionary((document["steps"]?.array ?? []).map { ($0["step"]?.string ?? "", $0["outcome"]?.string ?? "") }) {
            $1
        }
    }

    func code(_ step: String) -> String? { found(step)?["code"]?.string }
    func message(_ step: String) -> String { found(step)?["message"]?.string ?? "" }

    private func found(_ step: String) -> JSONValue? {
        document["steps"]?.array?.first { $0["step"]?.string == step }
    }
}
