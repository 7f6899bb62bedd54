/// What the beginning of a JSON file shows of its build: enough to tell whose it is, without reading all of it.
///
/// Never throws: what cannot be parsed ends the look, and the reader will say what is wrong. Members are named by path:
/// `profile.login`, `_links.next.href`.
struct JSONShape {
    enum Root { case array, object, none }

    private(set) var root = Root.none
    /// Members of the root object that are not records, with their text; arrays of scalars are joined by blanks.
    private(set) var envelope: [String: String] = [:]
    /// The arrays of objects in the root object, by path, in order, with the members seen in their elements.
    private(set) var arrays: [(path: String, members: Set<String>)] = []
    /// All members of the root's elements (an array) or of the root values themselves (one object a line).
    private(set) var members: Set<String> = []
    /// Several objects one after the other: one a line.
    private(set) var isSequence = false

    private static let depthLimit = 64

    init(_ bytes: UnsafeRawBufferPointer) {
        var scanner = Scanner(bytes: bytes)
        scanner.skipBlanks()
        switch scanner.peek {
        case UInt8(ascii: "["):
            root = .array
            try? elements(&scanner, into: \.members, prefix: "", depth: 1)
        case UInt8(ascii: "{"):
            root = .object
            guard (try? rootObject(&scanner)) != nil else { return }
            scanner.skipBlanks()
            isSequence = scanner.peek == UInt8(ascii: "{")
            while scanner.peek == UInt8(ascii: "{") {
                guard (try? object(&scanner, into: \.members, prefix: "", depth: 1)) != nil else { return }
                scanner.skipBlanks()
            }
        default: break
        }
    }

    func array(at path: String) -> Set<String>? { arrays.first { $0.path == path }?.members }

    private struct End: Error {}

    private mutating func rootObject(_ scanner: inout Scanner) throws {
        try eachMember(&scanner) { shape, name, scanner in
            shape.members.insert(name)
            try shape.envelopeValue(&scanner, path: name, depth: 1)
        }
    }

    private mutating func envelopeValue(_ scanner: inout Scanner, path: String, depth: Int) throws {
        if depth > Self.depthLimit { throw End() }
        switch scanner.peek {
        case UInt8(ascii: "{"):
            envelope[path] = ""
            try eachMember(&scanner) { shape, name, scanner in
                shape.members.insert(path + "." + name)
                try shape.envelopeValue(&scanner, path: path + "." + name, depth: depth + 1)
            }
        case UInt8(ascii: "["):
            try envelopeArray(&scanner, path: path, depth: depth)
        default:
            envelope[path] = try scanner.scalar()
        }
    }

    private mutating func envelopeArray(_ scanner: inout Scanner, path: String, depth: Int) throws {
        var inner = scanner
        inner.position += 1
        inner.skipBlanks()
        if inner.peek == UInt8(ascii: "{") || inner.peek == UInt8(ascii: "]") {
            arrays.append((path, []))
            let index = arrays.count - 1
            try elements(&scanner, into: \.arrays[index].members, prefix: "", depth: depth + 1)
        } else {
            var texts: [String] = []
            try eachElement(&scanner) { shape, scanner in
                if let text = try shape.skip(&scanner, depth: depth + 1) { texts.append(text) }
            }
            envelope[path] = texts.joined(separator: " ")
        }
    }

    private mutating func elements(
        _ scanner: inout Scanner, into set: WritableKeyPath<JSONShape, Set<String>>, prefix: String, depth: Int
    ) throws {
        if depth > Self.depthLimit { throw End() }
        try eachElement(&scanner) { shape, scanner in
            if scanner.peek == UInt8(ascii: "{") {
                try shape.object(&scanner, into: set, prefix: prefix, depth: depth)
            } else {
                _ = try shape.skip(&scanner, depth: depth)
            }
        }
    }

    private mutating func object(
        _ scanner: inout Scanner, into set: WritableKeyPath<JSONShape, Set<String>>, prefix: String, depth: Int
    ) throws {
        if depth > Self.depthLimit { throw End() }
        try eachMember(&scanner) { shape, name, scanner in
            let path = prefix.isEmpty ? name : prefix + "." + name
            shape[keyPath: set].insert(path)
            if scanner.peek == UInt8(ascii: "{") {
                try shape.object(&scanner, into: set, prefix: path, depth: depth + 1)
            } else {
                _ = try shape.skip(&scanner, depth: depth + 1)
            }
        }
    }

    /// Passes over one value; returns the text of a scalar.
    private mutating func skip(_ scanner: inout Scanner, depth: Int) throws -> String? {
        if depth > Self.depthLimit { throw End() }
        switch scanner.peek {
        case UInt8(ascii: "{"):
            try eachMember(&scanner) { shape, _, scanner in _ = try shape.skip(&scanner, depth: depth + 1) }
            return nil
        case UInt8(ascii: "["):
            try eachElement(&scanner) { shape, scanner in _ = try shape.skip(&scanner, depth: depth + 1) }
            return nil
        default: return try scanner.scalar()
        }
    }

    private mutating func eachMember(
        _ scanner: inout Scanner, _ body: (inout JSONShape, String, inout Scanner) throws -> Void
    ) throws {
        try scanner.expect(UInt8(ascii: "{"))
        scanner.skipBlanks()
        while scanner.peek != UInt8(ascii: "}") {
            let name = try scanner.string()
            scanner.skipBlanks()
            try scanner.expect(UInt8(ascii: ":"))
            scanner.skipBlanks()
            try body(&self, name, &scanner)
            try scanner.comma(or: UInt8(ascii: "}"))
        }
        scanner.position += 1
    }

    private mutating func eachElement(
        _ scanner: inout Scanner, _ body: (inout JSONShape, inout Scanner) throws -> Void
    ) throws {
        try scanner.expect(UInt8(ascii: "["))
        scanner.skipBlanks()
        while scanner.peek != UInt8(ascii: "]") {
            try body(&self, &scanner)
            try scanner.comma(or: UInt8(ascii: "]"))
        }
        scanner.position += 1
    }

    private struct Scanner {
        let bytes: UnsafeRawBufferPointer
        var position = 0

        var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipBlanks() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        mutating func expect(_ byte: UInt8) throws {
            guard peek == byte else { throw End() }
            position += 1
        }

        mutating func comma(or end: UInt8) throws {
            skipBlanks()
            if peek == end { return }
            try expect(UInt8(ascii: ","))
            skipBlanks()
        }

        mutating func scalar() throws -> String {
            if peek == UInt8(ascii: "\"") { return try string() }
            let start = position
            while let byte = peek, byte != 0x2C, byte != 0x5D, byte != 0x7D, byte > 0x20 { position += 1 }
            guard position > start, position < bytes.count else { throw End() }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            return text == "null" ? "" : text
        }

        /// Escapes other than of quotes and strokes stay as they are: names that tell a vendor have none.
        mutating func string() throws -> String {
            try expect(UInt8(ascii: "\""))
            var text: [UInt8] = []
            while let byte = peek {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let next = peek else { throw End() }
                    position += 1
                    if ![0x22, 0x2F, 0x5C].contains(next) { text.append(byte) }
                    text.append(next)
                default: text.append(byte)
                }
            }
            throw End()
        }
    }
}
