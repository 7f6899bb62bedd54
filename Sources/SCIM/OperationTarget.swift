/// Where the operations of a run go: the core in process, or a SCIM service elsewhere whose roster ``store`` mirrors.
package protocol OperationTarget: Sendable {
    /// The roster that plans are made against and that keeps the journal.
    var store: any ResourceStore { get }
    /// How many operations it is handed at once, at most: a run is stopped between two hands.
    var batchSize: Int { get }
    /// As ``SCIMService/bulk(_:atomic:context:)``: what became of each, in the order asked. Throws ``TargetFailure`` when the
    /// target cannot be written to any more, ``StoreError`` when its store cannot.
    func bulk(
        _ operations: [PreparedOperation], atomic: Bool, context: RequestContext
    ) throws -> [BulkOutcome]
    /// What it was found not to take as it is sent, since it was asked first.
    var shortcomings: [Shortcoming] { get }
}

extension SCIMService: OperationTarget {
    /// How many changes share a transaction, and so one wait for the disk and one writing of each index page that they
    /// touch. More would gain little, and whoever else writes waits for a whole batch: a tenth of a second here.
    package var batchSize: Int { 5000 }
    package var shortcomings: [Shortcoming] { [] }
}

/// A target that cannot be written to any more: what came of a batch until then, by the place of its operations, and why
/// there was no more. `nil` stands for what was not tried or is not known.
package struct TargetFailure: Error {
    package let outcomes: [BulkOutcome?]
    /// `nil`: whoever runs it wanted it to stop.
    package let cause: (any Error)?
    package init(outcomes: [BulkOutcome?], cause: (any Error)?) {
        self.outcomes = outcomes
        self.cause = cause
    }
}

/// An attribute that a SCIM service does not take as it is sent.
package struct Shortcoming: Hashable, Sendable {
    package enum Kind: Int, Sendable {
        /// Sent, answered as done, and not there afterwards: it is sent no more.
        case notKept = 1
        /// Refused by name: it is sent no more.
        case refused
        /// Kept in another form. It goes on being sent when it changes.
        case altered
    }

    package var kind: Kind
    package var type: ResourceType
    /// In the short notation of mappings: `title`, `emails.work`, or an attribute as a whole, `phoneNumbers`.
    package var path: String
    package init(_ kind: Kind, _ type: ResourceType, _ path: String) {
        self.kind = kind
        self.type = type
        self.path = path
    }

    /// Whether it is sent no more.
    package var isLeftOut: Bool { kind != .altered }
}
