import ArgumentParser
import Reporting
import SCIMClient

struct CheckCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Test the connection to the target, as \"Test Connector Configuration\" does.",
        discussion: """
            Of a SCIM service, one after the other: does the name resolve, is there a connection, TLS, is the token \
            accepted and a wrong one refused, what does the service say of itself and that it supports, and do the \
            requests work by which Okta and Microsoft Entra test a connection. Each step that fails says what to do. With \
            --write a test user, popl-sync-check-…@example.invalid, is created, found, changed, deactivated and removed, \
            also when something fails or Ctrl-C stops it. Of a roster database: can it be read and written, is the team \
            there, is its lock free.

            Without --scim and --database it is the target of the configuration. The token comes from a file or from the \
            environment (POPL_SCIM_TOKEN), never from the command line, and goes to that one service only.

            EXAMPLES
              popl-sync check --scim https://api.example.com/scim/ --token-file token.txt
              popl-sync check --config acme.yaml --ca-file corp-ca.pem --write
              popl-sync check --database popl.sqlite --team acme
              popl-sync check --format json

            Ends with 0 when it works, with 1 when the service is there and does something otherwise than it should, with \
            69 when it cannot be reached, 75 when it asks to wait or the lock is held, 77 when it refuses the token, \
            78 when the roster database or the team is not there.
            """)

    @OptionGroup(title: "SCIM service") var remote: RemoteOptions
    @Flag(help: "Create, find, change, deactivate and remove a test user.") var write = false
    @Option(help: ArgumentHelp("How long each step may take.", valueName: "seconds")) var timeout = 15
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format.format == .json }

    func validate() throws {
        guard remote.scim == nil || roster.database == nil else {
            throw ValidationError("--scim and --database are two targets; give one of them.")
        }
        guard (1...300).contains(timeout) else {
            throw ValidationError("--timeout is a number of seconds, 1 to 300.")
        }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        if roster.database == nil, let target = try RemoteTarget(remote, configuration) {
            return try check(target, terminal)
        }
        guard !write else { throw ValidationError("--write is about a SCIM service: give --scim URL.") }
        let location = try RosterLocation(roster, configuration)
        let output = CheckOutput(target: location.database, team: location.team, format: format.format, terminal)
        LocalCheck(location: location).run(output.add)
        return try output.end(isStopped: nil)
    }

    private func check(_ target: RemoteTarget, _ terminal: Terminal) throws -> ExitCode {
        let output = CheckOutput(target: target.service.text, team: nil, format: format.format, terminal)
        var settings = target.settings
        settings.seconds = timeout
        let test = ConnectionTest(
            target.service, token: target.token, settings: settings, writes: write, report: output.add)
        let task = Task { await test.run() }
        // Where nothing is written, nothing needs finishing, and a signal ends the process as always.
        if write { Interruption.startListening() }
        try awaiting(stop: task.cancel) { await task.value }
        return try output.end(isStopped: write ? Interruption.exitCode : nil)
    }
}
