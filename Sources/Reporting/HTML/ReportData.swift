import Exports
import JSON
import Reconciliation

/// The lists of a report as data for its page: what `report.js` shows, searches and filters.
///
/// Texts that many entries share, reasons and files and paths of attributes, stand in tables once, and an entry has
/// their numbers. Everything is made visible first (``TerminalText/visible(_:)``): no name can hide or turn a letter.
struct ReportData {
    /// Changes that a page holds; a browser is not asked for more. The other forms have them all.
    static let changeLimit = 100_000

    private var writer = JSONWriter()
    private var reasons = Table()
    private var files = Table()
    private var paths = Table()

    private struct Table {
        private(set) var texts: [String] = []
        private var numbers: [String: Int] = [:]

        mutating func number(of text: String) -> Int {
            if let number = numbers[text] { return number }
            numbers[text] = texts.count
            texts.append(TerminalText.visible(text))
            return texts.count - 1
        }
    }

    /// Hands the data to `sink` piece by piece, fit for a `script` element.
    static func write(_ report: Report, into sink: ([UInt8]) throws -> Void) throws {
        var data = ReportData()
        try data.encode(report) { try sink(ScriptData.escaped($0)) }
    }

    private mutating func encode(_ report: Report, _ sink: ([UInt8]) throws -> Void) throws {
        let plan = report.plan
        writer.beginObject()
        writer.array("kinds", Change.Kind.allCases) { $0.string($1.label) }
        writer.array("outcomes", ["applied", "failed", "superseded", "skipped"]) { $0.string($1) }
        // Nothing of a held plan was tried.
        let outcomes = report.standing.isEmpty ? report.run?.outcomes : nil
        writer.name("changes")
        writer.beginArray()
        for index in plan.changes.indices.prefix(Self.changeLimit) {
            encode(plan.changes[index], outcomes?[index])
            if writer.bytes.count > 1 << 20 { try sink(writer.takeBytes()) }
        }
        writer.endArray()
        list("suspected", plan.suspected) { $0.entry($1.userName, $1.reason) }
        list("pinned", plan.pinned) {
            $0.entry($1.member.userName, $1.reason)
            $0.place($1.file.map { [line = $1.line] in Place(file: $0, at: line) })
        }
        list("rejected", plan.rejectedWithFiles) { data, rejected in
            let record = rejected.record
            let column = record.column.map { "column \($0): " } ?? ""
            data.entry(record.userName ?? record.email ?? record.anchor, column + record.message)
            data.place(Place(file: rejected.file, at: record.line))
        }
        list("released", plan.released) {
            $0.entry($1.member.userName, "\($1.reason); managed by \($1.managers.joined(separator: ", "))")
        }
        list("unmanaged", plan.unmanaged) { $0.entry($1.userName, nil) }
        for (name, table) in [("reasons", reasons), ("files", files), ("paths", paths)] {
            writer.array(name, table.texts) { $0.string($1) }
        }
        writer.endObject()
        try sink(writer.takeBytes())
    }

    private mutating func list<Element>(
        _ name: String, _ elements: [Element], _ encode: (inout ReportData, Element) -> Void
    ) {
        writer.name(name)
        writer.beginArray()
        for element in elements {
            writer.beginObject()
            encode(&self, element)
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func entry(_ name: String?, _ reason: String?) {
        text("name", name)
        if let reason { writer.member("reason", reasons.number(of: reason)) }
    }

    private mutating func place(_ place: Place?) {
        guard let place else { return }
        writer.member("file", files.number(of: place.file))
        writer.optional("line", place.line)
        writer.optional("record", place.record)
    }

    private mutating func encode(_ change: Change, _ outcome: Outcome?) {
        writer.beginObject()
        writer.member("kind", change.kind.number)
        entry(change.name, change.reason)
        text("id", change.id?.rawValue)
        text("externalId", change.externalID)
        place(change.place)
        writer.name("attributes")
        writer.beginArray()
        change.forEachAttribute { path, old, new in
            writer.beginArray()
            writer.integer(paths.number(of: path))
            writer.string(old.map(TerminalText.visible))
            writer.string(new.map { TerminalText.visible(String(decoding: $0, as: UTF8.self)) })
            writer.endArray()
        }
        writer.endArray()
        members("adds", change.addMembers)
        members("removes", change.removeMembers)
        switch outcome {
        case nil: break
        case .applied: writer.member("outcome", 0)
        case .failed(let error): settled(1, error)
        case .superseded(let error): settled(2, error)
        case .skipped: writer.member("outcome", 3)
        }
        writer.endObject()
    }

    private mutating func settled(_ outcome: Int, _ error: String) {
        writer.member("outcome", outcome)
        text("error", error)
    }

    private mutating func members(_ name: String, _ members: [MemberReference]) {
        guard !members.isEmpty else { return }
        writer.array(name, members) { $0.string(TerminalText.visible($1.userName)) }
    }

    private mutating func text(_ name: String, _ text: String?) {
        if let text { writer.member(name, TerminalText.visible(text)) }
    }
}

extension Change.Kind {
    fileprivate var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What it is called on a page.
    var label: String {
        switch self {
        case .create: "Create member"
        case .update: "Update member"
        case .deactivate: "Deactivate member"
        case .reactivate: "Reactivate member"
        case .groupCreate: "Create group"
        case .groupUpdate: "Update group"
        case .connectionUpdate: "Update SSO connection"
        }
    }
}

extension MemberReference {
    var userName: String {
        switch self {
        case .member(_, let userName), .created(let userName): userName
        }
    }
}
