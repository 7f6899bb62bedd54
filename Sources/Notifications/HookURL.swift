import Foundation

/// Where a monitor or a chat takes messages. Whoever knows the whole of it may send some, so only ``host`` is ever shown.
package struct HookURL: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String
    package let host: String

    /// `nil` unless it is a whole `http` or `https` URL without a name and password before its host. Blanks and line ends
    /// around it do not count: a file has them.
    package init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count <= 4096, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return nil }
        self.text = text
        self.host = host
    }

    /// The same with one more word at the end of its path: `…/start`.
    func ending(_ word: String) -> String {
        guard var parts = URLComponents(string: text) else { return text }
        let path = parts.percentEncodedPath
        parts.percentEncodedPath = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/\(word)"
        return parts.string ?? text
    }

    package var description: String { host }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
