import Foundation
import Notifications

/// Carries messages to a monitor, to chats and to mailboxes. What does not arrive is a warning.
struct Messenger {
    private let settings: SurroundingsConfiguration
    private let terminal: Terminal
    private let hooks = Hooks()
    private let monitor: HookURL?
    /// The message of the beginning, while the run goes on.
    private let start: Task<NotTold?, Never>?

    /// Who was not told, and why: `webhook hooks.slack.com`, `answered with 500`.
    private struct NotTold: Sendable {
        let target: String
        let reason: String
    }

    /// Tells the monitor that the run begins, and does not wait for it.
    init(_ settings: SurroundingsConfiguration, _ terminal: Terminal, pings: Bool) {
        self.settings = settings
        self.terminal = terminal
        monitor = pings ? settings.healthcheck.flatMap { Self.url($0, "healthcheck", terminal) } : nil
        start = monitor.map { [hooks] monitor in Task { await Self.ping(hooks, monitor, .start, "") } }
    }

    /// Waits until everybody was told or cannot be: ``Hooks/seconds`` at most for each message, and all at once but the
    /// monitor's two and the mails. `page` makes the report for those who want it.
    func tell(_ news: RunNews, page: () throws -> Mail.Attachment?) {
        let targets = settings.notify.filter { !$0.events.isDisjoint(with: news.events) }
        let posts = targets.compactMap { target -> Post? in
            guard case .webhook(let source, let shape) = target.way, let url = Self.url(source, "webhook", terminal)
            else { return nil }
            return Post(url: url, shape: shape, news: news.naming(target.names))
        }
        for failure in send(posts, news) { warn(failure) }
        mail(targets, news, page)
    }

    private struct Post: Sendable {
        let url: HookURL
        let shape: WebhookShape
        let news: RunNews
    }

    private func send(_ posts: [Post], _ news: RunNews) -> [NotTold] {
        let signal: Hooks.Signal = news.exitCode == 0 ? .success : .fail
        let text = news.naming(false).plainText
        let failures = try? awaiting(stop: {}) { [hooks, monitor, start] in
            let failures = await withTaskGroup(of: [NotTold?].self) { tasks in
                if let monitor {
                    tasks.addTask {
                        // In this order: a beginning that comes last would be that of a run which never ends.
                        let failure = await start?.value
                        return [failure, await Self.ping(hooks, monitor, signal, text)]
                    }
                }
                for post in posts { tasks.addTask { [await Self.post(hooks, post)] } }
                return await tasks.reduce(into: []) { $0 += $1.compactMap(\.self) }
            }
            await hooks.close()
            return failures
        }
        return (failures ?? []).sorted { ($0.target, $0.reason) < ($1.target, $1.reason) }
    }

    private static func ping(
        _ hooks: Hooks, _ url: HookURL, _ signal: Hooks.Signal, _ text: String
    ) async -> NotTold? {
        do { try await hooks.ping(url, signal, text) } catch {
            return NotTold(target: "healthcheck \(url)", reason: error.reason)
        }
        return nil
    }

    private static func post(_ hooks: Hooks, _ post: Post) async -> NotTold? {
        do { try await hooks.post(post.news, to: post.url, as: post.shape) } catch {
            return NotTold(target: "webhook \(post.url)", reason: error.reason)
        }
        return nil
    }

    private func mail(_ targets: [NotifyTarget], _ news: RunNews, _ page: () throws -> Mail.Attachment?) {
        var attachment: Mail.Attachment?
        if targets.contains(where: \.attachesPage) {
            do { attachment = try page() } catch {
                warn(NotTold(target: "sendmail", reason: "the report cannot be attached"))
            }
        }
        for target in targets {
            guard case .mail(let to, let from, let program, _) = target.way else { continue }
            let mail = Mail(
                news.naming(target.names), to: to, from: from, date: Date(), id: UUID().uuidString,
                attachment: target.attachesPage ? attachment : nil)
            do { try Sendmail(program: program).send(mail) } catch {
                warn(NotTold(target: "sendmail \(program)", reason: error.reason))
            }
        }
    }

    private func warn(_ failure: NotTold) {
        terminal.log.warning("not told", metadata: ["target": "\(failure.target)", "reason": "\(failure.reason)"])
    }

    private static func url(_ source: HookSource, _ what: String, _ terminal: Terminal) -> HookURL? {
        let (text, place): (String?, String)
        switch source {
        case .url(let url): return url
        case .file(let path):
            text = (try? FileBytes.read(path, limit: 64 << 10)).map { String(decoding: $0, as: UTF8.self) }
            place = path
        case .variable(let name): (text, place) = (ProcessInfo.processInfo.environment[name], name)
        }
        if let url = text.flatMap(HookURL.init) { return url }
        terminal.log.warning(
            "not told", metadata: ["target": "\(what)", "reason": "\(place) does not hold a URL of http or https"])
        return nil
    }
}
