import Foundation
import Reporting

/// One line on stderr that is written over and over, on a terminal only: how far, and how fast.
final class Progress {
    private let isShown: Bool
    private var label = ""
    private var started = ContinuousClock.now
    private var shown: ContinuousClock.Instant?

    init(isShown: Bool) { self.isShown = isShown }

    /// Begins a stretch of work: `reading`, `applying`.
    func begin(_ label: String) {
        self.label = label
        started = .now
        shown = nil
    }

    /// `count` so far, of `total` where that is known. At most ten times a second, and not before there is a wait.
    func show(_ count: Int, of total: Int? = nil, unit: String) {
        guard isShown, (shown ?? started).duration(to: .now) > .milliseconds(100) else { return }
        shown = .now
        let elapsed = started.duration(to: .now) / .seconds(1)
        let whole = total.map { " of \(grouped($0))" } ?? ""
        let rate = grouped(Int(Double(count) / max(elapsed, 0.001)))
        StandardError.write("\r\u{1B}[K\(label): \(grouped(count))\(whole) \(unit), \(rate) a second")
    }

    /// Takes the line away, so that what follows begins a clean one.
    func end() {
        guard shown != nil else { return }
        shown = nil
        StandardError.write("\r\u{1B}[K")
    }
}
