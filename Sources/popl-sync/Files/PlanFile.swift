import Reconciliation

/// A plan saved for `apply`.
enum PlanFile {
    static func save(_ plan: Plan, to path: String) throws {
        let file = try ReplacingFile(path)
        try PlanDocument.encode(plan) { piece in try piece.withUnsafeBytes { try file.write($0) } }
        try file.commit()
    }

    /// The command that applies it.
    static func applyCommand(_ path: String, database: String) -> String {
        ["popl-sync", "apply", path, "--database", database].map(Shell.quoted).joined(separator: " ")
    }
}
