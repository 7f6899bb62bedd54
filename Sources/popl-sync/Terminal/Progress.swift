import Foundation
import Reporting
import SCIM

/// One line on stderr that is written over and over, on a terminal only: how far, how fast, and how long it takes yet.
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
        // What stands there of the stretch before is written over.
        if shown != nil { write("\(label) …") }
    }

    /// `count` so far, of `total` where that is known; `isEstimate`: only by what it was last time. At most ten times a
    /// second, and not before there is a wait.
    func show(_ count: Int, of total: Int? = nil, isEstimate: Bool = false, unit: String) {
        let now = ContinuousClock.now
        guard isShown, (shown ?? started).duration(to: now) > .milliseconds(100) else { return }
        shown = now
        write(
            label + ": "
                + Self.words(
                    count, of: total, isEstimate: isEstimate, unit: unit,
                    seconds: started.duration(to: now) / .seconds(1)
                ))
    }

    /// `35,000 of 120,000 changes, 12,345 a second, 7 s left`; what an estimate is wrong about is left out.
    static func words(_ count: Int, of total: Int?, isEstimate: Bool, unit: String, seconds: Double) -> String {
        let rate = Double(count) / max(seconds, 0.001)
        let speed = ", \(grouped(Int(rate))) a second"
        guard let total, count <= total || !isEstimate else { return "\(grouped(count)) \(unit)\(speed)" }
        let left = rate > 0 ? ", \(time(Double(total - count) / rate)) left" : ""
        return "\(grouped(count)) of \(isEstimate ? "about " : "")\(grouped(total)) \(unit)\(speed)\(left)"
    }

    private static func time(_ seconds: Double) -> String {
        let seconds = Int(min(max(0, seconds), 360_000).rounded(.up))
        if seconds < 100 { return "\(seconds) s" }
        if seconds < 6000 { return "\((seconds + 59) / 60) min" }
        return "\((seconds + 3599) / 3600) h"
    }

    /// One line of the terminal and no more: what runs over could not be taken away again.
    private func write(_ line: String) {
        StandardError.write("\r\u{1B}[K" + TerminalText.truncated(line, to: max(1, (StandardError.columns ?? 80) - 1)))
    }

    /// Takes the line away, so that what follows begins a clean one.
    func end() {
        guard shown != nil else { return }
        shown = nil
        StandardError.write("\r\u{1B}[K")
    }
}
