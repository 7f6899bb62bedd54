/// Reads paths and filters (RFC 7644 §3.4.2.2 and §3.5.2) byte by byte.
///
/// ``FilterLimits`` bound its recursion and the filter's depth.
struct PathScanner {
    private let bytes: [UInt8]
    private let limits: FilterLimits
    private var position = 0
    private var levels = 0
    private var terms = 0

    /// Throws `failure` for a text that is too long.
    init(_ text: String, _ limits: FilterLimits, failure: SCIMError.Kind) throws(SCIMError) {
        if text.utf8.count > limits.bytes {
            throw SCIMError(status: 400, type: failure, detail: "The text is longer than \(limits.bytes) bytes.")
        }
        bytes = Array(text.utf8)
        self.limits = limits
    }

    var isAtEnd: Bool { position == bytes.count }
    /// The byte ahead.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() { while let byte = next, byte == 0x20 || byte == 0x09 { position += 1 } }

    /// Takes `byte` if it is ahead.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Takes the longest run of bytes that `belongs` allows.
    mutating func run(where belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = next, belongs(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Takes `word`, in any letter case, if it is ahead and no longer word goes on from it.
    mutating func take(word: String) -> Bool {
        let end = position + word.utf8.count
        guard end <= bytes.count,
            equalsIgnoringASCIICase(String(decoding: bytes[position..<end], as: UTF8.self), word),
            end == bytes.count || !Self.isNameByte(bytes[end])
        else { return false }
        position = end
        return true
    }

    /// Runs `body` one level further in.
    mutating func nested<Result>(_ body: (inout PathScanner) throws(SCIMError) -> Result) throws(SCIMError) -> Result {
        levels += 1
        if levels > limits.levels {
            throw SCIMError(
                status: 400, type: .invalidFilter, detail: "The filter is nested deeper than \(limits.levels) levels.")
        }
        defer { levels -= 1 }
        return try body(&self)
    }

    mutating func countTerm() throws(SCIMError) {
        terms += 1
        if terms > limits.terms {
            throw SCIMError(
                status: 400, type: .invalidFilter, detail: "The filter has more than \(limits.terms) comparisons.")
        }
    }

    /// What a complaint shows: the text from here on, shortened.
    var rest: String { String(String(decoding: bytes[position...], as: UTF8.self).prefix(40)) }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"),
            UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

extension PathScanner {
    /// A path of `type`'s attributes, with its value filter and what follows that, up to where no path goes on.
    mutating func attributePath(
        _ type: ResourceType, failure: SCIMError.Kind
    ) throws(SCIMError) -> AttributePath {
        let name = run(where: Self.isNameByte)
        // Entra asks for `manager eq "…"` without the extension's URN (scim-clients.md §3.2).
        let isFilter = failure == .invalidFilter
        guard var path = Schema.resolve(name, for: type) ?? (isFilter ? Schema.resolveBare(name, for: type) : nil)
        else {
            throw Schema.unknown(name, for: type, failure: failure)
        }
        guard next == UInt8(ascii: "[") else { return path }
        guard path.subAttribute == nil, let attribute = path.definition(for: type), attribute.isMultiValued else {
            throw SCIMError(status: 400, type: failure, detail: "\"\(name)\" has no values to choose from in brackets.")
        }
        position += 1
        path.filter = try nested { (scanner) throws(SCIMError) in try scanner.filter(within: .element(attribute)) }
        skipBlanks()
        guard take(UInt8(ascii: "]")) else {
            throw SCIMError(status: 400, type: .invalidFilter, detail: "The bracket after \"\(name)\" is not closed.")
        }
        guard take(UInt8(ascii: ".")) else { return path }
        let word = run(where: Self.isNameByte)
        guard let sub = attribute.subAttribute(named: word) else {
            throw Schema.unknown("\(attribute.name).\(word)", for: type, failure: failure)
        }
        path.subAttribute = sub.name
        return path
    }
}

extension Schema {
    /// The path that a name without brackets means: plain, dotted or behind a URN. The attribute is sought behind the
    /// URN's last colon: a URN holds dots itself (`2.0`).
    static func resolve(_ name: String, for type: ResourceType) -> AttributePath? {
        if name.utf8.contains(UInt8(ascii: ":")) { return resolveURN(name, for: type) }
        let (head, tail) = split(name)
        guard let attribute = type.attribute(named: head) else { return nil }
        guard let tail else { return AttributePath(attribute: attribute.name) }
        guard let sub = attribute.subAttribute(named: tail) else { return nil }
        return AttributePath(attribute: attribute.name, subAttribute: sub.name)
    }

    /// An extension's attribute without its URN.
    static func resolveBare(_ name: String, for type: ResourceType) -> AttributePath? {
        for schema in type.extensions {
            if let path = resolveURN(schema.id + ":" + name, for: type) { return path }
        }
        return nil
    }

    private static func resolveURN(_ name: String, for type: ResourceType) -> AttributePath? {
        if let whole = type.schemaExtension(urn: name) { return AttributePath(attribute: whole.id) }
        guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let urn = String(name[..<colon])
        let rest = String(name[name.utf8.index(after: colon)...])
        let core = type.schema.id
        if ([core] + aliases(of: core)).contains(where: { equalsIgnoringASCIICase($0, urn) }) {
            return resolve(rest, for: type)
        }
        let (head, tail) = split(rest)
        guard let schema = type.schemaExtension(urn: urn), let attribute = schema.attribute(named: head) else {
            return nil
        }
        guard let tail else { return AttributePath(schema: schema.id, attribute: attribute.name) }
        guard let sub = attribute.subAttribute(named: tail) else { return nil }
        return AttributePath(schema: schema.id, attribute: attribute.name, subAttribute: sub.name)
    }

    /// Before and behind the first dot.
    private static func split(_ name: String) -> (String, String?) {
        guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return (name, nil) }
        return (String(name[..<dot]), String(name[name.utf8.index(after: dot)...]))
    }
}
