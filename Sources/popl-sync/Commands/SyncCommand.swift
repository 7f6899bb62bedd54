import ArgumentParser
import Exports
import Reconciliation
import Reporting
import SCIM

struct SyncCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Plan, judge, apply, report: for cron.",
        discussion: """
            Does what plan shows, unless a guard objects; then nothing is written and the report says why. Running it \
            again finds nothing to do. Killed anywhere, it is run again, and all is well.

            EXAMPLES
              popl-sync sync okta.csv --database popl.sqlite --team acme
              popl-sync sync --accept deactivations=37
              popl-sync sync --config /etc/popl-sync/acme.yaml --format json

            Ends with 0, with 1 when something failed, was superseded or rejected, with 3 when a guard holds the plan, \
            with 65 when an export is empty, malformed or only a part, with 75 when another run holds the team's lock.
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
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let run = SourceRun(
            command: "sync", source: source, roster: roster, createsTeam: creation.createTeam,
            acceptances: accept.acceptances, rejects: rejects, format: report.format, terminal: terminal)
        let surroundings = Surroundings(
            command: SyncCommand.self, settings: configuration.surroundings.with(metrics), terminal: terminal)
        return try surroundings.around { try run.perform(configuration, $0) }
    }
}

struct CreationOptions: ParsableArguments {
    @Flag(name: .customLong("create-team"), help: "Make the team, and the database, when they are missing.")
    var createTeam = false
}

/// One source's files brought into the roster, under the team's lock.
struct SourceRun {
    let command: String
    let source: SourceOptions
    let roster: RosterOptions
    let createsTeam: Bool
    let acceptances: [Acceptance]
    let rejects: RejectsOptions
    let format: ReportFormat
    let terminal: Terminal
    /// `import` takes nobody's access away.
    var neverDeactivates = false

    func perform(_ configuration: Configuration, _ witness: RunWitness?) throws -> ExitCode {
        witness?.team = roster.team ?? configuration.team
        witness?.source = SourceSettings.name(source, configuration)
        let now = source.reading.clock.clock
        let asOf = now()
        let settings = try SourceSettings(source, configuration, asOf: asOf)
        let location = try RosterLocation(ofAnyTarget: roster, configuration)
        let (store, team) = try location.openForRun(createTeam: createsTeam, at: asOf)
        return try TeamLock.holding(database: location.database, team: team, command: command, since: asOf) { lock in
            let target = try location.target(
                lock.guarding(store), team, privacy: configuration.privacy, now: now, terminal)
            defer { target.close() }
            let planning = Planning(
                settings: settings, store: store, team: team, abilities: target.abilities, terminal: terminal)
            let plan = try planning.plan(asOf: asOf) { $0.neverDeactivates = neverDeactivates }
            try rejects.write(plan, from: settings)
            let application = Application(
                command: command, target: target.target, team: team, now: now, acceptances: acceptances,
                retention: configuration.retention, privacy: configuration.privacy, format: format, terminal: terminal,
                witness: witness)
            return try application.apply(plan)
        }
    }
}
