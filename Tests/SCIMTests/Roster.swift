import Foundation
import SQLiteStorage
import Synchronization
import Testing
import TestSupport

@testable import SCIM

/// A roster database of its own for one test, with one team and a clock that the test moves.
final class Roster: Sendable {
    let store: SQLiteStore
    let service: SCIMService
    let context: RequestContext
    private let folder: URL
    private let hand: Hand

    init(limits: ServiceLimits = ServiceLimits()) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "popl-scim-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder.appending(path: "roster.sqlite").path, mode: .readWriteCreate)
        let hand = Hand()
        service = SCIMService(store: store, limits: limits, now: { hand.time.withLock { $0 } })
        self.hand = hand
        let team = try service.createTeam("acme")
        context = RequestContext(team: team.id, actor: "test", run: nil)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private final class Hand: Sendable { let time = Mutex(Timestamp(rawValue: 1_772_439_330_000)) }

    var now: Timestamp { hand.time.withLock { $0 } }
    func wait(milliseconds: Int64) { hand.time.withLock { $0 = Timestamp(rawValue: $0.rawValue + milliseconds) } }

    func otherTeam() throws -> RequestContext {
        RequestContext(team: try service.createTeam("globex").id, actor: "test")
    }

    @discardableResult
    func add(_ userName: String, _ more: String = "") throws -> Resource {
        try service.create(.user, attributes: user("{\"userName\":\"\(userName)\"\(more)}"), context: context)
    }

    @discardableResult
    func addGroup(_ name: String, _ members: [Resource] = []) throws -> Resource {
        try service.create(
            .group, attributes: ComplexValue([.init("displayName", .string(name))]), members: members.map(\.id),
            context: context)
    }

    func source(_ name: String = "okta") throws -> Source {
        try store.write { try $0.makeSource(named: name, team: context.team) }
    }

    func link(_ number: UInt64, of source: Source, fingerprint: UInt64 = 1) -> SourceLink {
        SourceLink(
            source: source.id, anchor: Digest128(high: 0, low: number),
            fingerprint: Digest128(high: 0, low: fingerprint))
    }

    func storedLink(_ resource: Resource, of source: Source) throws -> SourceLink? {
        try store.read { store in
            guard let row = try store.row(resource.type, id: resource.id, team: context.team) else { return nil }
            return try store.link(of: row, source: source.id, team: context.team)
        }
    }

    func journal(_ context: RequestContext? = nil) throws -> [JournalEntry] {
        try store.read { store in
            var entries: [JournalEntry] = []
            try store.journal(team: (context ?? self.context).team, run: nil) { entries.append($0) }
            return entries
        }
    }

    func members(_ group: Resource) throws -> [ResourceID] {
        try store.read { store in
            guard let row = try store.row(.group, id: group.id, team: context.team) else { return [] }
            return try store.members(of: row, team: context.team).compactMap {
                try store.id(.user, row: $0, team: context.team)
            }
        }
    }

    func bulk(_ operations: [BulkOperation], atomic: Bool) throws -> [BulkOutcome] {
        try service.bulk(operations, atomic: atomic, context: context)
    }
}

/// One operation that sets an attribute.
func setting(_ resource: Resource, _ path: String, _ text: String, ifVersion: Int64? = nil) throws -> BulkOperation {
    let path = try AttributePath.parse(path, for: resource.type)
    return BulkOperation(
        .patch(resource.type, resource.id, [PatchOperation(.replace, path: path, value: .string(text))]),
        ifVersion: ifVersion)
}

extension BulkOutcome {
    var error: SCIMError? { if case .failed(let error) = self { error } else { nil } }
    var resource: Resource? { if case .done(let resource, _) = self { resource } else { nil } }
    var isChanged: Bool? { if case .done(_, let changed) = self { changed } else { nil } }
}
