import Foundation
import JSON
import Testing

/// Debian's Chromium, which opens a page as its reader would (Tests/Pages/page.py). `.ci/setup conformance`, which
/// `make test` runs, installs it.
enum Browser {
    private static let python = ProgramFolder.root.appending(path: ".build/conformance/bin/python").path

    /// What it saw. With `POPL_SYNC_SHOTS=FOLDER` in the environment screenshots are left there, to be looked at.
    static func run(_ verb: String, _ page: String, in folder: ProgramFolder) throws -> JSONValue {
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "The tools of the tests are missing: run .ci/setup conformance, or make test.")
        let script = ProgramFolder.root.appending(path: "Tests/Pages/page.py").path
        let shots = verb == "open" ? nil : ProcessInfo.processInfo.environment["POPL_SYNC_SHOTS"]
        let run = try folder.start(command: [python, script, verb, page] + [shots].compactMap(\.self)).end()
        try #require(run.exit == 0, "\(run.err)")
        return try JSON.parse(run.out)
    }
}

/// A team with some nights behind it, and one of everything that a report has to show tonight.
struct ReportNight {
    let folder: ProgramFolder
    static let roster = "--database popl.sqlite --team acme"
    static let hostileName = "</script><img src=x onerror=owned=1>"

    init() throws {
        folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "groups: { enabled: on, separator: \";\" }\n")
        for night in 2...9 {
            let rows = Self.rows { number in number == night ? Self.row(number, title: "Title \(night)") : nil }
            let run = try sync("night\(night).csv", rows, day: night)
            #expect(run.exit == 0, "\(run.err)")
        }
        try folder.write("hr.csv", "id,login,status\nx1,owner@acme.example,active\n")
        #expect(try folder.run("import hr.csv --source hr \(Self.roster)").exit == 0)
        try lay("tonight.csv", Self.tonight, day: 10)
    }

    /// The page that `command` prints, as a file of that name.
    func page(_ name: String, _ command: String) throws -> String {
        let run = try folder.run("\(command) --format html")
        #expect([0, 1, 3].contains(run.exit), "\(run.err)")
        try folder.write(name, run.out)
        return folder.path(name)
    }

    static func moment(_ day: Int) -> String { "2026-03-\(day < 10 ? "0" : "")\(day)T04:00:00Z" }

    private func sync(_ file: String, _ rows: [String], day: Int) throws -> ProgramRun {
        try lay(file, rows, day: day)
        return try folder.run("sync \(file) --create-team \(Self.roster) --as-of \(Self.moment(day))")
    }

    private func lay(_ file: String, _ rows: [String], day: Int) throws {
        let head = "id,login,First name,Last name,Display name,Job title,Mobile phone,status,groups\n"
        try folder.write(file, head + rows.joined())
        let written = try Date(Self.moment(day), strategy: .iso8601).addingTimeInterval(-7200)
        try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: folder.path(file))
    }

    private static func row(
        _ number: Int, login: String? = nil, name: String? = nil, title: String = "Engineer", phone: String = "",
        status: String = "active", groups: String = "Sales"
    ) -> String {
        let login = login ?? "p\(number)@acme.\(number % 4 == 0 ? "test" : "example")"
        return "\(number),\(login),P\(number),Example,\"\(name ?? "Person \(number)")\",\(title),\(phone),\(status),"
            + "\(groups)\n"
    }

    private static func rows(_ other: (Int) -> String?) -> [String] { (1...40).map { other($0) ?? row($0) } }

    private static var tonight: [String] {
        rows { number in
            switch number {
            case 1: row(1, title: "Lead Engineer", phone: "+46 8 123 456")
            case 2: row(2, name: hostileName)
            case 3: row(3, name: "\u{200F}evil \u{202E}gpj.exe")
            case 5: row(5, title: "=cmd|' /C calc'!A0")
            case 6: row(6, title: String(repeating: "y", count: 1000))
            case 7: row(7, title: String(repeating: "z", count: 10_000))
            case 8: row(8, login: "p8@acme.test; other@acme.test")
            case 9: row(9, status: "Abgereist")
            case 20, 21: ""
            case 22: row(22, status: "inactive")
            case 23: row(23, groups: "Sales;Field")
            default: nil
            }
        } + [
            row(101, login: "ada@new.example", groups: "Field"), row(102, login: "bob@new.example", groups: "Board"),
        ]
    }
}
