/// A plan that no guard holds, or whose held guards were each accepted by name and exact figure. Only this is applied.
package struct ApprovedPlan: Sendable {
    package let plan: Plan
    /// `NAME=FIGURE`, for the journal.
    package let accepted: [String]

    fileprivate init(_ plan: Plan, accepted: [String]) {
        self.plan = plan
        self.accepted = accepted
    }
}

/// Why a plan may not be applied.
package struct Held: Error, Sendable {
    package let findings: [GuardFinding]
}

/// One `--accept NAME=FIGURE`.
package struct Acceptance: Hashable, Sendable {
    package var name: String
    package var figure: String

    /// `nil` unless it reads NAME=FIGURE.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        name = String(text[..<equals])
        figure = String(text[text.index(after: equals)...])
        if name.isEmpty || figure.isEmpty { return nil }
    }
}

extension Plan {
    /// Approves the plan, or throws ``Held`` with the findings that stand in the way. An acceptance counts only with the
    /// exact figure of this plan, so a figure that grew since is held again. Where only one finding of a guard is held,
    /// its subject may be left out: `attribute-changed=83`.
    package func approve(accepting acceptances: [Acceptance]) throws(Held) -> ApprovedPlan {
        let held = guards.filter(\.held)
        var used: [String] = []
        var standing: [GuardFinding] = []
        for finding in held {
            let isOnly = held.count { $0.name == finding.name } == 1
            let isAccepted =
                finding.canBeAccepted
                && acceptances.contains {
                    $0.figure == finding.figure && ($0.name == finding.key || isOnly && $0.name == finding.name)
                }
            if isAccepted { used.append("\(finding.key)=\(finding.figure)") } else { standing.append(finding) }
        }
        if !standing.isEmpty { throw Held(findings: standing) }
        return ApprovedPlan(self, accepted: used)
    }
}
