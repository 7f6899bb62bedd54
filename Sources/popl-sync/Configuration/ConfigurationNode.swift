import Exports
import Foundation
import Yams

/// One value of the configuration file, with its place and the key that leads to it, so that every complaint can name
/// file, line, column, key and the mend.
struct ConfigurationNode {
    private let node: Node
    private let file: String
    /// `guards.deactivations.count`; empty for the whole file.
    let key: String
    /// The mapping's keys as written, in order, each with its value.
    private let position: Mark?

    init(_ node: Node, file: String, key: String = "", position: Mark? = nil) {
        self.node = node
        self.file = file
        self.key = key
        self.position = position ?? node.mark
    }

    var place: Place {
        Place(file: file, line: position?.line ?? 1, column: String(position?.column ?? 1))
    }

    func mistake(_ message: String) -> ConfigurationError {
        ConfigurationError(place: place, key: key, message: key.isEmpty ? "The file \(message)" : message)
    }

    var isNull: Bool { node.null != nil }

    /// The entries of a mapping whose keys are free, in order. The key itself comes with its own place.
    func entries() throws -> [(name: Located<String>, value: ConfigurationNode)] {
        guard let mapping = node.mapping else {
            throw mistake("must be a block of `key: value` lines, but is \(kind).")
        }
        return try mapping.map { keyNode, value in
            guard let name = keyNode.scalar?.string else {
                throw ConfigurationNode(keyNode, file: file, key: key).mistake("has a key that is not a word.")
            }
            let child = ConfigurationNode(
                value, file: file, key: key.isEmpty ? name : "\(key).\(name)", position: keyNode.mark)
            return (Located(name, at: child.place), child)
        }
    }

    /// The entries of a mapping whose keys are fixed; one that is not among `known` is refused with the nearest.
    func section<Key: RawRepresentable & CaseIterable>(_ known: Key.Type) throws -> [(
        key: Key, value: ConfigurationNode
    )]
    where Key.RawValue == String {
        try entries().map { name, value in
            if let found = Key(rawValue: name.value) { return (found, value) }
            let names = Key.allCases.map(\.rawValue)
            throw value.mistake(
                "is not a key that popl-sync knows" + Spelling.hint(for: name.value, among: names)
                    + " Keys here: \(names.joined(separator: ", ")).")
        }
    }

    func string() throws -> String {
        guard let text = node.scalar?.string, !isNull else { throw mistake("must be a text, but is \(kind).") }
        guard !text.isEmpty else { throw mistake("must not be empty; take the line out to use the default.") }
        return text
    }

    func located() throws -> Located<String> { Located(try string(), at: place) }

    /// One text, or a list of texts.
    func strings() throws -> [Located<String>] {
        guard let sequence = node.sequence else { return [try located()] }
        return try sequence.map { try ConfigurationNode($0, file: file, key: key).located() }
    }

    /// One value, or a list of values.
    func elements() -> [ConfigurationNode] {
        guard let sequence = node.sequence else { return [self] }
        return sequence.map { ConfigurationNode($0, file: file, key: key) }
    }

    var isMapping: Bool { node.mapping != nil }

    /// YAML 1.1's words for true and false, as people write them.
    func boolean() throws -> Bool {
        switch try string().lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw mistake("must be `true` or `false`, but is `\(try string())`.")
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) throws -> Value
    where Value.RawValue == String {
        let text = try string()
        if let value = Value(rawValue: text) { return value }
        let names = Value.allCases.map(\.rawValue)
        throw mistake(
            "does not know `\(text)`" + Spelling.hint(for: text, among: names)
                + " It takes: \(names.joined(separator: ", ")).")
    }

    func count() throws -> Int {
        let text = try string()
        guard let number = Int(text), number >= 0 else {
            throw mistake("must be a whole number, 0 or more, but is `\(text)`.")
        }
        return number
    }

    func number(in range: ClosedRange<Int>) throws -> Int {
        let text = try string()
        guard let number = Int(text), range.contains(number) else {
            throw mistake("must be a whole number from \(range.lowerBound) to \(range.upperBound), but is `\(text)`.")
        }
        return number
    }

    /// `10`, `10 %`, `2.5%`: 0 to 100.
    func percent() throws -> Double {
        let text = try string()
        let digits = text.hasSuffix("%") ? String(text.dropLast()).trimmingSuffix(" ") : text
        guard let number = Double(digits), number.isFinite, (0...100).contains(number) else {
            throw mistake("must be a percentage from 0 to 100, such as `10`, but is `\(text)`.")
        }
        return number
    }

    /// `72h` or `3d`, in hours.
    func hours() throws -> Int {
        let text = try string()
        guard let duration = DurationArgument(argument: text) else {
            throw mistake("must be a duration such as `72h`, `3d` or `2w`, but is `\(text)`.")
        }
        return duration.hours
    }

    /// A duration, or `nil` for `forever`.
    func hoursOrForever() throws -> Int? { try string() == "forever" ? nil : try hours() }

    /// An IANA name, `Europe/Prague`.
    func timeZone() throws -> String {
        let name = try string()
        if TimeZone(identifier: name) != nil { return name }
        let hint = Spelling.hint(for: name, among: TimeZone.knownTimeZoneIdentifiers)
        throw mistake("does not know the time zone `\(name)`\(hint)")
    }

    private var kind: String {
        switch node {
        case .mapping: "a block of keys"
        case .sequence: "a list"
        case .scalar where isNull: "empty"
        case .scalar(let scalar): "`\(scalar.string)`"
        case .alias: "an alias"
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var rest = Substring(self)
        while rest.last == character { rest = rest.dropLast() }
        return String(rest)
    }
}
