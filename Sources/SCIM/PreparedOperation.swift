/// An operation judged as far as it can be without a look at what the store holds.
///
/// That part is pure, and the larger one of a creation: a bulk load prepares a batch on one thread while another is
/// written on a second.
package struct PreparedOperation: Sendable {
    package let operation: BulkOperation
    /// What a `create` makes, or why it must not; `nil` for every other action.
    let creation: Result<Creation, SCIMError>?

    /// A resource that is to be made, whole but for its id and the moment.
    struct Creation: Sendable {
        let attributes: ComplexValue
        /// A Group's Users; `nil` when none were named.
        let members: [ResourceID]?
        let keys: ResourceKeys
        /// `attributes` as ``AttributesJSON`` has them, for the store and for the journal.
        let body: [UInt8]
    }

    package init(_ operation: BulkOperation, limits: TextLimits = TextLimits()) {
        self.operation = operation
        guard case .create(let type, let attributes, let members) = operation.action else {
            creation = nil
            return
        }
        creation = Result { () throws(SCIMError) in try Creation(type, attributes, members, limits) }
    }
}

extension PreparedOperation.Creation {
    fileprivate init(
        _ type: ResourceType, _ given: ComplexValue, _ listed: [ResourceID], _ limits: TextLimits
    ) throws(SCIMError) {
        let input = try AttributesInput(given, for: type, limits: limits)
        var attributes = input.attributes
        if type == .user, attributes["active"] == nil { attributes["active"] = .boolean(true) }
        self.init(
            attributes: attributes, members: type == .group ? listed + (input.members ?? []) : nil,
            keys: try ResourceKeys(type, attributes), body: AttributesJSON.encode(attributes))
    }
}
