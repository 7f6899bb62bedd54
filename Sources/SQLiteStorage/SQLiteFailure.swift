import GRDB
import GRDBSQLite
import SCIM

/// What SQLite answered when it refused, as the ``StoreError`` it means to the core.
///
/// SQLite's own sentences name tables and columns and never values, so they are fit for an operator's log.
func storeError(code: Int32, message: String) -> StoreError {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
        .busy
    case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH:
        .constraint(detail: message)
    case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_ERROR, SQLITE_SCHEMA:
        // SQLITE_ERROR on our own statements means that a table or column that they name is not there.
        .unreadable(detail: "The roster database is damaged or not a roster (\(message)).")
    case SQLITE_FULL:
        .unwritable(detail: "The disk is full: nothing of this change was written (\(message)).")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH:
        .unwritable(detail: "The roster database may not be written (\(message)).")
    default:
        .unwritable(detail: "The roster database cannot be used: SQLite error \(code) (\(message)).")
    }
}

/// The same for what GRDB throws while it opens and migrates.
func storeError(_ error: any Error) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError:
        storeError(code: error.extendedResultCode.rawValue, message: error.message ?? "no details")
    default: .unreadable(detail: "The roster database cannot be opened: \(error).")
    }
}
