import SCIM

/// What a metadata document changes of a team's SSO connection, and what judges that.
package struct ConnectionPlan: Hashable, Sendable {
    /// For people, in the order of the schema; empty when nothing changes.
    package var attributes: [AttributeChange]
    /// The whole connection as it would be stored, without `id`, `meta` and `schemas`. The stored one, member for
    /// member, when nothing changes.
    package var desired: ComplexValue
    /// What a person must look at; the held ones hold the plan.
    package var findings: [GuardFinding]
    package var notices: [Notice]

    package init(
        attributes: [AttributeChange], desired: ComplexValue, findings: [GuardFinding], notices: [Notice]
    ) {
        self.attributes = attributes
        self.desired = desired
        self.findings = findings
        self.notices = notices
    }
}
