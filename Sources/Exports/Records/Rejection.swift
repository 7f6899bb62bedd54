import SCIM

/// Why a record cannot be used. Tests compare codes, people read messages.
struct Rejection: Error {
    var code: String
    /// Slot of the column at fault.
    var slot: Int?
    var message: String
}

extension Rejection {
    static func keyFault(_ fault: CanonicalKey.Rejection, _ slot: Int?) -> Rejection {
        Rejection(code: fault.reason.rawValue, slot: slot, message: "The value \(fault.message).")
    }
}
