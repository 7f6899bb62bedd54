import Foundation
import JSON
import Testing

/// Documents that the program printed, held against docs/schemas by a validator of somebody else's
/// (Tests/Conformance/validate.py).
struct Schemas {
    private var lines = ""

    /// A document that `command` printed, where there is a schema for it.
    mutating func add(_ command: String, _ document: ScenarioValue) {
        guard let schema = Self.schema(command, document) else { return }
        var writer = JSONWriter()
        document.write(&writer)
        lines += "\(schema) \(String(decoding: writer.bytes, as: UTF8.self))\n"
    }

    /// What `--format jsonl` printed.
    mutating func add(events: String) {
        for event in events.split(separator: "\n") { lines += "event \(event)\n" }
    }

    /// What does not fit, and how many documents of each schema were looked at.
    func judge(in folder: ProgramFolder) throws -> (objections: [String], counts: [String: Int]) {
        try folder.write("documents", lines)
        let tool = ProgramFolder.root.appending(path: "Tests/Conformance/validate.py").path
        let schemas = ProgramFolder.root.appending(path: "docs/schemas").path
        let python = ProgramFolder.root.appending(path: ".build/conformance/bin/python").path
        let run = try folder.start(command: [python, tool, schemas, folder.path("documents")]).end()
        try #require(run.exit == 0, "\(run.err)")
        let found = try JSON.parse(run.out)
        guard case .object(let counts) = found["counts"] else { return ([], [:]) }
        return (
            (found["objections"]?.array ?? []).compactMap(\.string),
            counts.reduce(into: [:]) { $0[$1.name] = $1.value.integer }
        )
    }

    private static func schema(_ command: String, _ document: ScenarioValue) -> String? {
        if ["check", "notification"].contains(command) { return command }
        if document["runs"] != nil { return "history" }
        if document["run"] != nil { return "run" }
        if document["error"] != nil { return "error" }
        if ["inspect", "team", "source", "token", "why"].contains(command) { return command }
        return document["changes"] == nil ? nil : "plan"
    }
}

extension ScenarioValue {
    fileprivate func write(_ writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.boolean(value)
        case .number(let value): writer.value(.number(value == value.rounded() ? "\(Int(value))" : "\(value)"))
        case .string(let value): writer.string(value)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(&writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for (name, value) in members {
                writer.name(name)
                value.write(&writer)
            }
            writer.endObject()
        }
    }
}
