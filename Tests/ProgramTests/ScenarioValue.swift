import Foundation

/// JSON as scenarios state it and as the program prints it.
enum ScenarioValue: Decodable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([ScenarioValue])
    case object([String: ScenarioValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([ScenarioValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: ScenarioValue].self))
        }
    }

    subscript(key: String) -> ScenarioValue? { if case .object(let members) = self { members[key] } else { nil } }
    var array: [ScenarioValue]? { if case .array(let elements) = self { elements } else { nil } }
    var string: String? { if case .string(let string) = self { string } else { nil } }
}

extension ScenarioValue: CustomStringConvertible {
    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}

/// Compares what was expected with what is there: objects may hold more than was asked for, arrays must have the same
/// elements in any order, and `"…"` among them lets others be there too.
///
/// Strings: `*` is anything but nothing; `…text…` holds the text; `<name>` is the same string wherever that name stands
/// and another one than every other name's. That is how a scenario says "the same person".
struct ScenarioMatcher {
    private(set) var names: [String: String] = [:]

    /// What does not agree, in words; empty when all does.
    mutating func differences(expected: ScenarioValue, found: ScenarioValue?, at path: String = "") -> [String] {
        switch (expected, found) {
        case (.null, nil), (.null, .null): return []
        case (.string(let pattern), .string(let text)):
            return matches(pattern, text) ? [] : [line(path, expected, found)]
        case (.string("*"), let found?) where found != .null: return []
        case (.object(let members), .object(let others)):
            return members.sorted { $0.key < $1.key }.flatMap { key, value in
                differences(expected: value, found: others[key], at: path.isEmpty ? key : "\(path).\(key)")
            }
        case (.array(let elements), .array(let others)): return unordered(elements, others, path)
        default: return expected == found ? [] : [line(path, expected, found)]
        }
    }

    private mutating func unordered(_ expected: [ScenarioValue], _ found: [ScenarioValue], _ path: String) -> [String] {
        let open = expected.contains(.string("…"))
        var rest = found
        var missing: [String] = []
        for element in expected where element != .string("…") {
            let index = rest.firstIndex { candidate in
                var trial = self
                return trial.differences(expected: element, found: candidate).isEmpty
            }
            if let index {
                _ = differences(expected: element, found: rest.remove(at: index))
            } else {
                missing.append("\(path): no \(element) in [\(rest.map(\.description).joined(separator: ", "))]")
            }
        }
        if !open, missing.isEmpty, !rest.isEmpty { missing.append("\(path): unexpected \(rest)") }
        return missing
    }

    private mutating func matches(_ pattern: String, _ text: String) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasPrefix("<"), pattern.hasSuffix(">") {
            if let known = names[pattern] { return known == text }
            guard !names.values.contains(text) else { return false }
            names[pattern] = text
            return true
        }
        let middle = pattern.trimmingCharacters(in: CharacterSet(charactersIn: "…"))
        return switch (pattern.hasPrefix("…"), pattern.hasSuffix("…")) {
        case (true, true): text.contains(middle)
        case (true, false): text.hasSuffix(middle)
        case (false, true): text.hasPrefix(middle)
        // Compared by bytes: NFC and NFD are one string to Swift, and it matters here which of them is there.
        case (false, false): pattern.utf8.elementsEqual(text.utf8)
        }
    }

    private func line(_ path: String, _ expected: ScenarioValue, _ found: ScenarioValue?) -> String {
        "\(path): expected \(expected), found \(found?.description ?? "nothing")"
    }
}
