import Exports
import SCIM

/// What is known of one person: what the roster holds, what the journal tells, and what a run would do about them and
/// why. The answer of `popl-sync why`.
package struct Explanation: Sendable {
    package var team: String
    package var asOf: Timestamp
    /// `nil` for somebody whom only the export knows.
    package var member: ExplainedMember?
    /// `nil` when no files were given.
    package var run: ExplainedRun?

    /// Raised when a field is removed or changes its meaning; added fields leave it.
    package static let formatVersion = 1

    package var name: String { member?.resource.userName ?? run?.records.first?.name ?? "" }
}

/// A member as the roster and the journal have them.
package struct ExplainedMember: Sendable {
    package var resource: Resource
    /// The sources that manage them, the one that was first first.
    package var sources: [String]
    package var groups: [ExplainedGroup]
    /// The pattern or the group of `protect` that covers them.
    package var protectedBy: String?
    /// Newest first.
    package var changes: [JournaledChange]
    /// The journal goes further back than ``changes``.
    package var hasEarlierChanges: Bool

    /// The last change of one attribute, as far as ``changes`` go.
    package func lastChange(of path: String) -> JournaledChange? {
        changes.first { change in change.attributes.contains { $0.path == path } }
    }
}

package struct ExplainedGroup: Sendable {
    package var id: ResourceID
    package var name: String
    /// The sources that manage it.
    package var sources: [String]
}

/// One entry of the journal about a member.
package struct JournaledChange: Sendable {
    package var at: Timestamp
    package var operation: JournalEntry.Operation
    package var version: Int64
    /// `sync`, a token's label.
    package var actor: String
    package var run: RunID?
    /// Of that run: the account that ran it, and its source.
    package var by: String?
    package var source: String?
    package var attributes: [AttributeChange]
}

/// One person in the plan that a run of a source would make now.
package struct ExplainedRun: Sendable {
    package var source: String
    package var inputs: [InputSummary]
    package var fate: Fate
    /// Why, as a sentence without its full stop.
    package var reason: String
    /// What would be applied.
    package var change: Change?
    package var memberships: [ExplainedMembership] = []
    /// The source takes them under its management with this plan.
    package var isAdopted = false
    /// How the record was found to be theirs, or nobody's, each kind of evidence in turn.
    package var evidence: [ExplainedEvidence] = []
    /// Every record that names them, theirs first.
    package var records: [ExplainedRecord] = []
    /// In the order of the mapping; what no rule is for comes last.
    package var attributes: [ExplainedAttribute] = []
    package var pin: PinnedMember?
    package var suspicion: SuspectedMember?
    package var release: ReleasedMember?
    /// Those that hold the plan.
    package var guards: [ExplainedGuard] = []
    package var verdict: Plan.Verdict?
}

/// What a plan makes of a person.
package enum Fate: String, Sendable {
    case create, update, deactivate, reactivate
    case pinned, protected, undecided, suspected, released, spared
    case inStep = "in-step"
    /// Inactive in the roster, and the export says or means that it is right.
    case gone
    /// Absent from the export, which means nothing where `leavers: flagged` counts.
    case absent
    /// Inactive in the export, and never managed by the source.
    case neverManaged = "never-managed"
    /// Never linked to the source, and no record is about them.
    case unmanaged
    /// Only the export knows them, and nobody is made of the record.
    case notCreated = "not-created"
    case outOfScope = "out-of-scope"
    case rejected
    /// The input is refused, so nothing is planned about anybody.
    case refused
    /// No file lists people.
    case unread
}

package struct ExplainedMembership: Sendable {
    package var group: String
    package var isAdded: Bool
    /// Why the group changes.
    package var reason: String
    package var place: Place?
}

/// One kind of evidence, weighed for the person's record.
package struct ExplainedEvidence: Sendable {
    package enum Finding: String, Sendable {
        case matched
        case nobody
        case somebodyElse = "somebody-else"
        case doubt
    }
    package var basis: Correlation.Basis
    /// What the record says.
    package var value: String?
    package var finding: Finding
    /// Whom it points at.
    package var members: [MemberName]
    package var reason: String?
}

/// A record that names the person, and what became of it.
package struct ExplainedRecord: Sendable {
    package enum Standing: String, Sendable {
        case theirs
        /// Says again what theirs says.
        case repeats
        /// About another person.
        case another
        case rejected
        case outOfScope = "out-of-scope"
        /// Nobody is made of it.
        case idle
        /// The input is refused, so nobody weighed it.
        case unweighed
    }
    package var place: Place
    package var standing: Standing
    package var reason: String?
    package var anchor: String?
    package var userName: String?
    package var email: String?
    /// What it says of whether they work there, and where.
    package var activity: Activity?
    package var activityFrom: [TracedValue]

    var name: String { userName ?? email ?? anchor ?? "" }
}

/// One attribute: what the roster holds, what the record says, where it says so, and what comes of it.
package struct ExplainedAttribute: Sendable {
    package enum Effect: String, Sendable {
        case changes
        case same
        /// Another value, a blank or a missing column, which takes nothing away.
        case kept
        /// It would change, but for the person's fate.
        case heldBack = "held-back"
        /// Nothing on either side.
        case nothing
        /// No rule of the mapping is for it.
        case unmapped
        /// No record tells.
        case unread
    }
    package var path: String
    package var held: String?
    /// `nil` where no record or no rule tells.
    package var value: RecordValue?
    package var origin: TracedValue?
    /// The rule's columns, in order of preference.
    package var from: [String] = []
    /// Where the configuration says how it is mapped; `nil` for the format's own rule.
    package var configured: Place?
    /// `nil` where no rule is for it.
    package var overwrite: AttributeRule.Overwrite?
    package var clears = false
    package var effect: Effect
    /// Why it stays, where it does.
    package var reason: String?
    package var planned: AttributeChange?
}

package struct ExplainedGuard: Sendable {
    package var finding: GuardFinding
    /// Whether the person is among those whom it counts; `nil` where it counts nobody in particular.
    package var counts: Bool?
}
