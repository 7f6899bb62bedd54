import Foundation
import JSON
import RawHTTP
import Testing

@Suite struct `The online service` {
    private let folder: ProgramFolder
    private let token: String
    private let id: String

    init() throws {
        folder = try ProgramFolder()
        (id, token) = try folder.teamWithToken()
    }

    /// Starts it on a free port, and waits until it says where it is.
    private func serve(_ options: String...) async throws -> (program: RunningProgram, http: RawHTTP) {
        let started = try folder.start(["serve", "--database", "popl.sqlite", "--port", "0"] + options)
        let (program, place) = try await folder.said(["Listening on ", "Serving SCIM at http://"], by: started)
        let port = try #require(
            place.split(whereSeparator: { ":/".contains($0) }).dropFirst().first.flatMap { Int($0) })
        return (program, RawHTTP(port: port))
    }

    private func send(_ http: RawHTTP, _ method: String, _ path: String, _ body: String = "") async throws -> HTTPAnswer
    {
        try await http.scim(method, path, body, token: token)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `says where it is, answers, and ends in good order`(signal: Int32) async throws {
        let (program, http) = try await serve()
        #expect(try await send(http, "POST", "Users", #"{"userName":"rosa@northbay.example"}"#).status == 201)
        #expect(program.output.contains("Try it: curl"))
        program.signal(signal)
        let run = try program.end()
        #expect(run.exit == 128 + signal)
        #expect(run.err.contains("request ") && !run.err.contains("rosa") && !run.err.contains(token), "\(run.err)")
        // The log is merged, and the nightly side sees the same roster.
        #expect(try folder.names().filter { $0.hasPrefix("popl.sqlite-") }.isEmpty)
        let roster = try folder.run("roster --database popl.sqlite --team acme")
        #expect(roster.out.contains("rosa@northbay.example"))
    }

    @Test func `heeds commands and a batch run beside it`() async throws {
        let (program, http) = try await serve()
        #expect(try await send(http, "GET", "Users").status == 200)
        try folder.write("people.csv", "id,login,email,status\n1,omar@x.example,omar@x.example,active\n")
        #expect(try folder.run("import people.csv --database popl.sqlite --team acme").exit == 0)
        let found = try await send(http, "GET", "Users?filter=userName+eq+%22omar%40x.example%22")
        #expect(try JSON.parse(found.body)["totalResults"]?.integer == 1)
        #expect(try folder.run("token revoke \(id) --team acme --database popl.sqlite").exit == 0)
        #expect(try await send(http, "GET", "Users").status == 401)
        program.signal(SIGTERM)
        #expect(try program.end().exit == 143)
    }

    @Test func `loses nothing that it answered when it is killed`() async throws {
        let (program, http) = try await serve()
        let answered = Answered()
        let (token, process) = (token, program.process.processIdentifier)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for worker in 0..<4 {
                tasks.addTask {
                    for number in 0..<200 {
                        let name = "w\(worker)-\(number)@x.example"
                        let body = #"{"userName":"\#(name)"}"#
                        let answer = try? await http.scim("POST", "Users", body, token: token)
                        guard let answer, answer.status == 201 else { return }
                        await answered.add(name)
                    }
                }
            }
            tasks.addTask {
                while await answered.names.count < 40 { try await Task.sleep(for: .milliseconds(5)) }
                kill(process, SIGKILL)
            }
            try await tasks.waitForAll()
        }
        _ = try program.end()
        let names = await answered.names
        #expect(names.count >= 40)
        // Whoever writes next merges the log.
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        let roster = try folder.run("roster --database popl.sqlite --team acme --format csv").out
        #expect(names.filter { !roster.contains($0) }.isEmpty)
        #expect(try folder.run("history --verify --database popl.sqlite --team acme").exit == 0)
    }

    /// Scenarios 27 and 28: a plan's changes and live ones on the same people, at once.
    @Test func `and a sync change the same people, and neither loses anything`() async throws {
        let people = 300
        func export(_ title: String) -> String {
            "id,login,email,status,title\n"
                + (1...people).map { "\($0),p\($0)@x.example,p\($0)@x.example,active,\(title)\n" }.joined()
        }
        try folder.write("before.csv", export("Old"))
        try folder.write("after.csv", export("New"))
        let here = "--database popl.sqlite --team acme"
        #expect(try folder.run("import before.csv \(here)").exit == 0)
        let (program, http) = try await serve()
        let list = try await send(http, "GET", "Users?count=200")
        let ids = try #require(try JSON.parse(list.body)["Resources"]?.array).compactMap { $0["id"]?.string }
        let sync = try folder.start(
            ["sync", "after.csv", "--accept", "updates=300", "--accept", "attribute-changed=100"]
                + here.split(separator: " ").map(String.init))
        let token = token
        let statuses = try await withThrowingTaskGroup(of: [Int].self) { tasks in
            for worker in 0..<4 {
                tasks.addTask {
                    var statuses: [Int] = []
                    for id in ids[(worker * 40)..<(worker * 40 + 40)] {
                        let body = #"{"Operations":[{"op":"replace","path":"nickName","value":"live"}]}"#
                        statuses.append(try await http.scim("PATCH", "Users/\(id)", body, token: token).status)
                    }
                    return statuses
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
        let run = try sync.end()
        #expect([0, 1].contains(run.exit), "\(run.out)\(run.err)")
        #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
        let live = try await send(http, "GET", "Users?count=0&filter=nickName+eq+%22live%22")
        #expect(try JSON.parse(live.body)["totalResults"]?.integer == 160)
        program.signal(SIGTERM)
        _ = try program.end()
        #expect(try folder.run("history --verify \(here)").exit == 0)
    }

    private actor Answered {
        var names: [String] = []
        func add(_ name: String) { names.append(name) }
    }

    @Test func `takes its settings and limits from a configuration, and the command line wins`() async throws {
        try folder.write(
            "popl-sync.yaml",
            "serve:\n  port: 1\n  base-url: https://scim.example.com/s/\n  limits: { body: 100, bulk-operations: 7 }\n")
        let (program, http) = try await serve("--host", "127.0.0.1")
        #expect(program.output.contains("Serving SCIM at https://scim.example.com/s/\nListening on 127.0.0.1:"))
        let made = try await send(http, "POST", "Users", #"{"userName":"rosa"}"#)
        #expect(made.headers["location"]?.hasPrefix("https://scim.example.com/s/Users/") == true)
        let long = #"{"userName":"\#(String(repeating: "x", count: 100))"}"#
        #expect(try await send(http, "POST", "Users", long).status == 413)
        let config = try JSON.parse(try await send(http, "GET", "ServiceProviderConfig").body)
        #expect(config.at("bulk", "maxOperations")?.integer == 7)
        program.signal(SIGTERM)
        _ = try program.end()
        try folder.write("popl-sync.yaml", "serve: { tls-key: a.pem }\n")
        let lone = try folder.run("serve --database popl.sqlite")
        #expect(lone.exit == 78 && lone.err.contains("belong together"), "\(lone.err)")
    }

    /// Each limit is set to something small, is met, and is passed.
    @Test func `holds to each limit that a configuration sets, and advertises it`() async throws {
        try folder.write(
            "popl-sync.yaml",
            """
            serve:
              limits:
                json-depth: 5
                filter-bytes: 40
                filter-levels: 2
                filter-terms: 2
                string: 10
                user-name: 12
                page: 3
                page-default: 2
                bulk-body: 5000
                bulk-operations: 2
                patch-operations: 2
                members: 2
                url: 300
                walk: 4
            """)
        let (program, http) = try await serve()
        func status(_ method: String, _ path: String, _ body: String = "") async throws -> Int {
            try await send(http, method, path, body).status
        }
        func user(_ more: String) -> String { #"{"userName":"rosa"\#(more)}"# }
        func twice(_ text: String, _ count: Int) -> String {
            Array(repeating: text, count: count).joined(separator: ",")
        }
        #expect(try await status("POST", "Users", user(#","x":[[[[1]]]]"#)) == 201)
        #expect(try await status("POST", "Users", user(#","x":[[[[[1]]]]]"#)) == 400)
        for name in ["omar", "ute", "123456789012"] {
            #expect(try await status("POST", "Users", #"{"userName":"\#(name)"}"#) == 201)
        }
        #expect(try await status("POST", "Users", #"{"userName":"1234567890123"}"#) == 400)
        let list = try JSON.parse(try await send(http, "GET", "Users").body)
        let id = try #require(list["Resources"]?.array?.first?["id"]?.string)
        #expect(list["itemsPerPage"]?.integer == 2 && list["totalResults"]?.integer == 4)
        #expect(try JSON.parse(try await send(http, "GET", "Users?count=9").body)["itemsPerPage"]?.integer == 3)
        func patch(_ title: String, times: Int = 1) -> String {
            let operation = #"{"op":"replace","path":"title","value":"\#(title)"}"#
            return #"{"Operations":[\#(twice(operation, times))]}"#
        }
        #expect(try await status("PATCH", "Users/\(id)", patch("1234567890", times: 2)) == 200)
        #expect(try await status("PATCH", "Users/\(id)", patch("12345678901")) == 400)
        #expect(try await status("PUT", "Users/\(id)", user(#","title":"12345678901""#)) == 400)
        #expect(try await status("PATCH", "Users/\(id)", patch("1", times: 3)) == 400)
        func filtered(_ filter: String) async throws -> Int {
            let query = filter.replacing(" ", with: "+")
            let search = try await status("POST", "Users/.search", #"{"filter":"\#(filter)"}"#)
            #expect(try await status("GET", "Users?filter=\(query)") == search)
            #expect(try await status("GET", "?filter=\(query)") == search)
            return search
        }
        #expect(try await filtered("title eq " + String(repeating: "a", count: 31)) == 200)
        #expect(try await filtered("title eq " + String(repeating: "a", count: 32)) == 400)
        #expect(try await filtered("((title pr))") == 200)
        #expect(try await filtered("(((title pr)))") == 400)
        #expect(try await filtered("title pr and title pr") == 200)
        #expect(try await filtered("id pr and id pr and id pr") == 400)
        #expect(try await status("GET", "Users?x=" + String(repeating: "x", count: 200)) == 200)
        #expect(try await status("GET", "Users?x=" + String(repeating: "x", count: 300)) == 414)
        func group(_ members: Int) -> String {
            #"{"displayName":"G\#(members)","members":[\#(twice(#"{"value":"x"}"#, members))]}"#
        }
        #expect(try await status("POST", "Groups", group(2)) == 201)
        #expect(try await status("POST", "Groups", group(3)) == 201, "one id three times is one member")
        let three = (1...3).map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        #expect(try await status("POST", "Groups", #"{"displayName":"H","members":[\#(three)]}"#) == 400)
        let delete = #"{"method":"DELETE","path":"/Users/1"}"#
        #expect(try await status("POST", "Bulk", #"{"Operations":[\#(twice(delete, 2))]}"#) == 200)
        #expect(try await status("POST", "Bulk", #"{"Operations":[\#(twice(delete, 3))]}"#) == 413)
        #expect(try await status("POST", "Bulk", #"{"Operations":[]}"# + String(repeating: " ", count: 5000)) == 413)
        #expect(try await status("GET", "Users?filter=title+pr") == 200)
        #expect(try await status("POST", "Users", #"{"userName":"fifth"}"#) == 201)
        let walk = try JSON.parse(try await send(http, "GET", "Users?filter=title+pr").body)
        #expect(walk["status"]?.string == "400" && walk["scimType"]?.string == "tooMany")
        #expect(try await status("GET", "Users?sortBy=userName&startIndex=3") == 200)
        let config = try JSON.parse(try await send(http, "GET", "ServiceProviderConfig").body)
        #expect(config.at("bulk", "maxOperations")?.integer == 2)
        #expect(config.at("bulk", "maxPayloadSize")?.integer == 5000)
        #expect(config.at("filter", "maxResults")?.integer == 3)
        #expect(config.at("pagination", "maxPageSize")?.integer == 3)
        #expect(config.at("pagination", "defaultPageSize")?.integer == 2)
        program.signal(SIGTERM)
        _ = try program.end()
    }

    @Test func `says what is missing instead of serving nothing`() async throws {
        let none = try folder.run("serve --database nowhere.sqlite")
        #expect(none.exit == 78 && none.err.contains("popl-sync team create"), "\(none.err)")
        #expect(!folder.exists("nowhere.sqlite"))
        let (program, http) = try await serve()
        let taken = try folder.run("serve --database popl.sqlite --port \(http.port)")
        #expect(taken.exit == 69 && taken.err.contains("cannot listen on 127.0.0.1:\(http.port)"), "\(taken.err)")
        program.signal(SIGTERM)
        _ = try program.end()
        try folder.write("half.pem", "no certificate")
        let tls = try folder.run("serve --database popl.sqlite --port 0 --tls-certificate half.pem --tls-key half.pem")
        #expect(tls.exit == 78 && tls.err.contains("must be PEM"), "\(tls.err)")
        let gone = try folder.run("serve --database popl.sqlite --port 0 --tls-certificate a.pem --tls-key b.pem")
        #expect(gone.exit == 66 && gone.err.contains("a.pem cannot be read"), "\(gone.err)")
    }

    @Test(arguments: [
        "--tls-certificate a.pem", "--tls-key a.pem", "--port 70000", "--port x", "--rate-limit 0",
        "--base-url nonsense",
        "--base-url ftp://x/", "--base-url https://x/?a=b",
    ])
    func `refuses options that cannot be meant`(options: String) throws {
        #expect(try folder.run("serve --database popl.sqlite \(options)").exit == 64)
    }
}
