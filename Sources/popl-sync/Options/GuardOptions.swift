import ArgumentParser
import Reconciliation

struct AcceptOptions: ParsableArguments {
    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            "Let this one plan pass a guard, by its name and the exact figure that the report showed (repeatable).",
            valueName: "guard=figure"))
    var acceptances: [Acceptance] = []
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
