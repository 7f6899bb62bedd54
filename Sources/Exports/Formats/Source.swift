/// Where a value comes from: one column or member path, or what can be made of it.
package enum Source: Hashable, Sendable, ExpressibleByStringLiteral {
    case column(String)
    /// Several, joined by a blank; blank ones are passed over.
    case joined([String])
    /// What a column holds in a wrapping of the vendor's.
    case unwrapped(Wrapping, String)

    package enum Wrapping: String, Sendable, CaseIterable {
        /// `Last, First`: what follows the first comma.
        case afterComma = "after the comma"
        /// `Last, First`: what precedes the first comma.
        case beforeComma = "before the comma"
        /// `Last, First` turned into `First Last`.
        case turnedAtComma = "turned at the comma"
        /// `SMTP:a@b+smtp:c@d`: the address marked with capitals.
        case primaryProxyAddress = "primary address"
        /// Sixteen bytes as a directory writes them, to a GUID in its usual spelling.
        case guid = "GUID"
    }

    /// `A + B` joins; anything else is one column.
    package init(stringLiteral text: String) { self.init(text) }

    package init(_ text: String) {
        let parts = text.split(separator: " + ").map(String.init)
        self = parts.count > 1 ? .joined(parts) : .column(text)
    }

    package static func beforeComma(of column: String) -> Source { .unwrapped(.beforeComma, column) }
    package static func afterComma(of column: String) -> Source { .unwrapped(.afterComma, column) }
    package static func turnedAtComma(of column: String) -> Source { .unwrapped(.turnedAtComma, column) }
    package static func primaryProxyAddress(of column: String) -> Source { .unwrapped(.primaryProxyAddress, column) }
    package static func guid(of column: String) -> Source { .unwrapped(.guid, column) }

    package var columns: [String] {
        switch self {
        case .column(let column), .unwrapped(_, let column): [column]
        case .joined(let columns): columns
        }
    }

    /// As `AttributeRule.from` and `init` show it.
    package var text: String {
        switch self {
        case .column(let column): column
        case .joined(let columns): columns.joined(separator: " + ")
        case .unwrapped(let wrapping, let column): "\(column) (\(wrapping.rawValue))"
        }
    }
}
