import Exports
import SCIM

/// The whole flow, on one screen: exports in, plan out. Nothing is written.
///
/// ```
/// export ─▶ ExportReading ─▶ Correlation ─▶ MemberPlanner ─▶ GroupPlanner ─▶ Guards ─▶ Plan
///               ▲                 ▲                                                     │
///               └──── roster ─────┘                        Plan.approve ─▶ Runner ─▶ RunReport
/// ```
package struct Reconciler: Sendable {
    package let store: any ResourceStore
    package let policy: Policy
    /// What the clock says: every judgement about time is made by it.
    package let asOf: Timestamp

    package init(store: any ResourceStore, policy: Policy, asOf: Timestamp) {
        self.store = store
        self.policy = policy
        self.asOf = asOf
    }

    /// Plans one source's export against the team's roster as it is at this moment.
    ///
    /// Throws ``InputsRefused`` when an input cannot be believed, ``StoreError`` when the roster cannot be read.
    /// `progress` is told how many records were read, now and then; `isRead` when all were.
    package func plan(
        _ inputs: Inputs, team: Team, source name: String, progress: (Int) -> Void = { _ in }, isRead: () -> Void = {}
    ) throws -> Plan {
        try store.read {
            try draft(inputs, team: team, source: name, in: $0, progress: progress, isRead: isRead).plan()
        }
    }

    /// The plan with everything that led to it. `watch`: whose way through it is to be told.
    func draft(
        _ inputs: Inputs, team: Team, source name: String, in snapshot: any StoreReading,
        watching watch: Watch = Watch(),
        progress: (Int) -> Void, isRead: () -> Void = {}
    ) throws -> PlanDraft {
        var draft = PlanDraft(team: team, sourceName: name, policy: policy, asOf: asOf, watch: watch)
        try draft.lookUp(in: snapshot)
        try draft.read(inputs, progress)
        isRead()
        try draft.planMembers()
        try draft.planGroups()
        try draft.planConnection(inputs.metadata)
        try draft.judge()
        return draft
    }
}

/// Inputs that cannot be believed, or prove to be a part only: nothing is planned from them (exit 65).
package struct InputsRefused: Error, Sendable {
    package let inputs: [InputSummary]
    package let message: String
}
