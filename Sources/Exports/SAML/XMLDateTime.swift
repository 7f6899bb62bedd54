import SCIM

/// xs:dateTime (XML Schema part 2, §3.2.7), strictly: no other notation, no date that does not exist.
package enum XMLDateTime {
    /// `nil` for anything that is not one. White space around it collapses; a missing zone is UTC; `24:00:00` is the
    /// next day's beginning, second 60 is none; years have four digits or more (up to eight), and may be negative.
    /// Digits beyond milliseconds are cut off.
    package static func timestamp(_ text: String) -> Timestamp? {
        var scanner = Scanner(text)
        let isNegative = scanner.take("-")
        let yearStart = scanner.position
        guard let year = scanner.number(digits: 4...8), year > 0,
            scanner.position - yearStart == 4 || !scanner.isZero(at: yearStart),
            scanner.take("-"), let month = scanner.number(digits: 2...2), (1...12).contains(month),
            scanner.take("-"), let day = scanner.number(digits: 2...2),
            day >= 1, day <= days(in: month, of: isNegative ? 1 - year : year),
            scanner.take("T"), let hour = scanner.number(digits: 2...2),
            scanner.take(":"), let minute = scanner.number(digits: 2...2), minute < 60,
            scanner.take(":"), let second = scanner.number(digits: 2...2), second < 60
        else { return nil }
        var milliseconds: Int64 = 0
        var isWhole = true
        if scanner.take(".") {
            guard let fraction = scanner.fraction() else { return nil }
            milliseconds = fraction.milliseconds
            isWhole = fraction.isZero
        }
        guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && isWhole) else { return nil }
        guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
        // XML Schema 1.0 has no year 0: −1 is the year before 1.
        let days = CivilDate.days(year: isNegative ? 1 - year : year, month: month, day: day)
        let minutes = days * 1440 + hour * 60 + minute - zone
        return Timestamp(rawValue: (minutes * 60 + second) * 1000 + milliseconds)
    }

    /// In UTC, with milliseconds only where there are any: `2034-01-01T00:00:00Z`. Years before 1 show as year 1, years
    /// after 9999 as the end of 9999: SCIM's dateTime is read by programs that know four digits.
    package static func text(_ timestamp: Timestamp) -> String {
        let clamped = min(max(timestamp.rawValue, -62_135_596_800_000), 253_402_300_799_000)
        let date = CivilDate(milliseconds: clamped)
        func digits(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let day = "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
        let seconds = date.millisecondOfDay / 1000
        let time = "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
        let fraction = date.millisecondOfDay % 1000
        return fraction == 0 ? "\(day)T\(time)Z" : "\(day)T\(time).\(digits(fraction, 3))Z"
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Scanner {
        private let bytes: [UInt8]
        var position = 0

        init(_ text: String) { bytes = XMLText.trimmed(Array(text.utf8)) }

        var isAtEnd: Bool { position == bytes.count }

        func isZero(at index: Int) -> Bool { bytes[index] == UInt8(ascii: "0") }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func number(digits: ClosedRange<Int>) -> Int64? {
            let start = position
            var value: Int64 = 0
            while position < bytes.count, position - start < digits.upperBound, bytes[position] &- 0x30 < 10 {
                value = value * 10 + Int64(bytes[position] - 0x30)
                position += 1
            }
            return digits.contains(position - start) ? value : nil
        }

        /// One digit or more.
        mutating func fraction() -> (milliseconds: Int64, isZero: Bool)? {
            let start = position
            var milliseconds: Int64 = 0
            var scale: Int64 = 100
            var isZero = true
            while position < bytes.count, bytes[position] &- 0x30 < 10 {
                milliseconds += Int64(bytes[position] - 0x30) * scale
                scale /= 10
                if bytes[position] != 0x30 { isZero = false }
                position += 1
            }
            return position > start ? (milliseconds, isZero) : nil
        }

        /// Minutes ahead of UTC: up to 14 hours either way.
        mutating func zone() -> Int64? {
            if isAtEnd || take("Z") { return 0 }
            let sign: Int64
            if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hours = number(digits: 2...2), take(":"), let minutes = number(digits: 2...2), minutes < 60,
                hours * 60 + minutes <= 14 * 60
            else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}

/// White space as XML has it: blank, tab, line feed, carriage return.
enum XMLText {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return first == 0 && last == bytes.count - 1 ? bytes : Array(bytes[first...last])
    }

    static func trimmed(_ text: String) -> String { String(decoding: trimmed(Array(text.utf8)), as: UTF8.self) }

    static func words(_ text: String) -> [String] {
        text.utf8.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
    }
}
