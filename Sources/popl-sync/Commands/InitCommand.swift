import ArgumentParser
import Exports
import Foundation
import SCIM

struct InitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented configuration from an export.",
        discussion: """
            Tells the export's format, and writes a popl-sync.yaml that plans it, with the mapping it uses as comments to \
            change. An existing file is kept unless --force is given.

            EXAMPLES
              popl-sync init okta.csv
              popl-sync init okta.csv --team acme --database popl.sqlite --out -
              popl-sync team create acme --database popl.sqlite && popl-sync plan
            """)

    @Argument(help: ArgumentHelp("Exports or metadata of one source.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("Where to write; - is the standard output.", valueName: "file"))
    var out = "popl-sync.yaml"

    @Flag(help: "Replace a file that is there.") var force = false
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @Option(help: ArgumentHelp("The source's name.", valueName: "name")) var source = "default"
    @OptionGroup(title: "Reading") var reading: ReadingArguments
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { false }

    func validate() throws {
        if reading.files(files).isEmpty {
            throw ValidationError("init needs the FILE that it writes a configuration for.")
        }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        // An empty file holds nothing to keep; `init FILE > popl-sync.yaml` makes one before we start.
        if out != "-", !force, FileBytes.size(out) ?? 0 > 0 {
            throw Failure(
                .cannotWrite, code: "output-exists", "\(out) is there already and was left as it is.",
                mend: "Give --force to replace it, or --out FILE to write another one.")
        }
        let given = reading.files(files)
        try SourceSettings.checkReadable(given)
        let options = reading.options(Configuration(), asOf: reading.clock.asOf?.value ?? .now)
        let inputs = try Inputs.open(given, options: options)
        if let refusal = inputs.refused.lazy.compactMap(\.refusal).first { throw refusal }
        let text = ConfigurationTemplate(
            team: roster.team ?? "my-team", database: roster.database ?? "popl.sqlite", source: source, inputs: inputs,
            preset: reading.attributes, encoding: reading.encoding, groupMembers: reading.groupMembers
        ).text
        guard out != "-" else {
            try StandardOutput.write(text)
            return .done
        }
        let file = try ReplacingFile(out)
        try file.write(text)
        try file.commit()
        try StandardOutput.write("\(out) is written. Look at it, then: popl-sync plan\n")
        return .done
    }
}
