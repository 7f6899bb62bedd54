import JSON

extension ListQuery {
    /// Reads the body of a `.search` (RFC 7644 §3.4.3): the same parameters as members, their names in any letter case;
    /// `attributes` and `excludedAttributes` are lists, or one text as in a query.
    ///
    /// Throws `invalidSyntax` for what is no such body, else as ``init(parameters:for:)``.
    package init(
        json: JSONValue, for type: ResourceType, limits: FilterLimits = FilterLimits()
    ) throws(SCIMError) {
        self.init()
        try take(Parameters(json: json), for: type, limits)
    }
}

extension ListQuery.Parameters {
    init(json: JSONValue) throws(SCIMError) {
        guard case .object(let members) = json else {
            throw SCIMError(status: 400, type: .invalidSyntax, detail: "A search is a JSON object.")
        }
        for member in members where !member.value.isNull {
            guard let parameter = ListQuery.Parameter(member.name) else { continue }
            guard texts[parameter] == nil else {
                throw SCIMError(
                    status: 400, type: .invalidSyntax, detail: "\"\(parameter.rawValue)\" is given twice.")
            }
            texts[parameter] = try Self.text(member.value, parameter)
        }
    }

    private static func text(_ value: JSONValue, _ parameter: ListQuery.Parameter) throws(SCIMError) -> String {
        switch (parameter, value) {
        case (.startIndex, .number(let lexeme)), (.count, .number(let lexeme)): return lexeme
        case (.attributes, .array(let names)), (.excludedAttributes, .array(let names)):
            let texts = names.compactMap(\.string)
            guard texts.count == names.count else { break }
            return texts.joined(separator: ",")
        case (.startIndex, _), (.count, _): break
        case (_, .string(let text)): return text
        default: break
        }
        throw .invalidValue("\"\(parameter.rawValue)\" has a value of the wrong type.")
    }
}
