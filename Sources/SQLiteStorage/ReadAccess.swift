import GRDBSQLite

/// How a connection that only reads opens the file, so that afterwards the directory is as it was.
enum ReadAccess: Sendable {
    /// Our own writer is open beside it: an ordinary reader.
    case besideWriter
    /// A log is there, because another process writes or one was killed. Its content is seen; log and index are opened
    /// without the right to change them.
    case besideLog
    /// Nobody has it open and there is no log to merge. The connection may write as far as SQLite knows, so that log and
    /// index, which it must have in order to see a writer that comes meanwhile, are made and, as the last one to close
    /// them, taken away again; `query_only` keeps it from changing anything else.
    case alone
    /// The same where we may not write: no log can be made, by us or by anybody with our rights.
    case immutable

    var flags: Int32 {
        switch self {
        case .besideWriter, .besideLog, .immutable: SQLITE_OPEN_READONLY
        case .alone: SQLITE_OPEN_READWRITE
        }
    }

    /// Of the URI (https://www.sqlite.org/uri.html).
    var parameters: String {
        switch self {
        case .besideWriter, .alone: ""
        case .besideLog: "?readonly_shm=1"
        case .immutable: "?immutable=1"
        }
    }
}
