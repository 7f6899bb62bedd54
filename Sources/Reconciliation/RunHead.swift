import JSON
import SCIM

/// The first line of what is kept of a run: enough for a list of runs, so that no list reads whole reports.
package struct RunHead: Hashable, Sendable {
    /// The account that ran it, `user@host`.
    package var by: String
    package var source: String
    /// The run that it took back, if it did.
    package var undoes: RunID?
    /// How many changes were planned.
    package var changes: Int
    /// How many of each kind.
    package var kinds: [Change.Kind: Int]
    /// Active members of the team once the run had ended; `nil` until then.
    package var members: Int?
    /// How many there are of each outcome; `nil` until the run ended.
    package var outcomes: OutcomeCounts?
    package var isInterrupted: Bool
    /// The guards that held the plan, `NAME=FIGURE`, as `--accept` takes them.
    package var held: [String]

    init(by: String, plan: Plan, report: RunReport? = nil, members: Int? = nil) {
        self.by = by
        source = plan.source
        undoes = plan.undoes
        changes = plan.changes.count
        kinds = plan.counts
        self.members = members
        outcomes = report.map { OutcomeCounts($0.outcomes) }
        isInterrupted = report?.isInterrupted ?? false
        held = plan.guards.filter(\.held).map { "\($0.key)=\($0.figure)" }
    }

    /// `nil` unless `bytes` begin with what ``encode()`` writes.
    package init?(_ bytes: [UInt8]) {
        let line = bytes.prefix { $0 != 0x0A }
        guard let value = try? JSON.parse(Array(line)), let by = value["by"]?.string,
            let source = value["source"]?.string, let changes = value["changes"]?.integer
        else { return nil }
        self.by = by
        self.source = source
        undoes = value["undoes"]?.string.map(RunID.init(rawValue:))
        self.changes = changes
        kinds = Change.Kind.allCases.reduce(into: [:]) { $0[$1] = value["kinds"]?[$1.rawValue]?.integer }
        members = value["members"]?.integer
        isInterrupted = value["interrupted"]?.boolean ?? false
        held = (value["held"]?.array ?? []).compactMap(\.string)
        outcomes = value["outcomes"].map {
            OutcomeCounts(
                applied: $0["applied"]?.integer ?? 0, failed: $0["failed"]?.integer ?? 0,
                superseded: $0["superseded"]?.integer ?? 0, skipped: $0["skipped"]?.integer ?? 0)
        }
    }

    /// One line of JSON, with its line end.
    func encode() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("by", by)
        writer.member("source", source)
        writer.optional("undoes", undoes?.rawValue)
        writer.member("changes", changes)
        encodeKinds(&writer)
        writer.optional("members", members)
        if let outcomes {
            writer.name("outcomes")
            outcomes.encode(&writer)
        }
        writer.member("interrupted", isInterrupted)
        writer.array("held", held) { $0.string($1) }
        writer.endObject()
        return writer.bytes + [0x0A]
    }

    /// The member `kinds`: every kind with its count.
    package func encodeKinds(_ writer: inout JSONWriter) {
        writer.name("kinds")
        writer.beginObject()
        for kind in Change.Kind.allCases { writer.member(kind.rawValue, kinds[kind, default: 0]) }
        writer.endObject()
    }
}

/// How often each outcome came.
package struct OutcomeCounts: Hashable, Sendable {
    package var applied = 0
    package var failed = 0
    package var superseded = 0
    package var skipped = 0

    init(applied: Int, failed: Int, superseded: Int, skipped: Int) {
        self.applied = applied
        self.failed = failed
        self.superseded = superseded
        self.skipped = skipped
    }

    package init(_ outcomes: [Outcome]) {
        for outcome in outcomes {
            switch outcome {
            case .applied: applied += 1
            case .failed: failed += 1
            case .superseded: superseded += 1
            case .skipped: skipped += 1
            }
        }
    }

    package func encode(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("applied", applied)
        writer.member("failed", failed)
        writer.member("superseded", superseded)
        writer.member("skipped", skipped)
        writer.endObject()
    }
}
