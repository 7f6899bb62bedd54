import Foundation
import JSON

/// What a service answered, as it came: services at fault answer HTML, or nothing, with any status.
package struct Answer: Sendable {
    package let status: Int
    /// By lower-case name; the last one of a name.
    package let headers: [String: String]
    package let body: Body

    package enum Body: Sendable {
        case empty
        case json(JSONValue)
        /// A page for people: a sign-in page, a proxy's error.
        case html
        case unreadable
    }

    init(status: Int, headers: [String: String], bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        let text = bytes.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if text.isEmpty {
            body = .empty
        } else if let value = try? JSON.parse(Array(text)) {
            body = .json(value)
        } else if text.first == UInt8(ascii: "<") {
            body = .html
        } else {
            body = .unreadable
        }
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    package var json: JSONValue? { if case .json(let value) = body { value } else { nil } }

    /// Whether it is an error as RFC 7644 §3.12 has it.
    package var isSCIMError: Bool {
        json?["schemas"]?.array?.contains(.string("urn:ietf:params:scim:api:messages:2.0:Error")) ?? false
    }

    /// What the service says for people, one line of it at most; it goes to a terminal only through `TerminalText`.
    package var detail: String? {
        guard let detail = json?["detail"]?.string ?? json?["message"]?.string, !detail.isEmpty else { return nil }
        return detail.count > 200 ? detail.prefix(200) + "…" : detail
    }

    /// Whole seconds that it asks to wait (RFC 9110 §10.2.3); a date counts as unsaid.
    package var retryAfterSeconds: Int? { headers["retry-after"].flatMap { Int($0) } }

    /// The same, a date too: from `now` until then, and 0 when that is past.
    func retryAfter(now: Date) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Int(text) { return .seconds(max(0, seconds)) }
        guard let date = HTTPDate.parse(text) else { return nil }
        return .seconds(max(0, date.timeIntervalSince(now)))
    }

    /// `a web page`, in words that follow "answered with".
    package var kind: String {
        switch body {
        case .empty: "nothing"
        case .json: "JSON"
        case .html: "a web page (HTML)"
        case .unreadable: "neither JSON nor HTML"
        }
    }
}

/// A date of HTTP in any of its three forms (RFC 9110 §5.6.7).
enum HTTPDate {
    static func parse(_ text: String) -> Date? {
        for format in ["EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy"] {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "GMT")
            formatter.dateFormat = format
            if let date = formatter.date(from: text) { return date }
        }
        return nil
    }
}
