import Reconciliation
import SCIM

/// This run beside the source's last ones: a sentence, bars and the figures.
struct TrendPage {
    let tone: String
    let remark: String
    /// `nil` while there is nothing to compare with.
    let chart: BarChart?
    let rows: [Row]

    struct Row {
        let run: String
        let started: String
        let changes: String
        let deactivations: String
        let result: String
    }

    init(_ report: Report) {
        let points = report.trend.points
        let name = report.run == nil ? "this plan" : "this run"
        let changes = report.plan.changes.count, leaving = report.plan.counts[.deactivate] ?? 0
        let isHeld = !report.standing.isEmpty
        (remark, tone) = Self.remark(report.trend, changes: changes, leaving: leaving)
        let bars =
            points.map {
                BarChart.Entry(
                    name: $0.started.minute, changes: $0.changes, leaving: $0.deactivations, isHeld: $0.isHeld)
            } + [BarChart.Entry(name: name.begun, changes: changes, leaving: leaving, isHeld: isHeld, isNow: true)]
        chart = points.first.map {
            BarChart(
                bars, label: "Changes of the last \(counted(points.count, "run")) and of \(name)",
                from: $0.started.minute, to: name)
        }
        rows =
            points.map { point in
                Row(
                    run: point.run.rawValue, started: point.started.minute, changes: grouped(point.changes),
                    deactivations: grouped(point.deactivations),
                    result: point.isHeld ? "held" : point.isFinished ? point.command : "did not finish")
            } + [
                Row(
                    run: name, started: report.plan.asOf.minute, changes: grouped(changes),
                    deactivations: grouped(leaving), result: isHeld ? "held" : "")
            ]
    }

    private static func remark(_ trend: RunTrend, changes: Int, leaving: Int) -> (String, tone: String) {
        guard let mostChanges = trend.most(\.changes), let mostLeaving = trend.most(\.deactivations) else {
            return ("There is no run of this source to compare with.", "same")
        }
        let runs = trend.points.count == 1 ? "the last run" : "any of the last \(trend.points.count) runs"
        if leaving > mostLeaving {
            return (
                "\(counted(leaving, "deactivation")), more than in \(runs): at most \(grouped(mostLeaving)).", "held"
            )
        }
        if changes > mostChanges {
            return (
                "\(counted(changes, "change")), more than in \(runs): at most \(grouped(mostChanges)).", "changed"
            )
        }
        return (
            "\(counted(changes, "change")) and \(counted(leaving, "deactivation")), no more than in \(runs): "
                + "at most \(grouped(mostChanges)) and \(grouped(mostLeaving)).", "good"
        )
    }
}
