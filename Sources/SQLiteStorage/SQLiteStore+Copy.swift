import GRDBSQLite
import SCIM

extension SQLiteStore {
    /// Copies the roster at `path`, as it is at one moment, to a file that is made. Leaves the original as it was, bit for
    /// bit.
    package static func copy(from path: String, to copy: String) throws(StoreError) {
        let file = DatabaseFile(path)
        try file.check(for: .readOnly)
        let access = try file.readAccess()
        let source = try Connection(
            opening: file.uri(access.parameters), flags: access.flags, busyTimeout: Limits().busyTimeoutMilliseconds)
        let made = DatabaseFile(copy)
        try made.make()
        let target = try Connection(
            opening: made.uri(""), flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busyTimeout: 0)
        guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw storeError(
                code: sqlite3_extended_errcode(target.handle), message: String(cString: sqlite3_errmsg(target.handle)))
        }
        sqlite3_backup_step(backup, -1)
        let code = sqlite3_backup_finish(backup)
        guard code == SQLITE_OK else {
            throw storeError(code: code, message: String(cString: sqlite3_errstr(code)))
        }
    }
}
