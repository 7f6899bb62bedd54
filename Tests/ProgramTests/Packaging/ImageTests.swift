import Foundation
import JSON
import Testing

/// What can be told of the image without an engine that builds it.
@Suite struct `Container image` {
    private let final: String

    init() throws {
        let stages = try DocumentFolder.text("packaging/Dockerfile").replacing("\\\n", with: "")
            .components(separatedBy: "\nFROM ")
        #expect(stages.count == 3)
        final = try #require(stages.last)
    }

    @Test func `is of the program and its libraries, and runs as nobody's user`() throws {
        #expect(final.hasPrefix("debian:bookworm-slim\n"))
        #expect(final.contains(/\nUSER [1-9]\d+:[1-9]\d+\n/))
        let needed = try DebianPackage.built.get().ask("--field", "Depends")
        for library in needed.matches(of: /(lib(?:xml|sqlite|ssl|stdc)\S*)/).map(\.1) {
            #expect(final.contains(" \(library) "), "\(library)")
        }
    }

    @Test func `is healthy when the service answers, and not when it does not`() async throws {
        let words = try #require(final.firstMatch(of: /HEALTHCHECK .*CMD (\[.*\])\n/)).1
        let command = try #require(JSON.parse(String(words)).array).map { try #require($0.string) }
        let folder = try ProgramFolder()
        _ = try folder.teamWithToken()
        let (program, url) = try await folder.serving(["serve", "--database", "popl.sqlite", "--port", "0"])
        let port = try #require(URL(string: url)?.port)
        let check = ["/usr/bin/env"] + command.map { $0.replacing("/8080", with: "/\(port)") }
        #expect(try folder.start(command: check).end().exit == 0)
        program.signal(SIGTERM)
        _ = try program.end()
        #expect(try folder.start(command: check).end().exit != 0)
    }
}
