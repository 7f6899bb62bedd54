import Exports
import JSON
import SCIM

/// What stands in a plan's document: its head, and one element of each of its lists.
extension PlanEncoder {
    /// Everything but the summary and the lists.
    static func head(_ plan: Plan, _ run: RunReport?, digest: String, _ writer: inout JSONWriter) {
        writer.member("formatVersion", Plan.formatVersion)
        if let run {
            writer.member("run", run.run.rawValue)
            writer.member("command", run.command)
            writer.member("interrupted", run.isInterrupted)
            encode(run.pruned, &writer)
        }
        if plan.isHashed { writer.member("privacy", Privacy.hashed.rawValue) }
        writer.member("team", plan.team)
        writer.member("source", plan.source)
        plan.roster.encode(&writer)
        writer.optional("undoes", plan.undoes?.rawValue)
        writer.member("asOf", plan.asOf.iso8601)
        writer.member("expires", plan.expires.iso8601)
        writer.optional("exportDate", plan.exportDate?.iso8601)
        writer.member("digest", digest)
        writer.member("verdict", plan.verdict.rawValue)
        writer.member("fingerprint", plan.fingerprint)
        writer.member("wholeList", plan.isWholeList)
        writer.member("countsAbsences", plan.countsAbsences)
    }

    private static func encode(_ pruned: Pruned, _ writer: inout JSONWriter) {
        if pruned.isEmpty { return }
        writer.name("pruned")
        writer.beginObject()
        writer.member("entries", pruned.entries)
        writer.member("runs", pruned.runs)
        writer.endObject()
    }

    static func link(_ writer: inout JSONWriter, _ link: LinkChange) {
        writer.beginObject()
        writer.member("resource", link.type.name)
        writer.member("id", link.id.rawValue)
        writer.member("version", Resource.etag(link.version))
        if let link = link.link { ChangeEncoder.encode(link, &writer) } else { writer.member("released", true) }
        writer.endObject()
    }

    static func finding(_ writer: inout JSONWriter, _ finding: GuardFinding) {
        writer.beginObject()
        finding.encode(&writer)
        writer.endObject()
    }

    static func pinned(_ writer: inout JSONWriter, _ pinned: PinnedMember) {
        writer.beginObject()
        encode(pinned.member, &writer)
        writer.member("reason", pinned.reason)
        writer.optional("file", pinned.file)
        writer.optional("line", pinned.line?.line)
        writer.optional("record", pinned.line?.record)
        writer.endObject()
    }

    static func rejected(_ writer: inout JSONWriter, _ rejected: (file: String, record: RejectedRecord)) {
        InputDocument.encode(rejected.record, file: rejected.file, &writer)
    }

    static func unmanaged(_ writer: inout JSONWriter, _ member: MemberName) {
        writer.beginObject()
        encode(member, &writer)
        writer.endObject()
    }

    static func suspected(_ writer: inout JSONWriter, _ suspected: SuspectedMember) {
        writer.beginObject()
        encode(suspected.member, &writer)
        writer.member("reason", suspected.reason)
        writer.optional("snapshots", suspected.absence?.snapshots)
        writer.optional("since", suspected.absence?.since.iso8601)
        writer.optional("due", suspected.due?.iso8601)
        writer.optional("export", suspected.absence?.lastExport)
        writer.endObject()
    }

    static func released(_ writer: inout JSONWriter, _ released: ReleasedMember) {
        writer.beginObject()
        encode(released.member, &writer)
        writer.member("reason", released.reason)
        writer.array("managers", released.managers) { $0.string($1) }
        writer.endObject()
    }

    static func notice(_ writer: inout JSONWriter, _ notice: Notice) {
        writer.beginObject()
        writer.member("level", notice.level.rawValue)
        writer.member("code", notice.code)
        writer.member("message", notice.message)
        writer.endObject()
    }

    private static func encode(_ member: MemberName, _ writer: inout JSONWriter) {
        writer.member("id", member.id)
        writer.member("userName", member.userName)
        writer.optional("externalId", member.externalID)
    }
}
