import Exports
import SCIM

/// Identifiers solved as a whole (product.md, rule 13): who may have which userName once everybody has moved.
///
/// A name is free when nobody holds it, when its holder moves away in the same plan, or when its holder leaves in the
/// same plan: then the leaver keeps their card under a tombstone name and the newcomer inherits nothing. Otherwise the
/// record is rejected. Whoever is rejected keeps their old name, so the question is asked again until nothing changes.
struct NameSettlement {
    /// Leavers whose name is given to somebody else.
    private(set) var tombstones: Set<RowID> = []
    /// Who must move together, numbered from 1: members by row, newcomers by userName key.
    private(set) var togetherByRow: [RowID: Int] = [:]
    private(set) var togetherByName: [String: Int] = [:]

    private enum Claimant: Hashable {
        case member(RowID)
        case newcomer(String)
    }

    private enum Refused {
        case match(RowID)
        case newcomer(IdentityRecord)
    }

    /// Settles all names. `leaves` tells whether the plan takes somebody's access away.
    init(
        _ correlation: inout Correlation, rules: IdentityRules, roster: RosterReader,
        isUntouched: (StoredResource) -> Bool, leaves: (StoredResource, Correlation.Match?) -> Bool
    ) throws {
        var edges: [(Claimant, RowID)] = []
        while true {
            var matchOfRow: [RowID: Int] = [:]
            for (index, match) in correlation.matches.enumerated() { matchOfRow[match.user.row] = index }
            let moves = correlation.matches.compactMap { match -> (Correlation.Match, String)? in
                guard correlation.pins[match.user.row] == nil, !isUntouched(match.user),
                    let name = Self.newName(match, rules)
                else { return nil }
                return (match, name)
            }
            let moving = Set(moves.map(\.0.user.row))
            edges = []
            tombstones = []
            var refused: (Refused, name: String, holder: RowID)?
            func settle(_ claimant: Claimant, _ name: String) throws -> StoredResource? {
                guard let holder = try roster.user(name: name) else { return nil }
                if case .member(holder.row) = claimant { return nil }
                if moving.contains(holder.row) {
                    edges.append((claimant, holder.row))
                } else if leaves(holder, matchOfRow[holder.row].map { correlation.matches[$0] }) {
                    edges.append((claimant, holder.row))
                    tombstones.insert(holder.row)
                } else {
                    return holder
                }
                return nil
            }
            for (match, name) in moves {
                guard let holder = try settle(.member(match.user.row), name) else { continue }
                refused = (.match(match.user.row), name, holder.row)
                break
            }
            if refused == nil {
                for record in correlation.contestedNewcomers {
                    guard let name = rules.userNameKey(of: record),
                        let holder = try settle(.newcomer(name), name)
                    else { continue }
                    refused = (.newcomer(record), name, holder.row)
                    break
                }
            }
            guard let refused else { break }
            let message = Self.taken(refused.name)
            switch refused.0 {
            case .match(let row):
                correlation.reject(matchOf: row, code: "username-taken", message, alsoPinning: refused.holder)
            case .newcomer(let record):
                correlation.reject(newcomer: record, code: "username-taken", message, pinning: refused.holder)
            }
        }
        number(edges)
    }

    /// The name under which a leaver's card is kept once somebody else has theirs: the id's hex digits and the old name,
    /// as Entra does with deleted accounts.
    static func tombstone(of id: ResourceID, userName: String) -> String {
        id.rawValue.filter(\.isHexDigit).lowercased() + userName
    }

    private static func taken(_ name: String) -> String {
        "its userName \(name) belongs to a member who keeps it; change one of the two in the identity provider"
    }

    /// The key that a match wants to move to, if it is another than the present one.
    private static func newName(_ match: Correlation.Match, _ rules: IdentityRules) -> String? {
        switch match.record.activity {
        case .inactive, .deleted, .undecided: return nil
        case .active, .unstated: break
        }
        guard rules.overwritesUserName, let name = rules.userNameKey(of: match.record) else { return nil }
        let present = try? CanonicalKey.userName(match.user.resource.userName)
        return name == present ? nil : name
    }

    private mutating func number(_ edges: [(Claimant, RowID)]) {
        var parent: [Claimant: Claimant] = [:]
        func root(_ claimant: Claimant) -> Claimant {
            var at = claimant
            while let next = parent[at], next != at { at = next }
            return at
        }
        for (claimant, holder) in edges { parent[root(claimant)] = root(.member(holder)) }
        var numbers: [Claimant: Int] = [:]
        func number(of claimant: Claimant) -> Int {
            let top = root(claimant)
            if let known = numbers[top] { return known }
            numbers[top] = numbers.count + 1
            return numbers.count
        }
        for (claimant, holder) in edges {
            let together = number(of: claimant)
            togetherByRow[holder] = together
            switch claimant {
            case .member(let row): togetherByRow[row] = together
            case .newcomer(let name): togetherByName[name] = together
            }
        }
    }
}
