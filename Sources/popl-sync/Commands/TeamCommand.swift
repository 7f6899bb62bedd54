import ArgumentParser
import Reporting
import SCIM
import SQLiteStorage

struct TeamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team",
        abstract: "Create, list, show and remove teams.",
        discussion: """
            A team is a roster of its own: its members, groups and SSO connection are seen by no other team.

            EXAMPLES
              popl-sync team create acme --database popl.sqlite
              popl-sync team list --database popl.sqlite
              popl-sync team show acme --database popl.sqlite --format json
              popl-sync team remove acme --database popl.sqlite --yes
            """,
        subcommands: [TeamCreate.self, TeamList.self, TeamShow.self, TeamRemove.self])
}

/// What the team commands share: a database, and no team to begin with.
struct TeamOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The roster database, a SQLite file; overrides target.database.", valueName: "file"))
    var database: String?
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var common: CommonOptions

    /// Where the named team is.
    func location(_ team: String) throws -> RosterLocation {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        var roster = RosterOptions()
        roster.database = database
        roster.team = team
        return try RosterLocation(roster, configuration)
    }
}

struct TeamCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a team, and the database when it is missing.",
        discussion:
            "A team that is there already is left as it is.\n\nEXAMPLES\n  popl-sync team create acme --database popl.sqlite"
    )

    @Argument(help: "The team's name.") var name: String
    @OptionGroup var options: TeamOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let (_, team) = try options.location(name).openForRun(createTeam: true, at: options.clock.clock())
        switch options.format.format {
        case .text: try StandardOutput.write("Team \(TerminalText.visible(team.name)) is there.\n")
        case .json: try StandardOutput.write(TeamReport.json(TeamReport.Entry(team: team, counts: nil)))
        }
        return .done
    }
}

struct TeamList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the teams of a database.",
        discussion: "EXAMPLES\n  popl-sync team list --database popl.sqlite --format json")

    @OptionGroup var options: TeamOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: options.configurationFile.config)
        let database = try RosterLocation.database(options.database, configuration)
        try RosterLocation.requireDatabase(database)
        let store = try SQLiteStore(path: database, mode: .readOnly)
        let entries = try store.read { store in
            try store.teams().map { TeamReport.Entry(team: $0, counts: try store.counts(source: nil, team: $0.id)) }
        }
        switch options.format.format {
        case .text where entries.isEmpty:
            try StandardOutput.write(
                "No team is there yet. To make one:\n  \(RosterLocation.make("NAME", in: database))\n")
        case .text: try StandardOutput.write(TeamReport.text(entries))
        case .json: try StandardOutput.write(TeamReport.json(entries))
        }
        return .done
    }
}

struct TeamShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how many members and groups a team has.",
        discussion: "EXAMPLES\n  popl-sync team show acme --database popl.sqlite")

    @Argument(help: "The team's name.") var name: String
    @OptionGroup var options: TeamOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let (store, team) = try options.location(name).openForReading()
        let entry = TeamReport.Entry(team: team, counts: try store.read { try $0.counts(source: nil, team: team.id) })
        switch options.format.format {
        case .text: try StandardOutput.write(TeamReport.text([entry]))
        case .json: try StandardOutput.write(TeamReport.json(entry))
        }
        return .done
    }
}

struct TeamRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a team with everything in it, its journal too.",
        discussion: """
            This cannot be undone: members, groups, SSO connection, runs and journal of the team are gone. It needs --yes.

            EXAMPLES
              popl-sync team remove acme --database popl.sqlite --yes
            """)

    @Argument(help: "The team's name.") var name: String
    @Flag(help: "Yes, remove it.") var yes = false
    @OptionGroup var options: TeamOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let location = try options.location(name)
        let now = options.clock.clock()
        guard yes else {
            let (store, team) = try finding(location.openForReading)
            let counts = try store.read { try $0.counts(source: nil, team: team.id) }
            throw Failure(
                .usage, code: "usage",
                "Removing team \(name) takes \(counted(counts.users, "member")) and \(counted(counts.groups, "group")) away"
                    + " for good. Nothing was removed.",
                mend: "If that is meant:", next: Shell.thisCommand(adding: "--yes"))
        }
        let (store, team) = try finding { try location.openForRun(createTeam: false, at: now) }
        try TeamLock.holding(database: location.database, team: team, command: "team remove", since: now) { lock in
            try lock.guarding(store).write { try $0.removeTeam(team.id) }
        }
        switch options.format.format {
        case .text: try StandardOutput.write("Team \(TerminalText.visible(team.name)) is removed.\n")
        case .json: try StandardOutput.write(TeamReport.json(TeamReport.Entry(team: team, counts: nil)))
        }
        return .done
    }

    /// A team that is not there need not be made to be removed, and one with a name like it was not meant for certain.
    private func finding<Found>(_ open: () throws -> Found) throws -> Found {
        do { return try open() } catch var failure as Failure where failure.code == "unknown-team" {
            failure.mend = "To list them:"
            failure.next = "popl-sync team list" + Shell.options("--database", "--config")
            throw failure
        }
    }
}
