import Foundation
import JSON
import RawHTTP
import SCIM
import SCIMServer
import TestSupport
import Testing

@Suite struct `Many at once` {
    /// Holds the store's one writer until told otherwise, as a batch run's transaction does.
    private func holdingWriter<Result>(
        _ service: Service, _ body: @Sendable (_ release: @Sendable () -> Void) async throws -> Result
    ) async throws -> Result {
        let (holds, free) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let store = service.store
        Thread.detachNewThread {
            try? store.write { _ in
                holds.signal()
                free.wait()
            }
        }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                holds.wait()
                continuation.resume()
            }
        }
        let result: Result
        do { result = try await body { free.signal() } } catch {
            free.signal()
            throw error
        }
        return result
    }

    @Test func `PATCH one group and none is lost`() async throws {
        try await Service.with { service in
            var people: [String] = []
            for number in 1...24 { people.append(try await service.addUser("p\(number)@x.example")) }
            let id = try await service.addGroup("G")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for person in people {
                    tasks.addTask {
                        try await service.send(
                            "PATCH", "Groups/\(id)",
                            #"{"Operations":[{"op":"Add","path":"members","value":[{"value":"\#(person)"}]}]}"#
                        ).status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
            #expect(Set(try await service.memberIDs(of: id)) == Set(people))
            let head = try service.store.read { try $0.verifyJournal(team: service.acme) }
            guard case .intact = head else {
                Issue.record("the journal is broken")
                return
            }
        }
    }

    @Test func `read while a write takes its time, and writes wait together`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let made = try await holdingWriter(service) { release in
                try await withThrowingTaskGroup(of: Int.self) { tasks in
                    for number in 1...20 {
                        tasks.addTask {
                            try await service.send("POST", "Users", #"{"userName":"w\#(number)"}"#).status
                        }
                    }
                    // None of the twenty is answered yet, and everybody else is.
                    for _ in 1...10 { #expect(try await service.send("GET", "Users/\(id)").status == 200) }
                    #expect(try await service.send("GET", "Users").total == 1)
                    // They all have arrived, besides the one that asks.
                    try await Eventually.holds("all are in flight") {
                        try await value("popl_scim_requests_in_flight", service) == 21
                    }
                    try await Task.sleep(for: .seconds(1))
                    release()
                    return try await tasks.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(made.allSatisfy { $0 == 201 })
            #expect(try await service.send("GET", "Users").total == 21)
            #expect(try await value("popl_scim_writes_total", service) == 21)
            #expect(try await value("popl_scim_commits_total", service) ?? 99 <= 8)
        }
    }

    private func value(_ name: String, _ service: Service) async throws -> Int? {
        try await service.send("GET", "/metrics", token: nil).text.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }.flatMap { Int($0.split(separator: " ")[1]) }
    }

    @Test func `are answered to the last when the service stops`() async throws {
        let service = try await Service()
        let answer = try await holdingWriter(service) { release in
            async let answer = service.send("POST", "Users", #"{"userName":"rosa@x.example"}"#)
            // It has arrived, besides the one that asks.
            try await Eventually.holds("the request is in flight") {
                try await value("popl_scim_requests_in_flight", service) == 2
            }
            async let stopped: Void = service.stop()
            try await Task.sleep(for: .milliseconds(300))
            release()
            try await stopped
            return try await answer
        }
        #expect(answer.status == 201)
        #expect(try service.store.read { try $0.count(.user, team: service.acme) } == 1)
        let after = try? await service.send("GET", "Users")
        #expect(after == nil || after?.raw.isEmpty == true)
    }

    /// One of two that start from the same version wins, and the other is told.
    @Test func `change one version once`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for number in 1...8 {
                    tasks.addTask {
                        try await service.send(
                            "PATCH", "Users/\(id)",
                            #"{"Operations":[{"op":"replace","path":"title","value":"\#(number)"}]}"#,
                            headers: ["If-Match": #"W/"1""#]
                        ).status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 412 } == 7, "\(statuses)")
        }
    }

    @Test(arguments: [1, 2, 3]) func `keep two teams apart, whatever they do`(seed: UInt64) async throws {
        try await Service.with { service in
            var random = SeededRandom(seed: seed)
            var ids: [[String]] = [[], []]
            let tokens = [service.token, service.foreignToken]
            for step in 1...120 {
                let team = Int.random(in: 0...1, using: &random)
                let (own, other) = (
                    ids[team].randomElement(using: &random), ids[1 - team].randomElement(using: &random)
                )
                let someID = Bool.random(using: &random) ? own : other
                switch Int.random(in: 0...5, using: &random) {
                case 0, 1:
                    ids[team].append(try await service.addUser("t\(team)-\(step)@x.example", token: tokens[team]))
                case 2:
                    guard let someID else { continue }
                    let answer = try await service.send(
                        "PATCH", "Users/\(someID)",
                        #"{"Operations":[{"op":"add","path":"title","value":"t\#(team)"}]}"#,
                        token: tokens[team])
                    #expect(answer.status == (ids[team].contains(someID) ? 200 : 404), "seed \(seed)")
                case 3:
                    guard let someID else { continue }
                    _ = try await service.addGroup("g\(team)-\(step)", members: [someID], token: tokens[team])
                case 4:
                    guard let other else { continue }
                    #expect(try await service.send("DELETE", "Users/\(other)", token: tokens[team]).status == 404)
                default:
                    guard let someID else { continue }
                    let manager =
                        #"{"Operations":[{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"\#(someID)"}]}"#
                    if let own { _ = try await service.send("PATCH", "Users/\(own)", manager, token: tokens[team]) }
                }
            }
            for team in 0...1 {
                let people = try await service.send("GET", "Users?count=200", token: tokens[team])
                #expect(people.userNames.allSatisfy { $0.hasPrefix("t\(team)-") }, "seed \(seed)")
                #expect(people.total == ids[team].count)
                #expect(!people.text.contains("\"title\":\"t\(1 - team)\""))
                let groups = try await service.send("GET", "Groups?count=200", token: tokens[team]).text
                for id in ids[1 - team] {
                    #expect(!groups.contains(id), "seed \(seed)")
                    #expect(!people.text.contains("Users/\(id)"), "seed \(seed)")
                }
            }
        }
    }
}

@Suite struct `Long lists` {
    private func limits() -> ServiceLimits {
        var limits = ServiceLimits()
        limits.slice = 1
        return limits
    }

    private func people(_ service: Service) throws {
        let operations = (1...400).map { number in
            let attributes = ComplexValue([.init("userName", .string("p\(number)@x.example"))])
            return BulkOperation(.create(.user, attributes: attributes, members: []))
        }
        _ = try service.core.bulk(
            operations, atomic: false, context: SCIM.RequestContext(team: service.acme, actor: "test"))
    }

    @Test(arguments: ["Users?count=7&filter=title+ne+%22x%22", "?count=7&filter=id+pr", "Users?count=7&sortBy=title"])
    func `are answered whole, however many slices they take`(path: String) async throws {
        try await Service.with(limits: limits()) { service in
            try people(service)
            let answer = try await service.send("GET", path)
            #expect(answer.total == 400 && answer.json["Resources"]?.array?.count == 7)
            let metrics = try await service.send("GET", "/metrics", token: nil).text
            #expect(metrics.contains("popl_scim_walked_total 400\n"))
        }
    }

    /// Whatever their number, they are read on two threads, and whoever asks for little is answered meanwhile.
    @Test func `take turns among themselves`() async throws {
        try await Service.with(limits: limits()) { service in
            try people(service)
            let id = try await service.addUser("rosa@x.example")
            service.paced.holdLongReads()
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 1...12 {
                    tasks.addTask { try await service.send("GET", "Users?count=0&filter=title+ne+%22x%22").status }
                }
                // All of them are past their first slice, and two are at their second.
                try await Eventually.holds("both threads are at work, and all lists underway") {
                    let metrics = try await service.send("GET", "/metrics", token: nil).text
                    return service.paced.held >= 2 && metrics.contains("popl_scim_walked_total 12\n")
                }
                #expect(service.paced.held == 2)
                #expect(try await service.send("GET", "Users/\(id)").status == 200)
                #expect(try await service.send("GET", "Users?filter=userName+eq+%22rosa@x.example%22").total == 1)
                service.paced.letGo()
                #expect(try await tasks.reduce(into: []) { $0.append($1) } == Array(repeating: 200, count: 12))
            }
        }
    }

    /// Groups may be of any size: however many are asked for, whoever asks for one person is answered meanwhile.
    @Test func `and groups keep nobody waiting who asks for a person`() async throws {
        try await Service.with { service in
            let person = try await service.addUser("rosa@x.example")
            let group = try await service.addGroup("G", members: [person])
            service.paced.holdLongReads()
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 1...24 { tasks.addTask { try await service.send("GET", "Groups/\(group)").status } }
                try await Eventually.holds("all threads for long work are taken") { service.paced.held == 4 }
                for _ in 1...24 { #expect(try await service.send("GET", "Users/\(person)").status == 200) }
                service.paced.letGo()
                #expect(try await tasks.reduce(into: []) { $0.append($1) } == Array(repeating: 200, count: 24))
            }
        }
    }

    @Test func `are given up when nobody waits for them any more`() async throws {
        try await Service.with(limits: limits()) { service in
            try people(service)
            // More than a minute, to the end.
            service.paced.pause(.milliseconds(200))
            try await service.http.abandon(
                Array(
                    ("GET /api/external/scim/Users?count=0&filter=title+ne+%22x%22 HTTP/1.1\r\nHost: x\r\n"
                        + "Authorization: Bearer \(service.token)\r\n\r\n").utf8))
            var line: String?
            try await Eventually.holds("it is logged") {
                line = service.log.all.first { $0.contains("endpoint=Users") && $0.contains("method=GET") }
                return line != nil
            }
            #expect(line?.contains("status=499") == true, "\(line ?? "")")
            service.paced.letGo()
        }
    }
}

@Suite struct `The service as it runs` {
    @Test func `heeds a token's end at the next request, and notes its use`() async throws {
        try await Service.with { service in
            let issued = try service.core.issueToken(team: service.acme, label: "", expires: nil)
            #expect(try await service.send("GET", "Users", token: issued.token.text).status == 200)
            try await Eventually.holds("its use is noted") {
                try service.store.read { try $0.token(issued.token.id) }?.lastUsed != nil
            }
            _ = try service.core.revokeToken(issued.token.id, team: service.acme)
            #expect(try await service.send("GET", "Users", token: issued.token.text).status == 401)
        }
    }

    @Test func `tells machines how it is`() async throws {
        try await Service.with { service in
            #expect(try await service.send("GET", "/healthz", token: nil).text == "alive\n")
            #expect(try await service.send("GET", "/readyz", token: nil).status == 200)
            _ = try await service.addUser("rosa@x.example")
            let metrics = try await service.send("GET", "/metrics", token: nil)
            #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(
                metrics.text.contains(
                    #"popl_scim_requests_total{endpoint="Users",method="POST",status="201"} 1"#))
            #expect(!metrics.text.contains("rosa") && !metrics.text.contains("acme"))
            #expect(try await service.send("POST", "/metrics", token: nil).status == 405)
            service.store.close()
            #expect(try await service.send("GET", "/readyz", token: nil).status == 503)
            #expect(try await service.send("GET", "/healthz", token: nil).status == 200)
            let down = try await service.send("GET", "Users")
            #expect(down.status == 503 && down.isSCIMError && down.headers["retry-after"] != nil)
        }
    }

    @Test func `logs each request by ids and numbers alone`() async throws {
        try await Service.with { service in
            let id = try await service.addUser("rosa@x.example", #","name":{"givenName":"Rosa"}"#)
            let answer = try await service.send("GET", "Users?filter=userName+eq+%22rosa%40x.example%22")
            _ = try await service.send("GET", "Users/\(id)", token: "popl_wrong")
            let request = try #require(answer.headers["x-request-id"])
            let line = try #require(service.log.all.first { $0.contains(request) })
            for fact in ["endpoint=Users", "method=GET", "status=200", "team=", "token=", "microseconds="] {
                #expect(line.contains(fact), "\(line)")
            }
            for word in ["rosa", "Rosa", "x.example", "popl_", service.token, "userName", "Bearer"] {
                #expect(!service.log.all.contains { $0.contains(word) }, "\(word)")
            }
        }
    }

    @Test func `believes a proxy only when told to`() async throws {
        let headers = [
            "X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example.com", "X-Forwarded-For": "9.9.9.9",
        ]
        func location(_ change: @Sendable (inout ServiceSettings) -> Void) async throws -> String? {
            try await Service.with(change) { service in
                try await service.send("POST", "Users", #"{"userName":"rosa"}"#, headers: headers).headers["location"]
            }
        }
        #expect(try await location { _ in }?.hasPrefix("http://scim.test/api/external/scim/Users/") == true)
        #expect(
            try await location { $0.trustsForwarded = true }?.hasPrefix(
                "https://api.example.com/api/external/scim/Users/")
                == true)
        #expect(
            try await location {
                $0.trustsForwarded = true
                $0.baseURL = "https://scim.example.com/x/"
            }?.hasPrefix("https://scim.example.com/x/Users/") == true)
        // A host that is none does not come back in an answer.
        try await Service.with { service in
            let answer = try await service.http.exchange([
                Array(
                    ("GET /api/external/scim/ServiceProviderConfig HTTP/1.1\r\nHost: a\"<b>/\r\nConnection: close\r\n\r\n")
                        .utf8)
            ])
            #expect(!HTTPAnswer(answer).text.contains("<b>"))
        }
    }

    @Test func `keeps a connection for the next request`() async throws {
        try await Service.with { service in
            let request =
                "GET /api/external/scim/Users?count=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(service.token)\r\n"
            let both = try await service.http.exchange([
                Array((request + "\r\n" + request + "Connection: close\r\n\r\n").utf8)
            ])
            #expect(String(decoding: both, as: UTF8.self).components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        }
    }
}
