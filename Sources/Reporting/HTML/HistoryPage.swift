import Mustache
import Reconciliation
import SCIM

/// The runs of a team as a page (`Page/history.mustache`): how members, changes and held runs went over time, and each
/// run with the way to its report.
package struct HistoryPage {
    let policy: String
    let style: String
    let title: String
    let kicker: String
    let tiles: [Tile]
    let chart: BarChart?
    let membersChart: MembersChart?
    let runs: [Run]
    let hint: String

    struct Tile {
        let tone: String
        let figure: String
        let label: String
    }

    struct Run {
        let id: String
        /// `nil` where its report is not written beside the page.
        let href: String?
        let started: String
        let what: String
        let facts: String
        let result: String
        let tone: String
    }

    /// The name of the file that holds a run's report, beside the page.
    package static func fileName(_ run: RunID) -> String { "\(run.rawValue).html" }

    /// `entries` are newest first. `isLinked`: each run's report stands beside the page (``fileName(_:)``).
    package static func html(_ entries: [RunHistory.Entry], team: String, isLinked: Bool) throws -> [UInt8] {
        let page = HistoryPage(entries, team: team, isLinked: isLinked)
        return Array(try PageTemplates.render(PackageResources.history_mustache, page).utf8)
    }

    private init(_ entries: [RunHistory.Entry], team: String, isLinked: Bool) {
        let assets = PageAssets()
        policy = assets.policy
        style = assets.style
        title = TerminalText.visible("Runs of team \(team)")
        kicker = entries.first.map { "Until \($0.record.started.minute)" } ?? "None yet"
        tiles = Self.tiles(entries)
        let past = Array(entries.reversed())
        let ends = past.first.flatMap { first in
            past.last.map { (first.record.started.minute, $0.record.started.minute) }
        }
        chart = ends.map { from, to in
            BarChart(past.map(Self.bar), label: "Changes of \(counted(past.count, "run"))", from: from, to: to)
        }
        membersChart = MembersChart(past)
        runs = entries.map { Run($0, isLinked: isLinked) }
        hint =
            isLinked
            ? "Each run leads to its report." : "popl-sync history --run ID --format html shows the report of a run."
    }

    private static func bar(_ entry: RunHistory.Entry) -> BarChart.Entry {
        BarChart.Entry(
            name: entry.record.started.minute, changes: entry.head?.changes ?? 0,
            leaving: entry.head?.kinds[.deactivate] ?? 0, isHeld: entry.isHeld)
    }

    private static func tiles(_ entries: [RunHistory.Entry]) -> [Tile] {
        let held = entries.count(where: \.isHeld), unfinished = entries.count(where: \.didNotFinish)
        var tiles = [Tile(tone: "same", figure: grouped(entries.count), label: entries.count == 1 ? "run" : "runs")]
        tiles.append(Tile(tone: held > 0 ? "removed" : "same", figure: grouped(held), label: "held by a guard"))
        if unfinished > 0 { tiles.append(Tile(tone: "removed", figure: grouped(unfinished), label: "did not finish")) }
        if let members = entries.lazy.compactMap(\.head?.members).first {
            tiles.append(Tile(tone: "same", figure: grouped(members), label: "active members after the last"))
        }
        return tiles
    }
}

extension HistoryPage.Run {
    fileprivate init(_ entry: RunHistory.Entry, isLinked: Bool) {
        let record = entry.record, head = entry.head
        id = record.id.rawValue
        href = isLinked ? HistoryPage.fileName(record.id) : nil
        started = record.started.minute
        let undone = head?.undoes.map { ", takes back \($0)" } ?? ""
        what = TerminalText.visible("\(record.command) \(head?.source ?? "")\(undone)")
        let figures = head.map {
            [counted($0.changes, "change"), counted($0.kinds[.deactivate, default: 0], "deactivation")]
        }
        let after = head?.members.map { counted($0, "active member") + " after it" }
        facts = TerminalText.visible(
            ((figures ?? []) + [after, head.map { "by \($0.by)" }].compactMap(\.self)).joined(separator: ", "))
        let guards = entry.isHeld ? " (\(entry.standing.joined(separator: ", ")))" : ""
        result = TerminalText.visible(entry.result.words + guards)
        switch entry.result.meaning {
        case .good: tone = "good"
        case .alarm: tone = "held"
        default: tone = "same"
        }
    }
}

/// Active members after each run that ended.
struct MembersChart {
    let label: String
    let width: Int
    let points: String
    let most: String
    let fewest: String

    /// `entries` are oldest first. `nil` where no two of them tell.
    init?(_ entries: [RunHistory.Entry]) {
        let members = entries.enumerated().compactMap { number, entry in
            entry.head?.members.map { (x: number, count: $0) }
        }
        guard members.count > 1, let most = members.map(\.count).max(), let fewest = members.map(\.count).min() else {
            return nil
        }
        let span = Double(max(1, most - fewest))
        width = entries.count * BarChart.step
        points = members.map { x, count in
            "\(x * BarChart.step + BarChart.step / 2),\(BarChart.text(100 - Double(count - fewest) * 100 / span))"
        }.joined(separator: " ")
        self.most = grouped(most)
        self.fewest = grouped(fewest)
        label = "Active members, from \(grouped(fewest)) to \(grouped(most)). The figures follow."
    }
}
