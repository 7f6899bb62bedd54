import Foundation
import Testing

/// Compares a report as a whole with a file in `Expected`; no line is wider than 80 columns (`isWrapped`). `POPL_SYNC_RECORD=1` writes
/// what was printed there instead; then read the difference as a reviewer would.
func expectPrinted(
    _ run: ProgramRun, _ name: String, isWrapped: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/\(name)")
    let printed = masked(run.out)
    if isWrapped {
        #expect(printed.split(separator: "\n").allSatisfy { $0.count <= 80 }, sourceLocation: sourceLocation)
    }
    if ProcessInfo.processInfo.environment["POPL_SYNC_RECORD"] != nil {
        return try Data(printed.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(printed == expected, "differs from \(name) \(run.err)", sourceLocation: sourceLocation)
}

/// The same letters on every machine and in every run: ids are masked by others of the same length, and whoever runs
/// the tests is `ops@host`.
private func masked(_ text: String) -> String {
    text.replacing(
        /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "01a20000-0000-7000-8000-00000000000a"
    )
    .replacing(/(\d{8}T\d{6}Z)-[0-9a-f]{8}/) { "\($0.1)-1a2b3c4d" }
    .replacing("\(NSUserName())@\(ProcessInfo.processInfo.hostName)", with: "ops@host")
}
