import Foundation
import Testing

/// One folder of `samples/scenarios`: files, and the story of what the program does with them. The format is described
/// in that folder's README.
struct Scenario: Decodable, Sendable, CustomTestStringConvertible {
    let story: String
    /// What the program takes for now, and an hour after the files were written, unless a step or a file says otherwise.
    let asOf: String?
    let make: [GeneratedFile]?
    /// Files taken from elsewhere in `samples/`, by the name they get here.
    let use: [String: String]?
    /// When a file was written, by its name.
    let written: [String: String]?
    let steps: [Step]
    /// The folder's name; set after decoding.
    private(set) var name = ""

    struct GeneratedFile: Decodable, Sendable {
        let file: String
        let head: String?
        let row: String?
        let count: Int?
        /// The first row's number; 1 unless told.
        let from: Int?
        let between: String?
        let tail: String?
        /// The whole file, where it is not text.
        let base64: String?
    }

    struct Step: Decodable, Sendable {
        /// The command line without the program's name. `--database`, `--team` and `--as-of` are added where it takes
        /// them and does not say its own.
        let run: String
        let asOf: String?
        /// A step that stops in the middle (`fault`, `STOP`) has none yet.
        let exit: Int32?
        /// Where the program sends itself a signal, and which: `commit:3` kills it before its third commit, `write:17`
        /// before its 17th write, `after-commit:3 TERM` asks it to end after its third commit, `after-commit:3 STOP`
        /// lets it stand still there until a step whose `run` is `continue` or `kill`.
        let fault: String?
        /// Files that are cut to so many bytes before the step.
        let cut: [String: Int]?
        /// Files in which a text is replaced before the step: what, and by what.
        let edit: [String: [String]]?
        /// The file that lies on a full disk while the step runs, as `disk/FILE`.
        let fullDisk: String?
        /// Whether the step is run by somebody who may write neither the files nor the folder.
        let readOnly: Bool?
        /// Texts that stdout, or stderr, has; none at all: it is empty.
        let stdout: [String]?
        let stderr: [String]?
        /// stdout, whole: the name of a file in the folder.
        let prints: String?
        /// The part of stdout's JSON that matters.
        let json: ScenarioValue?
        /// Each occurs in stdout or stderr; letter case does not count.
        let says: [String]?
        let saysNot: [String]?
        /// Files after the step, by name: each holds all of these.
        let holds: [String: [String]]?
        /// Files after the step, by name: none of these is in them.
        let holdsNot: [String: [String]]?
        /// The roster afterwards: every member by userName, and the part of each that matters; or a file with that; or
        /// the word "unchanged".
        let roster: ScenarioValue?
        /// The same of groups, by displayName; `members` are userNames.
        let groups: ScenarioValue?
        /// "unchanged": not a byte of any file is another one afterwards.
        let files: String?
        /// "as planned": the changes applied are those that the last plan showed.
        let changes: String?

        private enum CodingKeys: String, CodingKey {
            case run, exit, fault, cut, edit, stdout, stderr, prints, json, says, holds, roster, groups, files, changes
            case asOf = "as-of"
            case fullDisk = "full-disk"
            case readOnly = "read-only"
            case saysNot = "says-not"
            case holdsNot = "holds-not"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case story, make, use, written, steps
        case asOf = "as-of"
    }

    var testDescription: String { name }
    var folder: URL { Self.folder.appending(path: name) }

    static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples").standardizedFileURL
    static let folder = samples.appending(path: "scenarios")

    /// Every folder that there is, or the one that `POPL_SYNC_SCENARIO` names. One that cannot be read is a failure of
    /// its own test, so it comes back too.
    static let all: [Named] = {
        let one = ProcessInfo.processInfo.environment["POPL_SYNC_SCENARIO"]
        return (one.map { [$0] } ?? folders).map { Named(name: $0) }
    }()

    static let folders: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { !$0.contains(".") }
    }()

    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        var testDescription: String { name }

        func read() throws -> Scenario {
            let data = try Data(contentsOf: Scenario.folder.appending(path: name).appending(path: "scenario.json"))
            var scenario = try JSONDecoder().decode(Scenario.self, from: data)
            scenario.name = name
            return scenario
        }
    }
}

extension Scenario.GeneratedFile {
    /// `{n}` in a row is its number, `{n:4}` the same in four digits.
    func bytes() -> Data {
        if let base64 { return Data(base64Encoded: base64) ?? Data() }
        let first = from ?? 1
        let rows = (first..<first + (count ?? 0)).map { number in
            var row = self.row ?? ""
            row.replace("{n}", with: String(number))
            row.replace(#/\{n:(\d+)\}/#) { match in
                let digits = String(number)
                return String(repeating: "0", count: max(0, Int(match.1)! - digits.count)) + digits
            }
            return row
        }
        return Data(((head ?? "") + rows.joined(separator: between ?? "") + (tail ?? "")).utf8)
    }
}
