import ArgumentParser
import Reconciliation

struct AcceptOptions: ParsableArguments {
    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            "Let this one plan pass a guard, by its name and the exact figure that the report showed (repeatable).",
            valueName: "guard=figure"))
    var acceptances: [Acceptance] = []

    func validate() throws {
        for acceptance in acceptances {
            guard let mistake = acceptance.mistake else { continue }
            throw ValidationError("--accept \(acceptance.name)=\(acceptance.figure): \(mistake)")
        }
    }
}

extension Acceptance {
    /// What makes it one that no plan can take up, as a sentence; `nil` when nothing does.
    fileprivate var mistake: String? {
        guard let guardName = GuardName(key: name) else {
            let names = GuardName.allCases.filter(\.canBeAccepted).map(\.rawValue)
            let hint = Spelling.nearest(to: name, among: names).map { "Did you mean --accept \($0)=\(figure)?" }
            return "there is no guard \(name). " + (hint ?? "It is one of: \(names.joined(separator: ", ")).")
        }
        return guardName.requirement(unmetBy: figure).map {
            "the figure of \(name) is \($0), exactly as the report shows it."
        }
    }
}

extension Acceptance: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

/// Where a plan or a run puts what it has to say, besides stdout.
struct RejectsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the rejected records there, with line and reason; mended, the file is an export of its own.",
            valueName: "file"))
    var rejects: String?
}
