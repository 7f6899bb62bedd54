import Dispatch
import GRDBSQLite
import SCIM
import Synchronization

/// Merges the log into the file beside a writer that must not stop for it: what has gathered, once a second, on a thread
/// and a connection of its own. The writer still does it itself when the log has grown all the same, and finds little
/// left to merge.
final class Checkpoints: Sendable {
    private let connection: Mutex<Connection?>
    /// Dispatch's own, for any thread.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    init(_ file: DatabaseFile) throws(StoreError) {
        let connection = try Connection(opening: file.uri(""), flags: SQLITE_OPEN_READWRITE, busyTimeout: 0)
        // One that has read nothing does not know of the log, and merges nothing.
        _ = try connection.integer("PRAGMA user_version")
        self.connection = Mutex(connection)
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "checkpoints"))
        timer.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1))
        timer.setEventHandler { [weak self] in self?.merge() }
        timer.resume()
    }

    /// Another process may be at it, or the disk may be full: the writer will learn of that by itself.
    private func merge() {
        connection.withLock { connection in
            guard let connection else { return }
            _ = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
    }

    /// One that runs is ended first. The connection is closed, so that the writer's is the last one.
    func stop() {
        timer.cancel()
        connection.withLock { $0 = nil }
    }
}
