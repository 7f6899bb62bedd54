import ArgumentParser
import Exports
import Foundation
import Reconciliation
import Reporting
import SCIM

struct PlanCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Dry run: show every change that a run would make, and why. Writes nothing.",
        discussion: """
            Reads the source's files, pairs each record with a member of the roster, and shows what would change. The \
            database, its journal and its locks are the same afterwards, bit for bit. --out saves the plan; apply then \
            does exactly that and nothing else.

            EXAMPLES
              popl-sync plan okta.csv --database popl.sqlite --team acme
              popl-sync plan okta.csv --database popl.sqlite --team acme --out tonight.plan
              popl-sync plan --detailed-exitcode

            Ends with 0, with 2 for changes under --detailed-exitcode, with 3 when a guard holds the plan, with 65 when \
            an export is empty, malformed or only a part.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var accept: AcceptOptions

    @Option(help: ArgumentHelp("Save the plan there, for apply.", valueName: "plan"))
    var out: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "End with 2 when the plan has changes.")
    var detailedExitcode = false

    @OptionGroup var rejects: RejectsOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let asOf = source.reading.clock.asOf?.value ?? .now
        let settings = try SourceSettings(source, configuration, asOf: asOf)
        let location = try RosterLocation(ofAnyTarget: roster, configuration)
        return try location.withCurrentRoster(terminal, at: asOf) { current in
            try show(settings, location, current, configuration, asOf, terminal)
        }
    }

    private func show(
        _ settings: SourceSettings, _ location: RosterLocation, _ current: CurrentRoster,
        _ configuration: Configuration, _ asOf: Timestamp, _ terminal: Terminal
    ) throws -> ExitCode {
        let (store, team) = (current.store, current.team)
        let planning = Planning(
            settings: settings, store: store, team: team, abilities: current.abilities, terminal: terminal)
        let plan = try planning.plan(asOf: asOf)
        if let out { try PlanFile.save(plan, to: out) }
        try rejects.write(plan, from: settings)
        let standing = plan.standing(accepting: accept.acceptances)
        let trend = try report.format.trend(of: plan.source, store, team)
        let shown = try Report(plan: plan, standing: standing, next: next(location), trend: trend)
            .hashed(by: configuration.privacy.pseudonymsOfReader(store, team))
        try shown.write(as: report.format, style: terminal.style) { try StandardOutput.write(bytes: $0) }
        if !standing.isEmpty { return .held }
        if plan.hasRefusedMetadata { return .badInput }
        return detailedExitcode && !plan.changes.isEmpty ? .changes : .done
    }

    private func next(_ location: RosterLocation) -> NextStep {
        let state = "This was a dry run: nothing was changed."
        let again = Shell.sameCommand(as: "plan", dropping: ["--accept": true])
        guard let out else {
            let dropped = ["--detailed-exitcode": false, "--format": true, "--rejects": true, "--accept": true]
            return NextStep(apply: Shell.sameCommand(as: "sync", dropping: dropped), again: again, state: state)
        }
        return NextStep(apply: PlanFile.applyCommand(out, location), again: again, state: state)
    }
}

extension Plan {
    /// The held guards that `acceptances` do not answer.
    func standing(accepting acceptances: [Acceptance]) -> [GuardFinding] {
        do {
            _ = try approve(accepting: acceptances)
            return []
        } catch {
            return error.findings
        }
    }
}
