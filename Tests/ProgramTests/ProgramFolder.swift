import Foundation
import TestSupport

/// What one start of the built program gave.
struct ProgramRun {
    let exit: Int32
    let out: String
    let err: String
}

/// A folder of its own for one test, in which the built program is started as a user starts it.
final class ProgramFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "popl-sync-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The program stands beside the test bundle.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "popl-sync")

    /// The package's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func fixture(_ path: String) -> String { root.appending(path: "../shared/fixtures/\(path)").path }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ name: String, _ text: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ name: String) throws -> String { try String(contentsOf: url.appending(path: name), encoding: .utf8) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Names of everything in the folder, sorted.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

    /// Starts the program here with `words`, one string for all of them without blanks in any.
    func run(_ words: String, environment: [String: String] = [:]) throws -> ProgramRun {
        try run(words.split(separator: " ").map(String.init), environment: environment)
    }

    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> ProgramRun {
        try start(arguments, environment: environment).end()
    }

    /// Starts the program and does not wait for it. `wrapper`: a command that starts it in its stead.
    func start(
        _ arguments: [String], environment: [String: String] = [:], wrapper: [String] = []
    ) throws -> RunningProgram {
        try start(command: wrapper + [Self.program.path] + arguments, environment: environment)
    }

    /// Starts any command, by its path.
    func start(command: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        let outputs = try (capture("out"), capture("err"))
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = url
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = outputs.0.handle
        process.standardError = outputs.1.handle
        try process.runWithSignals()
        return RunningProgram(process: process, out: outputs.0.file, err: outputs.1.file)
    }

    /// Files, not pipes: nothing to drain, however much is written.
    private func capture(_ name: String) throws -> (file: URL, handle: FileHandle) {
        let file = FileManager.default.temporaryDirectory.appending(path: "popl-sync-\(name)-\(UUID().uuidString)")
        try Data().write(to: file)
        return (file, try FileHandle(forWritingTo: file))
    }
}

/// The program while it runs.
struct RunningProgram {
    let process: Process
    fileprivate let out: URL
    fileprivate let err: URL

    /// What it has written to stdout so far.
    var output: String { (try? String(contentsOf: out, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func end() throws -> ProgramRun {
        process.waitUntilExit()
        return ProgramRun(exit: process.terminationStatus, out: try contents(out), err: try contents(err))
    }

    private func contents(_ file: URL) throws -> String {
        defer { try? FileManager.default.removeItem(at: file) }
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
