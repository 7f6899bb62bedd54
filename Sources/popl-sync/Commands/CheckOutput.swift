import Logging
import Reporting
import SCIMClient
import Synchronization

/// Shows a check while it goes on, and ends it with its exit code.
final class CheckOutput: Sendable {
    private let target: String
    private let team: String?
    private let format: OutputFormat
    private let style: Style
    private let log: Logger
    private let findings = Mutex<[CheckFinding]>([])

    init(target: String, team: String?, format: OutputFormat, _ terminal: Terminal) {
        self.target = target
        self.team = team
        self.format = format
        style = terminal.style
        log = terminal.log
        show { CheckReport.heading(target, style: $0) }
    }

    @Sendable func add(_ finding: CheckFinding) {
        findings.withLock { $0.append(finding) }
        show { CheckReport.text(finding, style: $0) }
    }

    /// What cannot be shown is noticed at the end, which writes too; the check must not stop for it.
    private func show(_ text: (Style) -> String) {
        if format == .text { _ = try? StandardOutput.write(text(style)) }
    }

    /// - Parameter isStopped: what a signal made of it.
    func end(isStopped: ExitCode?) throws -> ExitCode {
        let report = CheckReport(
            target: target, team: team, findings: findings.withLock { $0 }, isStopped: isStopped != nil)
        let failure = report.failures.first
        let exit = isStopped ?? failure?.fault.map(ExitCode.init) ?? .done
        switch format {
        case .text: try StandardOutput.write(report.conclusion(style: style))
        case .json:
            let error = failure.flatMap { failure in
                (65...78).contains(exit.rawValue)
                    ? Failure(exit, code: failure.code ?? "", failure.message, mend: failure.mend).document : nil
            }
            try StandardOutput.write(bytes: report.json(error: error))
        }
        let facts: Logger.Metadata = ["exit": "\(exit.rawValue)"]
        if let failure {
            log.warning(
                "check failed",
                metadata: facts.merging(["step": "\(failure.step)", "code": "\(failure.code ?? "")"]) { $1 })
        } else {
            log.notice("check ended", metadata: facts)
        }
        return exit
    }
}

extension ExitCode {
    fileprivate init(_ fault: CheckFinding.Fault) {
        self =
            switch fault {
            case .unreachable: .unavailable
            case .busy: .busy
            case .refused: .refused
            case .unfit: .incomplete
            case .unwritable: .cannotWrite
            case .misconfigured: .configuration
            }
    }
}
