import Foundation
import RawHTTP
import SCIMClient
import Synchronization
import Testing

@Suite struct `A patient client` {
    private func client(_ service: ScriptedService, patience: Duration = .seconds(3600), seconds: Int = 3600) throws
        -> PatientClient
    {
        var settings = SCIMClient.Settings()
        settings.seconds = seconds
        return PatientClient(
            SCIMClient(
                try ServiceURL("http://127.0.0.1:\(service.port)/"), token: try BearerToken("t"), settings: settings),
            pace: Pace(most: 4), patience: patience, isStopped: { false })
    }

    @Test(arguments: ["1", "date"])
    func `does not ask before the moment that a service names`(form: String) async throws {
        let moments = Mutex<[Date]>([])
        let service = try ScriptedService { _ in
            let count = moments.withLock { moments in
                moments.append(Date())
                return moments.count
            }
            guard count == 1 else { return ScriptedService.list() }
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "GMT")
            formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            let date = formatter.string(from: Date(timeIntervalSinceNow: 2))
            return ScriptedService.answer(429, "", headers: ["Retry-After: \(form == "date" ? date : form)"])
        }
        let client = try client(service)
        #expect(try await client.read("Users").status == 200)
        let (first, second) = moments.withLock { ($0[0], $0[1]) }
        #expect(second.timeIntervalSince(first) >= 0.99)
        await client.client.close()
    }

    @Test(arguments: [
        ScriptedService.error(500), ScriptedService.error(503),
        ScriptedService.answer(200, "<html>", type: "text/html"), "",
        ScriptedService.answer(200, ""), ScriptedService.answer(200, "null"),
        ScriptedService.answer(200, "{\"Resour"), "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"half",
    ])
    func `reads again after any answer that is none`(bad: String) async throws {
        let isBad = Once()
        let service = try ScriptedService { _ in isBad.first() ? bad : ScriptedService.list() }
        let client = try client(service)
        #expect(try await client.read("Users").status == 200)
        #expect(service.requests.count == 2)
        await client.client.close()
    }

    @Test func `takes a change for made that is answered with nothing`() async throws {
        let service = try ScriptedService { _ in ScriptedService.answer(200, "") }
        let client = try client(service)
        guard case .answered(let answer) = try await client.attempt(.patch, "Users/1") else {
            Issue.record("it counts as unclear")
            return
        }
        #expect(answer.status == 200)
        await client.client.close()
    }

    @Test func `gives up when its time is over, and at once when the token is refused`() async throws {
        let service = try ScriptedService {
            $0.contains("/Users") ? ScriptedService.error(503) : ScriptedService.error(401)
        }
        let client = try client(service, patience: .seconds(1))
        await #expect(throws: ServiceFailure.unavailable("is overloaded or being maintained")) {
            try await client.read("Users")
        }
        await #expect(throws: ServiceFailure.refused(401)) { try await client.read("Groups") }
        await client.client.close()
    }

    @Test func `gives up at once when it is asked to wait longer than it would`() async throws {
        let service = try ScriptedService { _ in ScriptedService.answer(429, "", headers: ["Retry-After: 86400"]) }
        let client = try client(service)
        await #expect(throws: ServiceFailure.unavailable("asks to wait")) { try await client.read("Users") }
        #expect(service.requests.count == 1)
        await client.client.close()
    }

    @Test func `goes slower when it is asked to, and faster again`() async throws {
        let isBusy = Mutex(true)
        let service = try ScriptedService { _ in
            isBusy.withLock { $0 }
                ? ScriptedService.answer(429, "", headers: ["Retry-After: 0"]) : ScriptedService.list()
        }
        let client = try client(service)
        #expect(client.pace.allowed == 4)
        for _ in 1...3 { _ = try await client.attempt(.get, "Users") }
        #expect(client.pace.allowed == 1)
        isBusy.withLock { $0 = false }
        for _ in 1...12 { _ = try await client.attempt(.get, "Users") }
        #expect(client.pace.allowed > 1)
        await client.client.close()
    }

    @Test func `keeps the token from where a redirect leads`() async throws {
        let elsewhere = try ScriptedService { _ in ScriptedService.list() }
        let service = try ScriptedService { _ in
            ScriptedService.answer(302, "", headers: ["Location: http://127.0.0.1:\(elsewhere.port)/Users"])
        }
        let client = try client(service)
        await #expect(throws: ServiceFailure.self) { try await client.read("Users") }
        #expect(elsewhere.requests.isEmpty)
        await client.client.close()
    }
}
