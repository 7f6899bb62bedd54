import ArgumentParser
import Exports
import Reporting
import SCIM

struct InitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented configuration from an export.",
        discussion: """
            Finds out what it can: the export's format, groups, their members and metadata in the same folder (where one \
            file is given), the team by the people's e-mail domain. Writes a popl-sync.yaml that plans it, with the \
            mapping it uses as comments to change, and says what to type next. An existing file is kept unless --force \
            is given.

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
    @Option(help: ArgumentHelp("The source's name (default: the identity provider's).", valueName: "name"))
    var source: String?
    @OptionGroup(title: "Reading") var reading: ReadingArguments
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { false }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        // Only here: an option that there is none of is to be named first.
        if reading.files(files).isEmpty {
            throw ValidationError("init needs the FILE that it writes a configuration for.")
        }
        let given = reading.files(files)
        try SourceSettings.checkReadable(given)
        // An empty file holds nothing to keep; `init FILE > popl-sync.yaml` makes one before we start.
        if out != "-", !force, FileBytes.size(out) ?? 0 > 0 {
            throw Failure(
                .cannotWrite, code: "output-exists", "\(out) is there already and was left as it is.",
                mend: "Give --out FILE to write another one, or replace it:", next: Shell.thisCommand(adding: "--force")
            )
        }
        let database = roster.database ?? "popl.sqlite"
        let options = reading.options(Configuration(), asOf: reading.clock.asOf?.value ?? .now)
        let survey = try SourceSurvey(given, options: options, database: database)
        let team = roster.team ?? survey.team ?? "my-team"
        let source = source ?? survey.source
        let text = ConfigurationTemplate(
            team: team, database: database, source: source, inputs: survey.inputs, preset: reading.attributes,
            encoding: reading.encoding, usersPattern: survey.usersPattern, addresses: survey.addresses
        ).text
        guard out != "-" else {
            try StandardOutput.write(text)
            return .done
        }
        let file = try ReplacingFile(out)
        try file.write(text)
        try file.commit()
        let isThere = survey.teams.contains(team)
        try StandardOutput.write(told(survey, team: team, source: source, isThere: isThere))
        return .done
    }

    private func told(_ survey: SourceSurvey, team: String, source: String, isThere: Bool) -> String {
        let config = ConfigurationFile.defaultPaths.contains(out) ? "" : " --config \(Shell.quoted(out))"
        let make = isThere ? "" : "popl-sync team create \(Shell.quoted(team))\(config) && "
        let files = survey.found.map { file, format, isBeside in
            "  \(TerminalText.visible(file)): \(format)\(isBeside ? ", found beside it" : "")\n"
        }
        return "\(TerminalText.visible(out)) is written for team \(TerminalText.visible(team)), source "
            + "\(TerminalText.visible(source)):\n" + files.joined()
            + "Look at it: what is often set stands there as comments. Then:\n  \(make)popl-sync plan\(config)\n"
    }
}
