import Exports
import JSON

/// A plan's or a run's document as JSON Lines: one event a line, so that a reader need not hold it as a whole. Each has
/// `event`, its kind, and under that name what stands in the document (docs/formats.md).
package enum EventStream {
    /// `error`: why the run could not go on, as a writer of the member `error`.
    package static func encode(
        _ plan: Plan, run: RunReport?, error: ((inout JSONWriter) -> Void)? = nil, into sink: ([UInt8]) throws -> Void
    ) throws {
        var events = EventWriter()
        try events.write(run == nil ? "plan" : "run", into: sink) { writer in
            writer.beginObject()
            PlanEncoder.head(plan, run, digest: plan.digest, &writer)
            writer.name("summary")
            PlanEncoder.summary(plan, &writer)
            writer.endObject()
        }
        try events.write("input", plan.inputs, into: sink) { InputDocument.encode($1, &$0) }
        for index in plan.changes.indices {
            try events.write("change", into: sink) {
                ChangeEncoder.encode(plan.changes[index], outcome: run?.outcomes[index], &$0)
            }
        }
        try events.write("link", plan.links, into: sink, PlanEncoder.link)
        try events.write("guard", plan.guards, into: sink, PlanEncoder.finding)
        try events.write("pinned", plan.pinned, into: sink, PlanEncoder.pinned)
        try events.write("rejected", plan.rejectedWithFiles, into: sink, PlanEncoder.rejected)
        try events.write("unmanaged", plan.unmanaged, into: sink, PlanEncoder.unmanaged)
        try events.write("suspected", plan.suspected, into: sink, PlanEncoder.suspected)
        try events.write("released", plan.released, into: sink, PlanEncoder.released)
        try events.write("notice", plan.notices, into: sink, PlanEncoder.notice)
        if let error { try events.writeMembers("error", into: sink, error) }
        try events.end(into: sink)
    }
}

/// Writes events, a line each.
package struct EventWriter {
    private var writer = JSONWriter()
    private var lines: [UInt8] = []
    private var count = 0

    package init() {}

    package mutating func write<Element>(
        _ event: String, _ elements: [Element], into sink: ([UInt8]) throws -> Void,
        _ encode: (inout JSONWriter, Element) -> Void
    ) rethrows {
        for element in elements { try write(event, into: sink) { encode(&$0, element) } }
    }

    mutating func write(
        _ event: String, into sink: ([UInt8]) throws -> Void, _ encode: (inout JSONWriter) -> Void
    ) rethrows {
        try writeMembers(event, into: sink) {
            $0.name(event)
            encode(&$0)
        }
    }

    /// An event whose own member, of its name, `encode` writes whole.
    package mutating func writeMembers(
        _ event: String, into sink: ([UInt8]) throws -> Void, _ encode: (inout JSONWriter) -> Void
    ) rethrows {
        writer.removeAll()
        writer.beginObject()
        writer.member("event", event)
        encode(&writer)
        writer.endObject()
        lines += writer.bytes
        lines.append(UInt8(ascii: "\n"))
        count += 1
        if lines.count > 1 << 20 { try flush(into: sink) }
    }

    /// The last event, which a stream that was cut short has not.
    package mutating func end(into sink: ([UInt8]) throws -> Void) rethrows {
        let count = count
        try write("end", into: sink) {
            $0.beginObject()
            $0.member("events", count)
            $0.endObject()
        }
        try flush(into: sink)
    }

    private mutating func flush(into sink: ([UInt8]) throws -> Void) rethrows {
        try sink(lines)
        lines.removeAll(keepingCapacity: true)
    }
}
