import Exports
import SCIM

/// The team's SSO connection beside the metadata files of a run.
///
/// Metadata that is refused never stands in the way of people: the last good connection stays, and the report says so.
struct ConnectionInput {
    let roster: RosterReader
    let policy: Policy
    let asOf: Timestamp
    let domains: Set<String>

    struct Planned {
        var change: Change?
        var plan: ConnectionPlan?
        var inputs: [InputSummary] = []
        var notices: [Notice] = []
    }

    func plan(_ files: [String]) throws -> Planned {
        let stored = try roster.store.resources(.ssoConnection, after: nil, limit: 1, team: roster.team).first
        var planned = Planned()
        if let stored { planned.notices += ConnectionExpiry.notices(stored.resource.attributes, asOf: asOf) }
        guard let file = files.first else { return planned }
        var summary = InputSummary(file: file, kind: .samlMetadata, format: "saml-metadata")
        let entityID = stored?.resource.attributes["entityID"]?.string
        do throws(Refusal) {
            let metadata = try MetadataReader.read(
                file: file, entityID: entityID, asOf: asOf, options: policy.metadata)
            summary.grade = .complete
            summary.sha256 = MetadataReader.digest(file: file)
            summary.records = 1
            summary.diagnostics = metadata.notes
            summary.metadata = MetadataSummary(metadata)
            planned.inputs.append(summary)
            let holder = try? roster.store.teamHolding(entityID: metadata.entityID)
            let result = ConnectionPlanner.plan(
                current: stored?.resource.attributes, metadata: metadata, asOf: asOf,
                trustedChannel: policy.trustsMetadata,
                otherTeamHoldsEntity: holder.map { $0 != roster.team } ?? false, teamDomains: domains)
            planned.notices += result.notices
            planned.plan = result
            if !result.attributes.isEmpty {
                var change = Change(
                    .connectionUpdate, id: stored?.resource.id, name: metadata.entityID,
                    version: stored?.resource.version,
                    reason: stored == nil ? "first metadata of this team" : "differs from the metadata",
                    place: Place(file: file), attributes: result.attributes)
                change.connection = result.desired
                planned.change = change
            }
        } catch {
            summary.refusal = error
            planned.inputs.append(summary)
            planned.notices.append(
                Notice(
                    .critical, code: "metadata-refused",
                    message: "\(error.message) The last good connection stays as it is; people are reconciled."))
        }
        for file in files.dropFirst() {
            var extra = InputSummary(file: file, kind: .samlMetadata, format: "saml-metadata")
            extra.refusal = Refusal(
                code: "second-metadata", place: Place(file: file),
                message: "\(file): a team has one SSO connection, so a run takes one metadata file; give only one.")
            planned.inputs.append(extra)
        }
        return planned
    }
}
