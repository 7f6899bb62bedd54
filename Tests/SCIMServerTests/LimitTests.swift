import Foundation
import JSON
import RawHTTP
import SCIM
import SCIMServer
import Testing

/// scim-rulings.md, "Limits" and "Refused input".
@Suite struct `Limits` {
    private func head(_ service: Service, _ method: String, _ path: String, _ more: String) -> [UInt8] {
        Array(
            ("\(method) /api/external/scim/\(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(service.token)\r\n"
                + more + "\r\n").utf8)
    }

    @Test func `of a body are 413, by its length and by what comes`() async throws {
        try await Service.with({ $0.limits.bodyBytes = 1000 }) { service in
            let long = #"{"userName":"a","title":"\#(String(repeating: "x", count: 1000))"}"#
            let declared = try await service.send("POST", "Users", long)
            #expect(declared.status == 413 && declared.isSCIMError && declared.headers["connection"] == "close")
            let chunks =
                String(repeating: "1f4\r\n" + String(repeating: "x", count: 500) + "\r\n", count: 4) + "0\r\n\r\n"
            let streamed = HTTPAnswer(
                try await service.http.exchange([
                    head(service, "POST", "Users", "Transfer-Encoding: chunked\r\n"), Array(chunks.utf8),
                ]))
            #expect(streamed.status == 413)
            // Bulk takes more, and is held to its own limit.
            let bulk = #"{"Operations":[{"method":"POST","path":"/Users","data":\#(long)}]}"#
            #expect(try await service.send("POST", "Bulk", bulk).status == 200)
            #expect(try await service.send("GET", "Users").total == 1)
        }
    }

    @Test func `of Bulk are those that it advertises`() async throws {
        var limits = ServiceLimits()
        limits.bulkOperations = 2
        limits.bulkBytes = 2000
        try await Service.with(limits: limits) { service in
            let operation = #"{"method":"DELETE","path":"/Users/1"}"#
            func bulk(_ count: Int) -> String {
                #"{"Operations":[\#(Array(repeating: operation, count: count).joined(separator: ","))]}"#
            }
            #expect(try await service.send("POST", "Bulk", bulk(2)).status == 200)
            #expect(try await service.send("POST", "Bulk", bulk(3)).status == 413)
            #expect(try await service.send("POST", "Bulk", bulk(100)).status == 413)
            let config = try await service.send("GET", "ServiceProviderConfig").json
            #expect(config.at("bulk", "maxOperations")?.integer == 2)
            #expect(config.at("bulk", "maxPayloadSize")?.integer == 2000)
        }
    }

    @Test func `of a URL are 414, and of a head nobody reads on`() async throws {
        try await Service.with { service in
            let long = "Users?x=" + String(repeating: "x", count: 17_000)
            let answer = try await service.send("GET", long)
            #expect(answer.status == 414 && answer.isSCIMError)
            #expect(try await service.send("GET", "Users?x=" + String(repeating: "x", count: 16_000)).status == 200)
            let fat = try await service.send("GET", "Users", headers: ["X-Long": String(repeating: "x", count: 40_000)])
            #expect(fat.status == 400 || fat.status == 431 || fat.raw.isEmpty)
        }
    }

    @Test(arguments: [
        ("not JSON", "userName"), ("cut off", #"{"userName":"a"#), ("two values", #"{"userName":"a"} {}"#),
        ("the same name twice", #"{"userName":"a","userName":"b"}"#),
        (
            "too deep",
            #"{"userName":"a","x":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}"
        ),
        ("half a surrogate", #"{"userName":"\ud800"}"#), ("no object", "[]"), ("nothing", ""),
        ("NUL", #"{"userName":"a\u0000b"}"#), ("NUL in what is ignored", #"{"userName":"a","x":["\u0000"]}"#),
    ])
    func `of JSON are 400 invalidSyntax`(what: String, body: String) async throws {
        try await Service.with { service in
            let answer = try await service.send("POST", "Users", body)
            #expect(answer.status == 400 && answer.isSCIMError, "\(what)")
            #expect(answer.scimType == "invalidSyntax", "\(what): \(answer.text)")
            #expect(try await service.send("GET", "Users").total == 0)
        }
    }

    @Test func `of text are UTF-8`() async throws {
        try await Service.with { service in
            let body = Array(#"{"userName":"a"#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""}"#.utf8)
            let request = head(
                service, "POST", "Users", "Connection: close\r\nContent-Length: \(body.count)\r\n")
            let answer = HTTPAnswer(try await service.http.exchange([request + body]))
            #expect(answer.status == 400 && answer.scimType == "invalidSyntax")
            #expect(try await service.send("GET", "Users").total == 0)
        }
    }

    @Test(arguments: [
        #"{"userName":1}"#, #"{"userName":"a","active":1}"#, #"{"userName":"a","active":"yes"}"#,
        #"{"userName":"a","active":null}"#, #"{"userName":"a\u200bb"}"#, #"{"userName":"a\u202eb"}"#, #"{"title":"x"}"#,
        #"{"userName":""}"#,
    ])
    func `of values are 400`(body: String) async throws {
        try await Service.with { service in
            let answer = try await service.send("POST", "Users", body)
            #expect(answer.status == 400 && answer.isSCIMError, "\(body): \(answer.text)")
        }
    }

    @Test func `of a team's rate are 429 with whole seconds, and for that team alone`() async throws {
        // No second passes, however long the requests take.
        let moment = ContinuousClock.now
        try await Service.with({
            $0.requestsPerSecond = 3
            $0.clock = { moment }
        }) { service in
            var statuses: [Int] = []
            for _ in 1...8 { statuses.append(try await service.send("GET", "Users?count=0").status) }
            #expect(statuses == [200, 200, 200, 429, 429, 429, 429, 429])
            let refused = try await service.send("GET", "Users?count=0")
            #expect(refused.status == 429 && refused.headers["retry-after"] == "1")
            #expect(try await service.send("GET", "Users?count=0", token: service.foreignToken).status == 200)
        }
    }

    @Test func `of refused tokens are 429 by address, and let right ones in`() async throws {
        let moment = ContinuousClock.now
        try await Service.with({
            $0.limits.refusalsPerMinute = 4
            $0.clock = { moment }
        }) { service in
            var statuses: [Int] = []
            for _ in 1...6 { statuses.append(try await service.send("GET", "Users", token: "wrong").status) }
            #expect(statuses == [401, 401, 401, 401, 429, 429])
            let refused = try await service.send("GET", "Users", token: "wrong")
            #expect(refused.headers["retry-after"].flatMap { Int($0) } ?? 0 >= 1 && refused.isSCIMError)
            #expect(try await service.send("GET", "Users").status == 200)
        }
    }

    /// That the exchanges come to an end at all is the point here: the other limits of time are longer than they wait.
    @Test func `of time end a head and a body`() async throws {
        try await Service.with({
            $0.limits.headSeconds = 3
            $0.limits.bodySeconds = 3
            $0.limits.idleSeconds = 3600
        }) { service in
            #expect(try await service.http.exchange([Array("GET /api/ext".utf8)]).isEmpty)
            let late = HTTPAnswer(
                try await service.http.exchange([
                    head(service, "POST", "Users", "Content-Type: application/json\r\nContent-Length: 50\r\n"),
                    Array(#"{"user"#.utf8),
                ]))
            #expect(late.status == 408 && late.isSCIMError, "\(late.raw.count)")
            #expect(try await service.send("GET", "Users").total == 0)
        }
    }

    @Test func `of time end a later head too, however slowly it trickles in`() async throws {
        try await Service.with({
            $0.limits.headSeconds = 3
            $0.limits.idleSeconds = 3600
        }) { service in
            let first = head(service, "GET", "Users?count=0", "")
            let post =
                head(service, "POST", "Users", "Content-Type: application/json\r\nContent-Length: 16\r\n")
                + Array(#"{"userName":"a"}"#.utf8)
            let last = head(service, "GET", "Users?count=0", "Connection: close\r\n")
            for request in [first, post] {
                // It takes three times the limit, and no pause is as long.
                let pieces = stride(from: 0, to: last.count, by: last.count / 30 + 1).map {
                    Array(last[$0..<min(last.count, $0 + last.count / 30 + 1)])
                }
                let answers = try await service.http.exchange([request] + pieces, pause: 9 / Double(pieces.count))
                #expect(String(decoding: answers, as: UTF8.self).components(separatedBy: "HTTP/1.1 20").count == 2)
            }
            // Between two requests there is time.
            let patient = try await service.http.exchange([first, last], pause: 5)
            #expect(String(decoding: patient, as: UTF8.self).components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        }
    }

    /// The time of a later head begins with it, not with the connection.
    @Test func `of time leave a later head its own time`() async throws {
        try await Service.with({
            $0.limits.headSeconds = 20
            $0.limits.idleSeconds = 3600
        }) { service in
            let first = head(service, "GET", "Users?count=0", "")
            let last = head(service, "GET", "Users?count=0", "Connection: close\r\n")
            // The first byte comes after 12 seconds, the last after 24.
            let pieces = [Array(last.prefix(1)), Array(last.dropFirst())]
            let answers = try await service.http.exchange([first] + pieces, pause: 12)
            #expect(String(decoding: answers, as: UTF8.self).components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        }
    }

    @Test func `of time end a connection that says no more`() async throws {
        try await Service.with({
            $0.limits.headSeconds = 3600
            $0.limits.idleSeconds = 3
        }) { service in
            let kept = HTTPAnswer(try await service.http.exchange([head(service, "GET", "Users?count=0", "")]))
            #expect(kept.status == 200)
        }
    }

    @Test func `of what is HTTP at all are the server's own`() async throws {
        try await Service.with { service in
            for text in ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"] {
                let answer = HTTPAnswer(try await service.http.exchange([Array(text.utf8)]))
                #expect(answer.status == 400 || answer.raw.isEmpty, "\(text)")
            }
            #expect(try await service.send("GET", "Users").status == 200)
        }
    }

    @Test func `of what an error says leave out how it works inside`() async throws {
        try await Service.with { service in
            for (method, path, body) in [
                ("GET", "Users?filter=userName+eq+%27x%27%3B+DROP+TABLE+resource", nil), ("POST", "Users", "{"),
                ("GET", "Users/../../etc/passwd", nil), ("POST", "Bulk", "[]"),
            ] as [(String, String, String?)] {
                let answer = try await service.send(method, path, body)
                #expect((400..<500).contains(answer.status) && answer.isSCIMError)
                for word in ["sqlite", "SELECT", "/Sources", ".swift", "roster.sqlite", "Swift."] {
                    #expect(!answer.text.contains(word), "\(answer.text)")
                }
            }
        }
    }
}
