import SCIM

/// How many resources of one type a team has. Also a difference of two such counts.
struct Tally {
    var total = 0
    var active = 0
    /// Active ones only.
    var admins = 0

    mutating func count(active isActive: Bool, admin: Bool, by step: Int = 1) {
        total += step
        if isActive { active += step }
        if isActive && admin { admins += step }
    }
}
