import Foundation
import TestSupport
import Testing

/// Scripts of Tests/Foreign, which are given the built program.
enum Python {
    struct Run {
        let exit: Int32
        /// stdout and stderr, as a terminal would show them.
        let output: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// The program stands beside the test bundle.
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "popl-sync")

    static func run(_ script: String, _ arguments: [String]) async throws -> Run {
        let python = root.appending(path: ".build/conformance/bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path),
            "The foreign services are missing: run .ci/setup conformance, or make test.")
        let file = FileManager.default.temporaryDirectory.appending(path: "popl-sync-foreign-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = python
        process.arguments = [root.appending(path: "Tests/Foreign/\(script)").path, program.path] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        // Minutes: no thread of the tests waits for it.
        let exit = try await withCheckedThrowingContinuation { (end: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { end.resume(returning: $0.terminationStatus) }
            do { try process.runWithSignals() } catch { end.resume(throwing: error) }
        }
        return Run(exit: exit, output: String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }
}
