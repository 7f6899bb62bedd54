import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import SCIM

/// The one connection of this process that writes. GRDB opens, migrates and closes it and keeps it to one thread at a
/// time; the statements of a write go to SQLite directly.
final class Writer: Sendable {
    private let queue: DatabaseQueue
    private let connection: Connection
    /// GRDB's queue waits for ever; a writer here gives up after a while.
    private let turn = DispatchSemaphore(value: 1)
    private let timeout: DispatchTimeInterval
    /// When the last transaction ended, if it was a long one. Whoever has the turn reads and writes it.
    private nonisolated(unsafe) var longOneEnded: ContinuousClock.Instant?

    /// Kibibytes of pages kept in memory while writing: the indexes by name of a million people, which are written in
    /// no order, fit.
    private static let cacheKibibytes = 128 * 1024
    /// Pages of log after which it is merged into the file (64 MiB). A bulk load touches the same index pages again and
    /// again, and merging writes each of them once.
    private static let pagesBetweenCheckpoints = 16_384

    init(_ file: DatabaseFile, creating: Bool, limits: SQLiteStore.Limits) throws(StoreError) {
        timeout = .milliseconds(Int(limits.busyTimeoutMilliseconds))
        if creating { try file.make() }
        do {
            queue = try DatabaseQueue(path: file.path, configuration: Self.configuration(limits))
            connection = try queue.inDatabase { database in
                try Self.prepare(database, file: file, creating: creating, limits: limits)
            }
            try Schema.migrator.migrate(queue)
        } catch {
            throw storeError(error)
        }
    }

    private static func configuration(_ limits: SQLiteStore.Limits) -> Configuration {
        var configuration = Configuration()
        configuration.label = "roster"
        configuration.foreignKeysEnabled = true
        // Asked again every millisecond: SQLite's own handler sleeps up to a hundred, and misses the gap between two
        // transactions of a batch every time.
        let tries = Int(limits.busyTimeoutMilliseconds)
        configuration.busyMode = .callback { number in
            usleep(1000)
            return number < tries
        }
        return configuration
    }

    private static func prepare(
        _ database: Database, file: DatabaseFile, creating: Bool, limits: SQLiteStore.Limits
    ) throws -> Connection {
        guard let handle = database.sqliteConnection else {
            throw StoreError.unreadable(detail: "\(file.path) cannot be opened.")
        }
        guard sqlite3_db_readonly(handle, "main") == 0 else {
            throw StoreError.unwritable(detail: "\(file.path) may not be written.")
        }
        let connection = Connection(borrowing: handle)
        try file.checkSchema(of: connection, mayBeEmpty: creating)
        // The order matters: the log first, then how it is written. What is removed is overwritten, so that a value whose
        // time is over is in no free page.
        for setting in [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON",
            "PRAGMA wal_autocheckpoint = \(pagesBetweenCheckpoints)", "PRAGMA cache_size = -\(cacheKibibytes)",
        ] + (limits.pages > 0 ? ["PRAGMA max_page_count = \(limits.pages)"] : []) {
            try database.execute(sql: setting)
        }
        return connection
    }

    /// One transaction: `body`'s changes are on the disk when this returns, or, if anything throws, nowhere.
    func write<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        guard turn.wait(timeout: .now() + timeout) == .success else { throw StoreError.busy }
        defer { turn.signal() }
        giveWay()
        return try queue.inDatabase { database in
            guard database.sqliteConnection != nil else { throw DatabaseFile.closed }
            try connection.execute("BEGIN IMMEDIATE")
            let start = ContinuousClock.now
            defer { if start.duration(to: .now) > Self.longTransaction { longOneEnded = .now } }
            do {
                let result = try body(connection)
                guard connection.isInTransaction else {
                    throw StoreError.unwritable(detail: "SQLite gave up the transaction: nothing of it was written.")
                }
                #if DEBUG
                    Fault.reach(.commit)
                #endif
                try connection.execute("COMMIT")
                #if DEBUG
                    Fault.reach(.afterCommit)
                #endif
                return result
            } catch {
                // After some failures SQLite has rolled back already.
                if connection.isInTransaction { try? connection.execute("ROLLBACK") }
                throw error
            }
        }
    }

    /// SQLite keeps no order among processes that wait: one that writes batch after batch would have the file to itself
    /// for as long as it likes. So it waits a moment before the next one.
    private func giveWay() {
        guard let ended = longOneEnded else { return }
        longOneEnded = nil
        let waited = ended.duration(to: .now)
        guard waited < Self.pause else { return }
        let rest = (Self.pause - waited) / .microseconds(1)
        usleep(UInt32(rest))
    }

    /// From here on a transaction is one that others notice.
    private static let longTransaction = Duration.milliseconds(20)
    /// Long enough for those who ask every millisecond.
    private static let pause = Duration.milliseconds(4)

    func close() {
        queue.inDatabase { _ in connection.finalizeStatements() }
        // It can only refuse while statements live, and those are gone.
        try? queue.close()
    }
}
