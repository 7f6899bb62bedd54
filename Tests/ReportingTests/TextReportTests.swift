import Exports
@testable import Reconciliation
import Reporting
import SCIM
import Testing

@Suite struct `Text report of a plan` {
    private let next = NextStep(
        apply: "popl-sync sync okta-users.csv --database popl.sqlite --team acme",
        state: "This was a dry run: nothing was changed.")

    private func text(_ plan: Plan, standing: [GuardFinding] = [], style: Style = .plain) -> String {
        TextReport.plan(plan, standing: standing, next: next, style: style)
    }

    @Test func `shows every kind of finding and ends with what to type next`() throws {
        try expectText(text(SamplePlan.everything), "plan.txt")
    }

    @Test func `says how a held plan can be let through`() throws {
        try expectText(text(SamplePlan.held, standing: SamplePlan.held.guards), "plan-held.txt")
    }

    @Test func `says when a guard cannot be overridden`() throws {
        var plan = SamplePlan.held
        plan.changes = SamplePlan.deactivations(1)
        plan.guards = [
            GuardFinding(
                name: "last-admin", figure: "0", limit: "1", held: true, canBeAccepted: false,
                message: "the team would be left without an active admin")
        ]
        try expectText(text(plan, standing: plan.guards), "plan-last-admin.txt")
    }

    @Test func `says of an undo with nothing left to do whom it left alone`() {
        var plan = SamplePlan.empty
        plan.undoes = RunID(rawValue: "20261124-0200-k3f9")
        plan.pinned = ["ada", "bob"].map {
            PinnedMember(
                member: MemberName(id: $0, userName: $0, externalID: nil), reason: PinnedMember.changedSince, file: nil,
                line: nil)
        }
        #expect(
            text(plan).hasSuffix("\nNothing to take back: 2 members were changed since the run and left alone.\n"))
        plan.pinned[1].reason = "deleted since the run"
        #expect(text(plan).hasSuffix("\nNothing to take back: 2 members were left alone.\n"))
    }

    @Test func `puts a limit below a figure that it does not fit beside`() {
        var plan = SamplePlan.empty
        let entity = "https://idp.example.com/sso/saml/metadata/0123456789abcdef"
        plan.guards = [
            GuardFinding(
                name: "sso-entity", figure: entity, limit: entity + "0", held: true, message: "another provider")
        ]
        let report = text(plan, standing: plan.guards)
        #expect(report.contains("sso-entity  \(entity),\n\(String(repeating: " ", count: 24))limit \(entity)0\n"))
    }

    @Test func `begins its summary as a sentence begins`() {
        var plan = SamplePlan.empty
        plan.changes = [
            Change(.connectionUpdate, name: "https://idp.example.com", reason: "first metadata", attributes: [])
        ]
        #expect(text(plan).contains("\nThe SSO connection to update"))
    }

    @Test func `says that there is nothing to do`() throws {
        try expectText(text(SamplePlan.empty), "plan-in-sync.txt")
    }

    @Test func `shows an accepted guard as accepted and offers to apply`() {
        let report = text(SamplePlan.held)
        #expect(report.contains("accepted  deactivations  37, limit 25"))
        #expect(report.contains("To apply it:"))
        #expect(report.hasSuffix(" --accept deactivations=37\n"))
        #expect(!report.contains("HELD"))
    }

    @Test func `keeps to eighty columns`() {
        var wide = SamplePlan.held
        wide.guards.append(
            GuardFinding(
                name: "rolling-deactivations", subject: "week", figure: "12345", limit: "20000", held: false,
                setting: "guards.rolling-deactivations.week", message: "12,345 left in a week"))
        for plan in [SamplePlan.everything, SamplePlan.held, wide] {
            for line in text(plan, standing: plan.guards.filter(\.held)).split(separator: "\n") {
                #expect(TerminalText.width(String(line)) <= 80, "\(line)")
            }
        }
    }

    @Test func `cuts a long list and counts the rest`() {
        let report = text(SamplePlan.held, standing: SamplePlan.held.guards)
        #expect(report.contains("… and 17 more; --format csv or html has all"))
        #expect(report.contains("leaver20@example.com") && !report.contains("leaver21@example.com"))
    }

    @Test func `counts unmanaged members that it was not given`() {
        var plan = SamplePlan.everything
        plan.unmanagedCount = 12_345
        #expect(text(plan).contains("(12,345)"))
        #expect(text(plan).contains("… and 12,344 more"))
    }

    @Test func `paints only when asked, and the same letters either way`() {
        let painted = text(SamplePlan.everything, style: Style(colour: true))
        #expect(painted.contains("\u{1B}[31m"))
        #expect(!text(SamplePlan.everything).contains("\u{1B}"))
        var bare = painted
        while let start = bare.range(of: "\u{1B}["), let end = bare[start.upperBound...].firstIndex(of: "m") {
            bare.removeSubrange(start.lowerBound...end)
        }
        #expect(bare == text(SamplePlan.everything))
    }

    @Test func `lets no name move the cursor or turn the line around`() {
        var plan = SamplePlan.empty
        plan.changes = [
            Change(
                .create, name: "eve\u{1B}[2J\u{202E}\r\n@example.com", reason: "not in the roster\u{7}",
                place: Place(file: "a.csv", line: 2),
                attributes: [AttributeChange(path: "title", old: nil, new: "x\u{9B}31m\ny")])
        ]
        let report = text(plan)
        let allowed = report.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        #expect(allowed)
        #expect(!report.unicodeScalars.contains("\u{202E}"))
        #expect(report.contains(#"eve\u{1B}[2J\u{202E}\r\n@example.com"#))
        #expect(report.contains(#"x\u{9B}31m\ny"#))
    }
}

@Suite struct `Text report of a run` {
    private func text(_ plan: Plan, _ outcomes: [Outcome], interrupted: Bool = false) -> String {
        let report = RunReport(
            run: RunID(rawValue: "20261124-0200-k3f9"), command: "sync", plan: plan, outcomes: outcomes,
            isInterrupted: interrupted)
        return TextReport.run(report, next: "popl-sync sync --config acme.yaml", style: .plain)
    }

    @Test func `says first what was not applied, and why`() throws {
        let outcomes: [Outcome] = [
            .applied, .failed("Another member has the userName bjorn@example.com."), .applied,
            .superseded("It changed since version 7."), .applied,
        ]
        try expectText(text(SamplePlan.everything, outcomes), "run-in-part.txt")
    }

    @Test func `says that all was applied`() throws {
        var plan = SamplePlan.empty
        plan.changes = SamplePlan.deactivations(2)
        plan.inputs[0].rejected = []
        try expectText(text(plan, [.applied, .applied]), "run-done.txt")
    }

    @Test func `says what was not attempted when it was stopped`() throws {
        var plan = SamplePlan.empty
        plan.changes = SamplePlan.deactivations(3)
        try expectText(text(plan, [.applied, .skipped, .skipped], interrupted: true), "run-stopped.txt")
    }

    @Test func `says what keeps a run from being whole`() {
        func closing(_ plan: Plan) -> String { String(text(plan, plan.changes.map { _ in .applied }).suffix(200)) }
        #expect(
            closing(SamplePlan.empty).hasSuffix(
                "\n\nDone in part: there was nothing to change; 1 record was rejected, see above.\n"))
        #expect(
            closing(SamplePlan.everything).hasSuffix(
                "\n\nDone in part: all 5 changes were applied; 1 record was rejected and 1 member is\npinned, see above.\n"
            ))
    }

    @Test func `leaves out what counted nothing`() {
        func closing(_ outcomes: [Outcome]) -> String {
            var plan = SamplePlan.empty
            plan.changes = SamplePlan.deactivations(outcomes.count)
            return String(text(plan, outcomes).split(separator: "\n").first { $0.hasPrefix("Done in part") } ?? "")
        }
        #expect(closing([.failed("no")]).hasPrefix("Done in part: nothing was applied, 1 failed. The next run"))
        #expect(
            closing([.applied, .superseded("x")]).hasPrefix("Done in part: 1 of 2 changes was applied, 1 was super"))
    }

    @Test func `says that there was nothing to do`() {
        var plan = SamplePlan.empty
        plan.inputs[0].rejected = []
        #expect(text(plan, []).hasSuffix("In sync: there was nothing to change.\n"))
    }
}
