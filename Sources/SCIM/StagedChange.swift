/// One operation judged and not yet written: what is there, what will be.
struct StagedChange {
    var type: ResourceType
    var id: ResourceID
    /// `nil` for what does not exist yet.
    var row: RowID?
    /// `nil` for what does not exist yet.
    var before: Resource?
    /// `nil` for a deletion. Version and `lastModified` are set when it is written.
    var after: Resource?
    var keysBefore: ResourceKeys?
    var keysAfter: ResourceKeys?
    /// What ``after`` is as JSON, where it was made already.
    var bodyAfter: [UInt8]?
    /// Whether the attributes differ.
    var isChanged: Bool
    var members = MembershipChange()
    var link: SourceLink?
    /// Which source lets go of it.
    var unlink: SourceID?

    /// Whether somebody stops being an active admin by it.
    var losesAdmin: Bool {
        guard type == .user, let keysBefore, keysBefore.active, keysBefore.isAdmin else { return false }
        return !gainsAdmin
    }

    /// Whether somebody is an active admin after it.
    var gainsAdmin: Bool {
        guard type == .user, let keysAfter else { return false }
        return keysAfter.active && keysAfter.isAdmin
    }

    /// The name key it needs and did not have.
    var newName: String? {
        guard let name = keysAfter?.name, name != keysBefore?.name else { return nil }
        return name
    }
}
