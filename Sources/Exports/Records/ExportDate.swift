import Foundation
import SCIM

/// A date as exports write them (idp-exports.md §7, "Dates").
enum ExportDate: Hashable {
    /// `0000-00-00`, `Never`, `Never logged in`, the first of January 1970: there is none.
    case none
    /// A day without a time, in the zone given or, without one, in the team's.
    case day(year: Int, month: Int, day: Int, offsetSeconds: Int?)
    case instant(Timestamp)
    /// `03/04/2024` without `dates:` in the configuration: not used.
    case ambiguous
    case unreadable

    init(_ text: some StringProtocol, dialect: MappingConfiguration.DateDialect, zone: TimeZone) {
        var scanner = Scanner(text: Array(text.utf8))
        scanner.skipBlanks()
        self = Self.parse(&scanner, dialect, zone)
    }

    /// The first moment of it.
    func start(in zone: TimeZone) -> Timestamp? { moment(addingDays: 0, zone) }

    /// The first moment after it: a bare date lasts until the end of that day.
    func end(in zone: TimeZone) -> Timestamp? { moment(addingDays: 1, zone) }

    private func moment(addingDays days: Int64, _ zone: TimeZone) -> Timestamp? {
        switch self {
        case .none, .ambiguous, .unreadable: nil
        case .instant(let instant): instant
        case .day(let year, let month, let day, let offset):
            Self.timestamp(Self.daysSince1970(year, month, day) + days, 0, offset: offset, zone)
        }
    }

    private static func timestamp(_ days: Int64, _ seconds: Int, offset: Int?, _ zone: TimeZone) -> Timestamp {
        let local = days * 86_400 + Int64(seconds)
        let shift = offset ?? zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(local)))
        return Timestamp(rawValue: (local - Int64(shift)) * 1000)
    }

    /// Days of the Gregorian calendar, reaching back before it.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    private static func parse(
        _ scanner: inout Scanner, _ dialect: MappingConfiguration.DateDialect, _ zone: TimeZone
    ) -> ExportDate {
        if scanner.isAtEnd || scanner.skip(word: "never") { return .none }
        guard let first = scanner.number(), let separator = scanner.next(), [0x2D, 0x2F].contains(separator),
            let second = scanner.number(), scanner.next() == separator, let third = scanner.number()
        else { return .unreadable }
        let (year, month, day): (Int, Int, Int)
        switch (first.digits, third.digits) {
        case (4, 1...2): (year, month, day) = (first.value, second.value, third.value)
        case (1...2, 4) where separator == 0x2F:
            switch order(first.value, second.value, dialect) {
            case .us: (year, month, day) = (third.value, first.value, second.value)
            case .eu: (year, month, day) = (third.value, second.value, first.value)
            case .iso: return .ambiguous
            }
        default: return .unreadable
        }
        if year == 0 && month == 0 && day == 0 { return .none }
        guard (1...12).contains(month), (1...daysIn(month, of: year)).contains(day) else { return .unreadable }
        if year == 1970 && month == 1 && day == 1 { return .none }
        return time(&scanner, daysSince1970(year, month, day), zone)
            ?? (scanner.isAtEnd
                ? .day(year: year, month: month, day: day, offsetSeconds: nil)
                : scanner.offset().map { .day(year: year, month: month, day: day, offsetSeconds: $0) } ?? .unreadable)
    }

    /// `iso` when both orders fit and mean different days.
    private static func order(
        _ first: Int, _ second: Int, _ dialect: MappingConfiguration.DateDialect
    ) -> MappingConfiguration.DateDialect {
        if dialect != .iso { return dialect }
        if first > 12 { return .eu }
        return second > 12 || first == second ? .us : .iso
    }

    /// What follows the day, if it is a time.
    private static func time(_ scanner: inout Scanner, _ days: Int64, _ zone: TimeZone) -> ExportDate? {
        var ahead = scanner
        guard ahead.skipTimeSeparator(), let hour = ahead.number(), ahead.skip(0x3A), let minute = ahead.number() else {
            return nil
        }
        var (hours, seconds) = (hour.value, 0)
        if ahead.skip(0x3A) {
            guard let second = ahead.number() else { return .unreadable }
            seconds = second.value
            if ahead.skip(0x2E) { _ = ahead.number() }
        }
        ahead.skipBlanks()
        if let half = ahead.halfOfDay() {
            guard (1...12).contains(hours) else { return .unreadable }
            hours = hours % 12 + half
        }
        ahead.skipBlanks()
        let offset = ahead.isAtEnd ? nil : ahead.offset()
        guard ahead.isAtEnd, hours < 24, minute.value < 60, seconds <= 60 else { return .unreadable }
        return .instant(timestamp(days, hours * 3600 + minute.value * 60 + seconds, offset: offset, zone))
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Scanner {
        let text: [UInt8]
        var position = 0

        init(text: [UInt8]) { self.text = text }

        var isAtEnd: Bool { text[position...].allSatisfy { $0 == 0x20 } }

        mutating func skipBlanks() { while position < text.count, text[position] == 0x20 { position += 1 } }

        mutating func next() -> UInt8? {
            guard position < text.count else { return nil }
            position += 1
            return text[position - 1]
        }

        mutating func skip(_ byte: UInt8) -> Bool {
            guard position < text.count, text[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func skip(word: String) -> Bool {
            text[position...].map { $0 | 0x20 }.starts(with: word.utf8)
        }

        mutating func skipTimeSeparator() -> Bool {
            if skip(0x54) || skip(0x74) { return true }
            guard skip(0x20) else { return false }
            skipBlanks()
            return true
        }

        mutating func number() -> (value: Int, digits: Int)? {
            let start = position
            var value = 0
            while position < text.count, position - start < 9, (0x30...0x39).contains(text[position]) {
                value = value * 10 + Int(text[position] - 0x30)
                position += 1
            }
            return position == start ? nil : (value, position - start)
        }

        /// Hours to add: 0 for AM, 12 for PM.
        mutating func halfOfDay() -> Int? {
            guard position + 1 < text.count, text[position + 1] | 0x20 == 0x6D else { return nil }
            let half: Int? =
                switch text[position] | 0x20 {
                case 0x61: 0
                case 0x70: 12
                default: nil
                }
            if half != nil { position += 2 }
            return half
        }

        /// `Z`, `+hh:mm`, `-hhmm`, `+hh`: seconds east of Greenwich.
        mutating func offset() -> Int? {
            if skip(0x5A) || skip(0x7A) { return isAtEnd ? 0 : nil }
            guard let sign = next(), sign == 0x2B || sign == 0x2D, let first = number() else { return nil }
            var (hours, minutes) = (first.value, 0)
            if first.digits == 4 {
                (hours, minutes) = (first.value / 100, first.value % 100)
            } else if skip(0x3A) {
                guard let second = number() else { return nil }
                minutes = second.value
            }
            guard hours <= 18, minutes < 60, isAtEnd else { return nil }
            return (sign == 0x2D ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
    }
}
