import ArgumentParser
import Foundation
import Notifications
import Reporting
import SCIM

/// Those around a run who are told of it: a monitor, chats and mailboxes, Prometheus (docs/operations.md, "Being told").
///
/// None of it changes what the run does, prints on stdout or ends with. What cannot be told is a warning on stderr. They
/// are told after the team's lock is free, so that a slow one keeps no other run waiting.
struct Surroundings {
    let command: any ParsableCommand.Type
    let settings: SurroundingsConfiguration
    let terminal: Terminal
    /// A monitor watches the job that runs by itself.
    var pings = true

    /// Does the run, and tells of it however it ends. A run that is killed tells nobody: its monitor misses the end.
    func around(_ body: (RunWitness?) throws -> ExitCode) throws -> ExitCode {
        guard settings.isWanted else { return try body(nil) }
        let witness = RunWitness(wantsPage: settings.notify.contains(where: \.attachesPage))
        let began = Timestamp.now
        let messenger = Messenger(settings, terminal, pings: pings)
        do {
            let code = try body(witness)
            tell(messenger, witness, code, witness.failure, began)
            return code
        } catch {
            let failure = Failure(describing: error).withNextCommand(of: command)
            tell(messenger, witness, failure.exit, failure, began)
            throw failure
        }
    }

    private func tell(
        _ messenger: Messenger, _ witness: RunWitness, _ exit: ExitCode, _ failure: Failure?, _ began: Timestamp
    ) {
        let now = Timestamp.now
        if let file = settings.metricsFile, let metrics = RunMetrics(witness, exit: exit, began: began, ended: now) {
            write(metrics, to: ReportLink.filled(path: file, team: metrics.team, source: metrics.source))
        }
        let news = RunNews(
            witness, command: command.configuration.commandName ?? "", exit: exit, failure: failure, at: now,
            reportURL: settings.reportURL)
        messenger.tell(news) { try page(witness.report, news) }
    }

    /// The report as one page, unless it is too large for a mailbox.
    private func page(_ report: Report?, _ news: RunNews) throws -> Mail.Attachment? {
        guard let report else { return nil }
        var bytes: [UInt8] = []
        do {
            try report.write(as: .html, style: .plain) { piece in
                bytes += piece
                if bytes.count > Self.pageLimit { throw TooLarge() }
            }
        } catch is TooLarge {
            return nil
        }
        return Mail.Attachment(fileName: "popl-sync-\(news.run ?? "report").html", bytes: bytes)
    }

    private struct TooLarge: Error {}
    private static let pageLimit = 8 << 20

    /// For everybody to read: numbers, no names.
    private func write(_ metrics: RunMetrics, to path: String) {
        do {
            let previous = (try? FileBytes.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
            let file = try ReplacingFile(path, mode: 0o644)
            try file.write(metrics.text(replacing: previous ?? ""))
            try file.commit()
        } catch {
            terminal.log.warning(
                "metrics not written", metadata: ["reason": "\(Failure(describing: error).message)"])
        }
    }
}

extension SurroundingsConfiguration {
    var isWanted: Bool { healthcheck != nil || !notify.isEmpty || metricsFile != nil }

    /// The command line over the configuration.
    func with(_ options: MetricsOptions) -> SurroundingsConfiguration {
        var settings = self
        if let file = options.metricsFile { settings.metricsFile = file }
        return settings
    }
}

struct MetricsOptions: ParsableArguments {
    @Option(
        name: .customLong("metrics-file"),
        help: ArgumentHelp(
            "Write what the run was there, for node_exporter's textfile collector; overrides metrics-file in the "
                + "configuration.", valueName: "file.prom"))
    var metricsFile: String?
}
