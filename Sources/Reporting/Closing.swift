import Reconciliation
import SCIM

/// How a report ends, in every form of it: what came of the plan or the run, and what to type next.
struct Closing {
    /// `Held`, `Done in part`: what came of it in a word.
    let word: String
    /// What is to say of it, each a sentence.
    private(set) var sentences: [String]
    let meaning: Style.Meaning?
    /// What leads to ``command``, or says why there is none.
    private(set) var lead: String?
    /// The whole command; `nil` where nothing is left to do.
    private(set) var command: String?
    /// Why it is not whole stands further up, in a form that has an up.
    private var isExplainedAbove = false

    private init(
        _ word: String, _ sentence: String, _ meaning: Style.Meaning?, lead: String? = nil, command: String? = nil
    ) {
        self.word = word
        self.sentences = [sentence]
        self.meaning = meaning
        self.lead = lead
        self.command = command
    }

    /// Of a plan that is not applied, or not yet.
    init(of plan: Plan, standing: [GuardFinding], next: NextStep) {
        let apply = plan.accepting(next.apply)
        guard standing.isEmpty else {
            self.init(held: standing, apply: apply, again: next.again)
            return
        }
        if plan.changes.isEmpty, let left = plan.leftAlone {
            self.init("Nothing to take back", "\(left).", .alarm)
        } else if plan.changes.isEmpty {
            self.init("In sync", "there is nothing to change.", .good)
        } else {
            self.init("Clear", "no guard objects.", .good, lead: next.state + " To apply it:", command: apply)
        }
    }

    private init(held standing: [GuardFinding], apply: String, again: String) {
        word = "Held"
        meaning = .alarm
        sentences = standing.map(\.message.sentence)
        let final = standing.filter { !$0.canBeAccepted }
        if final.isEmpty {
            lead = "Nothing was changed. If this is right, allow this plan only:"
            command = apply
        } else {
            let names = final.map(\.name).joined(separator: ", ")
            lead = "Nothing was changed. \(names) cannot be overridden: mend the export or the configuration, then:"
            command = again
        }
    }

    /// Of a run that was not held; `next` continues it, where it can still be.
    init(of report: RunReport, next: String?) {
        let total = report.outcomes.count
        let counts = OutcomeCounts(report.outcomes)
        let next = next.map(report.plan.accepting)
        if report.isInterrupted {
            self.init(
                "Stopped", "\(counts.told(of: total)).", .alarm,
                lead: next.map { _ in "Run it again to do the rest:" }, command: next)
        } else if counts.applied == total, let rest = report.plan.leftOut {
            let done = total == 0 ? "there was nothing to change" : "\(Self.all(total)) applied"
            self.init("Done in part", "\(done); \(rest).", .alarm)
            isExplainedAbove = true
        } else if total == 0 {
            self.init("In sync", "there was nothing to change.", .good)
        } else if counts.applied == total {
            self.init("Done", "\(Self.all(total)) applied.", .good)
        } else {
            // A saved plan does not plan again.
            let again = report.command == "apply" ? nil : next
            self.init(
                "Done in part",
                "\(counts.told(of: total)). The next run plans again what is still different.", .alarm,
                lead: again.map { _ in "To run it now:" }, command: again)
        }
    }

    /// Of a run of the past.
    init(of entry: RunHistory.Entry) { self.init("Result", entry.result.words + ".", entry.result.meaning) }

    private static func all(_ total: Int) -> String {
        switch total {
        case 1: "the change was"
        case 2: "both changes were"
        default: "all \(grouped(total)) changes were"
        }
    }

    /// The lines of a text, the command aside.
    var lines: [(text: String, meaning: Style.Meaning?)] {
        // That a plan is clear goes without saying where it can be applied.
        if word == "Clear" { return [(lead ?? "", meaning)] }
        var lines = sentences.map { ("\(word): \(isExplainedAbove ? $0.dropLast() + ", see above." : $0)", meaning) }
        guard let lead else { return lines }
        if word == "Held" { lines.append((lead, nil)) } else { lines[lines.count - 1].0 += " " + lead }
        return lines
    }
}

extension OutcomeCounts {
    /// `7 of 9 changes were applied, 1 failed, 1 was superseded`.
    fileprivate func told(of total: Int) -> String {
        func were(_ count: Int) -> String { "\(grouped(count)) \(count == 1 ? "was" : "were")" }
        let verb = applied == 1 ? "was" : "were"
        var parts = [
            applied == 0 ? "nothing was applied" : "\(grouped(applied)) of \(counted(total, "change")) \(verb) applied"
        ]
        if failed > 0 { parts.append("\(grouped(failed)) failed") }
        if superseded > 0 { parts.append("\(were(superseded)) superseded") }
        if skipped > 0 { parts.append("\(were(skipped)) not attempted") }
        return parts.joined(separator: ", ")
    }
}

extension Plan {
    /// `command` with what lets this plan pass its held guards, where anything can.
    fileprivate func accepting(_ command: String) -> String {
        ([command] + guards.compactMap(\.accept)).joined(separator: " ")
    }

    /// Whom an undo does not take back, as half a sentence; `nil` where that is nobody.
    fileprivate var leftAlone: String? {
        guard undoes != nil, !pinned.isEmpty else { return nil }
        let areChanged = pinned.allSatisfy { $0.reason == PinnedMember.changedSince }
        return counted(pinned.count, "member was", "members were")
            + (areChanged ? " changed since the run and left alone" : " left alone")
    }

    /// Why a run of which everything was applied is not whole, as half a sentence; `nil` when it is.
    fileprivate var leftOut: String? {
        var parts: [String] = []
        if !rejected.isEmpty {
            parts.append(counted(rejected.count, "record was", "records were") + " rejected")
        }
        if let leftAlone {
            parts.append(leftAlone)
        } else if !pinned.isEmpty {
            parts.append(counted(pinned.count, "member is", "members are") + " pinned")
        }
        if withheld > 0 {
            parts.append(counted(withheld, "removal is", "removals are") + " held back")
        }
        if hasRefusedMetadata { parts.append("the metadata was refused") }
        guard let last = parts.popLast() else { return nil }
        return parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last
    }
}

extension Report {
    /// `nil` of a held run of the past: nothing is left to say or to type.
    var closing: Closing? {
        switch occasion {
        case .dryRun(let next): return Closing(of: plan, standing: standing, next: next)
        case .run(let run, let next, _):
            return standing.isEmpty
                ? Closing(of: run, next: next.apply) : Closing(of: plan, standing: standing, next: next)
        case .past(let run, _): return standing.isEmpty ? Closing(of: run, next: nil) : nil
        }
    }

    /// The whole command to type next; `nil` where nothing is left to do.
    package var nextCommand: String? { closing?.command }

    /// What it is of, as a heading.
    var title: String {
        let what = run.map { "Run \($0.run)" } ?? plan.undoes.map { "Undo of run \($0)" } ?? "Plan"
        return "\(what) for team \(plan.team), source \(plan.source)"
    }
}

extension String {
    /// As a sentence begins.
    var begun: String { prefix(1).uppercased() + dropFirst() }
}

extension TextPage {
    mutating func closing(_ closing: Closing) {
        for line in closing.lines { paragraph(line.text, line.meaning) }
        if let command = closing.command { self.command(command) }
    }
}
