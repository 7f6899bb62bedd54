import SQLiteStorage
import StorageContract
import Testing

@Suite struct `SQLite keeps the storage contract` {
    @Test(arguments: StorageContract.promises) func `promise by promise`(promise: Promise) throws {
        let folder = try Folder()
        try promise.check(SQLiteStore(path: folder.path("roster.sqlite"), mode: .readWriteCreate))
    }
}
