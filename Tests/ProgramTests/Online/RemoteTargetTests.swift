import Foundation
import JSON
import RawHTTP
import TestSupport
import Testing

/// The built program against services elsewhere: our own, and foreign ones.
@Suite struct `A remote target` {
    private let folder: ProgramFolder
    private let token: String

    init() throws {
        folder = try ProgramFolder()
        token = try folder.teamWithToken().token
        try folder.write("token", token + "\n")
    }

    private func configure(_ url: String, _ more: String = "") throws {
        try folder.write(
            "popl-sync.yaml",
            "team: acme\ntarget:\n  scim: \(url)\n  token: { file: token }\n\(more)source:\n  name: hr\n")
    }

    private func serve() async throws -> (program: RunningProgram, url: String) {
        try await folder.serving(["serve", "--database", "popl.sqlite", "--port", "0", "--quiet"])
    }

    private func write(_ name: String, _ rows: [String]) throws {
        try folder.write(
            name, (["id,login,email,firstName,lastName,title,status"] + rows).joined(separator: "\n") + "\n")
    }

    private func person(_ name: String, title: String = "Analyst", status: String = "ACTIVE") -> String {
        "id-\(name),\(name)@acme.example,\(name)@acme.example,\(name.capitalized),Acme,\(title),\(status)"
    }

    private func document(_ command: String, exit: Int32 = 0) throws -> JSONValue {
        let run = try folder.run(command + " --format json")
        #expect(run.exit == exit, "\(command): \(run.exit)\n\(run.err)\n\(run.out.suffix(2000))")
        return try JSON.parse(Array(run.out.utf8))
    }

    @Test func `that cannot be reached leaves a dry run with nothing to speak of`() throws {
        try configure("https://127.0.0.1:1/", "  patience: 1\n")
        try write("monday.csv", [person("ada")])
        let run = try folder.run("plan monday.csv")
        #expect(run.exit == 69)
        #expect(run.err.contains("Nothing was changed.") && !run.err.contains("stays applied"), "\(run.err)")
    }

    /// Two nights and their undoing; returns what the service shows of people in the end.
    private func nights(_ url: String) throws {
        try configure(url)
        try write("monday.csv", ["ada", "bob", "cat", "dan"].map { person($0) })
        #expect(try document("plan monday.csv")["summary"]?["create"]?.integer == 4)
        #expect(!folder.exists("popl-sync-state.sqlite"), "a dry run leaves nothing behind")
        #expect(try document("sync monday.csv")["changes"]?.array?.count == 4)
        #expect(try document("plan monday.csv")["verdict"]?.string == "in-sync")

        try write(
            "tuesday.csv",
            [person("ada", title: "Countess"), person("bob", status: "DEPROVISIONED"), person("dan"), person("eve")]
                + ["id-cat,cat.new@acme.example,cat.new@acme.example,Cat,Acme,Analyst,ACTIVE"])
        let before = try Data(contentsOf: folder.url.appending(path: "popl-sync-state.sqlite"))
        #expect(try folder.run("plan tuesday.csv --out tuesday.plan").exit == 0)
        #expect(try Data(contentsOf: folder.url.appending(path: "popl-sync-state.sqlite")) == before)
        let applied = try document("apply tuesday.plan")
        #expect(applied["changes"]?.array?.allSatisfy { $0["outcome"]?.string == "applied" } == true)
        #expect(applied["changes"]?.array?.count == 4)
        #expect(try document("plan tuesday.csv")["verdict"]?.string == "in-sync")

        let run = try #require(applied["run"]?.string)
        let undone = try document("undo \(run) --apply")
        #expect(undone["changes"]?.array?.allSatisfy { $0["outcome"]?.string == "applied" } == true)
        let why = try folder.run("why ada@acme.example")
        #expect(why.exit == 0 && why.out.contains("Analyst"), "\(why.out)")
        #expect(try folder.run("history --verify").exit == 0)
        #expect(try document("history")["runs"]?.array?.count == 3)
    }

    @Test func `is planned, synced, applied and undone like a database`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        try nights(url)
        // The service has what the mirror says.
        let there = try document("roster --database popl.sqlite --team acme")
        let mirrored = try document("roster")
        func names(_ roster: JSONValue) -> [String] {
            (roster["Resources"]?.array ?? []).compactMap {
                guard let name = $0["userName"]?.string, let active = $0["active"]?.boolean else { return nil }
                return "\(name) \(active)"
            }.sorted()
        }
        #expect(names(there) == names(mirrored) && names(there).count == 5, "\(names(there)) \(names(mirrored))")
    }

    @Test func `may be a foreign service`() async throws {
        let (program, url) = try await folder.foreignService(token: token)
        defer { program.signal(SIGKILL) }
        try nights(url)
    }

    @Test func `finds its people again when the state file is lost`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        try configure(url)
        try write("a.csv", ["ada", "bob"].map { person($0) })
        #expect(try document("sync a.csv")["changes"]?.array?.count == 2)
        try FileManager.default.removeItem(at: folder.url.appending(path: "popl-sync-state.sqlite"))
        try write("b.csv", [person("ada")])
        #expect(try document("sync b.csv")["verdict"]?.string == "in-sync")
        try write("a.csv", ["ada", "bob"].map { person($0) })
        #expect(try document("sync a.csv")["verdict"]?.string == "in-sync")
        #expect(try document("roster --database popl.sqlite --team acme")["totalResults"]?.integer == 2)
    }

    @Test func `that is not there, refuses the token or lists nonsense ends a run with its exit code`() throws {
        try write("a.csv", [person("ada")])
        func exit(_ service: ScriptedService, _ more: String = "  patience: 1\n") throws -> Int32 {
            try configure("http://127.0.0.1:\(service.port)/", more)
            let run = try folder.run("sync a.csv")
            return run.exit
        }
        #expect(try exit(ScriptedService { _ in ScriptedService.error(503) }) == 69)
        #expect(try exit(ScriptedService { _ in ScriptedService.error(401) }) == 77)
        #expect(try exit(ScriptedService { _ in ScriptedService.error(404) }) == 69)
        let twice = #"{"id":"1","userName":"a@x.example"}"#
        #expect(try exit(ScriptedService { _ in ScriptedService.list([twice, twice]) }) == 65)
        try configure("http://127.0.0.1:9/", "  database: popl.sqlite\n")
        #expect(try folder.run("sync a.csv").exit == 78)
    }

    @Test func `keeps one state file for one service`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        try configure(url)
        try write("a.csv", [person("ada")])
        #expect(try folder.run("sync a.csv").exit == 0)
        let other = try ScriptedService { _ in ScriptedService.list() }
        try configure("http://127.0.0.1:\(other.port)/")
        let run = try folder.run("sync a.csv")
        #expect(run.exit == 78 && run.err.contains("Give each service its own file by target.state"), "\(run.err)")
    }

    @Test func `is reached through a proxy, which sees neither token nor people`() async throws {
        let authority = try TestAuthority(folder)
        try authority.issue("service")
        let (program, url) = try await folder.serving(
            ["serve", "--database", "popl.sqlite", "--port", "0", "--quiet"]
                + ["--tls-certificate", "service.pem", "--tls-key", "service.key"])
        defer { program.signal(SIGKILL) }
        let (proxy, port) = try await startProxy("--log-file", folder.path("proxy.log"))
        defer { proxy.signal(SIGKILL) }
        let service = try #require(URLComponents(string: url)?.port)
        let through = "https://localhost:\(service)/api/external/scim/"
        try configure(through, "  ca-file: authority.pem\n  proxy: http://127.0.0.1:\(port)\n  patience: 1\n")
        try write("a.csv", ["ada", "bob"].map { person($0) })
        let check = try folder.run("check")
        #expect(check.exit == 0 && check.out.contains("the proxy 127.0.0.1 answers on port \(port)"), "\(check.out)")
        #expect(try document("sync a.csv")["changes"]?.array?.count == 2)
        let seen = try folder.read("proxy.log")
        #expect(seen.contains("CONNECT localhost:\(service)"), "\(seen.suffix(2000))")
        #expect(!seen.contains(token) && !seen.contains("ada@acme.example"))

        proxy.signal(SIGTERM)
        _ = try proxy.end()
        let run = try folder.run("sync a.csv")
        #expect(
            run.exit == 69 && run.err.contains("127.0.0.1:\(port)"),
            "the service is not asked past its proxy\n\(run.err)")
    }

    @Test func `that wants a client certificate is shown one`() async throws {
        let (program, url) = try await serve()
        defer { program.signal(SIGKILL) }
        let authority = try TestAuthority(folder)
        for name in ["service", "client"] { try authority.issue(name) }
        let service = try #require(URLComponents(string: url)?.port)
        let port = try ProgramFolder.freePort()
        let door = try folder.start(
            command: ["/usr/bin/socat"] + [
                "OPENSSL-LISTEN:\(port),bind=127.0.0.1,reuseaddr,fork,verify=1,cert=service.pem,key=service.key,"
                    + "cafile=authority.pem",
                "TCP:127.0.0.1:\(service)",
            ])
        defer { door.signal(SIGKILL) }
        try await Eventually.holds("the door is there") { await Self.listens(port) }

        let through = "https://localhost:\(port)/api/external/scim/"
        try write("a.csv", [person("ada")])
        try configure(through, "  ca-file: authority.pem\n  patience: 1\n")
        let refused = try folder.run("sync a.csv")
        #expect(
            refused.exit == 69 && refused.err.contains("target.client-certificate"), "\(refused.exit) \(refused.err)")

        let certificate = "  client-certificate: client.pem\n  client-key: client.key\n"
        try configure(through, "  ca-file: authority.pem\n  patience: 1\n" + certificate)
        #expect(try folder.run("check").exit == 0)
        #expect(try document("sync a.csv")["changes"]?.array?.count == 1)
        // One file may hold both.
        try folder.write("both.pem", folder.read("client.key") + folder.read("client.pem"))
        try configure(through, "  ca-file: authority.pem\n  client-certificate: both.pem\n")
        #expect(try document("plan a.csv")["verdict"]?.string == "in-sync")
        try configure(through, "  ca-file: authority.pem\n  client-certificate: client.key\n")
        let unusable = try folder.run("sync a.csv")
        #expect(unusable.exit == 78 && unusable.err.contains("client.key holds no certificate"), "\(unusable.err)")
    }

    /// `proxy.py` of PyPI, which `.ci/setup conformance` installs.
    private func startProxy(_ options: String...) async throws -> (program: RunningProgram, port: Int) {
        let port = try ProgramFolder.freePort()
        let tool = ProgramFolder.root.appending(path: ".build/conformance/bin/proxy").path
        let proxy = try folder.start(
            command: [
                tool, "--hostname", "127.0.0.1", "--port", "\(port)", "--num-workers", "1", "--log-level", "DEBUG",
            ]
                + options)
        do {
            try await Eventually.holds("the proxy listens") { await Self.listens(port) }
        } catch {
            proxy.signal(SIGKILL)
            throw error
        }
        return (proxy, port)
    }

    private static func listens(_ port: Int) async -> Bool { (try? await RawHTTP(port: port).abandon([])) != nil }
}
