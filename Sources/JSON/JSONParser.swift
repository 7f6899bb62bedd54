import CScan

/// Reads whole texts.
package enum JSON {
    /// One value and nothing after it but blanks: strict RFC 8259 within `limits`. A byte order mark is not taken; who
    /// reads files takes it off.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default
    ) throws(JSONError) -> JSONValue {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), !bytes.isEmpty else {
            throw JSONError(code: .truncated, byteOffset: 0, line: 1, message: "the text is empty")
        }
        do throws(JSONFailure) {
            try requireUTF8(base, bytes.count)
            var parser = JSONParser(end: base + bytes.count, limits: limits)
            let (value, stop) = try parser.value(JSONScan.blank(base, parser.end), depth: 0)
            let rest = JSONScan.blank(stop, parser.end)
            guard rest == parser.end else { throw JSONFailure(.syntax, at: rest, "text follows after the value") }
            return value
        } catch {
            throw error.error(in: base)
        }
    }

    /// The same over the UTF-8 of a string.
    package static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { raw -> Result<JSONValue, JSONError> in
            Result { () throws(JSONError) in try parse(raw, limits: limits) }
        }.get()
    }

    /// Refuses what is no UTF-8 (RFC 8259 §8.1).
    static func requireUTF8(_ base: UnsafePointer<UInt8>, _ count: Int) throws(JSONFailure) {
        var cut: Int32 = 0
        let valid = popl_utf8_valid_prefix(base, count, &cut)
        guard valid == count else { throw JSONFailure(.invalidUTF8, at: base + valid, "these bytes are not UTF-8") }
    }
}

/// One descent over bytes that are known to be UTF-8; as deep as the limit and no deeper.
private struct JSONParser {
    typealias Pointer = UnsafePointer<UInt8>
    let end: Pointer
    let limits: JSONLimits

    mutating func value(_ p: Pointer, depth: Int) throws(JSONFailure) -> (JSONValue, Pointer) {
        guard p < end else { throw .cut(p) }
        switch p.pointee {
        case UInt8(ascii: "\""):
            let (close, escaped) = try JSONScan.string(p + 1, end, limits)
            return (.string(JSONScan.text(p + 1, close, escaped: escaped)), close + 1)
        case UInt8(ascii: "{"): return try object(p, depth: depth + 1)
        case UInt8(ascii: "["): return try array(p, depth: depth + 1)
        case UInt8(ascii: "t"): return (.boolean(true), try JSONScan.literal("true", p, end))
        case UInt8(ascii: "f"): return (.boolean(false), try JSONScan.literal("false", p, end))
        case UInt8(ascii: "n"): return (.null, try JSONScan.literal("null", p, end))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let stop = try JSONScan.number(p, end, limits)
            return (.number(JSONScan.text(p, stop, escaped: false)), stop)
        default: throw JSONFailure(.syntax, at: p, "a value is expected here")
        }
    }

    private mutating func array(_ start: Pointer, depth: Int) throws(JSONFailure) -> (JSONValue, Pointer) {
        guard depth <= limits.depth else { throw JSONFailure(.depth, at: start, "values are nested too deep") }
        var values: [JSONValue] = []
        var p = JSONScan.blank(start + 1, end)
        guard p < end else { throw .cut(p) }
        if p.pointee == UInt8(ascii: "]") { return (.array([]), p + 1) }
        while true {
            let (element, stop) = try value(p, depth: depth)
            values.append(element)
            p = JSONScan.blank(stop, end)
            guard p < end else { throw .cut(p) }
            if p.pointee == UInt8(ascii: "]") { return (.array(values), p + 1) }
            guard p.pointee == UInt8(ascii: ",") else {
                throw JSONFailure(.syntax, at: p, "a comma or ] is expected after an element")
            }
            p = JSONScan.blank(p + 1, end)
        }
    }

    private mutating func object(_ start: Pointer, depth: Int) throws(JSONFailure) -> (JSONValue, Pointer) {
        guard depth <= limits.depth else { throw JSONFailure(.depth, at: start, "values are nested too deep") }
        var members: [JSONMember] = []
        var names: Set<MemberName> = []
        var p = JSONScan.blank(start + 1, end)
        guard p < end else { throw .cut(p) }
        if p.pointee == UInt8(ascii: "}") { return (.object([]), p + 1) }
        while true {
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: "\"") else {
                throw JSONFailure(.syntax, at: p, "a member's name in quotes is expected here")
            }
            let nameStart = p
            let (close, escaped) = try JSONScan.string(p + 1, end, limits)
            let name = JSONScan.text(p + 1, close, escaped: escaped)
            if !limits.allowsDuplicateMembers {
                guard names.insert(MemberName(name)).inserted else {
                    throw JSONFailure(.duplicateMember, at: nameStart, "an object has two members of this name")
                }
            }
            p = JSONScan.blank(close + 1, end)
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: ":") else {
                throw JSONFailure(.syntax, at: p, "a colon is expected after a member's name")
            }
            let (element, stop) = try value(JSONScan.blank(p + 1, end), depth: depth)
            members.append(JSONMember(name: name, value: element))
            p = JSONScan.blank(stop, end)
            guard p < end else { throw .cut(p) }
            if p.pointee == UInt8(ascii: "}") { return (.object(members), p + 1) }
            guard p.pointee == UInt8(ascii: ",") else {
                throw JSONFailure(.syntax, at: p, "a comma or } is expected after a member")
            }
            p = JSONScan.blank(p + 1, end)
        }
    }
}
