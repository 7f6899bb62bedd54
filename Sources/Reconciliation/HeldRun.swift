import SCIM

extension RunReport {
    /// A run that a guard stopped before its first write: every change is skipped.
    package init(held plan: Plan, run: RunID, command: String) {
        self.init(
            run: run, command: command, plan: plan,
            outcomes: [Outcome](repeating: .skipped, count: plan.changes.count), isInterrupted: false)
    }
}
