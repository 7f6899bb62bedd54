import Exports
import Notifications

/// What `popl-sync.yaml` says of those around a run: `healthcheck:`, `notify:`, `metrics-file:` and `report-url:`.
struct SurroundingsConfiguration {
    var healthcheck: HookSource?
    var notify: [NotifyTarget] = []
    var metricsFile: String?
    /// With `{team}`, `{source}` and `{run}`.
    var reportURL: String?
}

/// Where a URL is that is as good as a password.
enum HookSource {
    case url(HookURL)
    case file(String)
    case variable(String)
}

/// One who is told, and of what.
struct NotifyTarget {
    enum Way {
        case webhook(HookSource, WebhookShape)
        case mail(to: [String], from: String?, program: String, attachesPage: Bool)
    }

    var way: Way
    var events: Set<RunNews.Event>
    /// Whom changes are about, too.
    var names: Bool

    /// What needs somebody.
    static let defaultEvents: Set<RunNews.Event> = [.failure, .hold, .certificate]
    static let defaultProgram = "/usr/sbin/sendmail"

    var attachesPage: Bool {
        if case .mail(_, _, _, let attachesPage) = way { attachesPage } else { false }
    }
}
