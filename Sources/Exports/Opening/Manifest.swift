import Foundation
import JSON
import SCIM

/// What the job that wrote an export says of it, in `FILE.manifest.json` beside it. Every member may be left out.
struct Manifest: Hashable {
    var records: Int?
    /// When the export was written.
    var written: Timestamp?
    /// Of the file's bytes, 64 hex digits.
    var sha256: String?

    /// Why a manifest that is there says nothing.
    struct Unreadable: Error { var reason: String }

    private static let byteLimit = 1 << 20

    /// `nil` where there is none.
    static func besides(_ path: String) throws(Unreadable) -> Manifest? {
        let file = path + ".manifest.json"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file), data.count <= byteLimit,
            let value = try? JSON.parse([UInt8](data)), case .object = value
        else { throw Unreadable(reason: "\(file) cannot be read as a JSON object.") }
        var manifest = Manifest()
        if let records = value["records"] {
            guard let count = records.integer, count >= 0 else {
                throw Unreadable(reason: "\(file): records is not a whole number.")
            }
            manifest.records = count
        }
        if let written = value["written"] {
            guard let time = written.string.flatMap(Timestamp.init(iso8601:)) else {
                throw Unreadable(reason: "\(file): written is no moment as RFC 3339 has it.")
            }
            manifest.written = time
        }
        if let digest = value["sha256"] {
            guard let text = digest.string?.lowercased(), text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
                throw Unreadable(reason: "\(file): sha256 is not 64 hex digits.")
            }
            manifest.sha256 = text
        }
        return manifest
    }
}

/// What numbers that somebody wrote down prove of an export: fewer records are a part, as many are all of it.
struct ManifestJudge {
    private(set) var partial: [String] = []
    private(set) var plausible: [String] = []
    private(set) var proof: [String] = []

    /// `expected` records should be among those that `whose` is about.
    mutating func compare(_ records: Int, with expected: Int, says whose: String) {
        let sentence = "\(whose) says \(expected), and \(counted(records, "record is", "records are")) here."
        if records < expected {
            partial.append(sentence)
        } else if records > expected {
            plausible.append(sentence)
        } else {
            proof.append(sentence)
        }
    }

    /// What the file's last row says of it.
    mutating func judge(_ trailer: TrailerFinding, of input: InputSummary) {
        switch trailer {
        case .count(let expected):
            compare(input.records, with: expected, says: "The trailer row of \(input.file)")
        case .withoutNumber: partial.append("The trailer row of \(input.file) has no number of records.")
        case .missing:
            partial.append("\(input.file) has no trailer row at its end (source.trailer): it was cut.")
        }
    }

    /// Looks beside the file for a manifest. Returns when it says the export was written.
    mutating func judge(_ input: InputSummary) -> Timestamp? {
        do throws(Manifest.Unreadable) {
            guard let manifest = try Manifest.besides(input.file) else { return nil }
            let name = "\(input.file).manifest.json"
            if let expected = manifest.records { compare(input.records, with: expected, says: name) }
            if let digest = manifest.sha256, digest != input.sha256 {
                partial.append("\(name) has another SHA-256 than the file: it was changed, or cut.")
            }
            return manifest.written
        } catch {
            partial.append(error.reason)
            return nil
        }
    }
}

extension [InputSummary] {
    /// Brings manifests and `expected`, the number of records of all files together, into the grades.
    mutating func judgeByManifests(expected: Int?) {
        var judge = ManifestJudge()
        let read = indices.filter { self[$0].refusal == nil }
        // All of them are proved one by one, or all together.
        var isCounted = !read.isEmpty
        for index in read {
            let proofs = judge.proof.count
            self[index].exportDate = judge.judge(self[index])
            if let trailer = self[index].trailer { judge.judge(trailer, of: self[index]) }
            if judge.proof.count == proofs { isCounted = false }
        }
        if let expected {
            let proofs = judge.proof.count
            judge.compare(read.reduce(0) { $0 + self[$1].records }, with: expected, says: "expect-records")
            if judge.proof.count > proofs { isCounted = true }
        }
        for index in read {
            if !judge.partial.isEmpty {
                self[index].lower(to: .partial, judge.partial)
            } else if !judge.plausible.isEmpty {
                self[index].lower(to: .plausible, judge.plausible)
            } else if isCounted, self[index].grade != .partial {
                self[index].grade = .complete
                self[index].gradeReasons = judge.proof
                self[index].isCounted = true
            }
        }
    }
}

extension InputSummary {
    /// Reasons of a better grade count no more.
    mutating func lower(to grade: Grade, _ reasons: [String]) {
        guard let present = self.grade, grade <= present else { return }
        gradeReasons = grade == present ? gradeReasons + reasons : reasons
        self.grade = grade
    }
}
