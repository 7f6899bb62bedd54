import Exports
import Foundation
import Reconciliation
import RemoteRoster
import SCIM
import SCIMClient
import SQLiteStorage

/// A roster brought up to date, to plan against.
struct CurrentRoster {
    let store: any ResourceStore
    let team: Team
    let abilities: TargetAbilities
}

/// Where a run's changes go, and what can go there.
struct RunTarget {
    let target: any OperationTarget
    let abilities: TargetAbilities
    /// To be called last.
    let close: () -> Void
}

extension RosterLocation {
    /// Hands the roster as it is now to `body`, which writes nothing. Of a SCIM service the mirror is brought up to date in
    /// a copy, which is gone afterwards.
    func withCurrentRoster<Result>(
        _ terminal: Terminal, at now: Timestamp, _ body: (CurrentRoster) throws -> Result
    ) throws -> Result {
        guard let mirrored else {
            let (store, team) = try openForReading()
            return try body(CurrentRoster(store: store, team: team, abilities: TargetAbilities()))
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "popl-sync-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        // A signal must not leave the copy behind.
        Interruption.startListening()
        let copy = folder.appending(path: "mirror.sqlite").path
        if FileManager.default.fileExists(atPath: database) { try SQLiteStore.copy(from: database, to: copy) }
        let (store, team) = try openMirror(of: mirrored, at: copy)
        defer { store.close() }
        let target = try refreshed(mirrored, store, team, nil, now: { now }, terminal)
        defer { target.close() }
        return try body(CurrentRoster(store: store, team: team, abilities: target.abilities))
    }

    /// Where a run's changes go; `store` is guarded by the team's lock. A service is listed first, and the mirror brought
    /// up to it.
    func target(
        _ store: any ResourceStore, _ team: Team, privacy: Privacy, now: @escaping @Sendable () -> Timestamp,
        _ terminal: Terminal
    ) throws -> RunTarget {
        guard let mirrored else {
            return RunTarget(target: SCIMService(store: store, now: now), abilities: TargetAbilities(), close: {})
        }
        Interruption.startListening()
        return try refreshed(mirrored, store, team, try privacy.pseudonymsOfRun(store, team), now: now, terminal)
    }

    /// The mirror at `path`, made when it is missing: of that service and no other.
    func openMirror(of configuration: Configuration, at path: String) throws -> (store: SQLiteStore, team: Team) {
        let store = try SQLiteStore(path: path, mode: .readWriteCreate)
        let teams = try store.read { try $0.teams() }
        if let team = teams.first(where: { $0.name == team }) { return (store, team) }
        if let other = teams.first {
            throw Failure(
                .configuration, code: "state-of-another",
                "\(database) is the state of team \(other.name), not of \(team). Nothing was done.",
                mend: "Give each team its own file by target.state.")
        }
        try SCIMService.checkTeamName(team)
        // A number of the URL stands in for when the team was made, so that a plan of one service fits no other, and a plan
        // that was made before there was a state fits this one.
        let url = try configuration.remote.scim.map { try ServiceURL($0.value).text } ?? ""
        let digest = Array(url.utf8).withUnsafeBytes { Digest128($0) }
        let created = Timestamp(rawValue: Int64(digest.high >> 24))
        return (store, try store.write { try $0.createTeam(named: team, at: created) })
    }

    var nothingKnown: Failure {
        Failure(
            .noInput, code: "no-state", "There is no \(database) yet: nothing was done to the service from here.",
            mend: "The first popl-sync sync or import makes it.")
    }

    private func refreshed(
        _ configuration: Configuration, _ store: any ResourceStore, _ team: Team, _ pseudonyms: Pseudonyms?,
        now: @escaping @Sendable () -> Timestamp, _ terminal: Terminal
    ) throws -> RunTarget {
        guard let remote = try RemoteTarget(configuration) else { throw nothingKnown }
        var settings = remote.settings
        settings.seconds = 30
        settings.answerBytes = 256 << 20
        let client = PatientClient(
            SCIMClient(remote.service, token: remote.token, settings: settings), pace: Pace(most: remote.concurrency),
            patience: remote.patience, isStopped: { Interruption.exitCode != nil })
        let roster = RemoteRoster(client, store: store, team: team, pseudonyms: pseudonyms, now: now)
        terminal.progress.begin("listing")
        defer { terminal.progress.end() }
        do {
            let findings = try roster.refresh { terminal.progress.show($0, unit: "members") }
            return RunTarget(target: roster, abilities: TargetAbilities(findings), close: roster.close)
        } catch {
            roster.close()
            throw Failure(remote.service, error)
        }
    }
}

extension TargetAbilities {
    init(_ findings: ServiceFindings) {
        self.init()
        hasGroups = findings.hasGroups
        hasConnection = findings.hasConnection
        leftOut = Set(findings.shortcomings.filter { $0.type == .user && $0.isLeftOut }.map(\.path))
        keepsMembers = !findings.shortcomings.contains(Shortcoming(.notKept, .group, "members"))
        notices = findings.remarks.map { Notice(.warning, code: $0.code, message: $0.message) }
    }
}

extension Configuration {
    /// Where the mirror of the target's roster is kept: beside this file unless it says otherwise.
    var mirrorPath: String {
        if let state = remote.state { return state }
        let folder = file.map { ($0 as NSString).deletingLastPathComponent } ?? ""
        return (folder as NSString).appendingPathComponent("popl-sync-state.sqlite")
    }
}

extension Failure {
    /// Why the service cannot be planned against.
    fileprivate init(_ service: ServiceURL, _ error: any Error) {
        switch error {
        case let failure as ServiceFailure: self.init(failure, service.text, "Nothing was changed.")
        case let inconsistent as Listing.Inconsistent:
            self.init(
                .badInput, code: "listing-inconsistent",
                "The listing of \(inconsistent.reason). It was read three times; nothing was changed, since nobody can tell who is missing.",
                mend:
                    "Look whether others are changing the service just now, and whether its lists have a stable order.")
        case let refused as Listing.Refused:
            self.init(
                .unavailable, code: "listing-refused",
                "\(service.text) does not list its Users: it answered \(refused.status)\(refused.detail.map { ", and says: \($0)" } ?? ""). Nothing was changed.",
                mend: "popl-sync check tells what the service does not do.")
        case let other as MirrorOfAnother:
            self.init(
                .configuration, code: "state-of-another",
                "The state file is that of \(other.url), not of \(service.text). Nothing was done.",
                mend: "Give each service its own file by target.state.")
        default: self.init(describing: error)
        }
    }

    /// `consequence`: of a run that was under way, unless it is said otherwise.
    init(
        _ failure: ServiceFailure, _ service: String = "The SCIM service",
        _ consequence: String = "What was applied before stays applied; nothing else was changed."
    ) {
        switch failure {
        case .unavailable(let reason):
            self.init(
                .unavailable, code: "service-unavailable",
                "\(service) \(reason). \(consequence)",
                mend: "Run it again when the service answers; popl-sync check tells what stands in the way.")
        case .refused(let status):
            self.init(
                .refused, code: "service-refused",
                "\(service) refuses the token: it answered \(status). \(consequence)",
                mend: "Issue a new token there, for reading and writing Users and Groups.")
        case .stopped:
            self.init(
                Interruption.exitCode ?? .interrupted, code: "stopped", "Stopped. Nothing was changed.")
        }
    }
}
