/// What the last run of a source was, for Prometheus: a file for node_exporter's textfile collector.
///
/// Moments, not ages: an age in a file would stand still when the job does.
package struct RunMetrics {
    package var team: String
    package var source: String
    package var exitCode: Int32
    /// Seconds since 1970, as all moments here.
    package var ended: Double
    package var duration: Double
    /// `nil`: not known from this run, and what the file said before still holds.
    package var exported: Double?
    package var signingEnds: Double?
    package var activeMembers: Int?
    /// `nil` where there was no plan.
    package var plan: Planned?

    package struct Planned {
        package var kinds: [RunNews.Count]
        package var outcomes: [RunNews.Count]
        /// Every guard that judged, and whether it holds the plan.
        package var guards: [(name: String, isHeld: Bool)]
        package var rejected: Int
        package var pinned: Int
        package var suspected: Int
        package init(
            kinds: [RunNews.Count], outcomes: [RunNews.Count], guards: [(name: String, isHeld: Bool)], rejected: Int,
            pinned: Int, suspected: Int
        ) {
            self.kinds = kinds
            self.outcomes = outcomes
            self.guards = guards
            self.rejected = rejected
            self.pinned = pinned
            self.suspected = suspected
        }
    }

    package init(team: String, source: String, exitCode: Int32, ended: Double, duration: Double) {
        self.team = team
        self.source = source
        self.exitCode = exitCode
        self.ended = ended
        self.duration = duration
    }

    /// The whole file (Prometheus' text format, 0.0.4). `previous` is what it held before: a run that failed leaves the
    /// moment of the last success there, and what it could not learn.
    package func text(replacing previous: String) -> String {
        let before = Before(previous, labels: labels())
        let isSuccess = exitCode == 0
        var page = ""
        func family(_ name: String, _ help: String, _ samples: [(labels: String, value: String?)]) {
            let lines = samples.compactMap { sample in sample.value.map { "popl_sync_\(name)\(sample.labels) \($0)\n" }
            }
            if lines.isEmpty { return }
            page += "# HELP popl_sync_\(name) \(help)\n# TYPE popl_sync_\(name) gauge\n" + lines.joined()
        }
        func lone(_ name: String, _ help: String, _ value: String?) {
            family(name, help, [(labels(), value ?? before[name])])
        }
        lone("last_run_timestamp_seconds", "When the last run ended.", Self.number(ended))
        lone("last_run_duration_seconds", "How long the last run took.", Self.number(duration))
        lone("last_run_exit_code", "How the last run ended; 3 is a plan that a guard holds.", "\(exitCode)")
        lone(
            "last_success_timestamp_seconds", "When a run last ended with exit code 0.",
            isSuccess ? Self.number(ended) : nil)
        lone(
            "last_applied_timestamp_seconds", "When a run last ended with 0 or 1: the roster was brought in step.",
            isSuccess || exitCode == 1 ? Self.number(ended) : nil)
        lone("export_timestamp_seconds", "When the export that was read last was written.", exported.map(Self.number))
        lone(
            "signing_certificate_expiry_timestamp_seconds",
            "When the last certificate that sign-in rests on ends.", signingEnds.map(Self.number))
        lone("active_members", "Active members of the team.", activeMembers.map(String.init))
        guard let plan else { return page }
        family("planned_changes", "Changes of the last plan, by kind.", counts(plan.kinds, "kind"))
        family("changes", "Changes of the last run, by what became of them.", counts(plan.outcomes, "outcome"))
        family(
            "guard_held", "Whether a guard holds the last plan.",
            plan.guards.map { (labels("guard", $0.name), $0.isHeld ? "1" : "0") })
        lone("rejected_records", "Records of the last export that cannot be used.", "\(plan.rejected)")
        lone("pinned_members", "Members left as they are for a record that was rejected.", "\(plan.pinned)")
        lone("suspected_members", "Members whose removal waits.", "\(plan.suspected)")
        return page
    }

    private func counts(_ counts: [RunNews.Count], _ label: String) -> [(labels: String, value: String?)] {
        counts.map { (labels(label, $0.name), "\($0.count)") }
    }

    private func labels(_ name: String? = nil, _ value: String = "") -> String {
        let own = "team=\"\(Self.escaped(team))\",source=\"\(Self.escaped(source))\""
        return "{\(own)\(name.map { ",\($0)=\"\(Self.escaped(value))\"" } ?? "")}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Milliseconds are enough.
    private static func number(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let rest = String(abs(thousandths % 1000))
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// What the file said of this source before. Only what this program writes is understood; anything else is as if it
    /// were not there.
    private struct Before {
        private var values: [String: String] = [:]

        init(_ text: String, labels: String) {
            for line in text.split(separator: "\n") where line.hasPrefix("popl_sync_") {
                guard let start = line.range(of: labels + " "), Double(line[start.upperBound...]) != nil else {
                    continue
                }
                values[String(line[..<start.lowerBound].dropFirst("popl_sync_".count))] = String(
                    line[start.upperBound...])
            }
        }

        subscript(name: String) -> String? { values[name] }
    }
}
