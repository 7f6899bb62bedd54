import Exports
import JSON
import SCIM

/// The saved plan: what `plan --format json` prints, what `--out` writes and what `apply` takes (docs/formats.md).
///
/// Canonical: the same plan gives the same bytes. `digest` is SHA-256 over those bytes with the digest itself as 64
/// zeros, so a plan that was edited, or cut short, is refused.
package enum PlanDocument {
    /// Hands the document to `sink` piece by piece, so that a plan of a million changes is never held as text.
    package static func encode(_ plan: Plan, into sink: ([UInt8]) throws -> Void) throws {
        var encoder = PlanEncoder(digest: plan.digest)
        try encoder.encode(plan, run: nil, sink: sink)
    }

    package static func encode(_ plan: Plan) -> [UInt8] {
        var bytes: [UInt8] = []
        // Collecting in memory cannot fail.
        try? encode(plan) { bytes += $0 }
        return bytes
    }

    /// What the plan's digest has to be.
    package static func digest(of plan: Plan) -> String {
        let hash = SHA256Stream()
        var encoder = PlanEncoder(digest: String(repeating: "0", count: 64))
        try? encoder.encode(plan, run: nil) { hash.update($0) }
        return hash.finish()
    }

    /// Reads a saved plan. Throws ``Refusal`` when it is none, was made by another version, or was changed since.
    package static func decode(_ bytes: [UInt8], file: String) throws(Refusal) -> Plan {
        func refusal(_ code: String, _ message: String) -> Refusal {
            Refusal(code: code, place: Place(file: file), message: "\(file): \(message)")
        }
        let value: JSONValue
        do {
            value = try JSON.parse(bytes)
        } catch {
            throw refusal("plan-unreadable", "this is not a saved plan (\(error.message)); make one with plan --out")
        }
        guard value["formatVersion"]?.integer == Plan.formatVersion else {
            throw refusal(
                "plan-version",
                "this is not a plan of format version \(Plan.formatVersion); make a new one with plan --out")
        }
        guard value["privacy"] == nil else {
            throw refusal(
                "plan-hashed",
                "personal values are digests in it (privacy: hashed), so it can only be read; save one with plan --out")
        }
        guard var plan = PlanDecoder.plan(value) else {
            throw refusal("plan-unreadable", "this is not a complete plan; make a new one with plan --out")
        }
        plan.digest = value["digest"]?.string ?? ""
        // What is derived from the rest, as the summary, is not read and must still say the truth to whoever reviews it.
        guard plan.digest == digest(of: plan), says(bytes, value, plan) else {
            throw refusal(
                "plan-tampered",
                "its content does not fit its digest: it was changed after it was made. Nothing was applied; make a new one with plan --out"
            )
        }
        return plan
    }

    /// Whether the document is the plan's own, white space aside.
    private static func says(_ bytes: [UInt8], _ value: JSONValue, _ plan: Plan) -> Bool {
        let own = encode(plan)
        if own == bytes { return true }
        return (try? JSON.parse(own)) == value
    }
}

/// A run's report as JSON: the plan's document with `run` and an `outcome` for each change.
package enum RunDocument {
    /// `adding` writes members of its own at the end.
    package static func encode(
        _ report: RunReport, adding: (inout JSONWriter) -> Void = { _ in }, into sink: ([UInt8]) throws -> Void
    ) throws {
        var encoder = PlanEncoder(digest: report.plan.digest)
        try encoder.encode(report.plan, run: report, adding: adding, sink: sink)
    }
}

/// Writes the document member by member, in one order (PlanElements.swift has the elements of its lists).
struct PlanEncoder {
    let digest: String
    private var writer = JSONWriter()

    init(digest: String) { self.digest = digest }

    private mutating func flush(_ sink: ([UInt8]) throws -> Void, always: Bool = false) rethrows {
        guard always || writer.bytes.count > 1 << 20 else { return }
        try sink(writer.takeBytes())
    }

    mutating func encode(
        _ plan: Plan, run: RunReport?, adding: (inout JSONWriter) -> Void = { _ in }, sink: ([UInt8]) throws -> Void
    ) throws {
        writer.beginObject()
        Self.head(plan, run, digest: digest, &writer)
        writer.array("inputs", plan.inputs) { InputDocument.encode($1, &$0) }
        writer.name("summary")
        Self.summary(plan, &writer)
        writer.name("changes")
        writer.beginArray()
        try encodeChanges(plan, run, sink)
        writer.endArray()
        writer.name("links")
        writer.beginArray()
        for link in plan.links {
            Self.link(&writer, link)
            try flush(sink)
        }
        writer.endArray()
        writer.array("guards", plan.guards, Self.finding)
        writer.array("pinned", plan.pinned, Self.pinned)
        writer.array("rejected", plan.rejectedWithFiles, Self.rejected)
        try flush(sink)
        writer.array("unmanaged", plan.unmanaged, Self.unmanaged)
        writer.array("suspected", plan.suspected, Self.suspected)
        writer.array("released", plan.released, Self.released)
        writer.array("notices", plan.notices, Self.notice)
        adding(&writer)
        writer.endObject()
        try flush(sink, always: true)
    }

    static func summary(_ plan: Plan, _ writer: inout JSONWriter) {
        let counts = plan.counts
        writer.beginObject()
        for kind in Change.Kind.allCases { writer.member(kind.rawValue, counts[kind, default: 0]) }
        writer.member("unchanged", plan.unchanged)
        writer.member("unmanaged", plan.unmanagedCount)
        writer.member("pinned", plan.pinned.count)
        writer.member("rejected", plan.rejected.count)
        writer.member("suspected", plan.suspected.count)
        writer.member("released", plan.released.count)
        writer.endObject()
    }

    /// How many changes one thread encodes at a time, and how many such pieces are held at once.
    private static let pieceSize = 1024
    private static let piecesAtOnce = 16

    /// The changes of a first import are a gigabyte of text, so all cores write it, a piece each.
    private mutating func encodeChanges(_ plan: Plan, _ run: RunReport?, _ sink: ([UInt8]) throws -> Void) throws {
        let (changes, outcomes) = (plan.changes, run?.outcomes)
        for start in stride(from: 0, to: changes.count, by: Self.pieceSize * Self.piecesAtOnce) {
            let end = min(start + Self.pieceSize * Self.piecesAtOnce, changes.count)
            let starts = Array(stride(from: start, to: end, by: Self.pieceSize))
            let pieces = Concurrently.map(starts.count) { piece in
                let range = starts[piece]..<min(starts[piece] + Self.pieceSize, end)
                return ChangeEncoder.elements(changes, range, outcomes)
            }
            for piece in pieces {
                piece.withUnsafeBytes { writer.raw($0) }
                try flush(sink)
            }
        }
    }
}

extension GuardFinding {
    /// Its members, into an object that is begun.
    package func encode(_ writer: inout JSONWriter) {
        writer.member("name", name)
        writer.optional("subject", subject)
        Self.figure("figure", figure, &writer)
        Self.figure("limit", limit, &writer)
        writer.member("held", held)
        writer.member("canBeAccepted", canBeAccepted)
        writer.optional("accept", accept)
        writer.optional("setting", setting)
        writer.member("message", message)
    }

    /// A number where it is one, else the word.
    private static func figure(_ name: String, _ figure: String, _ writer: inout JSONWriter) {
        if let number = Int(figure), String(number) == figure {
            writer.member(name, number)
        } else {
            writer.member(name, figure)
        }
    }
}
