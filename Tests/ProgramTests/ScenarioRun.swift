import Foundation
import Testing

/// Plays one scenario in a directory of its own, step by step, and says where the program and the folder disagree.
struct ScenarioRun {
    private let scenario: Scenario
    private let program: ScenarioProgram
    private let directory: URL
    private var matcher = ScenarioMatcher()
    private var planned: [ScenarioValue]?
    /// What a step left standing still.
    private var stopped: ScenarioProgram.Started?
    /// Every JSON document that a step printed, with its command.
    private(set) var documents: [(command: String, document: ScenarioValue)] = []

    private static let asOf = "2026-11-23T06:00:00Z"
    /// Which commands take which of the options that steps leave out.
    private static let roster: Set = ["plan", "sync", "import", "roster", "history", "undo", "why", "source"]
    private static let database: Set = ["apply", "team"]
    private static let clock: Set = ["plan", "sync", "import", "apply", "inspect", "undo", "why"]

    init(_ scenario: Scenario) throws {
        self.scenario = scenario
        program = try .built()
        directory = FileManager.default.temporaryDirectory
            .appending(path: "popl-sync-\(scenario.name)-\(UUID().uuidString)").appending(path: "work")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try lay()
    }

    func clear() {
        stopped?.signal(SIGKILL)
        try? FileManager.default.removeItem(at: directory.deletingLastPathComponent())
    }

    /// Every disagreement of every step, in order. Stops at the first step that disagrees: what follows rests on it.
    mutating func play() throws -> [String] {
        for (index, step) in scenario.steps.enumerated() {
            if step.fullDisk != nil && !Disk.canBeMounted {
                print("\(scenario.name): no disk can be mounted here; left out from step \(index + 1) on")
                break
            }
            let found = try play(step)
            if !found.isEmpty { return found.map { "step \(index + 1), popl-sync \(step.run)\n    \($0)" } }
        }
        return []
    }

    private mutating func play(_ step: Scenario.Step) throws -> [String] {
        try damage(step)
        let filesBefore = step.files == nil ? [:] : try contents()
        let needsRoster = step.roster == .string("unchanged")
        let rosterBefore = needsRoster ? try list(step, "") : nil
        guard let outcome = try perform(step) else { return step.exit == nil ? [] : ["it stands still"] }
        var found: [String] = []
        let both = "\(outcome.stdout)\n\(outcome.stderr)"
        guard outcome.exit == step.exit else {
            return ["exit \(outcome.exit), expected \(step.exit?.description ?? "none"); it said:\n\(both)"]
        }
        found += missing(step.stdout, outcome.stdout, "stdout") + missing(step.stderr, outcome.stderr, "stderr")
        if step.files != nil { found += changedFiles(filesBefore, try contents()) }
        let lower = both.lowercased()
        for text in step.says ?? [] where !lower.contains(text.lowercased()) {
            found.append("does not say “\(text)”, but:\n\(both)")
        }
        for text in step.saysNot ?? [] where lower.contains(text.lowercased()) {
            found.append("says “\(text)”:\n\(both)")
        }
        if let name = step.prints { found += try compareWhole(outcome.stdout, name) }
        found += try checkFiles(step)
        found += try checkJSON(step, outcome.stdout)
        if needsRoster {
            if try list(step, "") != rosterBefore { found.append("the roster changed") }
        } else if let expected = try step.roster.map(value) {
            found += matcher.differences(
                expected: expected, found: byName(try list(step, ""), "userName"), at: "roster")
            found += strangers(expected, byName(try list(step, ""), "userName"))
        }
        if let expected = try step.groups.map(value) {
            found += matcher.differences(expected: expected, found: try groups(step), at: "groups")
            found += strangers(expected, try groups(step))
        }
        return found
    }

    /// `nil` when the program stands still now.
    private mutating func perform(_ step: Scenario.Step) throws -> ScenarioProgram.Outcome? {
        if let standing = stopped, step.run == "continue" || step.run == "kill" {
            stopped = nil
            standing.signal(step.run == "kill" ? SIGKILL : SIGCONT)
            return try standing.end()
        }
        let fault = step.fault?.replacing(" ", with: ":")
        var wrapper: [String] = []
        if let file = step.fullDisk { wrapper = Disk.full(keeping: file) }
        if step.readOnly == true {
            wrapper = User.ordinary
            try setWritable(false)
        }
        defer { if step.readOnly == true { try? setWritable(true) } }
        let started = try program.start(try arguments(step), in: directory, fault: fault, wrapper: wrapper)
        if step.exit == nil, try started.waitUntilStopped() {
            stopped = started
            return nil
        }
        return try started.end()
    }

    private func missing(_ texts: [String]?, _ stream: String, _ name: String) -> [String] {
        guard let texts else { return [] }
        if texts.isEmpty { return stream.isEmpty ? [] : ["\(name) is not empty:\n\(stream)"] }
        return texts.filter { !stream.contains($0) }.map { "\(name) does not have “\($0)”, but:\n\(stream)" }
    }

    private func damage(_ step: Scenario.Step) throws {
        for (name, count) in step.cut ?? [:] {
            let file = directory.appending(path: name)
            try Data(contentsOf: file).prefix(count).write(to: file)
        }
        for (name, texts) in step.edit ?? [:] {
            let file = directory.appending(path: name)
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(texts.count == 2 && text.contains(texts[0]), "\(name) does not have what is to be replaced")
            try Data(text.replacing(texts[0], with: texts[1]).utf8).write(to: file)
        }
    }

    private func setWritable(_ isWritable: Bool) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: directory.path) {
            let permissions = isWritable ? 0o644 : 0o444
            try manager.setAttributes(
                [.posixPermissions: permissions], ofItemAtPath: directory.appending(path: name).path)
        }
        try manager.setAttributes([.posixPermissions: isWritable ? 0o755 : 0o555], ofItemAtPath: directory.path)
    }

    private mutating func checkJSON(_ step: Scenario.Step, _ stdout: String) throws -> [String] {
        guard step.json != nil || step.changes != nil || step.run.contains("--format json") else { return [] }
        let document: ScenarioValue
        do {
            document = try JSONDecoder().decode(ScenarioValue.self, from: Data(stdout.utf8))
        } catch {
            return step.json == nil && step.changes == nil
                ? [] : ["stdout is not JSON: \(error)\n\(stdout.prefix(2000))"]
        }
        documents.append((step.run.prefix { $0 != " " }.description, document))
        var found: [String] = []
        if let expected = step.json { found += matcher.differences(expected: try value(expected), found: document) }
        let changes = document["changes"]?.array?.map(essence)
        if step.changes != nil, changes != planned {
            found.append("applied \(changes ?? []), but \(planned ?? []) was planned")
        }
        if step.run.hasPrefix("plan") { planned = changes }
        return found
    }

    private func checkFiles(_ step: Scenario.Step) throws -> [String] {
        func text(_ name: String) -> String {
            (try? String(contentsOf: directory.appending(path: name), encoding: .utf8)) ?? ""
        }
        return (step.holds ?? [:]).flatMap { name, texts in
            texts.filter { !text(name).contains($0) }.map { "\(name) does not hold “\($0)”:\n\(text(name))" }
        }
            + (step.holdsNot ?? [:]).flatMap { name, texts in
                texts.filter { text(name).contains($0) }.map { "\(name) holds “\($0)”:\n\(text(name))" }
            }
    }

    /// What a change is, without what became of it.
    private func essence(_ change: ScenarioValue) -> ScenarioValue {
        guard case .object(let members) = change else { return change }
        return .object(
            members.filter { ["kind", "resource", "userName", "externalId", "attributes"].contains($0.key) })
    }

    // Set-up.

    private func lay() throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: scenario.folder.path) where name != "scenario.json" {
            try manager.copyItem(at: scenario.folder.appending(path: name), to: directory.appending(path: name))
        }
        for (name, origin) in scenario.use ?? [:] {
            try manager.copyItem(at: Scenario.samples.appending(path: origin), to: directory.appending(path: name))
        }
        for file in scenario.make ?? [] { try file.bytes().write(to: directory.appending(path: file.file)) }
        for name in try manager.contentsOfDirectory(atPath: directory.path) {
            let written =
                try scenario.written?[name].map(date) ?? date(scenario.asOf ?? Self.asOf).addingTimeInterval(-3600)
            try manager.setAttributes([.modificationDate: written], ofItemAtPath: directory.appending(path: name).path)
        }
    }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    /// `{run:1}` stands for the newest run's id, `{run:2}` for the one before.
    private func runID(_ word: String) throws -> String {
        guard word.hasPrefix("{run:"), let number = Int(word.dropFirst(5).dropLast()) else { return word }
        let command = ["history", "--database", "roster.sqlite", "--team", "acme", "--format", "json"]
        let document = try JSONDecoder().decode(
            ScenarioValue.self, from: Data(program.run(command, in: directory).stdout.utf8))
        let runs = document["runs"]?.array ?? []
        return number <= runs.count ? runs[number - 1]["run"]?.string ?? word : word
    }

    private func arguments(_ step: Scenario.Step) throws -> [String] {
        var words = try step.run.split(separator: " ").map { try runID(String($0)) }
        let verb = words[0]
        func add(_ option: String, _ value: String, when takes: Bool) {
            if takes, !words.contains(option) { words += [option, value] }
        }
        add("--database", "roster.sqlite", when: Self.roster.contains(verb) || Self.database.contains(verb))
        add("--team", "acme", when: Self.roster.contains(verb))
        add("--as-of", step.asOf ?? scenario.asOf ?? Self.asOf, when: Self.clock.contains(verb))
        return words
    }

    // What is there.

    /// The team's Users (or with `--groups` its Groups) as the program lists them.
    private func list(_ step: Scenario.Step, _ option: String) throws -> [ScenarioValue] {
        let words = try arguments(step)
        func value(of name: String, else other: String) -> String {
            words.firstIndex(of: name).map { words[$0 + 1] } ?? other
        }
        let database = value(of: "--database", else: "roster.sqlite")
        guard FileManager.default.fileExists(atPath: directory.appending(path: database).path) else { return [] }
        var command = [
            "roster", "--database", database, "--team", value(of: "--team", else: "acme"), "--format", "json",
        ]
        if !option.isEmpty { command.append(option) }
        let outcome = try program.run(command, in: directory)
        guard outcome.exit == 0 else { return [.string("roster exits \(outcome.exit): \(outcome.stderr)")] }
        let document = try JSONDecoder().decode(ScenarioValue.self, from: Data(outcome.stdout.utf8))
        return document["Resources"]?.array ?? []
    }

    private func byName(_ resources: [ScenarioValue], _ key: String) -> ScenarioValue {
        .object(Dictionary(resources.map { ($0[key]?.string ?? $0.description, $0) }) { first, _ in first })
    }

    /// Groups by displayName, with their members' userNames.
    private func groups(_ step: Scenario.Step) throws -> ScenarioValue {
        let users = try list(step, "")
        let userNames = Dictionary(users.map { ($0["id"]?.string ?? "", $0["userName"] ?? .null) }) { first, _ in first
        }
        let resources = try list(step, "--groups").map { group -> ScenarioValue in
            guard case .object(var members) = group else { return group }
            let ids = members["members"]?.array ?? []
            members["members"] = .array(ids.map { userNames[$0["value"]?.string ?? ""] ?? $0 })
            return .object(members)
        }
        return byName(resources, "displayName")
    }

    private func strangers(_ expected: ScenarioValue, _ found: ScenarioValue) -> [String] {
        guard case .object(let wanted) = expected, case .object(let there) = found, wanted["…"] == nil else {
            return []
        }
        return there.keys.filter { wanted[$0] == nil }.sorted().map { "\($0) is in the roster too" }
    }

    private func value(_ stated: ScenarioValue) throws -> ScenarioValue {
        guard case .string(let name) = stated, name.hasSuffix(".json") else { return stated }
        return try JSONDecoder().decode(
            ScenarioValue.self, from: Data(contentsOf: scenario.folder.appending(path: name)))
    }

    private func contents() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: directory.appending(path: $0))) })
    }

    private func changedFiles(_ before: [String: Data], _ after: [String: Data]) -> [String] {
        Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map { name in
            "\(name) \(before[name] == nil ? "appeared" : after[name] == nil ? "vanished" : "changed")"
        }
    }

    /// Reports are compared whole. `POPL_SYNC_RECORD=1` writes what was printed into the folder instead, to be read in
    /// the diff as a reviewer would.
    private func compareWhole(_ printed: String, _ name: String) throws -> [String] {
        let file = scenario.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["POPL_SYNC_RECORD"] != nil {
            try Data(printed.utf8).write(to: file)
            return []
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        return printed == expected ? [] : ["prints\n\(printed)\ninstead of \(name):\n\(expected)"]
    }
}
