import Foundation
import SCIM

/// Bars of runs, the earliest first: all changes, and before them those that are deactivations. Each is counted from the
/// bottom, for sums mean nothing on a logarithmic scale.
struct BarChart {
    let label: String
    let width: Int
    /// From the top down: 1,000 … 1, 0.
    let ticks: [String]
    let lines: [String]
    let bars: [Bar]
    let from: String
    let to: String

    struct Bar {
        let tone: String
        let title: String
        let x: Int
        let all: String
        let allTop: String
        let leaving: String
        let leavingTop: String
    }

    /// What one bar stands for.
    struct Entry {
        let name: String
        let changes: Int
        let leaving: Int
        let isHeld: Bool
        var isNow = false
    }

    static let step = 10

    /// `from` and `to` stand under its ends.
    init(_ entries: [Entry], label: String, from: String, to: String) {
        let scale = LogarithmicScale(upTo: entries.map(\.changes).max() ?? 0)
        self.label = label + ", on a logarithmic scale. The figures follow."
        self.from = from
        self.to = to
        width = entries.count * Self.step
        ticks = scale.ticks.map(grouped)
        lines = scale.ticks.map { Self.text(100 - scale.height($0)) }
        bars = entries.enumerated().map { number, entry in
            let all = scale.height(entry.changes), leaving = scale.height(entry.leaving)
            return Bar(
                tone: [entry.isNow ? "now" : "past", entry.isHeld ? "stopped" : "done"].joined(separator: " "),
                title: "\(entry.name): \(counted(entry.changes, "change")), "
                    + counted(entry.leaving, "deactivation") + (entry.isHeld ? ", held" : ""),
                x: number * Self.step, all: Self.text(all), allTop: Self.text(100 - all), leaving: Self.text(leaving),
                leavingTop: Self.text(100 - leaving))
        }
    }

    /// One decimal, with a point wherever it is made.
    static func text(_ height: Double) -> String {
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
