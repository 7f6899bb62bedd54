import ArgumentParser
import Exports
import Reconciliation
import Reporting
import SCIM

struct UndoCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take a run back: plan what restores everything that it changed.",
        discussion: """
            Makes an ordinary plan, under the same guards, that gives everything the run changed its former values back. \
            Who was touched since is left alone and listed. Members whom the run made are deactivated, groups that it \
            made are emptied and kept. Without --out or --apply it is a dry run. The undo is a run of its own, and can be \
            undone. The next plan of the source shows the run's changes again, unless the export was mended.

            EXAMPLES
              popl-sync undo 20260302T040000Z-1a2b3c4d --database popl.sqlite --team acme
              popl-sync undo 20260302T040000Z-1a2b3c4d --out back.plan
              popl-sync undo 20260302T040000Z-1a2b3c4d --apply

            Ends with 0, with 3 when a guard holds the plan, with 66 when there is no such run or the journal no longer \
            has it (retention). With --apply also with 1 when somebody was left alone or a change failed, and with 75 when \
            another run holds the team's lock.
            """)

    @Argument(help: ArgumentHelp("The run, by its id in history.", valueName: "run")) var run: String
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @Option(help: ArgumentHelp("Save the plan there, for apply.", valueName: "plan")) var out: String?
    @Flag(help: "Apply the plan now.") var apply = false
    @OptionGroup var accept: AcceptOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func validate() throws {
        if apply && out != nil { throw ValidationError("--apply and --out exclude each other; apply takes the plan.") }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let location = try RosterLocation(ofAnyTarget: roster, configuration)
        let now = clock.clock
        guard apply else {
            return try location.withCurrentRoster(terminal, at: now()) { current in
                let (store, team) = (current.store, current.team)
                let plan = try plan(store, team, configuration, asOf: now())
                if let out { try PlanFile.save(plan, to: out) }
                return try show(plan, configuration, location, store, team, terminal)
            }
        }
        let (store, team) = try location.openForRun(createTeam: false, at: now())
        return try TeamLock.holding(database: location.database, team: team, command: "undo", since: now()) { lock in
            let target = try location.target(
                lock.guarding(store), team, privacy: configuration.privacy, now: now, terminal)
            defer { target.close() }
            let application = Application(
                command: "undo", target: target.target, team: team, now: now, acceptances: accept.acceptances,
                retention: configuration.retention, privacy: configuration.privacy, format: report.format,
                terminal: terminal)
            return try application.apply(try plan(store, team, configuration, asOf: now()))
        }
    }

    private func plan(
        _ store: any ResourceStore, _ team: Team, _ configuration: Configuration, asOf: Timestamp
    ) throws -> Plan {
        let entry = try RunHistory(store: store, team: team).entry(named: run)
        let policy = SourceSettings.policy(configuration)
        return try UndoPlanner(store: store, policy: policy, asOf: asOf).plan(entry.record, team: team)
    }

    private func show(
        _ plan: Plan, _ configuration: Configuration, _ location: RosterLocation, _ store: any ResourceStore,
        _ team: Team, _ terminal: Terminal
    ) throws -> ExitCode {
        let standing = plan.standing(accepting: accept.acceptances)
        let command =
            out.map { PlanFile.applyCommand($0, location) }
            ?? Shell.sameCommand(as: "undo", dropping: ["--format": true, "--accept": true]) + " --apply"
        let next = NextStep(
            apply: command, again: Shell.sameCommand(as: "undo", dropping: ["--accept": true]),
            state: "This was a dry run: nothing was changed.")
        let trend = try report.format.trend(of: plan.source, store, team)
        let shown = try Report(plan: plan, standing: standing, next: next, trend: trend)
            .hashed(by: configuration.privacy.pseudonymsOfReader(store, team))
        try shown.write(as: report.format, style: terminal.style) { try StandardOutput.write(bytes: $0) }
        return standing.isEmpty ? .done : .held
    }
}
