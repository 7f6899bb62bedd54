import Foundation
import JSON
import RawHTTP
import Testing

/// What no real service does when a test wants it: pages for people, detours, silence, answers that are not as the RFC
/// has them.
@Suite struct `The connection test of a service at fault` {
    private let folder: ProgramFolder

    init() throws {
        folder = try ProgramFolder()
        try folder.write("token", "the-real-token")
    }

    private func check(_ service: ScriptedService, _ options: String = "", path: String = "/scim/") throws -> CheckRun {
        try CheckRun(
            folder.run(
                "check --scim http://127.0.0.1:\(service.port)\(path) --token-file token --format json \(options)"))
    }

    /// Answers as it should, but where `otherwise` says something else.
    private func service(_ otherwise: @escaping ScriptedService.Script) throws -> ScriptedService {
        try ScriptedService { head in
            if let answer = otherwise(head) { return answer }
            if !head.contains("Bearer the-real-token") { return ScriptedService.error(401) }
            if head.hasPrefix("GET /scim/Users") { return ScriptedService.list() }
            if head.hasPrefix("GET /scim/ServiceProviderConfig") {
                return ScriptedService.answer(
                    200, #"{"patch":{"supported":"true"},"filter":{"supported":true,"maxResults":"200"}}"#)
            }
            if head.hasPrefix("GET /scim/ResourceTypes") || head.hasPrefix("GET /scim/Schemas") {
                return ScriptedService.list()
            }
            return ScriptedService.error(404)
        }
    }

    @Test func `shows the token to no other host`() throws {
        let elsewhere = try ScriptedService { _ in ScriptedService.list() }
        let there = "http://127.0.0.1:\(elsewhere.port)"
        let redirecting = try ScriptedService { head in
            ScriptedService.answer(302, "", headers: ["Location: \(there)/scim/Users"])
        }
        let run = try check(redirecting)
        #expect(run.exit == 69 && run.code("authorization") == "redirected", "\(run.said)")
        #expect(run.message("authorization").contains("sends requests on to \(there). The token was not sent there."))
        #expect(elsewhere.requests.isEmpty)
    }

    @Test func `follows a detour at the same place, and none without end`() throws {
        let moved = try service { head in
            head.hasPrefix("GET /scim/Users?startIndex") && head.contains("the-real-token")
                ? ScriptedService.answer(307, "", headers: ["Location: /scim/Users/?startIndex=1&count=2"]) : nil
        }
        #expect(try check(moved).exit == 0)
        let circle = try ScriptedService { _ in
            ScriptedService.answer(302, "", headers: ["Location: /scim/Users?startIndex=1&count=2"])
        }
        #expect(try check(circle).code("authorization") == "redirected")
        #expect(circle.requests.count <= 8)
    }

    @Test(arguments: [nil, "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 1000\r\n\r\n{"])
    func `waits for nobody longer than it was told to`(beginning: String?) throws {
        let began = ContinuousClock.now
        let service = try ScriptedService { _ in beginning }
        let run = try check(service, "--timeout 1")
        #expect(run.exit == 69, "\(run.said)")
        #expect(["timed-out", "no-answer"].contains(run.code("authorization")), "\(run.said)")
        #expect(began.duration(to: .now) < .seconds(15))
    }

    @Test func `waits for no handshake longer either`() throws {
        let service = try ScriptedService { _ in nil }
        let run = try CheckRun(
            folder.run("check --scim https://127.0.0.1:\(service.port)/ --token-file token --format json --timeout 1"))
        #expect(run.exit == 69 && run.code("tls") == "tls-timed-out", "\(run.said)")
    }

    @Test(arguments: [
        (ScriptedService.answer(200, "<html>Sign in</html>", type: "text/html"), 69, "not-scim"),
        (ScriptedService.answer(200, ""), 69, "not-scim"),
        (ScriptedService.error(404), 69, "no-users-here"),
        (ScriptedService.answer(401, "<html>no</html>", type: "text/html"), 77, "token-refused"),
        (ScriptedService.error(403), 77, "token-not-allowed"),
        (ScriptedService.answer(429, "", headers: ["Retry-After: 30"]), 75, "too-many-requests"),
        (ScriptedService.error(503), 69, "service-failing"),
        ("nonsense\r\n\r\n", 69, "no-answer"),
    ])
    func `says what the first answer means, by exit code and mend`(answer: String, exit: Int32, code: String) throws {
        let service = try ScriptedService { _ in answer }
        let run = try check(service, "--write")
        #expect(run.exit == exit && run.code("authorization") == code, "\(run.said)")
        #expect(run.document.at("error", "code")?.string == code)
        #expect(run.document.at("error", "mend")?.string?.isEmpty == false)
        #expect(service.requests.allSatisfy { $0.hasPrefix("GET ") })
    }

    @Test func `survives discovery that is missing, a page, or a bare array`() throws {
        let service = try service { head in
            if head.hasPrefix("GET /scim/ServiceProviderConfig") {
                return ScriptedService.answer(200, "<html></html>", type: "text/html")
            }
            if head.hasPrefix("GET /scim/ResourceTypes") {
                return ScriptedService.answer(200, #"[{"name":"User","endpoint":"/Users"}]"#)
            }
            if head.hasPrefix("GET /scim/Schemas") { return ScriptedService.error(404) }
            return nil
        }
        let run = try check(service)
        #expect(run.exit == 0 && run.code("discovery") == "discovery-incomplete", "\(run.said)")
        let facts =
            (run.document["steps"]?.array ?? []).first { $0["step"]?.string == "discovery" }?["facts"]?.array ?? []
        #expect(
            facts.map { "\($0["name"]?.string ?? "") \($0["value"]?.string ?? "")" } == [
                "ServiceProviderConfig is answered with a web page (HTML)",
                "ResourceTypes is a bare array instead of a ListResponse", "Schemas is missing",
            ])
        #expect(run.outcomes["features"] == "skipped" && run.outcomes["entra"] == "passed")
    }

    @Test func `reads what a sloppy service says of itself`() throws {
        let run = try check(try service { _ in nil })
        #expect(run.exit == 0, "\(run.said)")
        #expect(run.document["features"]?["patch"]?.boolean == true)
        #expect(run.document["features"]?["filterResults"]?.integer == 200)
        #expect(run.document["features"]?["sort"] == nil)
    }

    @Test(arguments: [
        (ScriptedService.list([#"{"id":"1","userName":"rosa@x.example"}"#]), "filter-ignored"),
        (ScriptedService.error(404), "filter-refused"), (ScriptedService.error(501), "filter-refused"),
        (ScriptedService.answer(200, "<html></html>", type: "text/html"), "filter-answer-is-no-list"),
        (ScriptedService.answer(200, #"{"totalResults":7,"Resources":[]}"#), "filter-miscounted"),
    ])
    func `tells a filter that is not heeded from one that finds nobody`(answer: String, code: String) throws {
        let service = try service { $0.contains("filter=userName+eq+%22") && $0.contains("the-real") ? answer : nil }
        let run = try check(service)
        #expect(run.exit == 1 && run.code("entra") == code, "\(run.said)")
        #expect(run.document["error"] == nil)
    }

    @Test(arguments: [
        (#"{"totalResults":"1","Resources":[{"id":7,"userName":"a"}]}"#, "passed", "has totalResults as a string"),
        (#"{"totalResults":3,"Resources":null}"#, "passed", "counts 3 and has no Resources"),
        (#"[{"id":"1"}]"#, "passed", "is a bare array"),
        (
            #"{"totalResults":3,"Resources":[{"id":"1"},{"id":"2"},{"id":"3"}]}"#, "passed",
            "has 3 people where 2 were asked for"
        ),
        (#"{"hello":"world"}"#, "failed", "is no ListResponse"),
    ])
    func `says of a first page what Okta would not like`(body: String, verdict: String, words: String) throws {
        let service = try service {
            $0.contains("startIndex=1") && $0.contains("the-real") ? ScriptedService.answer(200, body) : nil
        }
        let run = try check(service)
        #expect(run.verdict == verdict, "\(run.said)")
        #expect(run.outcomes["okta"] == (verdict == "passed" ? "warning" : "failed"))
        #expect(run.message("okta").contains(words), "\(run.said)")
    }

    @Test func `asks as Okta and Entra do, and takes the URL as Entra has it`() throws {
        let service = try service { _ in nil }
        #expect(try check(service, path: "/scim?aadOptscim062020").exit == 0)
        let lines = service.requests.map { $0.components(separatedBy: "\r\n")[0] }
        #expect(lines.contains("GET /scim/Users?startIndex=1&count=2 HTTP/1.1"))
        #expect(
            lines.contains {
                $0.wholeMatch(of: /GET \/scim\/Users\?filter=userName\+eq\+%22[0-9a-f-]{36}%22 HTTP\/1\.1/) != nil
            })
        #expect(!lines.contains { $0.contains("aadOpt") })
    }
}

/// A test user on services that lose it, keep it, or do not do as they say.
@Suite struct `The test user on a service at fault` {
    private let folder: ProgramFolder
    private let store = People()

    init() throws {
        folder = try ProgramFolder()
        try folder.write("token", "the-real-token")
    }

    /// One person at most, as a service would keep them.
    private final class People: @unchecked Sendable {
        private let lock = NSLock()
        private var person: (name: String, active: Bool, display: String)?
        var isThere: Bool { lock.withLock { person != nil } }

        func answer(_ head: String, ignoring ignored: Set<String>) -> String {
            lock.withLock {
                if head.hasPrefix("POST ") {
                    person = (
                        head.firstMatch(of: /"userName":"([^"]+)"/).map { String($0.1) } ?? "", true, "popl-sync check"
                    )
                    return ScriptedService.answer(201, json)
                }
                guard person != nil else {
                    return head.contains("?filter") || head.contains("?startIndex")
                        ? ScriptedService.list() : ScriptedService.error(404)
                }
                if head.hasPrefix("PATCH ") || head.hasPrefix("PUT ") {
                    if head.contains("\"active\""), !ignored.contains("active") {
                        person?.active = !head.contains("false")
                    }
                    if head.contains("changed"), !ignored.contains("displayName") {
                        person?.display = "popl-sync check, changed"
                    }
                    return ScriptedService.answer(200, json)
                }
                if head.hasPrefix("DELETE ") {
                    if ignored.contains("DELETE") { return ScriptedService.error(501, "not here") }
                    person = nil
                    return "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                }
                if head.contains("?filter") { return ScriptedService.list([json]) }
                return head.contains("?startIndex") ? ScriptedService.list([json]) : ScriptedService.answer(200, json)
            }
        }

        private var json: String {
            let person = person ?? ("", false, "")
            return
                #"{"id":"7","userName":"\#(person.name)","active":\#(person.active),"displayName":"\#(person.display)"}"#
        }
    }

    private func check(
        ignoring ignored: Set<String> = [], _ options: String = "",
        _ otherwise: @escaping ScriptedService.Script = { _ in nil }
    ) throws -> (run: CheckRun, service: ScriptedService) {
        let store = store
        let service = try ScriptedService { head in
            if !head.contains("the-real-token") { return ScriptedService.error(401) }
            if let answer = otherwise(head) { return answer.isEmpty ? nil : answer }
            return store.answer(head, ignoring: ignored)
        }
        let words = "check --scim http://127.0.0.1:\(service.port)/ --token-file token --write --format json \(options)"
        return (try CheckRun(folder.run(words)), service)
    }

    @Test func `is created, found, changed, deactivated and removed`() throws {
        let (run, _) = try check()
        #expect(run.exit == 0 && run.outcomes["remove"] == "passed", "\(run.said)")
        #expect(!store.isThere)
    }

    @Test func `that stays active is the worst that can be found`() throws {
        let (run, _) = try check(ignoring: ["active"])
        #expect(run.exit == 1 && run.code("deactivate") == "still-active", "\(run.said)")
        #expect(!store.isThere)
    }

    @Test func `whose change is not kept is a warning`() throws {
        let (run, _) = try check(ignoring: ["displayName"])
        #expect(run.exit == 0 && run.code("change") == "change-not-kept", "\(run.said)")
        #expect(!store.isThere)
    }

    @Test func `is named with its address when it cannot be removed`() throws {
        let (run, service) = try check(ignoring: ["DELETE"])
        #expect(run.exit == 1 && run.code("remove") == "test-user-left", "\(run.said)")
        #expect(run.said.contains("Remove it by hand: http://127.0.0.1:\(service.port)/Users/7"), "\(run.said)")
    }

    @Test func `is found and removed when the answer to its creation is lost`() throws {
        let store = store
        let (run, service) = try check(ignoring: [], "--timeout 2") { head in
            guard head.hasPrefix("POST ") else { return nil }
            _ = store.answer(head, ignoring: [])
            return ""
        }
        #expect(run.exit == 1 && run.code("create") == "not-created", "\(run.said)")
        #expect(run.outcomes["remove"] == "passed" && !store.isThere, "\(run.said)")
        #expect(service.requests.filter { $0.hasPrefix("POST ") }.count == 1)
    }

    @Test func `is not made where the service refuses, and then nothing is left to remove`() throws {
        let (run, service) = try check { $0.hasPrefix("POST ") ? ScriptedService.error(403, "read only") : nil }
        #expect(run.exit == 1 && run.code("create") == "not-created", "\(run.said)")
        #expect(run.message("create").contains("It says: read only"))
        #expect(run.outcomes["remove"] == "skipped")
        #expect(!service.requests.contains { $0.hasPrefix("DELETE ") })
    }

    @Test func `is changed by PUT where there is no PATCH`() throws {
        let (run, service) = try check {
            $0.hasPrefix("GET /ServiceProviderConfig")
                ? ScriptedService.answer(200, #"{"patch":{"supported":false}}"#) : nil
        }
        #expect(run.exit == 0, "\(run.said)")
        #expect(
            service.requests.contains { $0.hasPrefix("PUT /Users/7 ") }
                && !service.requests.contains { $0.hasPrefix("PATCH ") })
    }
}
