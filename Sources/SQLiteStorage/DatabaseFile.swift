import Foundation
import SCIM

/// The file that holds the rosters, and what lies beside it while it is open: `-wal`, the log of what is written but
/// not merged, and `-shm`, its index.
struct DatabaseFile: Sendable {
    let path: String

    /// Relative to the current directory.
    init(_ path: String) {
        self.path =
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    static var closed: StoreError { .unreadable(detail: "The roster database was closed.") }

    /// What can be said before SQLite is asked, in words of ours.
    func check(for mode: SQLiteStore.Mode) throws(StoreError) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        let exists = files.fileExists(atPath: path, isDirectory: &isDirectory)
        guard !isDirectory.boolValue else {
            throw StoreError.unreadable(detail: "\(path) is a directory, not a roster database.")
        }
        guard exists else {
            guard mode == .readWriteCreate else {
                throw StoreError.unreadable(detail: "There is no roster database at \(path).")
            }
            let directory = (path as NSString).deletingLastPathComponent
            guard files.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw StoreError.unwritable(detail: "There is no directory \(directory) to make a roster database in.")
            }
            guard files.isWritableFile(atPath: directory) else {
                throw StoreError.unwritable(detail: "The directory \(directory) may not be written.")
            }
            return
        }
        guard files.isReadableFile(atPath: path) else {
            throw StoreError.unreadable(detail: "\(path) may not be read.")
        }
        guard mode == .readOnly || files.isWritableFile(atPath: path) else {
            throw StoreError.unwritable(detail: "\(path) may not be written.")
        }
    }

    /// Makes the file, if it is missing, so that others than its owner and group may not read it: what SQLite lays beside
    /// it gets the same mode. An empty file is an empty database.
    func make() throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw StoreError.unwritable(detail: "\(path) cannot be made: \(String(cString: strerror(errno))).")
        }
        close(descriptor)
    }

    /// Refuses other people's databases and newer rosters, before anything is changed.
    func checkSchema(of connection: Connection, mayBeEmpty: Bool) throws(StoreError) {
        let application = try connection.integer("PRAGMA application_id")
        guard application == Schema.applicationID else {
            // GRDB's own table is made in a transaction of its own: whoever is killed just then leaves it alone behind.
            let tables = try connection.integer(
                "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'")
            if application == 0 && tables == 0 {
                if mayBeEmpty { return }
                throw StoreError.unreadable(detail: "\(path) is an empty database, not a roster.")
            }
            throw StoreError.unreadable(detail: "\(path) is another program's database, not a roster.")
        }
        let version = try connection.integer("PRAGMA user_version")
        guard version <= Schema.version else {
            throw StoreError.unreadable(
                detail: """
                    \(path) was made by a newer version of popl-sync (format \(version); this one knows \
                    \(Schema.version)).
                    """)
        }
    }

    func readAccess() throws(StoreError) -> ReadAccess {
        let files = FileManager.default
        if size(of: path + "-wal") > 0 {
            guard files.fileExists(atPath: path + "-shm") else {
                throw StoreError.unreadable(
                    detail: """
                        \(path) has a write-ahead log without its index, as after restoring a copy; a command that \
                        writes to it merges them.
                        """)
            }
            return .besideLog
        }
        let directory = (path as NSString).deletingLastPathComponent
        return files.isWritableFile(atPath: path) && files.isWritableFile(atPath: directory) ? .alone : .immutable
    }

    private func size(of path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    /// As SQLite reads it: everything that means something in a URI is escaped.
    func uri(_ parameters: String) -> String {
        let plain = CharacterSet(charactersIn: "/-._~").union(.alphanumerics)
        return "file:" + (path.addingPercentEncoding(withAllowedCharacters: plain) ?? path) + parameters
    }
}
