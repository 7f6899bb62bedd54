/// Which value of an element is wanted, in the notation of a mapping: `profile.login`, `emails[type=work].value`,
/// `emails[primary=true].value`, `businessPhones[0]`, `groups[].display`.
///
/// A name that holds a dot or a bracket stands in double quotes:
/// `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".department`.
package struct JSONMemberPath: Hashable, Sendable {
    package enum Selector: Hashable, Sendable {
        /// The element at this position, from 0.
        case index(Int)
        /// The first element whose member has this text, number or boolean as its lexeme.
        case matching(member: String, value: String)
        /// Every element: the slot is a list.
        case all
    }

    /// The names down to the value, or to the array that the selector picks from. Never empty.
    package var members: [String]
    /// At most one in a path.
    package var selector: Selector?
    /// The names from the picked element down; empty when the element itself is the value.
    package var after: [String]

    package init(members: [String], selector: Selector? = nil, after: [String] = []) {
        precondition(!members.isEmpty && (selector != nil || after.isEmpty))
        self.members = members
        self.selector = selector
        self.after = after
    }

    package init(_ text: String) throws(JSONMemberPathError) {
        var reader = JSONMemberPathReader(text: text)
        self = try reader.path()
    }

    /// Whether the slot holds several values.
    package var isList: Bool { selector == .all }
}

/// Why a text is no path; `message` is fit for whoever wrote the mapping.
package struct JSONMemberPathError: Error, Hashable, Sendable {
    package var text: String
    package var message: String
}

private struct JSONMemberPathReader {
    let text: String
    var rest: Substring.UnicodeScalarView

    init(text: String) {
        self.text = text
        rest = text[...].unicodeScalars
    }

    mutating func path() throws(JSONMemberPathError) -> JSONMemberPath {
        var names = [try name()]
        var before: [String]?
        var selector: JSONMemberPath.Selector?
        while let next = rest.popFirst() {
            if next == "." {
                names.append(try name())
            } else if next == "[", selector == nil {
                selector = try self.selector()
                before = names
                names = []
                guard rest.isEmpty || rest.first == "." else { throw error("a dot is expected after ]") }
            } else {
                throw error(next == "[" ? "only one [ ] may stand in a path" : "a dot is expected after a name")
            }
        }
        guard let before else { return JSONMemberPath(members: names) }
        return JSONMemberPath(members: before, selector: selector, after: names)
    }

    private mutating func name() throws(JSONMemberPathError) -> String {
        var name = String.UnicodeScalarView()
        if rest.first == "\"" {
            rest.removeFirst()
            while let next = rest.popFirst() {
                if next == "\"" { return String(name) }
                name.append(next)
            }
            throw error("a quote is not closed")
        }
        while let next = rest.first, next != ".", next != "[", next != "]" {
            name.append(next)
            rest.removeFirst()
        }
        guard !name.isEmpty else { throw error("a name is empty") }
        return String(name)
    }

    private mutating func selector() throws(JSONMemberPathError) -> JSONMemberPath.Selector {
        guard let close = rest.firstIndex(of: "]") else { throw error("a [ is not closed") }
        let inside = String(rest[rest.startIndex..<close])
        rest = rest[rest.index(after: close)...]
        if inside.isEmpty { return .all }
        if let index = Int(inside), (0..<1000).contains(index) { return .index(index) }
        let sides = inside.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty else {
            throw error("in [ ] stands nothing, a position below 1000, or member=value")
        }
        return .matching(member: String(sides[0]), value: String(sides[1]))
    }

    private func error(_ message: String) -> JSONMemberPathError {
        JSONMemberPathError(text: text, message: message)
    }
}
