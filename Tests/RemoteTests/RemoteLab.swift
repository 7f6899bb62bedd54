import Foundation
import Logging
import RawHTTP
import RemoteRoster
import SCIM
import SCIMClient
import SCIMServer
import SQLiteStorage
import Synchronization
import Testing

/// Our own service in process, behind something that may spoil what is said, and a mirror of its roster.
final class RemoteLab: Sendable {
    /// What the service holds.
    let there: SCIMService
    let team: TeamID
    /// The mirror, with a team and a source of its own.
    let mirror: SQLiteStore
    let mirrored: Team
    let source: SourceID
    /// What was asked, "GET Users?…", in order.
    let asked = Mutex<[String]>([])
    private let faults = Mutex<Fault?>(nil)
    private let token: String
    private let folder: URL
    private let server: SCIMServer
    private let running: Task<Void, any Error>
    private let front = Mutex<ScriptedService?>(nil)

    /// Is handed a request and the way to the service, and says what comes back: `nil` is silence, an empty text hangs up.
    typealias Fault = @Sendable (_ request: String, _ forward: (String) -> String) -> String?

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "popl-remote-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = try SQLiteStore(path: folder.appending(path: "there.sqlite").path, mode: .readWriteCreate)
        there = SCIMService(store: store, now: { Self.now })
        team = try there.createTeam("acme").id
        token = try there.issueToken(team: team, label: "", scopes: [.sso], expires: nil).token.text
        mirror = try SQLiteStore(path: folder.appending(path: "mirror.sqlite").path, mode: .readWriteCreate)
        (mirrored, source) = try mirror.write { store in
            let team = try store.createTeam(named: "acme", at: Timestamp(rawValue: 1))
            return (team, try store.makeSource(named: "okta", team: team.id).id)
        }
        var settings = ServiceSettings()
        settings.port = 0
        let server = try SCIMServer(
            there, settings: settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.server = server
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        running = Task { try await server.run { told.yield($1) } }
        var iterator = ports.makeAsyncIterator()
        let http = RawHTTP(port: try #require(await iterator.next()))
        let front = try ScriptedService { [weak self] request in
            guard let self else { return nil }
            let line = request.prefix { $0 != "\r" }.split(separator: " ")
            let path = line.count > 1 ? String(line[1]).replacing("\(ServiceSettings.path)/", with: "") : ""
            asked.withLock { $0.append("\(line.first ?? "") \(path)") }
            func forward(_ request: String) -> String { Self.forward(request, to: http) }
            if let fault = faults.withLock({ $0 }) { return fault(request, forward) }
            return forward(request)
        }
        self.front.withLock { $0 = front }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static var now: Timestamp { Timestamp(rawValue: Int64(Date().timeIntervalSince1970 * 1000)) }

    private static func forward(_ request: String, to http: RawHTTP) -> String {
        let closing = request.replacing("\r\n", with: "\r\nConnection: close\r\n", maxReplacements: 1)
        let isDone = DispatchSemaphore(value: 0)
        let answer = Mutex("")
        let box = Answered(answer)
        Task {
            let bytes = (try? await http.exchange([Array(closing.utf8)])) ?? []
            box.text.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
            isDone.signal()
        }
        isDone.wait()
        return box.text.withLock { $0 }
    }

    private final class Answered: Sendable {
        let text: Mutex<String>
        init(_ text: consuming sending Mutex<String>) { self.text = text }
    }

    func spoil(_ fault: @escaping Fault) { faults.withLock { $0 = fault } }
    func heal() { faults.withLock { $0 = nil } }

    var url: String { "http://127.0.0.1:\(front.withLock { $0?.port ?? 0 })\(ServiceSettings.path)/" }

    /// A program that begins: it knows nothing but what the mirror keeps.
    func begin(patience: Duration = .seconds(3600), at once: Int = 4) throws -> RemoteRoster {
        var settings = SCIMClient.Settings()
        settings.seconds = 3600
        let client = PatientClient(
            SCIMClient(try ServiceURL(url), token: try BearerToken(token), settings: settings), pace: Pace(most: once),
            patience: patience, isStopped: { false })
        return RemoteRoster(client, store: mirror, team: mirrored, pseudonyms: nil, now: { Self.now })
    }

    /// Runs `body` on a thread of its own, where blocking is allowed.
    static func with<Result: Sendable>(_ body: @escaping @Sendable (RemoteLab) throws -> Result) async throws -> Result
    {
        let lab = try await RemoteLab()
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Swift.Result<Result, any Error>, Never>) in
            Thread.detachNewThread { continuation.resume(returning: Swift.Result { try body(lab) }) }
        }
        lab.server.stop()
        try await lab.running.value
        return try result.get()
    }
}

extension RemoteLab {
    /// As somebody online does it.
    @discardableResult
    func online(_ operation: BulkOperation) throws -> Resource {
        let outcome = try there.bulk([operation], atomic: false, context: RequestContext(team: team, actor: "online"))[
            0]
        guard case .done(let resource, _) = outcome else { throw Unexpected(outcome: outcome) }
        return resource
    }

    struct Unexpected: Error { let outcome: BulkOutcome }

    @discardableResult
    func addOnline(_ name: String, _ more: [ComplexValue.Member] = []) throws -> Resource {
        try online(BulkOperation(.create(.user, attributes: Self.person(name, more), members: [])))
    }

    static func person(_ name: String, _ more: [ComplexValue.Member] = []) -> ComplexValue {
        ComplexValue(
            [
                .init("userName", .string(name)), .init("externalId", .string("id-\(name)")),
                .init("active", .boolean(true)),
            ] + more)
    }

    func found(_ id: ResourceID, _ type: ResourceType = .user) throws -> Resource? {
        try there.store.read { try $0.resource(type, id: id, team: team)?.resource }
    }

    func mirroredResource(_ id: ResourceID, _ type: ResourceType = .user) throws -> Resource? {
        try mirror.read { try $0.resource(type, id: id, team: mirrored.id)?.resource }
    }

    /// What a run does: under its name, and linked to the source.
    func apply(
        _ roster: RemoteRoster, _ actions: [BulkOperation.Action], atomic: Bool = false, versions: [Int64?] = [],
        run: String = "r1"
    ) throws -> [BulkOutcome] {
        let operations = actions.enumerated().map { place, action in
            var operation = BulkOperation(action)
            if place < versions.count, let version = versions[place] { operation.ifMatch = .oneOf([version]) }
            operation.link = SourceLink(
                source: source, anchor: Digest128(high: 1, low: UInt64(place)), fingerprint: Digest128(high: 2, low: 2))
            return PreparedOperation(operation)
        }
        let context = RequestContext(team: mirrored.id, actor: "sync", run: RunID(rawValue: run))
        return try roster.bulk(operations, atomic: atomic, context: context)
    }

    func journal(run: String = "r1") throws -> [JournalEntry.Operation] {
        var entries: [JournalEntry.Operation] = []
        try mirror.read {
            try $0.journal(team: mirrored.id, run: RunID(rawValue: run)) { entries.append($0.operation) }
        }
        return entries
    }

    /// What was asked to be changed, without reads.
    var writes: [String] { asked.withLock { $0.filter { !$0.hasPrefix("GET") } } }
}

extension BulkOutcome {
    var resource: Resource? { if case .done(let resource, _) = self { resource } else { nil } }
    var status: Int? { if case .failed(let error) = self { error.status } else { nil } }
}

func replace(_ path: String, _ value: String) throws -> PatchOperation {
    PatchOperation(.replace, path: try AttributePath.parseMapping(path, for: .user), value: .string(value))
}
