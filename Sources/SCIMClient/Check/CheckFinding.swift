/// One step of a check: what was found, and what to do about it.
package struct CheckFinding: Hashable, Sendable {
    package enum Outcome: String, Sendable { case passed, warning, failed, skipped }

    /// What a failed step means for whoever relies on the target.
    package enum Fault: Sendable {
        /// It is not there, or not what it should be.
        case unreachable
        /// It asks to come again later.
        case busy
        /// It does not accept the credentials.
        case refused
        /// It is there, and does something otherwise than it should.
        case unfit
        /// It may not be written.
        case unwritable
        /// We were told something wrong.
        case misconfigured
    }

    package var step: String
    package var outcome: Outcome
    /// Stable: `certificate-expired`. Of warnings and failures.
    package var code: String?
    /// A sentence.
    package var message: String
    /// What to do; of warnings and failures.
    package var mend: String?
    /// More of it, one fact a line.
    package var facts: [Fact] = []
    /// Of the step `features`.
    package var features: ServiceDescription.Features?
    /// Of failures.
    package var fault: Fault?

    package struct Fact: Hashable, Sendable {
        package var name: String
        package var value: String
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package static func passed(_ step: String, _ message: String, facts: [Fact] = []) -> CheckFinding {
        CheckFinding(step: step, outcome: .passed, message: message, facts: facts)
    }

    package static func skipped(_ step: String, _ message: String) -> CheckFinding {
        CheckFinding(step: step, outcome: .skipped, message: message)
    }

    package static func warning(
        _ step: String, _ code: String, _ message: String, mend: String, facts: [Fact] = []
    ) -> CheckFinding {
        CheckFinding(step: step, outcome: .warning, code: code, message: message, mend: mend, facts: facts)
    }

    package static func failed(
        _ step: String, _ code: String, _ fault: Fault, _ message: String, mend: String
    ) -> CheckFinding {
        CheckFinding(step: step, outcome: .failed, code: code, message: message, mend: mend, fault: fault)
    }
}
