import Foundation

/// The HTTP headers of a page, saved beside it as `X.headers.txt` (idp-exports.md §2, Okta).
enum LinkHeader {
    /// Whether the service said that another page follows (`Link: <…>; rel="next"`, RFC 8288); `nil` without a file.
    static func hasNext(besides path: String) -> Bool? {
        let file = path.hasSuffix(".json") ? String(path.dropLast(5)) + ".headers.txt" : path + ".headers.txt"
        guard let data = FileManager.default.contents(atPath: file), data.count <= 1 << 20,
            let text = String(data: data, encoding: .utf8)
        else { return nil }
        return text.split(whereSeparator: \.isNewline).contains { line in
            let folded = line.lowercased()
            return folded.hasPrefix("link:") && folded.contains(/rel="?next"?/)
        }
    }
}
