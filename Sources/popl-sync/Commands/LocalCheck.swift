import Foundation
import Reporting
import SCIM
import SCIMClient
import SQLiteStorage

/// What can be said of a roster database without changing it: whether a run could begin.
struct LocalCheck {
    let location: RosterLocation

    func run(_ tell: (CheckFinding) -> Void) {
        var left = ["database", "format", "team", "writing", "lock"]
        func told(_ finding: CheckFinding) {
            tell(finding)
            left.removeAll { $0 == finding.step }
        }
        do {
            try RosterLocation.requireDatabase(location.database, for: location.team)
            let format = try SQLiteStore.format(path: location.database)
            told(.passed("database", "it can be read"))
            told(self.format(format.found, format.current))
            if format.found == format.current {
                let (store, team) = try location.openForReading()
                defer { store.close() }
                let counts = try store.read { try $0.counts(source: nil, team: team.id) }
                told(
                    .passed(
                        "team",
                        "\(team.name) has \(counted(counts.users, "member")), \(grouped(counts.activeUsers)) active"))
                told(writing())
                told(lock(of: team))
            }
        } catch {
            let failure = Failure(describing: error)
            told(finding(left.first == "database" ? "database" : "team", failure))
        }
        for step in left { tell(.skipped(step, "not tried")) }
    }

    /// Leaves a team that is there as it is.
    private var make: String { RosterLocation.make(location.team, in: location.database) }

    private func finding(_ step: String, _ failure: Failure) -> CheckFinding {
        let fault: CheckFinding.Fault =
            switch failure.exit {
            case .configuration: .misconfigured
            case .busy: .busy
            case .cannotWrite: .unwritable
            default: .unreachable
            }
        return .failed(
            step, failure.code, fault, failure.message,
            mend: failure.wholeMend ?? "Check the path. A new roster is made by: \(make)")
    }

    private func format(_ found: Int64, _ current: Int64) -> CheckFinding {
        guard found != current else { return .passed("format", "\(current), as this version writes it") }
        return .failed(
            "format", "migration-due", .unreachable,
            "The database is of format \(found), this version's is \(current): what only reads, such as plan, refuses it"
                + " until it is migrated.",
            mend: "Keep a copy, then let a command that writes migrate it, such as: \(make)")
    }

    /// The file, and its folder, where a log is put beside it.
    private func writing() -> CheckFinding {
        let folder = (location.database as NSString).deletingLastPathComponent
        for path in [location.database, folder.isEmpty ? "." : folder] where access(path, W_OK) != 0 {
            return .failed(
                "writing", "roster-not-writable", .unwritable, "\(path) cannot be written: \(FileBytes.reason(errno)).",
                mend: "Runs write to the database and to its folder: run as the user whom they belong to.")
        }
        return .passed("writing", "the database and its folder may be written")
    }

    private func lock(of team: Team) -> CheckFinding {
        guard let holder = TeamLock.holder(database: location.database, team: team.id) else {
            return .passed("lock", "no run holds it")
        }
        return .failed(
            "lock", "another-run", .busy, "Another run holds the lock of team \(team.name)\(holder).",
            mend: "Wait until it has ended. A run that died holds no lock.")
    }
}
