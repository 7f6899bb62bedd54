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

    /// The same over bytes in an array.
    package static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBytes { raw -> Result<JSONValue, JSONError> in
            Result { () throws(JSONError) in try parse(raw, limits: limits) }
        }.get()
    }

    /// The same over the UTF-8 of a string.
    package static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }

    /// The value that a text begins with, however far the text goes: what stands after it is not looked at, and of
    /// arrays and objects that the text cuts off, what is whole is returned. For looking at the head of a file, and for
    /// values in a stream.
    ///
    /// - Parameters:
    ///   - isUTF8: the bytes were checked already.
    ///   - depth: how deep the value stands; counts towards the limit.
    /// - Returns: the value, `nil` when nothing of it is whole; whether it is all there (a number at the very end never
    ///   is, as digits may follow); and how many bytes it and the blanks before it take.
    package static func parseBeginning(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default, isUTF8: Bool = false, depth: Int = 0
    ) throws(JSONError) -> (value: JSONValue?, isComplete: Bool, consumed: Int) {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return (nil, false, 0) }
        do throws(JSONFailure) {
            if !isUTF8 { try requireUTF8(base, bytes.count) }
            var parser = JSONParser(end: base + bytes.count, limits: limits, takesPartial: true)
            guard let (value, stop) = try parser.whole(JSONScan.blank(base, parser.end), depth: depth) else {
                return (nil, false, bytes.count)
            }
            return (value, !parser.isCut, stop - base)
        } catch {
            throw error.error(in: base)
        }
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
    /// Arrays and objects that the text cuts off are values too; ``isCut`` tells.
    var takesPartial = false
    private(set) var isCut = false

    /// A value; `nil`, and ``isCut``, when nothing of it is whole and that is allowed.
    mutating func whole(_ p: Pointer, depth: Int) throws(JSONFailure) -> (JSONValue, Pointer)? {
        guard takesPartial else { return try value(p, depth: depth) }
        do throws(JSONFailure) {
            let (value, stop) = try value(p, depth: depth)
            guard stop == end, case .number = value else { return (value, stop) }
        } catch {
            guard error.code == .truncated else { throw error }
        }
        isCut = true
        return nil
    }

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
        guard depth <= limits.depth else { throw .tooDeep(start) }
        var values: [JSONValue] = []
        var p = JSONScan.blank(start + 1, end)
        if p < end, p.pointee == UInt8(ascii: "]") { return (.array([]), p + 1) }
        while true {
            guard let (element, stop) = try whole(p, depth: depth) else { return (.array(values), end) }
            values.append(element)
            if isCut { return (.array(values), end) }
            p = JSONScan.blank(stop, end)
            guard p < end else {
                guard takesPartial else { throw .cut(p) }
                isCut = true
                return (.array(values), end)
            }
            if p.pointee == UInt8(ascii: "]") { return (.array(values), p + 1) }
            guard p.pointee == UInt8(ascii: ",") else {
                throw JSONFailure(.syntax, at: p, "a comma or ] is expected after an element")
            }
            p = JSONScan.blank(p + 1, end)
        }
    }

    private mutating func object(_ start: Pointer, depth: Int) throws(JSONFailure) -> (JSONValue, Pointer) {
        guard depth <= limits.depth else { throw .tooDeep(start) }
        var members: [JSONMember] = []
        var names: Set<MemberName> = []
        var p = JSONScan.blank(start + 1, end)
        if p < end, p.pointee == UInt8(ascii: "}") { return (.object([]), p + 1) }
        while true {
            guard let (name, colon) = try self.name(p, &names),
                let (element, stop) = try whole(JSONScan.blank(colon + 1, end), depth: depth)
            else { return (.object(members), end) }
            members.append(JSONMember(name: name, value: element))
            if isCut { return (.object(members), end) }
            p = JSONScan.blank(stop, end)
            guard p < end else {
                guard takesPartial else { throw .cut(p) }
                isCut = true
                return (.object(members), end)
            }
            if p.pointee == UInt8(ascii: "}") { return (.object(members), p + 1) }
            guard p.pointee == UInt8(ascii: ",") else { throw .memberEndExpected(p) }
            p = JSONScan.blank(p + 1, end)
        }
    }

    /// A member's name and its colon; `nil`, and ``isCut``, when the text ends before it and that is allowed.
    private mutating func name(
        _ p: Pointer, _ names: inout Set<MemberName>
    ) throws(JSONFailure) -> (String, Pointer)? {
        do throws(JSONFailure) {
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: "\"") else { throw .nameExpected(p) }
            let (close, escaped) = try JSONScan.string(p + 1, end, limits)
            let name = JSONScan.text(p + 1, close, escaped: escaped)
            if !limits.allowsDuplicateMembers, !names.insert(MemberName(name)).inserted { throw .duplicate(p) }
            let colon = JSONScan.blank(close + 1, end)
            guard colon < end else { throw .cut(colon) }
            guard colon.pointee == UInt8(ascii: ":") else { throw .colonExpected(colon) }
            return (name, colon)
        } catch {
            guard takesPartial, error.code == .truncated else { throw error }
            isCut = true
            return nil
        }
    }
}
