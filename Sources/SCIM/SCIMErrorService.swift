extension SCIMError {
    /// The operation itself was right; another of the same request was refused, and they apply together or not at all.
    package static let notApplied = SCIMError(
        status: 424, detail: "Not applied: another operation of the same request was refused.")

    /// It is no longer as the caller saw it.
    static func hasChanged(_ type: ResourceType) -> SCIMError {
        preconditionFailed("The \(type.name) has changed since it was read.")
    }

    /// A team always keeps somebody who can administer it (product.md, rule 5).
    package static let lastAdmin = SCIMError(
        status: 409, detail: "This would leave the team without an active admin. Make somebody else an admin first.")

    /// The store refused what the core took for right: a defect, told without its particulars.
    static let contradiction = SCIMError(status: 500, detail: "The change contradicts what the roster holds.")
}
