import SCIM

/// What the place where changes go can take: everything, unless it is a SCIM service elsewhere.
package struct TargetAbilities: Sendable {
    package var hasGroups = true
    package var hasConnection = true
    /// Groups have members.
    package var keepsMembers = true
    /// What of Users is not sent, in the short notation of mappings or by attribute.
    package var leftOut: Set<String> = []
    /// Facts about it that a plan repeats.
    package var notices: [Notice] = []
    package init() {}

    /// Whether nothing is to be said of the rule's attribute, or of the whole that it is a part of.
    func leavesOut(_ rule: AttributePath, named name: String) -> Bool {
        if leftOut.isEmpty { return false }
        let prefix = rule.schema == Schema.enterpriseUserID ? "enterprise." : ""
        return leftOut.contains(name) || leftOut.contains(rule.shortName) || leftOut.contains(prefix + rule.attribute)
    }
}
