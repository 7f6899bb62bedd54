import JSON
import SCIM
import SCIMClient

/// One change on its way to the service.
struct Job: Sendable {
    /// Its place among the operations of the batch.
    let index: Int
    let judged: JudgedOperation
    /// The attributes as they are to be, less what the service does not take; `nil` for what is to go.
    let wanted: ComplexValue?
    /// Where its intent is written down.
    var intent: Int64 = 0

    /// Made at first with what every service has.
    var isPlain = false
    /// Only a step on the way: another job of the same place makes the rest.
    var isStep = false
    /// What a step before it left, where there was one.
    var steppedFrom: ComplexValue?

    var type: ResourceType { judged.type }
    var before: ComplexValue { steppedFrom ?? judged.before?.attributes ?? ComplexValue() }
    /// `nil` for what is to be made.
    var id: ResourceID? { judged.before?.id }
    var name: String { (wanted ?? before)[type.nameAttribute]?.string ?? "" }
    var members: MembershipChange { isStep ? MembershipChange() : judged.members }
    /// A Group's Users as they are to be when it is made.
    var newMembers: [ResourceID] { judged.members.applied(to: []) }

    func intent(_ context: RequestContext) -> Intent {
        Intent(
            actor: context.actor, run: context.run, type: type, id: id, name: name, wanted: wanted,
            added: id == nil ? newMembers : members.added, removed: members.removed,
            link: isStep ? nil : judged.operation.link)
    }
}

/// What came of sending it.
enum Sent: Sendable {
    /// Done; how the resource is now, where that is known, and what of it the service did not take.
    case done(ForeignResource?, [Shortcoming])
    /// It is no longer there.
    case gone
    case refused(SCIMError)
    /// Somebody else changed it since it was listed.
    case changedOnline(ForeignResource)
    /// Somebody else removed it since it was listed.
    case missing
    /// What became of it is not known: the next run looks.
    case open(SCIMError)
}

extension Sent {
    /// What was done and could not be looked at has the id at least under which the service told of it.
    func named(_ id: ResourceID, _ type: ResourceType, _ wanted: ComplexValue) -> Sent {
        guard case .done(nil, let shortcomings) = self else { return self }
        return .done(ForeignResource(id: RemoteID.remote(id, type), attributes: wanted), shortcomings)
    }
}

extension ResourceType {
    /// What it is looked up by.
    var nameAttribute: String {
        switch self {
        case .user: "userName"
        case .group: "displayName"
        case .ssoConnection: "entityID"
        }
    }

    func nameKey(_ name: String) -> String? {
        switch self {
        case .user: try? CanonicalKey.userName(name)
        case .group: try? CanonicalKey.groupName(name)
        case .ssoConnection: name
        }
    }
}
