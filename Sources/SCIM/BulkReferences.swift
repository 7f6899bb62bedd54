import JSON

/// `bulkId:…` in an operation's data: a resource that another operation of the same request makes (RFC 7644 §3.7.2).
///
/// It stands as a `value`, as a manager, or alone in a list of members; the same text anywhere else is only text.
enum BulkReferences {
    private static let prefix = "bulkId:"

    /// The bulkId in `text`, if it is such a reference.
    static func name(_ text: String) -> String? {
        guard text.utf8.count > prefix.utf8.count, equalsIgnoringASCIICase(String(text.prefix(7)), prefix) else {
            return nil
        }
        return String(text.dropFirst(7))
    }

    /// Those in `data`, in their order.
    static func names(in data: JSONValue) -> [String] {
        var names: [String] = []
        collect(data, isReference: false, &names)
        return names
    }

    private static func collect(_ value: JSONValue, isReference: Bool, _ names: inout [String]) {
        switch value {
        case .string(let text): if isReference, let name = name(text) { names.append(name) }
        case .array(let values): for value in values { collect(value, isReference: true, &names) }
        case .object(let members):
            for member in members { collect(member.value, isReference: refers(member.name), &names) }
        case .null, .boolean, .number: break
        }
    }

    private static func refers(_ name: String) -> Bool {
        equalsIgnoringASCIICase(name, "value") || equalsIgnoringASCIICase(name, "manager")
            || name.utf8.last == UInt8(ascii: "r") && lowercasedASCII(name).hasSuffix(":manager")
    }

    /// `data` with the ids that `ids` knows; a value whose reference it does not know is left out.
    static func resolved(_ data: JSONValue, _ ids: [String: ResourceID]) -> JSONValue {
        resolved(data, isReference: false, ids) ?? .null
    }

    private static func resolved(
        _ value: JSONValue, isReference: Bool, _ ids: [String: ResourceID]
    ) -> JSONValue? {
        switch value {
        case .string(let text):
            guard isReference, let name = name(text) else { return value }
            return ids[name].map { .string($0.rawValue) }
        case .array(let values): return .array(values.compactMap { resolved($0, isReference: true, ids) })
        case .object(let members):
            var kept: [JSONMember] = []
            for member in members {
                if let value = resolved(member.value, isReference: refers(member.name), ids) {
                    kept.append(JSONMember(name: member.name, value: value))
                } else if equalsIgnoringASCIICase(member.name, "value") {
                    // Without its value a member or a manager says nothing.
                    return nil
                }
            }
            return .object(kept)
        case .null, .boolean, .number: return value
        }
    }
}
