/// A filter (RFC 7644 §3.4.2.2) as a value, its paths spelled by the schema and its values of the attributes' types.
package indirect enum Filter: Hashable, Sendable {
    package enum Comparison: String, Sendable, CaseIterable { case eq, ne, co, sw, ew, gt, ge, lt, le }
    case compare(AttributePath, Comparison, AttributeValue)
    case present(AttributePath)
    case and(Filter, Filter)
    case or(Filter, Filter)
    case not(Filter)
}

extension Filter {
    /// Reads a filter over resources of `type`. Anything not understood is `invalidFilter`: never a filter that lets
    /// everything through.
    package static func parse(
        _ text: String, for type: ResourceType, limits: FilterLimits = FilterLimits()
    ) throws(SCIMError) -> Filter {
        var scanner = try PathScanner(text, limits, failure: .invalidFilter)
        let filter = try scanner.filter(within: .resource(type))
        scanner.skipBlanks()
        if !scanner.isAtEnd { throw scanner.complaint("Nothing can follow the filter at") }
        return filter
    }
}

extension Filter: CustomStringConvertible {
    /// The RFC's notation.
    package var description: String {
        switch self {
        case .compare(let path, let comparison, let value): "\(path) \(comparison.rawValue) \(Self.literal(value))"
        case .present(let path): path.filter != nil && path.subAttribute == nil ? "\(path)" : "\(path) pr"
        case .and(let a, let b): "\(a.operand(of: 2)) and \(b.operand(of: 3))"
        case .or(let a, let b): "\(a.operand(of: 1)) or \(b.operand(of: 2))"
        case .not(let a): "not (\(a))"
        }
    }

    /// Parenthesised where it binds weaker than `strength`: 1 `or`, 2 `and`, 3 the rest.
    private func operand(of strength: Int) -> String {
        let own =
            switch self {
            case .or: 1
            case .and: 2
            case .compare, .present, .not: 3
            }
        return own < strength ? "(\(self))" : description
    }

    private static func literal(_ value: AttributeValue) -> String {
        var bytes: [UInt8] = []
        AttributesJSON.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
