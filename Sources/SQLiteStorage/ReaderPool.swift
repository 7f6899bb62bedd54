import Foundation
import GRDBSQLite
import SCIM
import Synchronization

/// Connections that read, kept open: opening one costs more than most questions.
final class ReaderPool: Sendable {
    private let file: DatabaseFile
    private let access: ReadAccess
    private let busyTimeout: Int32
    private let isClosed = Atomic(false)
    /// More may be in use at once; those beyond are closed afterwards.
    private let places = (0..<8).map { _ in Place() }

    /// Where an idle connection waits. One lock for all of them would cost a busy service a fifth of its time.
    private final class Place: Sendable {
        let idle = Mutex<Connection?>(nil)
    }

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
        isClosed.store(true, ordering: .sequentiallyConsistent)
        for place in places { place.idle.withLock { $0 = nil } }
    }

    /// The places, beginning where this thread left its last one.
    private var placesNearby: some Sequence<Place> {
        let thread = Int(truncatingIfNeeded: UInt(pthread_self()) >> 12)
        return places.indices.lazy.map { self.places[(thread &+ $0) & (self.places.count - 1)] }
    }

    private func take() throws(StoreError) -> Connection {
        guard !isClosed.load(ordering: .sequentiallyConsistent) else { throw DatabaseFile.closed }
        for place in placesNearby {
            if let idle = place.idle.withLock({ $0.take() }) { return idle }
        }
        let connection = try Connection(
            opening: file.uri(access.parameters), flags: access.flags, busyTimeout: busyTimeout)
        try connection.execute("PRAGMA query_only = ON")
        try connection.execute("PRAGMA cache_size = -16384")  // 16 MiB
        return connection
    }

    private func give(back connection: Connection) {
        for place in placesNearby {
            let isDone = place.idle.withLock { idle in
                if isClosed.load(ordering: .sequentiallyConsistent) { return true }
                guard idle == nil else { return false }
                idle = connection
                return true
            }
            if isDone { return }
        }
    }
}
