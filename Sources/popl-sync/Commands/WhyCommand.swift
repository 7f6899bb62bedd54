import ArgumentParser
import Exports
import Reconciliation
import Reporting
import SCIM

struct WhyCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Tell of one person where each attribute comes from, and what a run would do about them and why.",
        discussion: """
            USER is a userName, an e-mail address, an externalId or a resource's id. With the source's files, or a \
            configuration that names them, it plans as usual and shows that one person: their record by file and line, \
            the column and the rule of each attribute, what is held back and why, on which evidence the record was found \
            to be theirs, what pins or protects them, and which guards hold the plan. Without files it shows what the \
            roster holds, who manages it, and the last changes. It never waits for a run and writes nothing.

            EXAMPLES
              popl-sync why ada@example.com
              popl-sync why ada@example.com --database popl.sqlite --team acme
              popl-sync why 00u1abcd okta.csv --database popl.sqlite --team acme
              popl-sync why ada@example.com --format json

            Ends with 0 when the person is known, also when the plan is held or its input refused; with 64 when several \
            people are meant, with 66 when nobody is.
            """)

    @Argument(help: ArgumentHelp("Whom: a userName, e-mail address, externalId or id.", valueName: "user"))
    var user: String

    @OptionGroup var source: SourceOptions
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format.format == .json }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let asOf = source.reading.clock.asOf?.value ?? .now
        let settings = try SourceSettings(ofFilesIfAny: source, configuration, asOf: asOf)
        let location = try RosterLocation(ofAnyTarget: roster, configuration)
        let explanation = try location.withCurrentRoster(terminal, at: asOf) {
            try explain(settings, $0, asOf, terminal)
        }
        switch format.format {
        case .json: try StandardOutput.write(bytes: WhyDocument.json(explanation))
        case .text: try StandardOutput.write(WhyReport.text(explanation, style: terminal.style))
        }
        return .done
    }

    private func explain(
        _ settings: SourceSettings, _ current: CurrentRoster, _ asOf: Timestamp, _ terminal: Terminal
    ) throws -> Explanation {
        terminal.progress.begin("reading")
        defer { terminal.progress.end() }
        let inputs = settings.files.isEmpty ? nil : try Inputs.open(settings.files, options: settings.reading)
        let team = current.team
        var policy = settings.policy
        policy.target = current.abilities
        let reconciler = Reconciler(store: current.store, policy: policy, asOf: asOf)
        do {
            return try Explainer(reconciler, team: team, source: settings.name).explain(user, inputs) {
                terminal.progress.show($0, unit: "records")
            }
        } catch let nobody as NobodyFound {
            throw Failure(nobody, user, isInExport: inputs != nil, team: team.name)
        } catch let several as SeveralFound {
            throw Failure(several, user)
        }
    }
}

extension Failure {
    fileprivate init(_ nobody: NobodyFound, _ user: String, isInExport: Bool, team: String) {
        let hint = nobody.similar.isEmpty ? "" : " Did you mean \(nobody.similar.joined(separator: " or "))?"
        self.init(
            .noInput, code: "unknown-user",
            "\(user) is nobody in team \(team)\(isInExport ? ", and no record names them" : "").\(hint)",
            mend: isInExport ? "See who is there:" : "Give the export as well, to look for them there:",
            next: isInExport
                ? "popl-sync roster" + Shell.options("--database", "--team", "--config")
                : Shell.thisCommand(adding: "FILE"))
    }

    fileprivate init(_ several: SeveralFound, _ user: String) {
        let people = several.people.map { person in
            let place = person.place.map { " in \($0.file), \(RecordLine($0.line ?? 0, record: $0.record))" } ?? ""
            let anchor = person.externalID.map { ", externalId \($0)" } ?? ""
            return "\(person.id ?? "a record")\(place) (userName \(person.userName)\(anchor))"
        }
        self.init(
            .usage, code: "several-users", "\(user) stands for several people: \(people.joined(separator: "; ")).",
            mend: "Name one of them by what is theirs alone, the id or the externalId:",
            next: several.people.compactMap { $0.id ?? $0.externalID }.first.map {
                Shell.thisCommand(replacing: [user: $0])
            })
    }
}
