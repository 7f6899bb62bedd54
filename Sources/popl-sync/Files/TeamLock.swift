import Foundation
import SCIM

/// The right to change one team's roster by a run: one holder at a time, on one machine or several that share the
/// file system.
///
/// It is a lock of the operating system on a file beside the database, so that a holder who dies cannot keep it, and a
/// live slow one cannot lose it. What the file says is only for people; the file itself stays, since removing it could
/// give the same lock to two. Dry runs never take it.
enum TeamLock {
    /// Holds the lock while `body` runs. Throws exit 75 when another run holds it, 73 when its file cannot be made.
    static func holding<Result>(
        database: String, team: Team, command: String, since now: Timestamp, _ body: () throws -> Result
    ) throws -> Result {
        let path = path(database: database, team: team.id)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw Failure(
                .cannotWrite, code: "lock-not-made",
                "The lock \(path) cannot be made: \(FileBytes.reason(errno)). Nothing was changed.",
                mend: "Runs need to write to the folder of the database.")
        }
        // The lock goes with the descriptor, however the process ends.
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw refusal(path: path, team: team.name, reason: errno)
        }
        describe(command, since: now, in: descriptor)
        return try body()
    }

    /// Only for people: a full disk must not stop a run that may make room.
    private static func describe(_ command: String, since now: Timestamp, in descriptor: Int32) {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let holder = "\(command), process \(getpid()) on \(host), since \(now.iso8601)\n"
        ftruncate(descriptor, 0)
        try? Array(holder.utf8).withUnsafeBytes { try writeAll($0, to: descriptor) }
    }

    private static func refusal(path: String, team: String, reason: Int32) -> Failure {
        guard reason == EWOULDBLOCK else {
            return Failure(
                .cannotWrite, code: "lock-not-taken",
                "The lock \(path) cannot be taken: \(FileBytes.reason(reason)). Nothing was changed.")
        }
        let bytes = (try? FileBytes.read(path, limit: 4096)) ?? []
        let holder = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map { " (\($0))" } ?? ""
        return Failure(
            .busy, code: "another-run",
            "Another run holds the lock of team \(team)\(holder). Nothing was changed.",
            mend: "Try again when it has ended. A run that died holds no lock.")
    }

    /// `popl.sqlite.team-1.lock`, beside the real file when the path is a link.
    private static func path(database: String, team: TeamID) -> String {
        var base = database
        if let real = realpath(database, nil) {
            base = String(cString: real)
            free(real)
        }
        return "\(base).team-\(team.rawValue).lock"
    }
}
