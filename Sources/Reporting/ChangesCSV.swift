import Reconciliation

/// The changes of a plan or a run as CSV: one line for each attribute and each member of a group that changes
/// (docs/formats.md). A change that has neither is one line.
enum ChangesCSV {
    private static let columns = [
        "change", "kind", "resource", "id", "name", "externalId", "attribute", "old", "new", "reason", "file", "line",
        "outcome", "error",
    ]

    static func write(_ report: Report, into sink: ([UInt8]) throws -> Void) throws {
        var text = CSVText.record(columns)
        let outcomes = report.standing.isEmpty ? report.run?.outcomes : nil
        for index in report.plan.changes.indices {
            let change = report.plan.changes[index]
            for difference in differences(change) {
                text += CSVText.record(record(index + 1, change, difference, outcomes?[index]))
            }
            guard text.utf8.count > 1 << 20 else { continue }
            try sink(Array(text.utf8))
            text = ""
        }
        try sink(Array(text.utf8))
    }

    private static func differences(_ change: Change) -> [AttributeChange] {
        let all =
            change.attributes
            + change.removeMembers.map { AttributeChange(path: "members", old: $0.userName, new: nil) }
            + change.addMembers.map { AttributeChange(path: "members", old: nil, new: $0.userName) }
        return all.isEmpty ? [AttributeChange(path: "", old: nil, new: nil)] : all
    }

    private static func record(
        _ number: Int, _ change: Change, _ difference: AttributeChange, _ outcome: Outcome?
    ) -> [String] {
        let (word, error) = outcome.map(\.told) ?? ("", "")
        return [
            String(number), change.kind.rawValue, change.type.name, change.id?.rawValue ?? "", change.name,
            change.externalID ?? "", difference.path, difference.old ?? "", difference.new ?? "", change.reason,
            change.place?.file ?? "", change.place?.line.map(String.init) ?? "", word, error,
        ]
    }
}

extension Outcome {
    /// Its name, and why it is not `applied`.
    var told: (word: String, error: String) {
        switch self {
        case .applied: ("applied", "")
        case .failed(let error): ("failed", error)
        case .superseded(let error): ("superseded", error)
        case .skipped: ("skipped", "")
        }
    }
}
