import ArgumentParser
import Exports
import Reconciliation
import Reporting
import SCIM

struct ApplyCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Apply exactly a saved plan.",
        discussion: """
            Takes a plan that plan --out or undo --out saved and does what it shows, nothing else. A plan that was edited, \
            that has expired (guards.plan-age, 72h) or that was made for another roster is refused with 65. Whoever changed since the plan was made is superseded: left as they are, and reported.

            EXAMPLES
              popl-sync plan okta.csv --database popl.sqlite --team acme --out tonight.plan
              popl-sync apply tonight.plan --database popl.sqlite
              popl-sync apply tonight.plan --database popl.sqlite --accept deactivations=37

            Ends with 0, with 1 when something failed or was superseded, with 3 when a guard holds the plan, with 75 when \
            another run holds the team's lock.
            """)

    @Argument(help: ArgumentHelp("The plan that plan --out saved.", valueName: "plan"))
    var planFile: String

    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var accept: AcceptOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var metrics: MetricsOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    /// A plan of five million changes fits; anything larger is not one.
    private static let byteLimit = 4 << 30

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let surroundings = Surroundings(
            command: ApplyCommand.self, settings: configuration.surroundings.with(metrics), terminal: terminal)
        return try surroundings.around { try apply(configuration, $0, terminal) }
    }

    private func apply(
        _ configuration: Configuration, _ witness: RunWitness?, _ terminal: Terminal
    ) throws -> ExitCode {
        let plan = try read()
        witness?.team = plan.team
        witness?.source = plan.source
        // The plan says whose it is; naming another team is a mistake, and the configuration's need not be asked.
        if let team = roster.team, team != plan.team {
            throw Refusal(
                code: "plan-foreign", place: Place(file: planFile),
                message:
                    "\(planFile) is a plan for team \(plan.team), not for \(team). Nothing was changed.")
        }
        var options = roster
        options.team = plan.team
        let location = try RosterLocation(ofAnyTarget: options, configuration)
        let now = clock.clock
        let (store, team) = try location.openForRun(createTeam: false, at: now())
        return try TeamLock.holding(database: location.database, team: team, command: "apply", since: now()) { lock in
            try plan.requireFit(for: store, team: team, asOf: now(), file: planFile)
            let target = try location.target(
                lock.guarding(store), team, privacy: configuration.privacy, now: now, terminal)
            defer { target.close() }
            let run = Application(
                command: "apply", target: target.target, team: team, now: now, acceptances: accept.acceptances,
                retention: configuration.retention, privacy: configuration.privacy, format: report.format,
                terminal: terminal,
                again: "popl-sync plan FILE --team \(Shell.quoted(team.name)) --out \(Shell.quoted(planFile))"
                    + Shell.options("--database", "--config"),
                witness: witness)
            return try run.apply(plan)
        }
    }

    private func read() throws -> Plan {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(planFile, limit: Self.byteLimit)
        } catch {
            var failure = Failure.missing(planFile, reason: error.reason, "Nothing was changed.")
            if failure.mend?.hasPrefix("Did you mean") != true {
                failure.mend = "Make a plan:"
                failure.next = "popl-sync plan FILE --database FILE --team NAME --out \(Shell.quoted(planFile))"
            }
            throw failure
        }
        return try PlanDocument.decode(bytes, file: planFile)
    }
}
