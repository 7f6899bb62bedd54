import Foundation
import Testing

/// Reports are compared whole. `POPL_SYNC_REGENERATE=1 swift test --filter ReportingTests` writes what is there now;
/// then read the difference as a reviewer would.
func expectText(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected")
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["POPL_SYNC_REGENERATE"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "differs from Expected/\(name)", sourceLocation: sourceLocation)
}
