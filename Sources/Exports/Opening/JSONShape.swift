import JSON

/// What the beginning of a JSON file shows of its build: enough to tell whose it is, without reading all of it.
///
/// What cannot be parsed ends the look; the reader will say what is wrong. Members are named as ``JSONMemberPath``
/// spells them: `profile.login`, `"urn:…:2.0:User".department`.
struct JSONShape: Sendable {
    enum Root { case array, object, none }

    private(set) var root = Root.none
    /// Members of the root object that are not records, with their text; arrays of scalars are joined by blanks. A dot
    /// leads into an object: `_links.next.href`.
    private(set) var envelope: [String: String] = [:]
    /// The arrays in the root object that hold objects or nothing, by path, with the members seen in their elements.
    private(set) var arrays: [(path: String, members: Set<String>)] = []
    /// Members of the root's elements (an array) or of the root values themselves (one object a line).
    private(set) var members: Set<String> = []
    /// Several root values one after the other: one object a line, or pages.
    private(set) var isSequence = false

    /// What is wrong with the beginning itself; a text that is merely cut off is not.
    private(set) var fault: JSONError?

    /// How much of a file is looked at.
    static let bytes = 128 * 1024

    init(_ head: UnsafeRawBufferPointer) {
        var rest = head[...]
        do throws(JSONError) {
            while !rest.isEmpty {
                let (value, isComplete, consumed) = try JSON.parseBeginning(
                    UnsafeRawBufferPointer(rebasing: rest), isUTF8: true)
                if let value {
                    isSequence = root != .none
                    add(value)
                }
                if !isComplete { return }
                rest = rest.dropFirst(consumed).drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
            }
        } catch {
            let before = head[..<rest.startIndex]
            fault = JSONError(
                code: error.code, byteOffset: error.byteOffset + before.count,
                line: error.line + before.count { $0 == 0x0A }, message: error.message)
        }
    }

    func array(at path: String) -> Set<String>? { arrays.first { $0.path == path }?.members }

    private mutating func add(_ value: JSONValue) {
        switch value {
        case .array(let elements):
            root = .array
            for case .object(let object) in elements { Self.collect(object, "", into: &members) }
        case .object(let object):
            root = .object
            Self.collect(object, "", into: &members)
            for member in object { addEnvelope(member.value, path: member.name) }
        case .null, .boolean, .number, .string: break
        }
    }

    private mutating func addEnvelope(_ value: JSONValue, path: String) {
        switch value {
        case .object(let object):
            envelope[path] = ""
            for member in object { addEnvelope(member.value, path: path + "." + member.name) }
        case .array(let elements):
            let objects = elements.compactMap(\.object)
            if objects.isEmpty, !elements.isEmpty {
                envelope[path] = elements.compactMap(\.plainText).joined(separator: " ")
                return
            }
            let index = arrays.firstIndex { $0.path == path } ?? arrays.count
            if index == arrays.count { arrays.append((path, [])) }
            for object in objects { Self.collect(object, "", into: &arrays[index].members) }
        case .null, .boolean, .number, .string: envelope[path] = value.plainText ?? ""
        }
    }

    private static func collect(_ object: [JSONMember], _ prefix: String, into members: inout Set<String>) {
        for member in object {
            let needsQuotes = member.name.isEmpty || member.name.contains { ".[]\"".contains($0) }
            let path = prefix + (needsQuotes ? "\"\(member.name)\"" : member.name)
            members.insert(path)
            if case .object(let inner) = member.value { collect(inner, path + ".", into: &members) }
        }
    }
}

extension JSONValue {
    /// The text of a string, number or boolean.
    var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// The value at a path of plain names, of which the first may itself hold dots: `@odata.nextLink`, `_links.next`.
    func value(at path: String) -> JSONValue? {
        if let own = self[path] { return own }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        return self[String(path[..<dot])]?.value(at: String(path[path.index(after: dot)...]))
    }
}
