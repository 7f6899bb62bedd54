import ArgumentParser
import Reporting

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Flag(name: .customLong("no-color"), help: "Never use colours; the environment variable NO_COLOR says the same.")
    var noColor = false

    @Option(name: .customLong("log-format"), help: "How progress and log are written to stderr: text or json.")
    var logFormat: LogFormat = .text

    @Flag(name: .shortAndLong, help: "Write nothing to stderr but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Write more to stderr: what is read, opened and locked.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other; give one of them.") }
    }
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

/// The result's form on stdout.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

struct FormatOptions: ParsableArguments {
    @Option(help: "The result's form on stdout: text for people, json for machines (docs/formats.md).")
    var format: OutputFormat = .text
}

/// Of commands that report a plan or a run.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The result's form on stdout: text for people, markdown for tickets and chat, html as a page; json, jsonl (an \
            event a line) and csv (the changes) for machines (docs/formats.md).
            """))
    var format: ReportFormat = .text
}

extension ReportFormat: ExpressibleByArgument {}

struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file. Without it ./popl-sync.yaml, then /etc/popl-sync/popl-sync.yaml.",
            valueName: "file"))
    var config: String?
}

/// Which roster: the database and the team in it.
struct RosterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The roster database, a SQLite file; overrides target.database and target.scim.", valueName: "file"))
    var database: String?

    @Option(help: ArgumentHelp("The team; overrides team in the configuration.", valueName: "name"))
    var team: String?
}
