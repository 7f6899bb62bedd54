import Exports
import SCIM

/// Looks at files, one of them or several of one source, without any roster.
struct Inspection {
    let options: ReadingOptions
    let metadata: MetadataOptions
    let terminal: Terminal

    /// In the order given.
    func summaries(_ files: [InputFile]) throws -> [InputSummary] {
        terminal.progress.begin("reading")
        defer { terminal.progress.end() }
        let inputs = try Inputs.open(files, options: options)
        var found = inputs.refused
        if let users = inputs.users { found += try read(users) }
        if let groups = inputs.groups { found += try groups.read().summaries }
        found += inputs.metadata.map { read(metadata: $0) }
        let order = Dictionary(files.enumerated().map { ($1.path, $0) }) { first, _ in first }
        return found.sorted { (order[$0.file] ?? .max) < (order[$1.file] ?? .max) }
    }

    private func read(_ users: UserExport) throws -> [InputSummary] {
        var count = 0
        return try users.read { _ in
        } _: { _ in
            count += 1
            if count & 0x3FFF == 0 { terminal.progress.show(count, unit: "records") }
        } rejected: { _ in
        }
    }

    private func read(metadata file: String) -> InputSummary {
        var summary = InputSummary(file: file, kind: .samlMetadata, format: "saml-metadata")
        do throws(Refusal) {
            let read = try MetadataReader.read(
                file: file, entityID: metadata.entityID, asOf: options.asOf, options: metadata)
            summary.grade = .complete
            summary.diagnostics = read.notes
            summary.records = 1
            summary.metadata = MetadataSummary(read)
        } catch {
            summary.refusal = error
        }
        return summary
    }
}

extension MetadataArguments {
    func options(_ configuration: Configuration) -> MetadataOptions {
        var options = MetadataOptions()
        options.entityID = entityID ?? configuration.source.entityID
        return options
    }
}
