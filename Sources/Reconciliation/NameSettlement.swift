import Exports
import SCIM

/// Identifiers solved as a whole (product.md, rule 13): who may have which userName once everybody has moved.
///
/// A name is free when nobody holds it, when its holder moves away in the same plan, or when its holder leaves in the
/// same plan: then the leaver keeps their card under a tombstone name and the newcomer inherits nothing. Otherwise the
/// record is rejected. Whoever is rejected keeps their old name, and so refuses it to the next in the chain.
struct NameSettlement {
    /// Leavers whose name is given to somebody else.
    private(set) var tombstones: Set<RowID> = []
    /// Leavers who may move to the name that their record says.
    private(set) var renamedLeavers: Set<RowID> = []
    /// Who must move together, numbered from 1.
    private let together: [NameMoves.Claimant: Int]

    /// Settles all names, and takes back in `correlation` who cannot have theirs. `leaves` tells who gives up their name
    /// when somebody else needs it.
    init(
        _ correlation: inout Correlation, rules: IdentityRules, roster: RosterReader,
        mayMove: (Correlation.Match) throws -> Bool,
        leaves: (StoredResource, Correlation.Match?) throws -> Bool
    ) throws {
        var claims: [NameMoves.Claim] = []
        func claim(_ claimant: NameMoves.Claimant, _ name: String, own row: RowID?) throws {
            guard let holder = try roster.user(name: name), holder.row != row else { return }
            claims.append(.init(claimant: claimant, name: name, holder: holder.row))
        }
        var moving: Set<RowID> = []
        var leaving: Set<RowID> = []
        for match in correlation.matches {
            let row = match.user.row
            guard !correlation.rejections.isPinned(row), let name = Self.newName(match, rules), try mayMove(match)
            else {
                continue
            }
            moving.insert(row)
            if match.record.activity.saysGone { leaving.insert(row) }
            try claim(.resource(row), name, own: row)
        }
        for record in correlation.contestedNewcomers {
            if let name = rules.userNameKey(of: record) { try claim(.new(name), name, own: nil) }
        }

        var matchOfRow: [RowID: Int] = [:]
        if !claims.isEmpty {
            for (index, match) in correlation.matches.enumerated() { matchOfRow[match.user.row] = index }
        }
        let matches = correlation.matches
        let moves = try NameMoves(claims, moving: moving) { row in
            guard let user = try roster.user(row: row) else { return false }
            return try !leaves(user, matchOfRow[row].map { matches[$0] })
        }
        // A leaver who cannot be renamed leaves all the same.
        correlation.refuse(
            moves.refused.filter { claim in
                if case .resource(let row) = claim.claimant { !leaving.contains(row) } else { true }
            })
        tombstones = moves.yielding
        renamedLeavers = leaving.intersection(moves.moving)
        together = moves.together(from: 1)
    }

    func together(_ row: RowID) -> Int? { together.isEmpty ? nil : together[.resource(row)] }

    /// Of a newcomer, by userName key.
    func together(newcomer key: @autoclosure () -> String?) -> Int? {
        if together.isEmpty { return nil }
        return key().flatMap { together[.new($0)] }
    }

    /// The name under which a leaver's card is kept once somebody else has theirs: the id's hex digits and the old name,
    /// as Entra does with deleted accounts.
    static func tombstone(of id: ResourceID, userName: String) -> String {
        let digits = id.rawValue.filter(\.isHexDigit).lowercased()
        // What a userName may have at most, less the digits.
        return digits + String(userName.suffix(320 - digits.count))
    }

    /// The key that a match wants to move to, if it is another than the present one.
    private static func newName(_ match: Correlation.Match, _ rules: IdentityRules) -> String? {
        switch match.record.activity {
        // Nobody acts on the word of a deleted row, and the undecided are left out.
        case .deleted, .undecided: return nil
        case .active, .unstated, .inactive: break
        }
        guard rules.overwritesUserName, let name = rules.userNameKey(of: match.record) else { return nil }
        let present = try? CanonicalKey.userName(match.user.resource.userName)
        return name == present ? nil : name
    }
}

extension Activity {
    /// The export says in so many words that they left.
    var saysGone: Bool {
        switch self {
        case .inactive, .deleted: true
        case .active, .unstated, .undecided: false
        }
    }
}
