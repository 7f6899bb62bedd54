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
            first entry that is not what was written. --format html is a page of all the runs and how members, changes and \
            held runs went; with --out a folder gets that page as index.html, and each run's report as a page beside it.

            EXAMPLES
              popl-sync history --database popl.sqlite --team acme
              popl-sync history --run 20260302T040000Z-1a2b3c4d
              popl-sync history --format html --out reports
              popl-sync history --database popl.sqlite --team acme --verify --format json

            Ends with 0, with 1 when --verify finds the journal broken, with 66 when there is no such run.
            """)

    @OptionGroup(title: "Roster") var roster: RosterOptions
    @Option(help: ArgumentHelp("Show this run.", valueName: "id")) var run: String?
    @Flag(help: "Verify the journal's chain.") var verify = false
    @Option(
        help: ArgumentHelp(
            "With --format html: write index.html and a page for each run there, instead of to stdout.",
            valueName: "folder"))
    var out: String?
    @OptionGroup var report: ReportOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { report.format == .json }
    var wantsEvents: Bool { report.format == .jsonl }

    func validate() throws {
        if verify && run != nil { throw ValidationError("--verify is about the whole journal, not about one run.") }
        switch report.format {
        case .text, .json: break
        case .html where !verify: break
        case .html, .jsonl, .csv, .markdown:
            if run == nil { throw ValidationError("--format \(report.format.rawValue) is of one run: it needs --run.") }
        }
        if out != nil && (report.format != .html || run != nil) {
            throw ValidationError("--out is where --format html writes the pages of all runs.")
        }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let (store, team) = try RosterLocation(ofAnyTarget: roster, configuration).openForReading()
        if verify { return try verify(store, team, terminal) }
        let history = RunHistory(store: store, team: team)
        guard let run else {
            try list(history, configuration, store, team, terminal)
            return .done
        }
        let entry = try history.entry(named: run)
        let entries = report.format == .html ? try history.entries() : []
        let shown = try history.told(entry, among: entries)
            .hashed(by: configuration.privacy.pseudonymsOfReader(store, team))
        try shown.write(as: report.format, style: terminal.style) { try StandardOutput.write(bytes: $0) }
        return .done
    }

    private func list(
        _ history: RunHistory, _ configuration: Configuration, _ store: any ResourceStore, _ team: Team,
        _ terminal: Terminal
    ) throws {
        let entries = try history.entries()
        if let out {
            let pseudonyms = try configuration.privacy.pseudonymsOfReader(store, team)
            try HistoryFolder(path: out).write(entries, of: history, team: team, hashedBy: pseudonyms)
            try StandardOutput.write("\(out)/index.html shows \(counted(entries.count, "run")).\n")
        } else if report.format == .html {
            try StandardOutput.write(bytes: HistoryPage.html(entries, team: team.name, isLinked: false))
        } else if wantsJSON {
            try StandardOutput.write(bytes: HistoryReport.json(entries, team: team.name))
        } else {
            try StandardOutput.write(HistoryReport.text(entries, team: team.name, style: terminal.style))
        }
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
            mend: "Those older than retention.reports are kept no longer. To list them:",
            next: "popl-sync history" + Shell.options("--database", "--team", "--config"))
    }
    /// The report of a run of `entries`, newest first, beside those before it.
    func told(_ entry: Entry, among entries: [Entry]) throws -> Report {
        let kept = try report(of: entry)
        return Report(
            past: kept, entry,
            trend: RunTrend(entries, source: kept.plan.source, before: entry.record.id))
    }
}
