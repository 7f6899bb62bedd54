import GRDBSQLite
import SCIM
import Synchronization

/// Connections that read, kept open: opening one costs more than most questions.
final class ReaderPool: Sendable {
    private let file: DatabaseFile
    private let access: ReadAccess
    private let busyTimeout: Int32
    private let state = Mutex(State())

    private struct State {
        var idle: [Connection] = []
        var isClosed = false
    }

    /// More may be in use at once; those beyond are closed afterwards.
    private static let idleLimit = 8

    init(_ file: DatabaseFile, _ access: ReadAccess, busyTimeout: Int32) {
        self.file = file
        self.access = access
        self.busyTimeout = busyTimeout
    }

    /// One snapshot, from the first question in `body` to its end.
    func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        let connection = try take()
        try connection.execute("BEGIN")
        do {
            let result = try body(connection)
            try connection.execute("COMMIT")
            give(back: connection)
            return result
        } catch {
            // One that cannot even give up its snapshot is not used again.
            if (try? connection.execute("ROLLBACK")) != nil { give(back: connection) }
            throw error
        }
    }

    func checkSchema() throws(StoreError) {
        guard try format() == Schema.version else {
            throw StoreError.unreadable(
                detail: "\(file.path) was made by an older version; a command that writes to it brings it up to date.")
        }
    }

    /// Ours or an older one's; whatever else it is throws.
    func format() throws(StoreError) -> Int64 {
        let connection = try take()
        try file.checkSchema(of: connection, mayBeEmpty: false)
        let format = try connection.integer("PRAGMA user_version")
        give(back: connection)
        return format
    }

    func close() {
        state.withLock {
            $0.isClosed = true
            $0.idle.removeAll()
        }
    }

    private func take() throws(StoreError) -> Connection {
        let (idle, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        if let idle { return idle }
        guard !isClosed else { throw DatabaseFile.closed }
        let connection = try Connection(
            opening: file.uri(access.parameters), flags: access.flags, busyTimeout: busyTimeout)
        try connection.execute("PRAGMA query_only = ON")
        try connection.execute("PRAGMA cache_size = -16384")  // 16 MiB
        return connection
    }

    private func give(back connection: Connection) {
        state.withLock {
            if !$0.isClosed && $0.idle.count < Self.idleLimit { $0.idle.append(connection) }
        }
    }
}
