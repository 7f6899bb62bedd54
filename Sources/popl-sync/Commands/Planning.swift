import Exports
import Reconciliation
import Reporting
import SCIM

/// Files in, plan out, with progress on the way.
struct Planning {
    let settings: SourceSettings
    let store: any ResourceStore
    let team: Team
    let abilities: TargetAbilities
    let terminal: Terminal

    func plan(asOf: Timestamp, _ adjust: (inout Policy) -> Void = { _ in }) throws -> Plan {
        var policy = settings.policy
        policy.target = abilities
        adjust(&policy)
        terminal.progress.begin("reading")
        defer { terminal.progress.end() }
        let inputs = try Inputs.open(settings.files, options: settings.reading)
        let reconciler = Reconciler(store: store, policy: policy, asOf: asOf)
        let expected = try settings.reading.expectedRecords ?? lastRecords()
        let isEstimate = settings.reading.expectedRecords == nil
        let plan: Plan
        do {
            plan = try reconciler.plan(inputs, team: team, source: settings.name) {
                terminal.progress.show($0, of: expected, isEstimate: isEstimate, unit: "records")
            } isRead: {
                terminal.progress.begin("planning")
            }
        } catch let refused as InputsRefused {
            throw try settings.privacy.pseudonymsOfReader(store, team).map(refused.hashed) ?? refused
        }
        terminal.progress.end()
        terminal.log.debug(
            "planned",
            metadata: [
                "verdict": "\(plan.verdict.rawValue)", "changes": "\(plan.changes.count)", "digest": "\(plan.digest)",
            ])
        return plan
    }
}

extension Planning {
    /// How many there were the last time: only to say how long it will take.
    private func lastRecords() throws -> Int? {
        try store.read { try $0.sources(team: team.id).first { $0.name == settings.name }?.lastApplied?.records }
    }
}

extension RejectsOptions {
    /// Writes the rejected records when asked; with none of them too, so that last night's file does not stay.
    func write(_ plan: Plan, from settings: SourceSettings) throws {
        guard let rejects else { return }
        var rejected = plan.rejected
        if rejected.contains(where: \.original.isEmpty) {
            let users = try Inputs.open(settings.files, options: settings.reading).users
            rejected = users?.addingOriginals(to: rejected) ?? rejected
        }
        let file = try ReplacingFile(rejects)
        try file.write(RejectsFile.text(rejected))
        try file.commit()
    }
}
