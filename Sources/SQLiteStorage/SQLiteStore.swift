import SCIM

/// Rosters in one SQLite file: the store of one machine.
///
/// Several processes may use one file at once. A `read` sees the snapshot of its first question and never waits for a
/// writer; a `write` waits its turn, in this process and among processes, up to ``Limits/busyTimeoutMilliseconds`` each.
///
/// Durable: write-ahead log with `synchronous=FULL`, so `write` returns after the log is on the disk. Closing the last
/// writer merges the log, and only the file itself is left.
///
/// Opened ``Mode/readOnly`` it leaves the directory as it was, bit for bit: see ``ReadAccess``.
///
/// A `read` within a `read` or `write` is a snapshot of its own. A `write` within a `write` is a mistake of ours, and
/// throws ``StoreError/busy`` after the wait.
package final class SQLiteStore: ResourceStore {
    package enum Mode: Sendable {
        /// Makes the file when it is missing.
        case readWriteCreate
        case readWrite
        /// For a service: the log is merged beside its writes, so that none of them waits for that.
        case serving
        case readOnly
    }

    package struct Limits: Sendable {
        /// How long a writer waits for another one.
        package var busyTimeoutMilliseconds: Int32
        /// Pages of 4,096 bytes that the file may grow to; 0 leaves it to the disk. A write beyond it fails like one to a
        /// full disk.
        package var pages: Int64
        package init(busyTimeoutMilliseconds: Int32 = 10_000, pages: Int64 = 0) {
            self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
            self.pages = pages
        }
    }

    private let writer: Writer?
    private let readers: ReaderPool
    private let checkpoints: Checkpoints?

    /// Opens the roster at `path`, relative to the current directory; migrates it first unless `readOnly`.
    ///
    /// Throws ``StoreError/unreadable(detail:)`` when there is no file, or not a roster, or one of a newer version;
    /// ``StoreError/unwritable(detail:)`` when it may not be written; ``StoreError/busy`` when another process held it.
    package init(path: String, mode: Mode, limits: Limits = Limits()) throws(StoreError) {
        let file = DatabaseFile(path)
        try file.check(for: mode)
        switch mode {
        case .readWriteCreate, .readWrite, .serving:
            writer = try Writer(file, creating: mode == .readWriteCreate, limits: limits)
            readers = ReaderPool(file, .besideWriter, busyTimeout: limits.busyTimeoutMilliseconds)
            checkpoints = mode == .serving ? try Checkpoints(file) : nil
        case .readOnly:
            writer = nil
            checkpoints = nil
            readers = ReaderPool(file, try file.readAccess(), busyTimeout: limits.busyTimeoutMilliseconds)
            try readers.checkSchema()
        }
    }

    /// The format of the database at `path` and the one that this version writes: where they differ, the first to write
    /// migrates. Throws as opening it for reading does, but for that.
    package static func format(path: String) throws(StoreError) -> (found: Int64, current: Int64) {
        let file = DatabaseFile(path)
        try file.check(for: .readOnly)
        let readers = ReaderPool(file, try file.readAccess(), busyTimeout: Limits().busyTimeoutMilliseconds)
        defer { readers.close() }
        return (try readers.format(), Schema.version)
    }

    deinit { close() }

    /// Merges the log if this is the last to close. Calls after it throw ``StoreError/unreadable(detail:)``; so a program
    /// calls it last, when no other thread is in the store.
    package func close() {
        readers.close()
        checkpoints?.stop()
        writer?.close()
    }

    package func read<Result>(_ body: (any StoreReading) throws -> Result) throws -> Result {
        try readers.read { try body(Snapshot(connection: $0)) }
    }

    package func write<Result>(_ body: (any StoreWriting) throws -> Result) throws -> Result {
        guard let writer else {
            throw StoreError.unwritable(detail: "The roster database was opened for reading only.")
        }
        return try writer.write { connection in
            let transaction = Transaction(connection)
            let result = try body(transaction)
            try transaction.finish()
            return result
        }
    }
}
