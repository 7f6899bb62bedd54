import Foundation
import RawHTTP
import Testing

/// `healthcheck`: a monitor hears of the beginning and of the end, whatever the end is.
@Suite struct `Monitor` {
    private let monitor: ScriptedService

    init() throws { monitor = try .taking() }

    private func night(_ more: String = "") throws -> Night {
        try Night("healthcheck: \(monitor.url("ping/s3cret"))\n\(more)")
    }

    @Test func `hears the beginning and then the success, with counts and no names`() throws {
        let run = try night().sync()
        #expect(run.exit == 0, "\(run.err)")
        #expect(monitor.posts.map(\.path) == ["/ping/s3cret/start", "/ping/s3cret"])
        #expect(monitor.posts[1].body.hasPrefix("popl-sync sync acme/okta: done\n"))
        #expect(monitor.posts[1].body.contains("Planned: 3 members to create\nOutcome: 3 applied\n"))
        #expect(!monitor.posts[1].body.contains("acme.example"))
        #expect(!run.err.contains("s3cret") && !run.out.contains("s3cret"))
    }

    @Test func `hears of a failure, with the reason and what to do`() throws {
        let night = try night()
        try FileManager.default.removeItem(at: night.folder.url.appending(path: "users.csv"))
        #expect(try night.sync().exit == 66)
        #expect(monitor.posts.map(\.path) == ["/ping/s3cret/start", "/ping/s3cret/fail"])
        #expect(monitor.posts[1].body.contains("No file matches users.csv."))
        #expect(monitor.posts[1].body.contains("Exit code: 66"))
    }

    @Test func `hears of a plan that is held, and of a run that left somebody out, as failures`() throws {
        let night = try night()
        #expect(try night.sync().exit == 0)
        try night.export([1])
        #expect(try night.sync().exit == 3)
        try night.folder.write(
            "users.csv",
            try night.folder.read("users.csv") + "00u9,p9@acme.example p8@acme.example,Pat,Nine,ACTIVE\n"
                + "00u2,p2@acme.example,Pat,Example 2,ACTIVE\n00u3,p3@acme.example,Pat,Example 3,ACTIVE\n")
        #expect(try night.sync().exit == 1)
        let ends = monitor.posts.map(\.path).filter { !$0.hasSuffix("/start") }
        #expect(ends == ["/ping/s3cret", "/ping/s3cret/fail", "/ping/s3cret/fail"])
        let held = monitor.posts.first { $0.body.contains("held, nothing was changed") }
        #expect(held?.body.contains("The guard deactivations holds the plan: 2, limit 1.") == true)
    }

    @Test func `puts the ending before a query, and hears of apply, and not of what is done by hand`() throws {
        let night = try Night("healthcheck: \(monitor.url("ping/?key=s3cret"))")
        #expect(try night.folder.run(["plan", "--out", "tonight.plan"] + Night.words).exit == 0)
        #expect(try night.folder.run(["import", "users.csv"] + Night.words).exit == 0)
        #expect(monitor.requests.isEmpty)
        #expect(try night.folder.run(["apply", "tonight.plan"] + Night.words).exit == 0)
        #expect(try night.folder.run(["apply", "nosuch.plan"] + Night.words).exit == 66)
        #expect(
            monitor.posts.map(\.path) == [
                "/ping/start?key=s3cret", "/ping/?key=s3cret", "/ping/start?key=s3cret", "/ping/fail?key=s3cret",
            ])
    }

    @Test(arguments: ["file", "env"]) func `is found in a file or in the environment`(way: String) throws {
        let night = try Night("healthcheck: { \(way): HOOK }")
        try night.folder.write("HOOK", monitor.url("ping\n"))
        let environment = way == "env" ? ["HOOK": monitor.url("ping")] : [:]
        #expect(try night.folder.run(["sync"] + Night.words, environment: environment).exit == 0)
        #expect(monitor.posts.map(\.path) == ["/ping/start", "/ping"])
    }

    @Test func `that is nowhere to be found is a warning`() throws {
        let run = try Night("healthcheck: { env: NOT_SET }").sync()
        #expect(run.exit == 0)
        #expect(run.err.contains("not told reason=NOT_SET does not hold a URL of http or https target=healthcheck"))
    }

    /// Its clock is the alarm: it waits for an end that does not come.
    @Test func `hears of no end when the run is killed`() async throws {
        let long = try LongRun()
        try long.folder.write("popl-sync.yaml", "healthcheck: \(monitor.url("ping"))\n")
        let running = try await long.startAndStop(command: "sync")
        running.signal(SIGKILL)
        _ = try running.end()
        #expect(monitor.posts.map(\.path) == ["/ping/start"])
        #expect(try long.folder.run(LongRun.arguments(command: "sync")).exit == 0)
        #expect(monitor.posts.map(\.path) == ["/ping/start", "/ping/start", "/ping"])
    }

    @Test func `hears that a run was stopped`() async throws {
        let long = try LongRun()
        try long.folder.write("popl-sync.yaml", "healthcheck: \(monitor.url("ping"))\n")
        let running = try await long.startAndStop(command: "sync")
        defer { running.signal(SIGKILL) }
        running.signal(SIGINT)
        running.signal(SIGCONT)
        #expect(try running.end().exit == 130)
        #expect(monitor.posts.map(\.path) == ["/ping/start", "/ping/fail"])
        #expect(monitor.posts[1].body.hasPrefix("popl-sync sync acme/default: stopped\n"))
    }
}

/// Whatever a hook does, the run is the same: what it writes, prints on stdout and ends with.
@Suite struct `Hooks at fault` {
    private static let ways = ["unreachable", "hanging", "failing", "redirecting", "not HTTP"]

    private func hook(_ way: String, elsewhere: ScriptedService) throws -> (service: ScriptedService?, url: String) {
        let service: ScriptedService
        switch way {
        case "unreachable": return (nil, "http://127.0.0.1:1/s3cret")
        case "hanging": service = try ScriptedService { _ in nil }
        case "failing": service = try ScriptedService { _ in ScriptedService.answer(500, "<html>s3cret</html>") }
        case "redirecting":
            let target = elsewhere.url("taken")
            service = try ScriptedService { _ in ScriptedService.answer(307, "", headers: ["Location: \(target)"]) }
        default: service = try ScriptedService { _ in "what?\r\n\r\n" }
        }
        return (service, service.url("s3cret"))
    }

    @Test(arguments: ways) func `change nothing of a run`(way: String) throws {
        let elsewhere = try ScriptedService.taking()
        let (service, url) = try hook(way, elsewhere: elsewhere)
        defer { withExtendedLifetime(service) {} }
        let alone = try Night()
        let watched = try Night(
            "healthcheck: \(url)\nnotify:\n  - { webhook: \(url), on: [change, hold, failure] }\n"
                + "  - { sendmail: it@example.com, program: /nonexistent/sendmail, on: [change, hold, failure] }\n"
                + "metrics-file: nosuch/folder/popl.prom")
        // Applied, held and in sync; the one that waits is asked once only.
        for people in way == "hanging" ? [[1, 2, 3]] : [[1, 2, 3], [1], [1, 2, 3]] {
            try alone.export(people)
            try watched.export(people)
            let (expected, found) = try (alone.sync(), watched.sync())
            #expect(found.exit == expected.exit)
            #expect(found.out.masked == expected.out.masked)
            #expect(!found.err.contains("s3cret"), "\(found.err)")
            #expect(found.err.contains("target=healthcheck 127.0.0.1\n"), "\(found.err)")
            #expect(found.err.contains("metrics not written reason=nosuch/folder/popl.prom cannot be written"))
        }
        let first = try watched.folder.run("history --format json")
        #expect(first.out.contains("\"result\": \"applied\"") || first.out.contains("\"applied\": 3"), "\(first.out)")
        #expect(elsewhere.requests.isEmpty)
    }

    @Test func `are told a second time when they had a bad moment, and not when they refuse`() throws {
        let answers = Answers([500, 200, 403])
        let service = try ScriptedService { _ in ScriptedService.answer(answers.next(), "") }
        let night = try Night("notify: [ { webhook: \(service.url("x")), on: [change, hold] } ]")
        let recovered = try night.sync()
        #expect(recovered.exit == 0 && !recovered.err.contains("not told"), "\(recovered.err)")
        #expect(service.requests.count == 2)
        try night.export([1])
        let refused = try night.sync()
        #expect(refused.exit == 3)
        #expect(refused.err.contains("not told reason=answered with 403 target=webhook 127.0.0.1"))
        #expect(service.requests.count == 3)
    }
}

/// One after the other; the last one stays.
private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private var left: [Int]

    init(_ statuses: [Int]) { left = statuses }

    func next() -> Int { lock.withLock { left.count > 1 ? left.removeFirst() : left[0] } }
}
