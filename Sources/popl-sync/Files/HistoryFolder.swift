import Foundation
import Reconciliation
import Reporting
import SCIM

/// A folder with a page of all runs, and one of each run's report that the page leads to.
struct HistoryFolder {
    let path: String

    /// Each page appears whole or not at all, the one of all runs last: what it leads to is there. Pages of runs that are
    /// kept no longer stay; the folder is the operator's.
    func write(
        _ entries: [RunHistory.Entry], of history: RunHistory, team: Team, hashedBy pseudonyms: Pseudonyms?
    ) throws {
        if mkdir(path, 0o750) != 0 && errno != EEXIST {
            throw Failure(
                .cannotWrite, code: "output-not-written",
                "The folder \(path) cannot be made: \(FileBytes.reason(errno)).",
                mend: "Name a folder in one that exists and that you may write to.")
        }
        for entry in entries {
            let report = try history.told(entry, among: entries).hashed(by: pseudonyms)
            try save(as: HistoryPage.fileName(entry.record.id)) { sink in
                try report.write(as: .html, style: .plain, into: sink)
            }
        }
        let index = try HistoryPage.html(entries, team: team.name, isLinked: true)
        try save(as: "index.html") { try $0(index) }
    }

    private func save(as name: String, _ body: (([UInt8]) throws -> Void) throws -> Void) throws {
        let file = try ReplacingFile("\(path)/\(name)")
        try body { piece in try piece.withUnsafeBytes { try file.write($0) } }
        try file.commit()
    }
}
