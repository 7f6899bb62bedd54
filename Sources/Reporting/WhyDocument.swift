import Exports
import JSON
import Reconciliation
import SCIM

/// `why --format json` (docs/formats.md).
package enum WhyDocument {
    package static func json(_ explanation: Explanation) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Explanation.formatVersion)
        writer.member("team", explanation.team)
        writer.member("asOf", explanation.asOf.iso8601)
        if let member = explanation.member {
            writer.name("member")
            encode(member, &writer)
        }
        if let run = explanation.run {
            writer.array("inputs", run.inputs) { InputDocument.encode($1, &$0) }
            writer.name("plan")
            encode(run, &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    // MARK: The roster and the journal

    private static func encode(_ member: ExplainedMember, _ writer: inout JSONWriter) {
        let resource = member.resource
        let user = UserAttributes(resource.attributes)
        writer.beginObject()
        writer.member("id", resource.id.rawValue)
        writer.member("userName", user.userName ?? resource.id.rawValue)
        writer.optional("externalId", user.externalID)
        writer.member("active", user.isActive)
        writer.member("version", resource.etag)
        writer.member("created", resource.created.iso8601)
        writer.member("lastModified", resource.lastModified.iso8601)
        writer.array("managedBy", member.sources) { $0.string($1) }
        writer.optional("protectedBy", member.protectedBy)
        writer.array("groups", member.groups) { writer, group in
            writer.beginObject()
            writer.member("id", group.id.rawValue)
            writer.member("name", group.name)
            writer.array("managedBy", group.sources) { $0.string($1) }
            writer.endObject()
        }
        writer.array("attributes", AttributeListing.entries(resource.attributes)) { writer, entry in
            writer.beginObject()
            writer.member("path", entry.path)
            writer.member("value", entry.value)
            if let change = member.lastChange(of: entry.path) {
                writer.member("changed", change.at.iso8601)
                writer.optional("run", change.run?.rawValue)
            }
            writer.endObject()
        }
        writer.array("changes", member.changes) { writer, change in
            writer.beginObject()
            writer.member("at", change.at.iso8601)
            writer.member("operation", change.operation.name)
            writer.member("version", Resource.etag(change.version))
            writer.member("actor", change.actor)
            writer.optional("run", change.run?.rawValue)
            writer.optional("source", change.source)
            writer.optional("by", change.by)
            writer.array("attributes", change.attributes, encode)
            writer.endObject()
        }
        writer.member("hasEarlierChanges", member.hasEarlierChanges)
        writer.endObject()
    }

    private static func encode(_ writer: inout JSONWriter, _ change: AttributeChange) {
        writer.beginObject()
        writer.member("path", change.path)
        writer.optional("old", change.old)
        writer.optional("new", change.new)
        writer.endObject()
    }

    // MARK: The plan

    private static func encode(_ run: ExplainedRun, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("source", run.source)
        writer.optional("verdict", run.verdict?.rawValue)
        writer.member("fate", run.fate.rawValue)
        writer.member("reason", run.reason)
        if run.isAdopted { writer.member("adopted", true) }
        writer.array("changes", run.change?.attributes ?? [], encode)
        writer.array("groups", run.memberships) { writer, membership in
            writer.beginObject()
            writer.member("name", membership.group)
            writer.member("change", membership.isAdded ? "add" : "remove")
            writer.member("reason", membership.reason)
            place(membership.place, &writer)
            writer.endObject()
        }
        writer.array("evidence", run.evidence, encode)
        writer.array("records", run.records, encode)
        writer.array("attributes", run.attributes, encode)
        if let pin = run.pin {
            writer.name("pinned")
            writer.beginObject()
            writer.member("reason", pin.reason)
            place(pin.file.map { Place(file: $0, at: pin.line) }, &writer)
            writer.endObject()
        }
        if let suspicion = run.suspicion {
            writer.name("suspected")
            writer.beginObject()
            writer.member("reason", suspicion.reason)
            writer.optional("snapshots", suspicion.absence?.snapshots)
            writer.optional("since", suspicion.absence?.since.iso8601)
            writer.optional("due", suspicion.due?.iso8601)
            writer.endObject()
        }
        if let release = run.release { writer.array("releasedTo", release.managers) { $0.string($1) } }
        writer.array("guards", run.guards) { writer, entry in
            writer.beginObject()
            entry.finding.encode(&writer)
            if let counts = entry.counts { writer.member("countsThem", counts) }
            writer.endObject()
        }
        writer.endObject()
    }

    private static func encode(_ writer: inout JSONWriter, _ evidence: ExplainedEvidence) {
        writer.beginObject()
        writer.member("evidence", evidence.basis.rawValue)
        writer.optional("value", evidence.value)
        writer.member("finding", evidence.finding.rawValue)
        writer.optional("reason", evidence.reason)
        writer.array("members", evidence.members) { writer, member in
            writer.beginObject()
            writer.member("id", member.id)
            writer.member("userName", member.userName)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func encode(_ writer: inout JSONWriter, _ record: ExplainedRecord) {
        writer.beginObject()
        place(record.place, &writer)
        writer.member("standing", record.standing.rawValue)
        writer.optional("reason", record.reason)
        writer.optional("anchor", record.anchor)
        writer.optional("userName", record.userName)
        writer.optional("email", record.email)
        writer.optional("activity", record.activity?.name)
        writer.array("activityFrom", record.activityFrom) { writer, origin in
            writer.beginObject()
            writer.optional("column", origin.column)
            writer.optional("written", origin.written)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func encode(_ writer: inout JSONWriter, _ attribute: ExplainedAttribute) {
        writer.beginObject()
        writer.member("path", attribute.path)
        writer.optional("held", attribute.held)
        writer.member("effect", attribute.effect.rawValue)
        writer.optional("reason", attribute.reason)
        if let value = attribute.value {
            writer.member("state", value.name)
            writer.optional("value", value.string)
        }
        writer.optional("column", attribute.origin?.column)
        writer.optional("written", attribute.origin?.written)
        writer.array("from", attribute.from) { $0.string($1) }
        if attribute.origin?.isLogin == true { writer.member("loginStandsIn", true) }
        writer.optional("overwrite", attribute.overwrite?.rawValue)
        if attribute.overwrite != nil { writer.member("clear", attribute.clears) }
        place(attribute.configured, &writer)
        if let planned = attribute.planned {
            writer.name("planned")
            writer.beginObject()
            writer.optional("old", planned.old)
            writer.optional("new", planned.new)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func place(_ place: Place?, _ writer: inout JSONWriter) {
        writer.optional("file", place?.file)
        writer.optional("line", place?.line)
        writer.optional("record", place?.record)
    }
}

extension JournalEntry.Operation {
    var name: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .delete: "delete"
        case .addMembers: "add-members"
        case .removeMembers: "remove-members"
        case .skipMembers: "skip-members"
        }
    }
}

extension Activity {
    fileprivate var name: String {
        switch self {
        case .active: "active"
        case .inactive: "inactive"
        case .deleted: "deleted"
        case .undecided: "undecided"
        case .unstated: "unstated"
        }
    }
}

extension RecordValue {
    fileprivate var name: String {
        switch self {
        case .missing: "missing"
        case .blank: "blank"
        case .value: "value"
        }
    }
}
