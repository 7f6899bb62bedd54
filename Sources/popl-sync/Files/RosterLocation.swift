import ArgumentParser
import Exports
import Foundation
import Reporting
import SCIM
import SCIMClient
import SQLiteStorage

/// Which roster a command is about: a database and a team in it.
struct RosterLocation {
    let database: String
    let team: String
    /// The configuration that names the SCIM service whose roster the database mirrors; `nil` for one of our own.
    let mirrored: Configuration?

    /// The roster of a database, or of the service that is the configuration's target.
    init(ofAnyTarget options: RosterOptions, _ configuration: Configuration) throws {
        guard options.database == nil, let scim = configuration.remote.scim else {
            try self.init(options, configuration)
            return
        }
        if configuration.database != nil {
            throw ConfigurationError(
                place: scim.place, key: "target.scim", message: "stands beside target.database: a run has one target.")
        }
        guard let team = options.team ?? configuration.team ?? (try? ServiceURL(scim.value))?.host else {
            throw Self.missing("--team NAME", key: "team", configuration, adding: "--team NAME")
        }
        self.init(database: configuration.mirrorPath, team: team, mirrored: configuration)
    }

    private init(database: String, team: String, mirrored: Configuration?) {
        self.database = database
        self.team = team
        self.mirrored = mirrored
    }

    /// The command line wins over the configuration.
    init(_ options: RosterOptions, _ configuration: Configuration) throws {
        let isOfNoTeam = options.team == nil && configuration.team == nil
        let database = try Self.database(options.database, configuration, adding: isOfNoTeam ? " --team NAME" : "")
        guard let team = options.team ?? configuration.team else {
            throw Self.missing("--team NAME", key: "team", configuration, adding: "--team NAME")
        }
        self.init(database: database, team: team, mirrored: nil)
    }

    /// The path of the database; other kinds of address are refused by name. `more`: what the command line lacks besides.
    static func database(
        _ option: String?, _ configuration: Configuration, adding more: String = ""
    ) throws -> String {
        if option == nil, let remote = configuration.remote.scim {
            throw Failure(
                .configuration, code: "target-not-available",
                "target.scim is a SCIM service elsewhere, and this command is about a roster database. Nothing was done.",
                mend: "Give --database FILE.", place: remote.place)
        }
        guard let database = option ?? configuration.database else {
            throw missing(
                "--database FILE", key: "target.database", configuration, adding: "--database popl.sqlite\(more)")
        }
        guard !database.contains("://") else {
            throw Failure(
                .configuration, code: "target-not-available",
                "The database \(database.prefix { $0 != ":" })://… cannot be used: only SQLite files are available yet.",
                mend: "Name a file:", next: Shell.thisCommand(replacing: [database: "popl.sqlite"]))
        }
        return database
    }

    private static func missing(
        _ option: String, key: String, _ configuration: Configuration, adding more: String
    ) -> any Error {
        let next = Shell.thisCommand(adding: more)
        guard let file = configuration.file else {
            return Failure(
                .usage, code: "usage", "\(option) is missing, and there is no configuration that says it.",
                mend: "Give it:", next: next)
        }
        return Failure(
            .configuration, code: "configuration", "\(key) is not set, and \(option) is not given.",
            mend: "Add \(key) to \(file), or give \(option):", next: next, place: Place(file: file))
    }

    /// For dry runs and listings: leaves everything as it is, bit for bit.
    func openForReading() throws -> (store: SQLiteStore, team: Team) {
        guard FileManager.default.fileExists(atPath: database) else {
            if mirrored != nil { throw nothingKnown }
            throw Self.noDatabase(database, team: team)
        }
        let store = try open(.readOnly)
        return (store, try find(in: store))
    }

    /// For runs. `createTeam` makes the database and the team when they are missing.
    func openForRun(createTeam: Bool, at now: Timestamp) throws -> (store: SQLiteStore, team: Team) {
        if let mirrored { return try openMirror(of: mirrored, at: database) }
        guard createTeam || FileManager.default.fileExists(atPath: database) else {
            throw Self.noDatabase(database, team: team)
        }
        if createTeam {
            // Before a database is made for it.
            do { try SCIMService.checkTeamName(team) } catch { throw ValidationError(error.detail) }
        }
        let store = try open(createTeam ? .readWriteCreate : .readWrite)
        guard createTeam else { return (store, try find(in: store)) }
        if let found = try store.read({ try $0.team(named: team) }) { return (store, found) }
        return (store, try SCIMService(store: store, now: { now }).createTeam(team))
    }

    /// What SQLite itself says of a file that it cannot read does not name it.
    func open(_ mode: SQLiteStore.Mode) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: database, mode: mode)
        } catch StoreError.unreadable(let detail) {
            let place = detail.contains(database) ? nil : Place(file: database)
            throw Failure(
                .unavailable, code: "roster-unreachable", detail.sentence,
                mend: "Is it the right file? If it is, restore it from a backup (docs/operations.md). To look:",
                next: "popl-sync check --database \(Shell.quoted(database)) --team \(Shell.quoted(team))", place: place)
        }
    }

    private func find(in store: SQLiteStore) throws -> Team {
        if let found = try store.read({ try $0.team(named: team) }) { return found }
        throw unknownTeam("there is no team \(team) in \(database)", others: try store.read { try $0.teams() })
    }

    /// The command that makes a team, and the database when it is missing; it leaves either as it is when it is there.
    static func make(_ team: String, in database: String) -> String {
        "popl-sync team create \(Shell.quoted(team)) --database \(Shell.quoted(database))"
    }

    /// For commands about a database as a whole.
    static func requireDatabase(_ path: String, for team: String = "NAME") throws {
        guard FileManager.default.fileExists(atPath: path) else { throw noDatabase(path, team: team) }
    }

    private static func noDatabase(_ path: String, team: String) -> Failure {
        Failure(
            .configuration, code: "unknown-team", "Nothing was done: there is no roster database \(path).",
            mend: "Make it:", next: make(team, in: path))
    }

    private func unknownTeam(_ reason: String, others: [Team]) -> Failure {
        let make = Self.make(team, in: database)
        let near = Spelling.nearest(to: team, among: others.map(\.name))
        let isTyped = CommandLine.arguments.contains { $0 == team || $0 == "--team=\(team)" }
        return Failure(
            .configuration, code: "unknown-team",
            "Nothing was done: \(reason).\(near.map { " Did you mean \($0)?" } ?? "")",
            mend: "Make it: \(make)" + (near != nil && isTyped ? " Or take the other one:" : ""),
            next: near.flatMap { isTyped ? Shell.thisCommand(replacing: [team: $0]) : nil })
    }
}
