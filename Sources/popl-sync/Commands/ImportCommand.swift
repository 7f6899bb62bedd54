import ArgumentParser
import Exports
import Reconciliation

struct ImportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring people in once, from a file; never deactivate anybody.",
        discussion: """
            Creates who is new and updates who is known. Nobody is deactivated, whatever the file says or leaves out. No \
            configuration is needed. Who comes in this way belongs to the source, as with sync.

            EXAMPLES
              popl-sync import okta.csv --database popl.sqlite --team acme --create-team
              popl-sync import hr.csv --source hr --rejects rejects.csv

            Ends with 0, with 1 when something failed or was rejected, with 3 when a guard holds the plan, with 65 when a \
            file is empty or malformed, with 75 when another run holds the team's lock.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var creation: CreationOptions
    @OptionGroup var accept: AcceptOptions
    @OptionGroup var rejects: RejectsOptions
    @OptionGroup var metrics: MetricsOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        // Only here: an option that there is none of is to be named first.
        if source.reading.files(source.files).isEmpty { throw ValidationError("import needs the FILE to bring in.") }
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let run = SourceRun(
            command: "import", source: source, roster: roster, createsTeam: creation.createTeam,
            acceptances: accept.acceptances, rejects: rejects, format: report.format, terminal: terminal,
            neverDeactivates: true)
        let surroundings = Surroundings(
            command: ImportCommand.self, settings: configuration.surroundings.with(metrics), terminal: terminal,
            pings: false)
        return try surroundings.around { try run.perform(configuration, $0) }
    }
}
