import ArgumentParser
import Exports
import Reporting
import SCIM

struct InspectCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in exports or metadata: format, counts, grade, problems. Touches nothing.",
        discussion: """
            Reads each file to its end and says what it turned out to be, how much of the truth it proves to be, and \
            which records cannot be used by themselves; whether two of them contradict each other is for plan to find. \
            Neither a roster nor a configuration is needed; with --config the files are read as that configuration's \
            source.

            EXAMPLES
              popl-sync inspect okta.csv
              popl-sync inspect users-page1.json users-page2.json --format json
              popl-sync inspect metadata.xml --entity-id https://idp.example.com/metadata

            Ends with 0, with 65 when a file is refused or proves to be a part only, with 66 when one is missing.
            """)

    @Argument(help: ArgumentHelp("Exports or SAML metadata; which is which is told by content.", valueName: "file"))
    var files: [String] = []

    @OptionGroup(title: "Reading") var reading: ReadingArguments
    @OptionGroup(title: "Metadata") var metadata: MetadataArguments
    @OptionGroup var format: FormatOptions
    @Option(
        help: ArgumentHelp(
            "Read the files as the source of this configuration; without it, none is looked for.", valueName: "file"))
    var config: String?
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        // Only here: an option that there is none of is to be named first.
        if reading.files(files).isEmpty { throw ValidationError("inspect needs the FILE to look at.") }
        try metadata.refuseSignatures()
        let configuration =
            try config.map { try ConfigurationReader.read(named: $0) } ?? Configuration()
        let given = reading.files(files)
        try SourceSettings.checkReadable(given)
        let inspection = Inspection(
            options: reading.options(configuration, asOf: reading.clock.asOf?.value ?? .now),
            metadata: metadata.options(configuration), terminal: terminal)
        let summaries = try inspection.summaries(given)
        switch format.format {
        case .text: try StandardOutput.write(InspectReport.text(summaries, style: terminal.style))
        case .json: try StandardOutput.write(bytes: InspectReport.json(summaries))
        }
        return summaries.allSatisfy { $0.refusal == nil && $0.grade != .partial } ? .done : .badInput
    }
}

extension MetadataArguments {
    /// Nothing may pass for checked that was not.
    fileprivate func refuseSignatures() throws {
        guard requireSignature || !signers.isEmpty else { return }
        throw Failure(
            .badInput, code: "signature-not-available",
            "The signature of metadata cannot be checked yet, so metadata that must be signed is refused.",
            mend: "Leave --require-signature and --metadata-signer out to read it unchecked.")
    }
}
