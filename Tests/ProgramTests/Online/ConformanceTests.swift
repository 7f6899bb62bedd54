import Foundation
import JSON
import RawHTTP
import Testing

/// Other people's suites against the running service. `.ci/setup conformance`, which `make test` runs, installs them.
@Suite struct `Conformance` {
    private static let python = ProgramFolder.root.appending(path: ".build/conformance/bin/python").path
    private let folder: ProgramFolder

    init() throws {
        folder = try ProgramFolder()
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.python),
            "The conformance tools are missing: run .ci/setup conformance, or make test.")
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
    }

    /// Runs a script of Tests/Conformance against a service; returns what it printed.
    private func check(_ script: String, service options: [String] = [], arguments: (String) throws -> [String])
        async throws -> String
    {
        let (program, url) = try await folder.serving(
            ["serve", "--database", "popl.sqlite", "--port", "0", "--quiet"] + options)
        let path = ProgramFolder.root.appending(path: "Tests/Conformance/\(script)").path
        let run = try folder.start(command: [Self.python, path] + arguments(url)).end()
        program.signal(SIGTERM)
        #expect(try program.end().exit == 143)
        #expect(run.exit == 0, "\(run.err)")
        return run.out
    }

    /// They write whatever is in /Schemas.
    private func issueToken() throws -> String {
        let run = try folder.run("token issue --team acme --scope sso --database popl.sqlite --format json")
        return try #require(try JSON.parse(run.out)["token"]?.string)
    }

    @Test func `scim2-tester and scim-sanity find nothing to object to`() async throws {
        let token = try issueToken()
        let report = try JSON.parse(try await check("check.py") { [$0, token] })
        #expect(report["objections"] == .array([]), "\(report["objections"] ?? .null)")
        #expect(report["tester"] == .object([JSONMember(name: "SUCCESS", value: .integer(Self.testerChecks))]))
        #expect(report["sanityExit"]?.integer == 0, "\(report["sanity"] ?? .null)")
        #expect(report.at("sanity", "summary", "passed")?.integer == Self.sanityChecks)
        #expect(report.at("sanity", "summary", "failed")?.integer == 0)
    }

    private static let testerChecks = 175
    private static let sanityChecks = 28

    @Test func `scim2-models decodes every kind of answer`() async throws {
        let token = try issueToken()
        #expect(try await check("decode.py") { [$0, token] } == "\(Self.answers)\n")
    }

    private static let answers = 58

    @Test func `a client over TLS is answered, and only with the certificate given`() async throws {
        func pem(_ name: String) -> String {
            ProgramFolder.root.appending(path: "Tests/ProgramTests/Online/\(name).pem").path
        }
        let certificate = pem("certificate")
        let out = try await check(
            "tls.py", service: ["--tls-certificate", certificate, "--tls-key", pem("key")]
        ) { [$0, certificate] }
        #expect(out == "200 TLSv1.3\n", "\(out)")
    }
}
