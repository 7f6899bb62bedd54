import ArgumentParser

/// The program: it wires the rooms together and decides nothing about people.
@main struct PoplSync: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "popl-sync",
        abstract: "Keeps a team's roster in step with what its identity provider exports.",
        discussion: """
            Exports (CSV, JSON) and SAML metadata in; a plan of every change out; applied through the SCIM core when no \
            guard objects. A dry run writes nothing, and what it shows is exactly what is applied. The same rosters are \
            served online to whatever speaks SCIM 2.0.

            EXAMPLES
              popl-sync inspect okta.csv
              popl-sync import okta.csv --database popl.sqlite --team acme --create-team
              popl-sync plan okta.csv --database popl.sqlite --team acme
              popl-sync sync okta.csv --database popl.sqlite --team acme
              popl-sync serve --database popl.sqlite

            EXIT CODES
               0  in sync, or everything planned was applied
               1  some operations failed, were superseded or rejected; the rest was applied
               2  plan --detailed-exitcode: there are changes
               3  a guard refused the plan; nothing was written
              64  wrong command line
              65  an input is malformed or partial
              66  an input is missing
              69  the target cannot be reached
              70  a defect of popl-sync
              73  an output cannot be written
              75  another run holds the lock
              77  the target refused the credentials
              78  the configuration is wrong
             130  stopped by Ctrl-C, with what was in flight finished
             143  the same by SIGTERM
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, InspectCommand.self, PlanCommand.self, ApplyCommand.self, SyncCommand.self,
            ImportCommand.self, WhyCommand.self, HistoryCommand.self, UndoCommand.self, RosterCommand.self,
            TeamCommand.self, SourceCommand.self, TokenCommand.self, CheckCommand.self, ServeCommand.self,
        ])
}
