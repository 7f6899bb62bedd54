import Foundation
import Testing

/// The Debian package of the program that is tested, made as `make deb` makes that of the optimised one.
struct DebianPackage {
    let path: String

    /// One for all tests, since it takes a while. It stays there for whoever wants to look into it.
    static let built = Result { try DebianPackage(in: ProgramFolder.root.appending(path: ".build/package")) }

    private init(in place: URL) throws {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let made = try ProgramFolder().start(
            command: [Self.script("packaging/deb"), ProgramFolder.program.path, place.path],
            // The smallest is not what a test needs.
            environment: ["DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1"]
        ).end()
        try #require(made.exit == 0, "\(made.err)")
        path = made.out.trimmingCharacters(in: .newlines)
    }

    static func script(_ name: String) -> String { ProgramFolder.root.appending(path: name).path }

    /// What `dpkg-deb` says of it.
    func ask(_ words: String...) throws -> String {
        let run = try ProgramFolder().start(command: ["/usr/bin/dpkg-deb", words[0], path] + words.dropFirst()).end()
        #expect(run.exit == 0, "\(run.err)")
        return run.out
    }
}

/// A copy of this machine, on which tests install what they like (Tests/Packaging/machine).
enum Machine {
    static let canBeCopied = canRun([])
    static let canBoot = canRun(["--boot"])

    /// Runs one of the scripts beside it there, and brings back what it said.
    static func run(_ options: [String] = [], _ script: String, _ words: String...) throws -> ProgramRun {
        let folder = try ProgramFolder()
        let command = [DebianPackage.script("Tests/Packaging/machine")] + options + [folder.url.path]
        let run = try folder.start(command: command + [script] + words).end()
        let said = (try? folder.read("said")) ?? ""
        return ProgramRun(exit: run.exit, out: said, err: run.err)
    }

    /// 99 says that it cannot be; whatever else goes wrong is for the tests to find.
    private static func canRun(_ options: [String]) -> Bool { (try? run(options, "/bin/true"))?.exit != 99 }
}
