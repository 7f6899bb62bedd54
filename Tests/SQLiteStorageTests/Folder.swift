import Foundation
import GRDB

/// A folder of its own for one test.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "popl-store-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Raw SQL, as somebody with the file and the `sqlite3` shell would write it.
    func sql(_ name: String, _ statements: String) throws {
        let queue = try DatabaseQueue(path: path(name))
        try queue.write { try $0.execute(sql: statements) }
        try queue.close()
    }
}
