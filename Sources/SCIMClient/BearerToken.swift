/// The secret that a request shows to a service (RFC 6750 §2.1).
///
/// It is in no description: whatever prints one prints `(token)`.
package struct BearerToken: Sendable, CustomStringConvertible, CustomReflectable {
    let secret: String

    /// Why a text is no token; none of them quotes it.
    package enum Mistake: Error {
        case empty
        /// Pasted with the word before it: services would get "Bearer Bearer …".
        case bearerPrefix
        case quoted
        /// A blank or a line end within.
        case severalWords
        case characters
        case tooLong
    }

    private static let byteLimit = 8192

    /// Blanks and line ends around it do not count: editors put them there.
    package init(_ text: String) throws(Mistake) {
        let text = text.trimmingBlanks
        guard !text.isEmpty else { throw .empty }
        let lower = text.prefix(32).lowercased()
        guard !["bearer", "authorization:"].contains(where: { lower == $0 || lower.hasPrefix($0 + " ") }) else {
            throw .bearerPrefix
        }
        guard text.first != "\"" && text.first != "'" else { throw .quoted }
        guard !text.contains(where: \.isWhitespace) else { throw .severalWords }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .characters }
        guard text.utf8.count <= Self.byteLimit else { throw .tooLong }
        secret = text
    }

    /// One that no service has issued.
    static let wrong = BearerToken(literal: "popl-sync-check-is-not-a-token")

    private init(literal: String) { secret = literal }

    package var description: String { "(token)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension String {
    fileprivate var trimmingBlanks: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
