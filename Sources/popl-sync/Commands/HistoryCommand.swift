import ArgumentParser
import Reconciliation
import Reporting
import SCIM

struct HistoryCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the runs of a team, show one as it was reported, or verify the journal.",
        discussion: """
            Newest first: what each run was, who ran it, and what came of it. --run shows one run as it was reported; a \
            run that was killed shows what it had applied. --verify computes the journal's chain anew and names the \
            first entry that is not what was written.

            EXAMPLES
              popl-sync history --database popl.sqlite --team acme
              popl-sync history --database popl.sqlite --team acme --run 20260302T040000Z-1a2b3c4d
              popl-sync history --database popl.sqlite --team acme --verify --format json

            Ends with 0, with 1 when --verify finds the journal broken, with 66 when there is no such run.
            """)

    @OptionGroup(title: "Roster") var roster: RosterOptions
    @Option(help: ArgumentHelp("Show this run.", valueName: "id")) var run: String?
    @Flag(help: "Verify the journal's chain.") var verify = false
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func validate() throws {
        if verify && run != nil { throw ValidationError("--verify is about the whole journal, not about one run.") }
        if run == nil && report.format != .text && report.format != .json {
            throw ValidationError("--format \(report.format.rawValue) shows one run; name it with --run.")
        }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let (store, team) = try RosterLocation(roster, configuration).openForReading()
        if verify { return try verify(store, team, terminal) }
        let history = RunHistory(store: store, team: team)
        guard let run else {
            let entries = try history.entries()
            if wantsJSON {
                try StandardOutput.write(bytes: HistoryReport.json(entries, team: team.name))
            } else {
                try StandardOutput.write(HistoryReport.text(entries, team: team.name, style: terminal.style))
            }
            return .done
        }
        let entry = try history.entry(named: run)
        let kept = try history.report(of: entry)
        let trend = try report.format.trend(of: kept.plan.source, store, team, before: entry.record.id)
        let shown = try Report(past: kept, entry, trend: trend)
            .hashed(by: configuration.privacy.pseudonymsOfReader(store, team))
        try shown.write(as: report.format, style: terminal.style) { try StandardOutput.write(bytes: $0) }
        return .done
    }

    private func verify(_ store: any ResourceStore, _ team: Team, _ terminal: Terminal) throws -> ExitCode {
        let verdict = try store.read { try $0.verifyJournal(team: team.id) }
        if wantsJSON {
            try StandardOutput.write(bytes: HistoryReport.json(verdict, team: team.name))
        } else {
            try StandardOutput.write(HistoryReport.text(verdict, team: team.name, style: terminal.style))
        }
        if case .broken = verdict { return .incomplete }
        return .done
    }
}

extension RunHistory {
    /// The run of that id, or exit 66 with the nearest one.
    func entry(named name: String) throws -> Entry {
        if let entry = try entry(RunID(rawValue: name)) { return entry }
        let runs = try entries().map(\.record.id.rawValue)
        let hint = Spelling.nearest(to: name, among: runs).map { " Did you mean \($0)?" } ?? ""
        throw Failure(
            .noInput, code: "unknown-run", "There is no run \(name).\(hint) Nothing was changed.",
            mend: "popl-sync history lists the runs; those older than retention.reports are kept no longer.")
    }
}
