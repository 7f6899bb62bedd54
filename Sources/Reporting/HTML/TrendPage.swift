import Foundation
import Reconciliation

/// This run beside the source's last ones: a sentence, bars and the figures.
struct TrendPage {
    let tone: String
    let remark: String
    /// `nil` while there is nothing to compare with.
    let chart: Chart?

    struct Chart {
        let label: String
        let width: Int
        /// From the top down: 1,000 … 1, 0.
        let ticks: [String]
        let lines: [String]
        let bars: [Bar]
        let rows: [Row]
        let from: String
        let to: String
    }

    struct Bar {
        let tone: String
        let title: String
        let x: Int
        let all: String
        let allTop: String
        let leaving: String
        let leavingTop: String
    }

    struct Row {
        let run: String
        let started: String
        let changes: String
        let deactivations: String
        let result: String
    }

    /// Of the last bar and the last row.
    fileprivate struct Now {
        let name: String
        let started: String
        let changes: Int
        let leaving: Int
        let isHeld: Bool
    }

    init(_ report: Report) {
        let points = report.trend.points
        let now = Now(
            name: report.run == nil ? "this plan" : "this run", started: report.plan.asOf.minute,
            changes: report.plan.changes.count, leaving: report.plan.counts[.deactivate] ?? 0,
            isHeld: !report.standing.isEmpty)
        (remark, tone) = Self.remark(report.trend, now)
        chart = points.isEmpty ? nil : Chart(points, now)
    }

    private static func remark(_ trend: RunTrend, _ now: Now) -> (String, String) {
        guard let changes = trend.most(\.changes), let leaving = trend.most(\.deactivations) else {
            return ("There is no run of this source to compare with.", "same")
        }
        let runs = trend.points.count == 1 ? "the last run" : "any of the last \(trend.points.count) runs"
        if now.leaving > leaving {
            return (
                "\(counted(now.leaving, "deactivation")), more than in \(runs): at most \(grouped(leaving)).", "held"
            )
        }
        if now.changes > changes {
            return ("\(counted(now.changes, "change")), more than in \(runs): at most \(grouped(changes)).", "changed")
        }
        return (
            "\(counted(now.changes, "change")) and \(counted(now.leaving, "deactivation")), no more than in \(runs): "
                + "at most \(grouped(changes)) and \(grouped(leaving)).", "good"
        )
    }
}

extension TrendPage.Chart {
    private static let step = 10

    fileprivate init(_ points: [RunTrend.Point], _ now: TrendPage.Now) {
        let most = max(now.changes, points.map(\.changes).max() ?? 0)
        let scale = LogarithmicScale(upTo: most)
        label =
            "Changes of the last \(counted(points.count, "run")) and of \(now.name), on a logarithmic scale. "
            + "The figures follow as a table."
        width = (points.count + 1) * Self.step
        ticks = scale.ticks.map(grouped)
        lines = scale.ticks.map { Self.text(100 - scale.height($0)) }
        func bar(_ number: Int, _ tone: String, _ title: String, _ changes: Int, _ leaving: Int) -> TrendPage.Bar {
            let all = scale.height(changes), part = scale.height(leaving)
            return TrendPage.Bar(
                tone: tone, title: title, x: number * Self.step, all: Self.text(all), allTop: Self.text(100 - all),
                leaving: Self.text(part), leavingTop: Self.text(100 - part))
        }
        func title(_ name: String, _ changes: Int, _ leaving: Int, _ isHeld: Bool) -> String {
            "\(name): \(counted(changes, "change")), \(counted(leaving, "deactivation"))" + (isHeld ? ", held" : "")
        }
        bars =
            points.enumerated().map { number, point in
                bar(
                    number, point.isHeld ? "stopped" : "past",
                    title(point.started.minute, point.changes, point.deactivations, point.isHeld), point.changes,
                    point.deactivations)
            } + [
                bar(
                    points.count, now.isHeld ? "now stopped" : "now",
                    title(now.name.begun, now.changes, now.leaving, now.isHeld), now.changes, now.leaving)
            ]
        rows =
            points.map { point in
                TrendPage.Row(
                    run: point.run.rawValue, started: point.started.minute, changes: grouped(point.changes),
                    deactivations: grouped(point.deactivations),
                    result: point.isHeld ? "held" : point.isFinished ? point.command : "did not finish")
            } + [
                TrendPage.Row(
                    run: now.name, started: now.started, changes: grouped(now.changes),
                    deactivations: grouped(now.leaving), result: now.isHeld ? "held" : "")
            ]
        from = points.first.map(\.started.minute) ?? ""
        to = now.name
    }

    /// One decimal, with a point wherever it is made.
    private static func text(_ height: Double) -> String {
        let tenths = Int((height * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

/// Heights from 0 to 100 on which ten times as much is one step more: a first import and a quiet night are both seen.
struct LogarithmicScale {
    private let steps: Int

    /// Nothing is higher than `most`.
    init(upTo most: Int) {
        var steps = 1, top = 10
        while top < most {
            top *= 10
            steps += 1
        }
        self.steps = steps
    }

    /// The figures at equal distances, from the top down to 0.
    var ticks: [Int] { (0...steps).reversed().map { power in (0..<power).reduce(1) { ten, _ in ten * 10 } } + [0] }

    func height(_ figure: Int) -> Double {
        figure > 0 ? (log10(Double(figure)) + 1) * 100 / Double(steps + 1) : 0
    }
}
