import GRDBSQLite
import SCIM

/// One prepared statement of one connection. Taken from ``Connection/statement(_:)``, released when done.
///
/// Parameters count from 1, columns from 0, as in SQLite. What a bind refuses is thrown by the next ``step()``.
final class Statement {
    private let handle: OpaquePointer
    private var bindResult = SQLITE_OK
    fileprivate(set) var isInUse = false

    /// SQLite copies what is bound before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// `sql` must be one statement.
    init(_ sql: UnsafePointer<UInt8>, length: Int, on database: OpaquePointer) throws(StoreError) {
        var handle: OpaquePointer?
        let code = sql.withMemoryRebound(to: CChar.self, capacity: length) {
            sqlite3_prepare_v3(
                database, $0, Int32(length), UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        }
        guard code == SQLITE_OK, let handle else {
            throw storeError(
                code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)))
        }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    func take() { isInUse = true }

    /// Lets go of the row it stands on and of its parameters' claim; the statement can be taken again.
    func release() {
        sqlite3_reset(handle)
        bindResult = SQLITE_OK
        isInUse = false
    }

    /// True: on a row. False: done.
    func step() throws(StoreError) -> Bool {
        let code = bindResult == SQLITE_OK ? sqlite3_step(handle) : bindResult
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code)
        }
    }

    /// Runs a statement that returns no rows, and makes it ready for the next parameters.
    func run() throws(StoreError) {
        #if DEBUG
            Fault.reach(.write)
        #endif
        _ = try step()
        sqlite3_reset(handle)
    }

    private func failure(_ code: Int32) -> StoreError {
        let database = sqlite3_db_handle(handle)
        let extended = bindResult == SQLITE_OK ? sqlite3_extended_errcode(database) : code
        let message =
            bindResult == SQLITE_OK ? String(cString: sqlite3_errmsg(database)) : String(cString: sqlite3_errstr(code))
        return storeError(code: extended, message: message)
    }

    // MARK: Parameters

    func bind(_ index: Int32, _ value: Int64) { note(sqlite3_bind_int64(handle, index, value)) }
    func bind(_ index: Int32, _ value: Int) { bind(index, Int64(value)) }
    func bind(_ index: Int32, _ value: Bool) { bind(index, value ? 1 : 0 as Int64) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    func bindNull(_ index: Int32) { note(sqlite3_bind_null(handle, index)) }

    func bind(_ index: Int32, text: String?) {
        guard var text else { return bindNull(index) }
        text.withUTF8 { bind(index, text: UnsafeRawBufferPointer($0)) }
    }

    /// `text` must be UTF-8.
    func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
        // An empty buffer may have no address, and without one SQLite would bind NULL.
        let bytes = text.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }
        if let bytes {
            note(sqlite3_bind_text64(handle, index, bytes, UInt64(text.count), Self.transient, UInt8(SQLITE_UTF8)))
        } else {
            note(sqlite3_bind_text64(handle, index, "", 0, Self.transient, UInt8(SQLITE_UTF8)))
        }
    }

    func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
        guard let bytes = blob.baseAddress else { return note(sqlite3_bind_zeroblob(handle, index, 0)) }
        note(sqlite3_bind_blob64(handle, index, bytes, UInt64(blob.count), Self.transient))
    }

    func bind(_ index: Int32, blob: [UInt8]?) {
        guard let blob else { return bindNull(index) }
        blob.withUnsafeBytes { bind(index, blob: $0) }
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK { bindResult = code }
    }

    // MARK: Columns of the row it stands on

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func boolean(_ column: Int32) -> Bool { sqlite3_column_int64(handle, column) != 0 }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func isText(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_TEXT }

    /// The bytes of a text or blob, until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : [UInt8](bytes(column)) }

    /// Whether the column is `text`, byte for byte; `nil` is NULL.
    func holds(_ column: Int32, _ text: String?) -> Bool {
        guard var text else { return isNull(column) }
        guard !isNull(column) else { return false }
        let stored = bytes(column)
        return text.withUTF8 { $0.elementsEqual(stored) }
    }

}
