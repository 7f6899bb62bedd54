import Foundation

/// A message as `sendmail -t` takes it (RFC 5322, MIME): the news as text and, where it is asked for, the report as a
/// page attached. Whatever a value holds, it stays within its header.
package struct Mail: Sendable {
    package struct Attachment: Sendable {
        package let fileName: String
        package let bytes: [UInt8]
        package init(fileName: String, bytes: [UInt8]) {
            self.fileName = fileName
            self.bytes = bytes
        }
    }

    private let headers: [(name: String, value: String)]
    private let text: String
    private let attachment: Attachment?
    private let boundary: String

    /// `to` and `from` are addresses (``isAddress(_:)``). Without `from` the mail program says who it is. `id` is unique.
    package init(
        _ news: RunNews, to: [String], from: String?, date: Date, id: String, attachment: Attachment? = nil
    ) {
        let words = NewsText(news)
        text = words.plain
        self.attachment = attachment
        boundary = "popl-sync-\(id)"
        var headers = [("To", to.joined(separator: ", ")), ("Subject", Self.encoded(words.title))]
        if let from { headers.insert(("From", from), at: 0) }
        headers += [
            ("Date", Self.date(date)), ("Message-ID", "<\(id)@\(Self.hostWord(news.host))>"),
            // Nobody's holiday should answer it (RFC 3834 §5).
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
        ]
        self.headers = headers
    }

    package var bytes: [UInt8] {
        var lines = headers.map { "\($0.name): \(Self.oneLine($0.value))" }
        guard let attachment else {
            lines += Self.part("text/plain; charset=utf-8", Array(text.utf8))
            return Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        lines += ["Content-Type: multipart/mixed; boundary=\"\(boundary)\"", "", "--\(boundary)"]
        lines += Self.part("text/plain; charset=utf-8", Array(text.utf8)) + ["--\(boundary)"]
        let name = attachment.fileName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        lines += Self.part(
            "text/html; charset=utf-8", attachment.bytes, "Content-Disposition: attachment; filename=\"\(name)\"")
        lines.append("--\(boundary)--")
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Always base64: no line is too long, none begins with a dot or `From `, and nothing in it can end the part.
    private static func part(_ type: String, _ bytes: [UInt8], _ more: String...) -> [String] {
        let text = Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
        return ["Content-Type: \(type)", "Content-Transfer-Encoding: base64"] + more + ["", text]
    }

    /// One address that nothing can be added to: no blank, comma, bracket, quotation mark or line end.
    package static func isAddress(_ text: String) -> Bool {
        text.utf8.count <= 254 && text.wholeMatch(of: /[A-Za-z0-9.!#$%&'*+\/=?^_`{|}~-]+@[A-Za-z0-9.-]+/) != nil
            && !text.hasPrefix("-")
    }

    /// As it is where it is plain ASCII of one short line, in encoded words otherwise (RFC 2047).
    static func encoded(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), text.utf8.count <= 900, !text.contains("=?") {
            return text
        }
        var words: [String] = [], word = ""
        for character in text {
            // 45 bytes are 60 in base64: with what is around them under the 75 that a word may have.
            if !word.isEmpty, word.utf8.count + character.utf8.count > 45 {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        return (words + [word]).map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\n ")
    }

    /// Only a fold of our own may break a header's line.
    private static func oneLine(_ value: String) -> String {
        value.replacing("\r", with: "").split(separator: "\n").enumerated()
            .map { index, line in index == 0 || line.hasPrefix(" ") ? String(line) : " \(line)" }
            .joined(separator: "\n")
    }

    private static func date(_ date: Date) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return format.string(from: date)
    }

    private static func hostWord(_ host: String) -> String {
        let word = host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
        return word.isEmpty ? "localhost" : word
    }
}
