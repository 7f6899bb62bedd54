import ArgumentParser
import Reporting
import SCIM
import SQLiteStorage

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Issue, list, rotate and revoke a team's SCIM tokens.",
        discussion: """
            A token is what an identity provider sends to the online service (popl-sync serve), and the team comes from it \
            alone. It is shown once, when it is made; the database holds only its SHA-256. A running service heeds each of \
            these commands at its next request.

            A token reads all of its team, and changes people and groups. The single sign-on connection it changes only when \
            issued with --scope sso, which no identity provider needs for provisioning.

            EXAMPLES
              popl-sync token issue --team acme --label Okta --database popl.sqlite
              popl-sync token list --team acme --database popl.sqlite
              popl-sync token rotate 4f7kq0c2zn --team acme --database popl.sqlite
              popl-sync token revoke 4f7kq0c2zn --team acme --database popl.sqlite
            """,
        subcommands: [TokenIssue.self, TokenList.self, TokenRotate.self, TokenRevoke.self])
}

/// What the token commands share.
struct TokenOptions: ParsableArguments {
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var common: CommonOptions

    func location() throws -> RosterLocation {
        try RosterLocation(roster, try ConfigurationReader.read(named: configurationFile.config))
    }
}

/// `365d`, or `never`.
enum ExpiryArgument: ExpressibleByArgument {
    case after(DurationArgument)
    case never

    init?(argument: String) {
        if argument == "never" {
            self = .never
        } else if let duration = DurationArgument(argument: argument) {
            self = .after(duration)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .after(let duration): "\(duration.hours / 24)d"
        case .never: "never"
        }
    }

    func moment(from now: Timestamp) -> Timestamp? {
        switch self {
        case .after(let duration): Timestamp(rawValue: now.rawValue + duration.milliseconds)
        case .never: nil
        }
    }
}

extension TokenScope: ExpressibleByArgument {}

struct TokenIssue: Command {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Make a token for a team and show it, this once.",
        discussion: """
            EXAMPLES
              popl-sync token issue --team acme --label Okta --database popl.sqlite
              popl-sync token issue --expires never --format json
              popl-sync token issue --label "SAML admin" --scope sso --expires 1d
            """)

    @Option(help: ArgumentHelp("Who will use it; for lists.", valueName: "text")) var label: String = ""
    @Option(
        help: ArgumentHelp(
            "What it may do beyond people, groups and reading: sso, change the SSO connection.", valueName: "scope"))
    var scope: [TokenScope] = []
    @Option(help: ArgumentHelp("When it ends: 12h, 365d, 52w from now, or never.", valueName: "duration"))
    var expires: ExpiryArgument = DurationArgument(argument: "365d").map(ExpiryArgument.after) ?? .never
    @OptionGroup var options: TokenOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let now = options.clock.clock()
        let (store, team) = try options.location().openForRun(createTeam: false, at: now)
        do {
            let issued = try SCIMService(store: store, now: { now })
                .issueToken(
                    team: team.id, label: label, scopes: Set(scope), expires: expires.moment(from: now))
            try TokenReport.write(issued, team: team, as: options.format.format)
        } catch let refusal as SCIMError {
            throw ValidationError(refusal.detail)
        }
        return .done
    }
}

struct TokenList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List a team's tokens, without the tokens themselves.",
        discussion: """
            The time of last use is exact to an hour.

            EXAMPLES
              popl-sync token list --team acme --database popl.sqlite
              popl-sync token list --team acme --database popl.sqlite --format json
            """)

    @OptionGroup var options: TokenOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let (store, team) = try options.location().openForReading()
        let tokens = try store.read { try $0.tokens(team: team.id) }
        let now = options.clock.clock()
        switch options.format.format {
        case .text where tokens.isEmpty:
            try StandardOutput.write(
                "Team \(TerminalText.visible(team.name)) has no token. To issue one:\n  popl-sync token issue"
                    + Shell.options("--database", "--team", "--config") + "\n")
        case .text: try StandardOutput.write(TokenReport.text(tokens, at: now))
        case .json: try StandardOutput.write(TokenReport.json(tokens, team: team.name, at: now))
        }
        return .done
    }
}

struct TokenRotate: Command {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a second token in place of one, and let both work for a while.",
        discussion: """
            The new token is shown this once and has the old one's label and scopes. The old one goes on working until the overlap is \
            over, so that the identity provider can be changed in between; revoke it as soon as that is done.

            EXAMPLES
              popl-sync token rotate 4f7kq0c2zn --team acme --database popl.sqlite
              popl-sync token rotate 4f7kq0c2zn --overlap 24h
            """)

    @Argument(help: "The token's id, as token list shows it.") var id: String
    @Option(help: ArgumentHelp("How long the old one still works.", valueName: "duration"))
    var overlap: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "When the new one ends, from now, or never; without it, it lives as long as the old one was meant to.",
            valueName: "duration"))
    var expires: ExpiryArgument?
    @OptionGroup var options: TokenOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    /// Seven days: a week in which somebody is at work.
    private static let defaultOverlap: Int64 = 7 * 86_400_000

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let now = options.clock.clock()
        let (store, team) = try options.location().openForRun(createTeam: false, at: now)
        let issued = try store.naming(id, of: team) { id in
            try SCIMService(store: store, now: { now }).rotateToken(
                id, team: team.id, overlap: overlap?.milliseconds ?? Self.defaultOverlap,
                expires: expires.map { .at($0.moment(from: now)) } ?? .asBefore)
        }
        try TokenReport.write(issued, team: team, as: options.format.format)
        return .done
    }
}

struct TokenRevoke: Command {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a token at once, on a running service too.",
        discussion: """
            EXAMPLES
              popl-sync token revoke 4f7kq0c2zn --team acme --database popl.sqlite
            """)

    @Argument(help: "The token's id, as token list shows it.") var id: String
    @OptionGroup var options: TokenOptions

    var common: CommonOptions { options.common }
    var wantsJSON: Bool { options.format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let now = options.clock.clock()
        let (store, team) = try options.location().openForRun(createTeam: false, at: now)
        let record = try store.naming(id, of: team) { id in
            try SCIMService(store: store, now: { now }).revokeToken(id, team: team.id)
        }
        switch options.format.format {
        case .text: try StandardOutput.write("Token \(record.id) is revoked.\n")
        case .json: try StandardOutput.write(TokenReport.json(record, at: now))
        }
        return .done
    }
}

extension TokenReport {
    fileprivate static func write(_ issued: IssuedToken, team: Team, as format: OutputFormat) throws {
        switch format {
        case .text: try StandardOutput.write(text(issued, team: team.name))
        case .json: try StandardOutput.write(json(issued))
        }
    }
}

extension SQLiteStore {
    /// What `body` does with the team's token of that id; exit 66 when it has none, with the nearest one's.
    fileprivate func naming<Result>(_ id: String, of team: Team, _ body: (TokenID) throws -> Result) throws -> Result {
        do { return try body(TokenID(rawValue: id)) } catch let refusal as SCIMError {
            guard refusal.status == 404 else { throw ValidationError(refusal.detail) }
            let others = try read { try $0.tokens(team: team.id) }.map(\.id.rawValue)
            let hint = Spelling.nearest(to: id, among: others).map { " Did you mean \($0)?" } ?? ""
            throw Failure(
                .noInput, code: "unknown-token", "Team \(team.name) has no token \(id).\(hint) Nothing was changed.",
                mend: "To list them:",
                next: "popl-sync token list" + Shell.options("--database", "--team", "--config"))
        }
    }
}
