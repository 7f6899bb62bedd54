import ArgumentParser
import Exports
import Reconciliation
import Reporting
import SCIM
import SCIMClient

extension Failure {
    /// Every error that a room throws, as what it means to the person who typed the command.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ValidationError:
            self.init(.usage, code: "usage", error.message)
        case let error as ConfigurationError where error.place.file.hasPrefix("--"):
            self.init(ofOption: error)
        case let error as ConfigurationError:
            self.init(
                .configuration, code: "configuration",
                error.key.isEmpty ? error.message : "\(error.key): \(error.message)", place: error.place)
        case let refusal as Refusal:
            self.init(.badInput, code: refusal.code, refusal.message.sentence, place: refusal.place)
        case let refused as InputsRefused:
            let refusal = refused.inputs.lazy.compactMap(\.refusal).first
            self.init(
                .badInput, code: refusal?.code ?? "partial-export", refused.message.sentence, place: refusal?.place,
                inputs: refused.inputs)
        case let pruned as RunPruned:
            self.init(
                .noInput, code: "run-pruned",
                "Run \(pruned.run) cannot be taken back: \(pruned.entries) of its changes are no longer in the journal. "
                    + "Nothing was changed.",
                mend: "retention.journal says how long changes are kept; an older state is in a backup.")
        case let error as StoreError: self.init(error)
        case let failure as ServiceFailure: self.init(failure)
        case let error as SCIMError:
            self.init(.defect, code: "refused-by-core", "The core refused an operation: \(error.detail.sentence)")
        default:
            self.init(.defect, code: "defect", "popl-sync met something it does not expect: \(error).")
        }
    }

    /// A value of the command line that a room knows and the parser does not.
    private init(ofOption error: ConfigurationError) {
        let option = error.place.file
        self.init(.usage, code: "usage", "\(option): \(error.message)", mend: "Type:")
        let arguments = CommandLine.arguments
        let value = arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
        if let near = error.message.firstMatch(of: /Did you mean ([^ ?]+)\?/), let value {
            next = Shell.thisCommand(replacing: [value: String(near.1)])
        } else {
            next = Shell.sameCommand(as: arguments.count > 1 ? arguments[1] : "", dropping: [option: true])
        }
    }

    private init(_ error: StoreError) {
        switch error {
        case .busy:
            self.init(
                .busy, code: "roster-busy",
                "Another program is writing to the roster. What was applied before stays applied, nothing else.",
                mend: "Try again later:")
        case .unwritable(let detail):
            self.init(
                .cannotWrite, code: "roster-not-written", detail.sentence + " What was applied before stays applied.")
        case .unreadable(let detail):
            self.init(.unavailable, code: "roster-unreachable", detail.sentence)
        case .constraint(let detail):
            self.init(.defect, code: "roster-refused", "The roster refused a change: \(detail.sentence)")
        }
    }
}
