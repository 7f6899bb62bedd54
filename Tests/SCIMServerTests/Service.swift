import Foundation
import JSON
import Logging
import RawHTTP
import SCIM
import SCIMServer
import SQLiteStorage
import Synchronization

/// A service on a free port, with two teams, for one test.
final class Service: Sendable {
    let store: SQLiteStore
    /// What the service has in its place.
    let paced: PacedStore
    let core: SCIMService
    let acme: TeamID
    let globex: TeamID
    /// A token of acme's.
    let token: String
    let foreignToken: String
    let log = LogLines()
    private let folder: URL
    private let server: SCIMServer
    private let running: Task<Void, any Error>
    let http: RawHTTP

    init(limits: ServiceLimits = ServiceLimits(), _ change: (inout ServiceSettings) -> Void = { _ in }) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "popl-serve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // As long as it takes: a busy machine is not what these tests are about.
        store = try SQLiteStore(
            path: folder.appending(path: "roster.sqlite").path, mode: .readWriteCreate,
            limits: SQLiteStore.Limits(busyTimeoutMilliseconds: 600_000))
        paced = PacedStore(store)
        core = SCIMService(store: paced, limits: limits, now: { Self.now })
        acme = try core.createTeam("acme").id
        globex = try core.createTeam("globex").id
        token = try core.issueToken(team: acme, label: "", expires: nil).token.text
        foreignToken = try core.issueToken(team: globex, label: "", expires: nil).token.text
        var settings = ServiceSettings()
        settings.port = 0
        change(&settings)
        let lines = log
        let server = try SCIMServer(
            core, settings: settings, log: Logger(label: "test") { _ in LogCapture(lines: lines) })
        self.server = server
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        running = Task { try await server.run { told.yield($1) } }
        var iterator = ports.makeAsyncIterator()
        http = RawHTTP(port: try requireSome(await iterator.next()))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The system's clock.
    private static var now: Timestamp { Timestamp(rawValue: Int64(Date().timeIntervalSince1970 * 1000)) }

    func stop() async throws {
        server.stop()
        try await running.value
    }

    /// Runs `body` against a new service, and stops it.
    static func with<Result>(
        limits: ServiceLimits = ServiceLimits(), _ change: (inout ServiceSettings) -> Void = { _ in },
        _ body: (Service) async throws -> Result
    ) async throws -> Result {
        let service = try await Service(limits: limits, change)
        do {
            let result = try await body(service)
            try await service.stop()
            return result
        } catch {
            try? await service.stop()
            throw error
        }
    }
}

extension Service {
    /// `path` is below the base URL, unless it begins with a slash. `token` of `nil` sends none.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, token: String? = "", headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        let path = path.hasPrefix("/") ? path : ServiceSettings.path + "/" + path
        var head = "\(method) \(path) HTTP/1.1\r\nHost: scim.test\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token.isEmpty ? self.token : token)\r\n" }
        if let body {
            if headers["Content-Type"] == nil { head += "Content-Type: application/scim+json\r\n" }
            head += "Content-Length: \(body.utf8.count)\r\n"
        }
        for (name, value) in headers where !value.isEmpty { head += "\(name): \(value)\r\n" }
        return HTTPAnswer(try await http.exchange([Array((head + "\r\n" + (body ?? "")).utf8)]))
    }

    /// Makes a User and returns its id.
    func addUser(_ name: String, _ more: String = "", token: String? = "") async throws -> String {
        let answer = try await send(
            "POST", "Users",
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\#(name)"\#(more)}"#,
            token: token)
        return try requireSome(answer.json["id"]?.string)
    }

    func addGroup(_ name: String, members: [String] = [], token: String? = "") async throws -> String {
        let list = members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        let answer = try await send(
            "POST", "Groups", #"{"displayName":"\#(name)","members":[\#(list)]}"#, token: token)
        return try requireSome(answer.json["id"]?.string)
    }

    func memberIDs(of group: String) async throws -> [String] {
        try await send("GET", "Groups/\(group)").json["members"]?.array?.compactMap { $0["value"]?.string } ?? []
    }
}

extension HTTPAnswer {
    /// An empty object when it is no JSON.
    var json: JSONValue { (try? JSON.parse(body)) ?? .object([]) }
    var text: String { String(decoding: body, as: UTF8.self) }
    var scimType: String? { json["scimType"]?.string }
    /// A SCIM error body that says its own status.
    var isSCIMError: Bool {
        json["schemas"] == .array([.string("urn:ietf:params:scim:api:messages:2.0:Error")])
            && json["status"]?.string == String(status) && json["detail"]?.string?.isEmpty == false
            && headers["content-type"] == "application/scim+json"
    }
    var total: Int? { json["totalResults"]?.integer }
    var userNames: [String] { json["Resources"]?.array?.compactMap { $0["userName"]?.string } ?? [] }
}

struct Missing: Error {}

func requireSome<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

/// What the service logged, one line an entry.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

struct LogCapture: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        lines.add("\(event.level) \(event.message) " + facts.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    }
}
