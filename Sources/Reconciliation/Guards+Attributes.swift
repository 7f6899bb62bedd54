import SCIM

/// One attribute that changes or empties for nearly everybody: a renamed column, another mapping, a broken report.
extension Guards {
    static func attributes(_ evidence: Evidence) -> [GuardFinding] {
        let limits = evidence.policy.limits
        return of(
            "attribute-changed", evidence.attributesChanged, limits.attributeChangedPercent, evidence,
            nobody: "no attribute would change for anybody"
        ) {
            "the attribute \($0) would change for \(grouped($1)) of \(counted(evidence.matched, "member"))"
        }
            + of(
                "attribute-emptied", evidence.attributesEmptied, limits.attributeEmptiedPercent, evidence,
                nobody: "no attribute is blank in the export that is not so in the roster"
            ) {
                "the attribute \($0) is blank in the export for \(grouped($1)) of \(counted(evidence.matched, "member")), and"
                    + " not in the roster"
            }
    }

    /// A finding for each attribute that is held, else one for the attribute that comes nearest.
    private static func of(
        _ name: String, _ counts: [(attribute: String, count: Int)], _ percent: Double, _ evidence: Evidence,
        nobody: String, _ message: (String, Int) -> String
    ) -> [GuardFinding] {
        let setting = "guards.\(name)"
        let findings = counts.filter { $0.count > 0 }.sorted { $0.attribute < $1.attribute }.map {
            percentage(
                name, subject: $0.attribute, $0.count, of: evidence.matched, percent: percent, evidence,
                setting: setting, message($0.attribute, $0.count))
        }
        let held = findings.filter(\.held)
        if !held.isEmpty { return held }
        if let nearest = findings.max(by: { (Int($0.figure) ?? 0) < (Int($1.figure) ?? 0) }) { return [nearest] }
        return [
            GuardFinding(
                name: name, figure: "0", limit: String(Int(percent)), held: false, setting: setting,
                message: nobody)
        ]
    }
}

/// How many members each attribute changes or empties for, counted while the plan is made.
struct AttributeTally {
    /// By index of the mapping's rules.
    private(set) var changed: [Int]
    private(set) var emptied: [Int]

    init(rules: Int) {
        changed = [Int](repeating: 0, count: rules)
        emptied = changed
    }

    /// A value gives way to another one.
    mutating func change(_ rule: Int) { changed[rule] += 1 }
    /// The export has a blank where the member has a value, whether or not the mapping lets it go.
    mutating func empty(_ rule: Int) { emptied[rule] += 1 }
}
