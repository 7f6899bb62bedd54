import Foundation
import RawHTTP
import Testing

/// A nightly job in a folder of its own: a team, an export of three, and a configuration.
struct Night {
    let folder: ProgramFolder
    /// The same moment for every run, so that what is printed is the same.
    static let words = ["--as-of", "2026-11-23T06:00:00Z"]

    /// - Parameter surroundings: lines of the configuration.
    init(_ surroundings: String = "", team: String = "acme", source: String = "okta") throws {
        folder = try ProgramFolder()
        try export([1, 2, 3])
        #expect(try folder.run(["team", "create", team, "--database", "popl.sqlite"]).exit == 0)
        try folder.write(
            "popl-sync.yaml",
            "team: \(team)\ntarget: { database: popl.sqlite }\n"
                + "source: { name: \"\(source)\", users: users.csv }\nguards: { floor: 1 }\n\(surroundings)\n")
    }

    /// People by number; the file is as old as a fresh export is at ``words``' moment.
    func export(_ people: [Int], at date: String = "2026-11-23T05:00:00Z") throws {
        let rows = people.map { "00u\($0),p\($0)@acme.example,Pat,Example \($0),ACTIVE\n" }
        try folder.write("users.csv", "id,login,First name,Last name,status\n" + rows.joined())
        let date = try Date(date, strategy: .iso8601)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder.path("users.csv"))
    }

    func sync(_ more: String...) throws -> ProgramRun { try folder.run(["sync"] + Self.words + more) }
}

/// One POST that a listener got.
struct Post {
    let path: String
    let body: String
    let headers: String

    init(_ request: String) {
        let parts = request.components(separatedBy: "\r\n\r\n")
        headers = parts[0]
        path = headers.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }
}

extension ScriptedService {
    /// Takes everything.
    static func taking() throws -> ScriptedService {
        try ScriptedService { _ in answer(200, "OK", type: "text/plain") }
    }

    var posts: [Post] { requests.map(Post.init) }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }
}

extension String {
    /// Without what differs from run to run.
    var masked: String {
        replacing(/\d{8}T\d{6}Z-[0-9a-f]{8}/, with: "RUN")
            .replacing(/"(asOf|expires|created|at|written|modified)": "[^"]*"/, with: "")
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "ID")
            .replacing(/[0-9a-f]{64}/, with: "DIGEST")
    }
}
