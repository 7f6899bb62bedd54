import Foundation
import JSON
import RawHTTP
import SCIM
import SQLiteStorage
import TestSupport
import Testing

@Suite struct `A power loss` {
    private let folder: ProgramFolder
    private let token: String

    init() throws {
        folder = try ProgramFolder()
        token = try folder.teamWithToken().token
    }

    /// The service works under load, beside its own merging of the log, and everything it writes and answers is noted.
    private func serveUnderLoad() async throws -> PowerLoss {
        let before = ["popl.sqlite": [UInt8](try Data(contentsOf: folder.url.appending(path: "popl.sqlite")))]
        let notes = folder.url.appending(path: "notes")
        let library = ProgramFolder.program.deletingLastPathComponent().appending(path: "libWriteLog.so").path
        let started = try folder.start(
            ["serve", "--database", "popl.sqlite", "--port", "0"],
            environment: ["LD_PRELOAD": library, "WRITE_LOG": notes.path])
        let (program, place) = try await folder.said(["Serving SCIM at http://127.0.0.1:"], by: started)
        let http = RawHTTP(port: try #require(place.split(separator: "/").first.flatMap { Int($0) }))
        var round = 0
        while try PowerLoss(notes: notes, before: before).count("popl.sqlite").writes < 20, round < 100 {
            round += 1
            try await load(http, round: round)
        }
        program.signal(SIGKILL)
        _ = try program.end()
        return try PowerLoss(notes: notes, before: before)
    }

    /// Creates people and changes each once, from four connections.
    private func load(_ http: RawHTTP, round: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for worker in 0..<4 {
                tasks.addTask { [token] in
                    for number in 0..<5 {
                        let name = "r\(round)-w\(worker)-\(number)"
                        let made = try await http.scim("POST", "Users", #"{"userName":"\#(name)"}"#, token: token)
                        #expect(made.status == 201)
                        let id = try JSON.parse(made.body)["id"]?.string ?? ""
                        let patch = #"{"Operations":[{"op":"replace","path":"title","value":"T-\#(name)"}]}"#
                        #expect(try await http.scim("PATCH", "Users/\(id)", patch, token: token).status == 200)
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `takes nothing that was answered, and leaves nothing half-done`() async throws {
        let loss = try await serveUnderLoad()
        #expect(loss.count("popl.sqlite").writes >= 20, "the log was not merged meanwhile")
        #expect(loss.count("popl.sqlite-wal").syncs > 10)
        var random = SeededRandom(seed: 20_261_129)
        var (answered, survived) = (0, 0)
        for moment in loss.moments(150, &random) {
            let after = try ProgramFolder()
            for (name, bytes) in loss.files(at: moment, &random) {
                try Data(bytes).write(to: after.url.appending(path: name))
            }
            let told = loss.answers(at: moment).joined()
            let names = told.matches(of: /"userName":"([^"]+)"/).map { String($0.output.1) }
            let titles = told.matches(of: /"title":"([^"]+)"/).map { String($0.output.1) }
            let store = try SQLiteStore(path: after.path("popl.sqlite"), mode: .readWrite)
            defer { store.close() }
            try store.read { reading in
                let team = try #require(try reading.team(named: "acme")).id
                let people = try reading.resources(.user, after: nil, limit: 100_000, team: team).map(\.resource)
                let kept = Set(people.compactMap { $0.attributes["userName"]?.string })
                #expect(Set(names).subtracting(kept).isEmpty, "at \(moment)")
                let changed = Set(people.compactMap { $0.attributes["title"]?.string })
                #expect(Set(titles).subtracting(changed).isEmpty, "at \(moment)")
                let head = try reading.journalHead(team: team)
                #expect(try reading.verifyJournal(team: team) == .intact(head), "at \(moment)")
                #expect(head.entries == kept.count + changed.count, "at \(moment)")
                answered += Set(names).count
                survived += kept.count
            }
        }
        #expect(answered > 100 && survived >= answered)
    }
}
