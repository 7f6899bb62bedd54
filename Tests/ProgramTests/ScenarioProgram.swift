import Foundation
import Testing

/// The built program, and one run of it.
struct ScenarioProgram {
    let path: URL

    struct Outcome {
        let exit: Int32
        let stdout: String
        let stderr: String
    }

    /// The program lies beside the tests: both come out of one build.
    static func built() throws -> ScenarioProgram {
        let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = directory.appending(path: "popl-sync")
        try #require(FileManager.default.isExecutableFile(atPath: path.path), "no popl-sync in \(directory.path)")
        return ScenarioProgram(path: path)
    }

    /// Runs it in `directory`, with an environment of its own. What does not end within two minutes is killed: a test
    /// that hangs says less than one that fails.
    func run(_ arguments: [String], in directory: URL) throws -> Outcome {
        let capture = directory.deletingLastPathComponent().appending(path: "\(directory.lastPathComponent).output")
        try FileManager.default.createDirectory(at: capture, withIntermediateDirectories: true)
        let streams = try ["stdout", "stderr"].map { name in
            let file = capture.appending(path: name)
            try Data().write(to: file)
            return (file, try FileHandle(forWritingTo: file))
        }
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": directory.path, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            // A trap is a failure whose exit code says it all; drawing its stack takes seconds.
            "SWIFT_BACKTRACE": "enable=no",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = streams[0].1
        process.standardError = streams[1].1
        try process.run()
        let guillotine = Task.detached {
            try await Task.sleep(for: .seconds(120))
            if process.isRunning { process.terminate() }
        }
        process.waitUntilExit()
        guillotine.cancel()
        for (_, handle) in streams { try handle.close() }
        let texts = try streams.map { String(decoding: try Data(contentsOf: $0.0), as: UTF8.self) }
        let exit = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return Outcome(exit: exit, stdout: texts[0], stderr: texts[1])
    }
}
