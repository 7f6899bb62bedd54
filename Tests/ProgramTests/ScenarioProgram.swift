import Foundation
import TestSupport
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
    /// that hangs says less than one that fails. `wrapper`: a command that starts it in its stead.
    func run(_ arguments: [String], in directory: URL, fault: String? = nil, wrapper: [String] = []) throws -> Outcome {
        try start(arguments, in: directory, fault: fault, wrapper: wrapper).end()
    }

    /// Starts it and does not wait for it.
    func start(
        _ arguments: [String], in directory: URL, fault: String? = nil, wrapper: [String] = []
    ) throws -> Started {
        let capture = directory.deletingLastPathComponent().appending(path: "output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: capture, withIntermediateDirectories: true)
        let streams = try ["stdout", "stderr"].map { name in
            let file = capture.appending(path: name)
            try Data().write(to: file)
            return (file: file, handle: try FileHandle(forWritingTo: file))
        }
        let process = Process()
        let words = wrapper + [path.path] + arguments
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = directory
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": directory.path, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            // A trap is a failure whose exit code says it all; drawing its stack takes seconds.
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(fault.map { ["POPL_SYNC_FAULT": $0] } ?? [:]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = streams[0].1
        process.standardError = streams[1].1
        try process.runWithSignals()
        return Started(process: process, streams: streams)
    }

    /// A run that may not have ended.
    struct Started {
        let process: Process
        fileprivate let streams: [(file: URL, handle: FileHandle)]

        func signal(_ number: Int32) { kill(process.processIdentifier, number) }

        /// Waits until it stands still (SIGSTOP); false when it ends instead.
        func waitUntilStopped() throws -> Bool {
            while process.isRunning {
                if process.isStopped { return true }
                usleep(2000)
            }
            return false
        }

        func end() throws -> Outcome {
            let guillotine = Task.detached {
                try await Task.sleep(for: .seconds(300))
                if process.isRunning { process.terminate() }
            }
            process.waitUntilExit()
            guillotine.cancel()
            for (_, handle) in streams { try handle.close() }
            let texts = try streams.map { String(decoding: try Data(contentsOf: $0.file), as: UTF8.self) }
            try FileManager.default.removeItem(at: streams[0].file.deletingLastPathComponent())
            let exit = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
            return Outcome(exit: exit, stdout: texts[0], stderr: texts[1])
        }
    }
}
