import Reconciliation

/// A plan saved for `apply`.
enum PlanFile {
    static func save(_ plan: Plan, to path: String) throws {
        let file = try ReplacingFile(path)
        try PlanDocument.encode(plan) { piece in try piece.withUnsafeBytes { try file.write($0) } }
        try file.commit()
    }

    /// The command that applies it.
    static func applyCommand(_ path: String, _ location: RosterLocation) -> String {
        let configuration = location.mirrored?.file.map { ["--config", $0] } ?? []
        let target = location.mirrored == nil ? ["--database", location.database] : configuration
        return (["popl-sync", "apply", path] + target).map(Shell.quoted).joined(separator: " ")
    }
}
