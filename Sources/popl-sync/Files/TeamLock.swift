import Foundation
import SCIM

/// The right to change one team's roster by a run: one holder at a time, on one machine or several that share the
/// file system.
///
/// It is a lock of the operating system on a file beside the database, so that a holder who dies cannot keep it, and a
/// live slow one cannot lose it. What the file says is only for people; the file itself stays, since removing it could
/// give the same lock to two. Dry runs never take it.
///
/// Should somebody remove or replace the file all the same, another run can take the new one: then this one has lost its
/// lock, and the store that ``guarding(_:)`` hands out writes no more.
struct TeamLock: Sendable {
    private let path: String
    private let descriptor: Int32
    private let team: String

    /// Holds the lock while `body` runs; all that `body` writes, it writes by ``guarding(_:)``. Throws exit 75 when another run holds it, 73 when its file cannot be made.
    static func holding<Result>(
        database: String, team: Team, command: String, since now: Timestamp, _ body: (TeamLock) throws -> Result
    ) throws -> Result {
        let path = path(database: database, team: team.id)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw Failure(
                .cannotWrite, code: "lock-not-made",
                "The lock \(path) cannot be made: \(FileBytes.reason(errno)). Nothing was changed.",
                mend: "Runs need to write to the folder of the database. When they may:")
        }
        // The lock goes with the descriptor, however the process ends.
        defer { close(descriptor) }
        guard take(descriptor) else {
            throw refusal(path: path, team: team.name, reason: errno)
        }
        let lock = TeamLock(path: path, descriptor: descriptor, team: team.name)
        // Between opening and locking it the file may have been replaced.
        try lock.check()
        leaveToOwner(of: database, descriptor)
        describe(command, since: now, in: descriptor)
        return try body(lock)
    }

    /// Who holds it, in brackets with a blank before, empty when that is not known; `nil` when nobody does. Takes it for a
    /// moment, together with others who look; makes no file.
    static func holder(database: String, team: TeamID) -> String? {
        let path = path(database: database, team: team)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0 ? nil : holder(in: path)
    }

    /// Tries for a moment: somebody may only be looking.
    private static func take(_ descriptor: Int32) -> Bool {
        for attempt in 0..<10 {
            if attempt > 0 { usleep(10_000) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if errno != EWOULDBLOCK { return false }
        }
        errno = EWOULDBLOCK
        return false
    }

    private static func holder(in path: String) -> String {
        let bytes = (try? FileBytes.read(path, limit: 4096)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map { " (\($0))" } ?? ""
    }

    /// The same store, which asks before each transaction whether the lock is still held.
    func guarding(_ store: any ResourceStore) -> any ResourceStore { LockedStore(store: store, lock: self) }

    /// Throws exit 75 when the file that is locked is no longer the one at its path.
    fileprivate func check() throws {
        var locked = stat()
        var there = stat()
        if fstat(descriptor, &locked) == 0, stat(path, &there) == 0, locked.st_ino == there.st_ino,
            locked.st_dev == there.st_dev
        {
            return
        }
        throw Failure(
            .busy, code: "lock-lost",
            "The run lost the lock of team \(team): its file \(path) was removed or replaced. Nothing more was written;"
                + " what was applied before stays applied and is in the journal.",
            mend: "Leave the lock's file where it is, and run it again:")
    }

    /// Root, who runs a command by hand, must not leave a lock that the nightly job's user cannot open: it belongs to
    /// whom the database belongs to, as SQLite does with its own files.
    private static func leaveToOwner(of database: String, _ descriptor: Int32) {
        var owned = stat()
        guard geteuid() == 0, stat(database, &owned) == 0 else { return }
        fchown(descriptor, owned.st_uid, owned.st_gid)
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
        return Failure(
            .busy, code: "another-run",
            "Another run holds the lock of team \(team)\(holder(in: path)). Nothing was changed.",
            mend: "Try again when it has ended; a run that died holds no lock:")
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

/// A store that writes only while a lock is held.
private struct LockedStore: ResourceStore {
    let store: any ResourceStore
    let lock: TeamLock

    func read<Result>(_ body: (any StoreReading) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result>(_ body: (any StoreWriting) throws -> Result) throws -> Result {
        try lock.check()
        return try store.write(body)
    }
}
