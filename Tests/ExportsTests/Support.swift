import Foundation
import JSON
import SCIM
import Testing

@testable import Exports

/// 2026-11-22T12:00:00Z: the day that the fixtures play on.
let asOf = Timestamp(rawValue: 1_795_348_800_000)

enum Fixtures {
    static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        while !FileManager.default.fileExists(atPath: url.appendingPathComponent("Package.swift").path) {
            url.deleteLastPathComponent()
        }
        return url.deletingLastPathComponent().appendingPathComponent("shared/fixtures/exports")
    }()

    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    static func json(_ name: String) throws -> JSONValue {
        try JSON.parse(String(contentsOf: root.appendingPathComponent(name), encoding: .utf8))
    }
}

/// Files of one test, gone with it.
final class Directory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("exports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String = "users.csv") throws -> String {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file.path
    }
}

/// Everything one reading of an export's users gives.
struct Reading {
    var export: UserExport?
    var records: [IdentityRecord] = []
    var rejected: [RejectedRecord] = []
    var summaries: [InputSummary] = []

    init(_ paths: String..., options: ReadingOptions = ReadingOptions(asOf: asOf)) throws {
        try self.init(paths, options: options)
    }

    init(_ paths: [String], options: ReadingOptions = ReadingOptions(asOf: asOf)) throws {
        let inputs = try Inputs.open(paths.map { InputFile($0) }, options: options)
        export = inputs.users
        var records: [IdentityRecord] = []
        var rejected: [RejectedRecord] = []
        if let users = inputs.users {
            summaries = try users.read(
                keeping: { $0.materialise() }, { records.append($0) }, rejected: { rejected.append($0) })
        }
        if let groups = inputs.groups { summaries += try groups.read().summaries }
        summaries += inputs.refused
        self.records = records
        self.rejected = rejected
    }

    /// One CSV file of this text.
    init(csv: String, _ mapping: MappingConfiguration = MappingConfiguration(), inputFormat: String? = nil) throws {
        let directory = try Directory()
        var options = ReadingOptions(mapping: mapping, asOf: asOf)
        options.inputFormat = inputFormat.map { Located($0, at: Place(file: "command line")) }
        try self.init([try directory.write(csv)], options: options)
    }

    var refusal: Refusal? { summaries.compactMap(\.refusal).first }
    var grade: Grade? { summaries.first?.grade }
    var codes: [String] { rejected.map(\.code) }
    var warnings: [String] { summaries.flatMap { $0.diagnostics.map(\.code) } }

    func value(_ name: String, _ record: IdentityRecord) -> RecordValue {
        guard let index = export?.rules.firstIndex(where: { $0.name == name }) else { return .missing }
        return record.values[index]
    }

    func text(_ name: String, _ record: IdentityRecord) -> String? { value(name, record).string }

    /// The record whose login begins so.
    func record(_ login: String) -> IdentityRecord? {
        records.first { text("userName", $0)?.lowercased().hasPrefix(login) == true }
    }
}

func located(_ text: String, line: Int? = nil) -> Located<String> {
    Located(text, at: Place(file: "popl-sync.yaml", line: line))
}

extension MappingConfiguration.Entry {
    /// `key: { from: […] }` on a line of the configuration.
    init(_ key: String, from: String..., line: Int? = nil, clears: Bool? = nil) {
        self.init(key: located(key, line: line), from: from.map { located($0, line: line) }, clears: clears)
    }
}
