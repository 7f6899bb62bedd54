import JSON
import SCIM

/// One element of the plan's `changes`.
enum ChangeEncoder {
    /// Elements `range` of `changes` as JSON with commas between them.
    static func elements(_ changes: [Change], _ range: Range<Int>, _ outcomes: [Outcome]?) -> ArraySlice<UInt8> {
        var writer = JSONWriter(reservingBytes: range.count * 1024)
        writer.beginArray()
        for index in range { encode(changes[index], outcome: outcomes?[index], &writer) }
        return writer.bytes.dropFirst()
    }

    static func encode(_ change: Change, outcome: Outcome?, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("kind", change.kind.rawValue)
        writer.member("resource", change.type.name)
        writer.optional("id", change.id?.rawValue)
        writer.member(change.type == .user ? "userName" : "name", change.name)
        writer.optional("externalId", change.externalID)
        writer.optional("version", change.version.map(Resource.etag))
        writer.member("reason", change.reason)
        if let place = change.place {
            writer.name("source")
            writer.beginObject()
            writer.member("file", place.file)
            writer.optional("line", place.line)
            writer.optional("record", place.record)
            writer.endObject()
        }
        writer.name("attributes")
        writer.beginArray()
        change.forEachAttribute { path, old, new in
            writer.beginObject()
            writer.member("path", path)
            writer.optional("old", old)
            if let new {
                writer.name("new")
                writer.string(utf8: new)
            }
            writer.endObject()
        }
        writer.endArray()
        if change.type == .group {
            writer.array("addMembers", change.addMembers, encode)
            writer.array("removeMembers", change.removeMembers, encode)
        }
        if let connection = change.connection {
            writer.name("connection")
            AttributesJSON.encode(connection).withUnsafeBytes { writer.raw($0) }
        }
        if let restored = change.restored {
            writer.name("restored")
            AttributesJSON.encode(restored).withUnsafeBytes { writer.raw($0) }
        }
        writer.optional("together", change.together)
        if let link = change.link { encode(link, &writer) }
        if let outcome { encode(outcome, &writer) }
        writer.endObject()
    }

    static func encode(_ link: SourceLink, _ writer: inout JSONWriter) {
        writer.name("link")
        writer.beginObject()
        writer.member("anchor", link.anchor.hex)
        writer.optional("fingerprint", link.fingerprint?.hex)
        writer.endObject()
    }

    private static func encode(_ outcome: Outcome, _ writer: inout JSONWriter) {
        switch outcome {
        case .applied: writer.member("outcome", "applied")
        case .skipped: writer.member("outcome", "skipped")
        case .superseded(let error):
            writer.member("outcome", "superseded")
            writer.member("error", error)
        case .failed(let error):
            writer.member("outcome", "failed")
            writer.member("error", error)
        }
    }

    private static func encode(_ writer: inout JSONWriter, _ member: MemberReference) {
        writer.beginObject()
        switch member {
        case .member(let id, let userName):
            writer.member("id", id.rawValue)
            writer.member("userName", userName)
        case .created(let userName): writer.member("userName", userName)
        }
        writer.endObject()
    }
}
