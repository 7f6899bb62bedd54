import Exports
import SCIM

/// People whose login changed in an export without an anchor, known by their employee number (scenario 8).
struct EmployeeNumbers {
    private let rules: IdentityRules
    /// Active members whom no record names, by their number.
    private var members: [String: [StoredResource]] = [:]

    init(_ strangers: [IdentityRecord], _ rules: IdentityRules, _ roster: RosterReader, _ members: LinkIndex) throws {
        self.rules = rules
        guard rules.hasEmployeeNumber, !strangers.isEmpty else { return }
        for slot in members.rows.indices where members.marks[slot] == .absent && members.isActive(slot) {
            guard let user = try roster.user(row: members.rows[slot]),
                let number = rules.employeeNumber(of: user.resource)
            else { continue }
            self.members[number, default: []].append(user)
        }
    }

    func find(_ record: IdentityRecord) -> Correlation.Verdict {
        guard let number = rules.employeeNumber(of: record), let users = members[number], users.count == 1 else {
            return .unknown
        }
        return .match(users[0], .employeeNumber)
    }
}
