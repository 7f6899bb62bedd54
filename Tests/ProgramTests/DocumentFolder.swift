import Foundation
import Testing

/// A folder in which the commands of a document are run as its reader would type them: by a shell, with `popl-sync` on
/// the path, one after the other.
struct DocumentFolder {
    let folder: ProgramFolder

    /// - Parameter samples: files to lay there, by the name that the document uses, from `samples/`.
    init(_ samples: [String: String]) throws {
        folder = try ProgramFolder()
        for (name, sample) in samples { try lay(sample, as: name) }
    }

    func lay(_ sample: String, as name: String) throws {
        let target = folder.url.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: ProgramFolder.root.appending(path: "samples/\(sample)"), to: target)
        // A sample is as fresh as tonight's export would be.
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: target.path)
    }

    /// The exports of one night of `samples/okta`, over those of the night before.
    func lay(night: String) throws {
        let samples = ProgramFolder.root.appending(path: "samples/okta/\(night)")
        for name in try FileManager.default.contentsOfDirectory(atPath: samples.path) {
            try lay("okta/\(night)/\(name)", as: "exports/\(name)")
        }
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: ProgramFolder.root.appending(path: name), encoding: .utf8)
    }

    /// Runs one command line, stdout and stderr together.
    func run(_ command: String) throws -> (exit: Int32, said: String) {
        let output = folder.url.appending(path: ".said")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder.url
        process.environment = ["PATH": ProgramFolder.program.deletingLastPathComponent().path + ":/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }
}
