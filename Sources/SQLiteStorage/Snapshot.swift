import SCIM

/// Reads through one connection, inside the transaction it is in. The questions are in the files beside this one.
protocol ConnectionReading: StoreReading {
    var connection: Connection { get }
    /// Writes down counts that are still only in memory, before somebody asks for them.
    func settle() throws(StoreError)
}

/// What a ``SQLiteStore/read(_:)`` hands out.
struct Snapshot: ConnectionReading {
    let connection: Connection
    func settle() throws(StoreError) {}
}
