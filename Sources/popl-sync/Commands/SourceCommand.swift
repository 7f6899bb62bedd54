import ArgumentParser
import Reconciliation
import Reporting
import SCIM

struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "List the sources of a team, and end one.",
        discussion: """
            A source is one identity provider's hold on the people it brought. One that is no more is removed here, so \
            that the others decide about its people again.

            EXAMPLES
              popl-sync source list --database popl.sqlite --team acme
              popl-sync source remove hr --database popl.sqlite --team acme --yes
            """,
        subcommands: [SourceList.self, SourceRemove.self])
}

struct SourceList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the sources of a team, and how many people each manages.",
        discussion: "EXAMPLES\n  popl-sync source list --database popl.sqlite --team acme --format json")

    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let (store, team) = try RosterLocation(ofAnyTarget: roster, configuration).openForReading()
        let entries = try TeamSources(service: SCIMService(store: store, now: { .now }), team: team).entries()
        switch format.format {
        case .text where entries.isEmpty:
            try StandardOutput.write(
                "Team \(TerminalText.visible(team.name)) has no source yet; its first run makes one:\n  popl-sync sync FILE"
                    + Shell.options("--database", "--team", "--config") + "\n")
        case .text: try StandardOutput.write(SourceReport.text(entries))
        case .json: try StandardOutput.write(bytes: SourceReport.json(entries, team: team.name))
        }
        return .done
    }
}

struct SourceRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "End a source: it manages nobody any more, and nobody is changed by that.",
        discussion: """
            Whom another source manages too is that one's alone from now on. Whom nobody else manages becomes unmanaged: \
            active as they were, listed in every plan, and touched by none. A later sync of the source takes its people \
            up again. It needs --yes.

            EXAMPLES
              popl-sync source remove hr --database popl.sqlite --team acme --yes

            Ends with 0, with 66 when there is no such source, with 75 when another run holds the team's lock.
            """)

    @Argument(help: "The source's name.") var name: String
    @Flag(help: "Yes, end it.") var yes = false
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let location = try RosterLocation(ofAnyTarget: roster, configuration)
        let now = clock.clock
        guard yes else {
            let (store, team) = try location.openForReading()
            let entry = try entry(TeamSources(service: SCIMService(store: store, now: now), team: team))
            throw Failure(
                .usage, code: "usage",
                "Ending source \(name) leaves \(counted(entry.managedAlone, "active member")) managed by nobody, and "
                    + "\(grouped(entry.managed - entry.managedAlone)) to other sources. Nothing was changed.",
                mend: "If that is meant:", next: Shell.thisCommand(adding: "--yes"))
        }
        let (store, team) = try location.openForRun(createTeam: false, at: now())
        return try TeamLock.holding(
            database: location.database, team: team, command: "source remove", since: now()
        ) { lock in
            let sources = TeamSources(service: SCIMService(store: lock.guarding(store), now: now), team: team)
            let entry = try entry(sources)
            try sources.letGo(of: entry.source.id)
            terminal.log.notice("source removed", metadata: ["source": "\(name)", "managed": "\(entry.managed)"])
            switch format.format {
            case .text:
                try StandardOutput.write(
                    "Source \(TerminalText.visible(name)) manages nobody any more. Managed by nobody now: "
                        + "\(counted(entry.managedAlone, "active member")).\n")
            case .json: try StandardOutput.write(bytes: SourceReport.json(try sources.entries(), team: team.name))
            }
            return .done
        }
    }

    private func entry(_ sources: TeamSources) throws -> TeamSources.Entry {
        let entries = try sources.entries()
        if let entry = entries.first(where: { $0.source.name == name }) { return entry }
        let hint = Spelling.nearest(to: name, among: entries.map(\.source.name)).map { " Did you mean \($0)?" } ?? ""
        throw Failure(
            .noInput, code: "unknown-source", "There is no source \(name).\(hint) Nothing was changed.",
            mend: "To list them:", next: "popl-sync source list" + Shell.options("--database", "--team", "--config"))
    }
}
