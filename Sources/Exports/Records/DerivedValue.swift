/// What a vendor wraps into one column, taken out (``Source/Wrapping``).
enum DerivedValue {
    /// `nil` when there is nothing of it in `text`.
    static func unwrap(_ text: String, _ wrapping: Source.Wrapping) -> String? {
        switch wrapping {
        case .beforeComma: halves(text).last
        case .afterComma: halves(text).first
        case .turnedAtComma: halves(text).first.map { first in halves(text).last.map { "\(first) \($0)" } ?? first }
        case .primaryProxyAddress: primaryAddress(text)
        case .guid: guid(text)
        }
    }

    /// `Last, First`. Without a comma there is only a last name.
    private static func halves(_ text: String) -> (last: String?, first: String?) {
        guard let comma = text.firstIndex(of: ",") else { return (text, nil) }
        return (text[..<comma].trimmedOrNil, text[text.index(after: comma)...].trimmedOrNil)
    }

    /// Addresses may hold a `+` themselves: only one in front of the next `smtp:` or `SIP:` separates.
    private static func primaryAddress(_ list: String) -> String? {
        let marks = list.matches(of: /(?:^|[+;\n])([A-Za-z0-9]+):/)
        for (index, mark) in marks.enumerated() where mark.output.1 == "SMTP" {
            let end = index + 1 < marks.count ? marks[index + 1].range.lowerBound : list.endIndex
            return list[mark.range.upperBound..<end].trimmedOrNil
        }
        return nil
    }

    /// `X'…'` of sixteen bytes as Active Directory's tools show it: the first three parts are little-endian.
    private static func guid(_ text: String) -> String? {
        guard text.utf8.count == 35, text.hasPrefix("X'"), text.hasSuffix("'") else { return text }
        let digits = Array(text.dropFirst(2).dropLast().lowercased())
        guard digits.allSatisfy(\.isHexDigit) else { return text }
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        let pairs = order.map { String(digits[$0 * 2...$0 * 2 + 1]) }
        return [pairs[0...3], pairs[4...5], pairs[6...7], pairs[8...9], pairs[10...15]].map { $0.joined() }
            .joined(separator: "-")
    }
}

extension StringProtocol {
    /// Without white space around it; `nil` when nothing else is there.
    var trimmedOrNil: String? {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(self[first...last])
    }
}
