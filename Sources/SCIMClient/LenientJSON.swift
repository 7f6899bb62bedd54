import JSON

/// Values as services at fault write them (scim-clients.md §7): numbers and booleans as strings, an id as a number.
extension JSONValue {
    package var lenientInteger: Int? { integer ?? string.flatMap { Int($0) } }

    var lenientBoolean: Bool? {
        if let boolean { return boolean }
        switch string?.lowercased() {
        case "true": return true
        case "false": return false
        default: return nil
        }
    }

    /// An id: a string, or the digits of a number.
    package var identifier: String? { string ?? number }
}
