import SCIM

/// Names that move among the resources of one type: who may have the one they ask for, and who must move together.
///
/// Whoever holds a name and stays refuses it to the one who asks; that one stays too, and refuses theirs to the next.
struct NameMoves {
    enum Claimant: Hashable {
        case resource(RowID)
        /// What the plan creates, by name key.
        case new(String)
    }

    /// Somebody asks for a name that another has.
    struct Claim {
        var claimant: Claimant
        var name: String
        var holder: RowID
    }

    /// Those that stand.
    private(set) var claims: [Claim]
    private(set) var refused: [Claim] = []
    /// Resources that move to another name.
    private(set) var moving: Set<RowID>
    /// Holders who do not move, and whose name is given on all the same.
    private(set) var yielding: Set<RowID> = []

    /// `moving` are all who ask for another name, contested or not; each name is asked for once at most. `keeps` tells
    /// whether a holder who does not move keeps their name for themselves.
    init(_ claims: [Claim], moving: Set<RowID>, keeps: (RowID) throws -> Bool) rethrows {
        self.moving = moving
        let claimsOn = Dictionary(grouping: claims, by: \.holder)
        var staying = claims.map(\.holder).filter { !moving.contains($0) }
        var seen = Set(staying)
        while let holder = staying.popLast() {
            guard try keeps(holder) else {
                yielding.insert(holder)
                continue
            }
            for claim in claimsOn[holder] ?? [] {
                refused.append(claim)
                guard case .resource(let row) = claim.claimant else { continue }
                self.moving.remove(row)
                if seen.insert(row).inserted { staying.append(row) }
            }
        }
        let lost = Set(refused.map(\.claimant))
        // In the roster's order, so that the numbers do not depend on the order of the export's rows.
        self.claims = claims.filter { !lost.contains($0.claimant) }.sorted { $0.holder < $1.holder }
    }

    /// Numbers, from `first`, those who must move together: all along a chain or a ring.
    func together(from first: Int) -> [Claimant: Int] {
        var parent: [Claimant: Claimant] = [:]
        func root(_ claimant: Claimant) -> Claimant {
            var top = claimant
            while let next = parent[top], next != top { top = next }
            var at = claimant
            while let next = parent[at], next != top {
                parent[at] = top
                at = next
            }
            return top
        }
        for claim in claims { parent[root(claim.claimant)] = root(.resource(claim.holder)) }
        var numbers: [Claimant: Int] = [:]
        var together: [Claimant: Int] = [:]
        for claim in claims {
            let top = root(claim.claimant)
            let number = numbers[top] ?? first + numbers.count
            numbers[top] = number
            together[claim.claimant] = number
            together[.resource(claim.holder)] = number
        }
        return together
    }
}
