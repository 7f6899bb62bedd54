import Exports
import SCIM

/// Why a command cannot go on: what happened and where, what did not happen because of it, and what to do next.
struct Failure: Error {
    var exit: ExitCode
    /// For machines: `unknown-team`, `empty-export`.
    var code: String
    /// Sentences. Names of files are the operator's own; nothing secret is ever in it.
    var message: String
    /// A command to type, or the one thing to change.
    var mend: String?
    /// The whole command that ``mend`` leads to.
    var next: String?
    var place: Place?
    /// What was read before it went wrong.
    var inputs: [InputSummary] = []

    /// For the log, which holds no personal values: what the message quotes of a record is left out.
    var loggedMessage: String {
        let quotesRecords = inputs.contains { $0.refusal?.quotesRecords ?? false }
        return quotesRecords ? replacingQuotations(in: message) { _ in "…" } : message
    }

    init(
        _ exit: ExitCode, code: String, _ message: String, mend: String? = nil, next: String? = nil,
        place: Place? = nil, inputs: [InputSummary] = []
    ) {
        self.exit = exit
        self.code = code
        self.message = message
        self.mend = mend
        self.next = next
        self.place = place
        self.inputs = inputs
    }
}
