import Foundation
import JSON
import SQLiteStorage
@testable import SCIM

/// A Bulk request on whatever libFuzzer makes, against a roster in a real store: each operation is answered, none by a
/// defect of ours; what is refused has changed nothing; the team keeps an admin, its journal holds, and the other team is
/// as it was.
///
/// The bytes are the body. `U`, `G`, `F` after a path's slash, or as a value, stand for a User's, a Group's and another
/// team's User's id.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBulk(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let body = try? RequestBody.parse(bytes) else { return 0 }
    do throws(SCIMError) {
        _ = try BulkRequest(json: body)
    } catch {
        precondition(error.status == 400 || error.status == 413, "\(error)")
        return 0
    }
    do { try Bench.shared.run(body) } catch { fatalError("the store failed: \(error)") }
    return 0
}

/// One store for all inputs; a team of its own for each. It lies in memory (`/dev/shm`).
private final class Bench {
    nonisolated(unsafe) static let shared = Bench()

    private let service: SCIMService
    private let other: RequestContext
    private let foreigner: Resource
    private var number = 0

    private init() {
        let path = "/dev/shm/popl-fuzz-\(getpid()).sqlite"
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        do {
            // The clock stands still, or a finding could not be found again.
            service = SCIMService(
                store: try SQLiteStore(path: path, mode: .readWriteCreate),
                now: { Timestamp(rawValue: 1_772_439_330_000) })
            other = RequestContext(team: try service.createTeam("other").id, actor: "fuzz")
            foreigner = try Self.make(service, .user, #"{"userName":"foreigner"}"#, other)
        } catch { fatalError("no store in /dev/shm: \(error)") }
    }

    private static func make(
        _ service: SCIMService, _ type: ResourceType, _ body: String, _ context: RequestContext
    ) throws -> Resource {
        let request = ResourceRequest(.create, type, body: try JSON.parse(body))
        guard let made = try service.perform(request, context: context).resource else { fatalError("not made") }
        return made
    }

    func run(_ body: JSONValue) throws {
        number += 1
        let context = RequestContext(team: try service.createTeam("team\(number)").id, actor: "fuzz")
        let user = try Self.make(service, .user, #"{"userName":"rosa","roles":[{"value":"admin"}]}"#, context)
        let members = #"{"displayName":"Sales","members":[{"value":"\#(user.id)"}]}"#
        let group = try Self.make(service, .group, members, context)
        let request = try BulkRequest(
            json: Self.named(body, ["U": user.id, "G": group.id, "F": foreigner.id]))
        let before = try state(context)
        let answer = try service.bulk(request, context: context)
        check(answer, request)
        let after = try state(context)
        if answer.results.allSatisfy({ if case .failed = $0.outcome { true } else { false } }) {
            precondition(before == after, "refused, and yet something changed")
        }
        try check(after, context)
        try service.store.write { try $0.removeTeam(context.team) }
    }

    /// `body` with ids in place of their names.
    private static func named(_ body: JSONValue, _ ids: [String: ResourceID]) -> JSONValue {
        switch body {
        case .string(let text):
            guard let slash = text.lastIndex(of: "/") else { return .string(ids[text]?.rawValue ?? text) }
            let name = String(text[text.index(after: slash)...])
            return .string(ids[name].map { text[...slash] + $0.rawValue } ?? text)
        case .array(let values): return .array(values.map { named($0, ids) })
        case .object(let members):
            return .object(members.map { JSONMember(name: $0.name, value: named($0.value, ids)) })
        case .null, .boolean, .number: return body
        }
    }

    private func check(_ answer: BulkAnswer, _ request: BulkRequest) {
        precondition(
            answer.results.count == request.operations.count || request.failOnErrors != nil,
            "an operation is unanswered")
        for result in answer.results {
            precondition(result.status < 500, "an operation met a defect: \(result)")
        }
        let written = try? JSON.parse(BulkResponseJSON.bytes(answer, baseURL: "https://x.example"))
        precondition(written?["Operations"]?.array?.count == answer.results.count, "an answer that is no JSON")
    }

    /// All that a team has.
    private struct State: Equatable {
        var users: [ResourceView]
        var groups: [ResourceView]
        var journal: JournalHead
    }

    private func state(_ context: RequestContext) throws -> State {
        try service.store.read { store in
            func all(_ type: ResourceType) throws -> [ResourceView] {
                try store.resources(type, after: nil, limit: 1_000, team: context.team).map {
                    try store.view($0, .all, team: context.team)
                }
            }
            return State(
                users: try all(.user), groups: try all(.group), journal: try store.journalHead(team: context.team))
        }
    }

    private func check(_ state: State, _ context: RequestContext) throws {
        for view in state.users + state.groups {
            let taken = try AttributesInput(view.resource.attributes, for: view.resource.type).attributes
            precondition(taken.saysTheSame(as: view.resource.attributes), "stored, and not well-formed")
            precondition(view.memberships?.contains { $0.id == foreigner.id } != true, "a member of another team")
            precondition(view.manager?.id != foreigner.id, "a manager of another team")
        }
        try service.store.read { store in
            let admins = try store.activeAdmins(team: context.team)
            precondition(!admins.isEmpty, "a team without an admin")
            guard case .intact = try store.verifyJournal(team: context.team) else {
                fatalError("the journal is broken")
            }
        }
        let theirs = try service.get(.user, id: foreigner.id, showing: .all, context: other)
        precondition(theirs.resource == foreigner, "another team was changed")
    }
}
