import Exports
import Foundation
import Reconciliation
import SCIM
import SQLiteStorage
import Synchronization
import TestSupport

/// A team on a real database in a directory of its own: exports are written there as files, planned, approved and
/// applied through the core, night after night.
final class Lab {
    let directory: URL
    let store: SQLiteStore
    let service: SCIMService
    let clock: Clock
    private(set) var team: Team

    /// What the nights are judged by; a test changes what it is about.
    var policy = Policy()
    var mapping = MappingConfiguration()
    var source = "okta"

    /// Counts the files written, so that each night's is another one.
    private var files = 0

    private let ownsDirectory: Bool

    init(team name: String = "acme") throws {
        ownsDirectory = true
        directory = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let clock = Clock()
        self.clock = clock
        store = try SQLiteStore(path: directory.appending(path: "popl.sqlite").path, mode: .readWriteCreate)
        service = SCIMService(store: store) { clock.now }
        team = try service.createTeam(name)
    }

    fileprivate init(directory: URL, store: SQLiteStore, clock: Clock, team: Team) {
        ownsDirectory = false
        self.directory = directory
        self.store = store
        self.clock = clock
        self.team = team
        service = SCIMService(store: store) { clock.now }
    }

    deinit {
        store.close()
        guard ownsDirectory else { return }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Goes on with another, empty team of the same database.
    func move(toNewTeam name: String) throws { team = try service.createTeam(name) }
    func move(to team: Team) { self.team = team }

    // MARK: Nights

    /// Writes an export into the directory, dated now unless said otherwise. Returns its path.
    @discardableResult
    func write(_ text: String, as name: String? = nil, hoursOld: Double = 0) throws -> String {
        files += 1
        let file = directory.appending(path: name ?? "night-\(files).csv")
        try Data(text.utf8).write(to: file)
        try date(file, hoursOld: hoursOld)
        return file.path
    }

    private func date(_ file: URL, hoursOld: Double) throws {
        let seconds = Double(clock.now.rawValue) / 1000 - hoursOld * 3600
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: file.path)
    }

    func plan(files: [InputFile]) throws -> Plan {
        let inputs = try Inputs.open(files, options: ReadingOptions(mapping: mapping, asOf: clock.now))
        return try Reconciler(store: store, policy: policy, asOf: clock.now).plan(inputs, team: team, source: source)
    }

    /// Plans one users export. Nothing is written but the file.
    func plan(_ csv: String, as name: String? = nil, hoursOld: Double = 0) throws -> Plan {
        try plan(files: [InputFile(try write(csv, as: name, hoursOld: hoursOld), role: .users)])
    }

    @discardableResult
    func apply(_ plan: Plan, accepting: [String] = [], command: String = "sync") throws -> RunReport {
        let approved = try plan.approve(accepting: accepting.compactMap(Acceptance.init))
        return try runner.apply(approved, team: team, command: command)
    }

    var runner: Runner {
        let clock = clock
        return Runner(target: service, by: "ops@lab") { clock.now }
    }

    /// Plans and applies one export, a day after the one before.
    @discardableResult
    func night(_ csv: String, as name: String? = nil, accepting: [String] = []) throws -> RunReport {
        let report = try apply(try plan(csv, as: name), accepting: accepting)
        clock.advance(hours: 24)
        return report
    }

    // MARK: What others do online

    var online: RequestContext { RequestContext(team: team.id, actor: "online") }

    /// Somebody whom no export brought.
    @discardableResult
    func invite(
        _ userName: String, externalID: String? = nil, given: String? = nil, family: String? = nil,
        email: String? = nil, role: String? = nil, active: Bool = true
    ) throws -> ResourceID {
        var attributes = ComplexValue([.init("userName", .string(userName)), .init("active", .boolean(active))])
        attributes["externalId"] = externalID.map { .string($0) }
        var name = ComplexValue()
        name["givenName"] = given.map { .string($0) }
        name["familyName"] = family.map { .string($0) }
        attributes["name"] = name.isEmpty ? nil : .complex(name)
        attributes["emails"] = email.map { Self.list([("value", .string($0)), ("type", .string("work"))]) }
        attributes["roles"] = role.map { Self.list([("value", .string($0))]) }
        return try service.create(.user, attributes: attributes, context: online).id
    }

    private static func list(_ members: [(String, AttributeValue)]) -> AttributeValue {
        .list([.complex(ComplexValue(members.map { .init($0.0, $0.1) }))])
    }

    /// Sets one attribute by its path as mappings write it; `nil` removes it.
    func set(_ path: String, _ value: AttributeValue?, of userName: String) throws {
        let path = try AttributePath.parseMapping(path, for: .user)
        let operation = PatchOperation(value == nil ? .remove : .replace, path: path, value: value)
        _ = try service.patch(.user, id: try id(userName), [operation], context: online)
    }
}

/// The time of a lab, which moves only when a test says so.
final class Clock: Sendable {
    private let time = Mutex(Timestamp(iso8601: "2026-03-02T04:00:00Z") ?? Timestamp(rawValue: 0))
    var now: Timestamp { time.withLock { $0 } }
    func advance(hours: Double) {
        time.withLock { $0 = Timestamp(rawValue: $0.rawValue + Int64(hours * 3_600_000)) }
    }
}

extension Lab {
    /// One line of `mapping:`.
    func map(
        _ key: String, from: String..., overwrite: AttributeRule.Overwrite? = nil, clears: Bool? = nil
    ) {
        let place = Place(file: "popl-sync.yaml", line: 1)
        mapping.entries.append(
            .init(
                key: Located(key, at: place), from: from.map { Located($0, at: place) }, overwrite: overwrite,
                clears: clears))
    }
}

extension Lab {
    /// A lab that only reads what another one, whose store is closed, has written.
    convenience init(reading other: Lab) throws {
        try self.init(
            directory: other.directory,
            store: SQLiteStore(path: other.directory.appending(path: "popl.sqlite").path, mode: .readOnly),
            clock: other.clock, team: other.team)
    }
}
