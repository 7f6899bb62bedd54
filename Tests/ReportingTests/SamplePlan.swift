import Exports
import SCIM

@testable import Reconciliation

/// A night at Acme, small enough to read: one of everything that a report shows.
enum SamplePlan {
    static var everything: Plan {
        var plan = empty
        plan.inputs = [users, groups]
        plan.changes = [
            Change(
                .create, name: "ada.novakova@example.com", externalID: "00u1", reason: "not in the roster",
                place: Place(file: users.file, line: 2),
                attributes: [
                    AttributeChange(path: "userName", old: nil, new: "ada.novakova@example.com"),
                    AttributeChange(path: "displayName", old: nil, new: "Ada Nováková"),
                    AttributeChange(path: "title", old: nil, new: "Engineer"),
                ]),
            Change(
                .update, id: ResourceID(rawValue: "u-2"), name: "bjorn@example.com", externalID: "00u2", version: 3,
                reason: "differs from the export", place: Place(file: users.file, line: 3),
                attributes: [
                    AttributeChange(path: "title", old: "Engineer", new: "Lead Engineer"),
                    AttributeChange(path: "phoneNumbers.work", old: nil, new: "+46 8 123 456"),
                    AttributeChange(path: "nickName", old: "Bear", new: nil),
                    AttributeChange(
                        path: "addresses.work.streetAddress", old: "Storgatan 1, third floor, to the left",
                        new: "Kungsgatan 22, second floor, opposite the lift"),
                ]),
            Change(
                .deactivate, id: ResourceID(rawValue: "u-3"), name: "tom.leaver@example.com", externalID: "00u3",
                version: 1, reason: "absent from a complete export", attributes: [active(true, false)]),
            Change(
                .deactivate, id: ResourceID(rawValue: "u-4"), name: "zoe@example.com", externalID: "00u4", version: 7,
                reason: "status DEPROVISIONED", place: Place(file: users.file, line: 9),
                attributes: [active(true, false)]),
            groupUpdate,
        ]
        plan.guards = [
            GuardFinding(
                name: "deactivations", figure: "2", limit: "25", held: false,
                message: "2 of 40 active, managed, unprotected members would be deactivated"),
            GuardFinding(
                name: "rejected", figure: "1", limit: "5", held: false, message: "1 of 41 records is rejected"),
        ]
        plan.pinned = [
            PinnedMember(
                member: MemberName(id: "u-5", userName: "pat@example.com", externalID: "00u5"),
                reason: "a record about them was rejected: two addresses in one cell", file: users.file, line: 7)
        ]
        plan.unmanaged = [MemberName(id: "u-6", userName: "owner@example.com", externalID: nil)]
        plan.unmanagedCount = 1
        plan.unchanged = 36
        plan.notices = [
            Notice(
                .warning, code: "certificate-expires",
                message: "the only signing certificate of the SSO connection expires in 14 days, on 2026-12-07")
        ]
        return plan
    }

    static var empty: Plan {
        Plan(
            team: "acme", source: "okta", asOf: Timestamp(rawValue: 1_795_305_600_000), inputs: [users],
            fingerprint: String(repeating: "ab", count: 32), changes: [], links: [], guards: [], pinned: [],
            unmanaged: [], unmanagedCount: 0, suspected: [], unchanged: 41, notices: [])
    }

    /// Too many leavers, and the last admin among them.
    static var held: Plan {
        var plan = empty
        plan.changes = (1...37).map { number in
            Change(
                .deactivate, id: ResourceID(rawValue: "u-\(number)"), name: "leaver\(number)@example.com",
                externalID: "00u\(number)", version: 1, reason: "absent from a complete export",
                attributes: [active(true, false)])
        }
        plan.guards = [
            GuardFinding(
                name: "deactivations", figure: "37", limit: "25", held: true,
                message: "37 of 300 active, managed, unprotected members would be deactivated")
        ]
        return plan
    }

    static func deactivations(_ count: Int) -> [Change] { Array(held.changes.prefix(count)) }

    static var users: InputSummary {
        var input = InputSummary(file: "exports/okta-users.csv", kind: .users, format: "okta-rockstar-csv")
        input.grade = .complete
        input.records = 41
        input.active = 38
        input.inactive = 2
        input.rejected = [
            RejectedRecord(
                file: 0, line: 7, column: "Primary email", code: "two-addresses",
                message: "two addresses in one cell; keep one", anchor: "00u5", userName: "pat@example.com",
                original: [
                    .init(column: "User Id", value: "00u5"), .init(column: "Username", value: "pat@example.com"),
                    .init(column: "Title", value: "=cmd|' /C calc'!A0"),
                    .init(column: "Primary email", value: "pat@example.com; p@example.org"),
                ])
        ]
        return input
    }

    static var groups: InputSummary {
        var input = InputSummary(file: "exports/okta-groups.json", kind: .groups, format: "okta-groups-json")
        input.grade = .plausible
        input.gradeReasons = ["exactly 200 records, which is one page of the API"]
        input.records = 200
        return input
    }

    private static var groupUpdate: Change {
        var change = Change(
            .groupUpdate, id: ResourceID(rawValue: "g-1"), name: "Sales", externalID: "00g1", version: 2,
            reason: "differs from the export", place: Place(file: groups.file, line: 1), attributes: [])
        change.addMembers = [.created(userName: "ada.novakova@example.com")]
        change.removeMembers = ["u-7", "u-8", "u-9", "u-10"].map { .member(ResourceID(rawValue: $0), userName: $0) }
        return change
    }

    private static func active(_ old: Bool, _ new: Bool) -> AttributeChange {
        AttributeChange(path: "active", old: String(old), new: String(new))
    }
}
