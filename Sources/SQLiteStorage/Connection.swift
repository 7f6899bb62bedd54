import GRDBSQLite
import SCIM

/// A connection to the database with its prepared statements, kept for as long as the connection lives.
///
/// Used by one thread at a time: whoever holds it (the writer's queue, or a reader checked out of its pool) is alone
/// with it. That, and not a lock, is what makes it safe to hand between threads.
final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    private let owned: Bool
    /// By the address of the SQL's bytes: each query is a literal in one place.
    private var statements: [UnsafePointer<UInt8>: Statement] = [:]

    /// Borrows a handle that somebody else closes, after ``finalizeStatements()``.
    init(borrowing handle: OpaquePointer) {
        self.handle = handle
        owned = false
    }

    /// Opens `uri` (`file:…`) with `flags` of `sqlite3_open_v2`. `busyTimeout` in milliseconds.
    init(opening uri: String, flags: Int32, busyTimeout: Int32) throws(StoreError) {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(uri, &handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            let failure = storeError(
                code: code, message: handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory")
            sqlite3_close_v2(handle)
            throw failure
        }
        sqlite3_busy_timeout(handle, busyTimeout)
        self.handle = handle
        owned = true
    }

    deinit {
        statements.removeAll()
        if owned { sqlite3_close_v2(handle) }
    }

    func finalizeStatements() { statements.removeAll() }

    /// The statement for `sql`, ready for its parameters; the caller releases it. One that is in use already (a caller's
    /// closure came back to the same question) gets a sibling of its own.
    func statement(_ sql: StaticString) throws(StoreError) -> Statement {
        let key = sql.utf8Start
        if let known = statements[key] {
            if !known.isInUse {
                known.take()
                return known
            }
            return try prepare(sql)
        }
        let statement = try prepare(sql)
        statements[key] = statement
        return statement
    }

    private func prepare(_ sql: StaticString) throws(StoreError) -> Statement {
        let statement = try Statement(sql.utf8Start, length: sql.utf8CodeUnitCount, on: handle)
        statement.take()
        return statement
    }

    /// Runs `sql`, which takes no parameters and returns nothing of interest.
    func execute(_ sql: StaticString) throws(StoreError) {
        let statement = try statement(sql)
        defer { statement.release() }
        while try statement.step() {}
    }

    /// The one integer that `sql` returns.
    func integer(_ sql: StaticString) throws(StoreError) -> Int64 {
        let statement = try statement(sql)
        defer { statement.release() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// False after SQLite gave up a transaction on its own, as it does when the disk is full.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    var changedRows: Int { Int(sqlite3_changes(handle)) }
}
