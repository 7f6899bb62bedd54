extension Timestamp {
    /// Reads RFC 3339's `2026-03-02T08:15:30.120Z`: seconds and their fraction may be missing, any offset, a blank or a
    /// small `t` for the `T`. Digits beyond milliseconds are cut off. A missing zone is UTC, as xs:dateTime allows.
    /// `nil` for anything else, dates that do not exist among it.
    package init?(iso8601 text: String) {
        var text = text
        let parsed = text.withUTF8 { Self.milliseconds(UnsafeRawBufferPointer($0)) }
        guard let parsed else { return nil }
        self.init(rawValue: parsed)
    }

    /// As SCIM's `meta` shows it: UTC, with milliseconds.
    package var iso8601: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``iso8601``. Years beyond 9999 grow longer, years before 1 are not needed and clamp to year 0.
    func append(to bytes: inout [UInt8]) {
        let day = Self.floorDivide(rawValue, 86_400_000)
        let rest = rawValue - day * 86_400_000
        let (year, month, date) = Self.civil(day)
        Self.append(max(0, year), width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(month, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(date, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(rest / 3_600_000, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 60_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 1_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(rest % 1_000, width: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    private static func append(_ number: Int64, width: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }

    /// Days since 1970-01-01 to a date of the proleptic Gregorian calendar, by years that begin in March.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, date: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1)
    }

    private static func days(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let ofEra = year - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        var position = 0
        func number(_ digits: ClosedRange<Int>) -> Int64? {
            var value: Int64 = 0
            var count = 0
            while position < text.count, count < digits.upperBound, text[position] &- 0x30 < 10 {
                value = value * 10 + Int64(text[position] - 0x30)
                position += 1
                count += 1
            }
            return count < digits.lowerBound ? nil : value
        }
        func take(_ byte: UInt8) -> Bool {
            guard position < text.count, text[position] == byte else { return false }
            position += 1
            return true
        }
        guard let year = number(4...6), take(UInt8(ascii: "-")), let month = number(2...2), take(UInt8(ascii: "-")),
            let date = number(2...2), (1...12).contains(month), date >= 1,
            civil(days(year, month, date)) == (year, month, date),
            take(UInt8(ascii: "T")) || take(UInt8(ascii: "t")) || take(UInt8(ascii: " ")),
            let hour = number(2...2), take(UInt8(ascii: ":")), let minute = number(2...2), minute < 60
        else { return nil }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if take(UInt8(ascii: ":")) {
            guard let value = number(2...2), value < 60 else { return nil }
            second = value
            if take(UInt8(ascii: ".")) {
                let start = position
                guard number(1...18) != nil else { return nil }
                for offset in 0..<3 {
                    fraction = fraction * 10 + (start + offset < position ? Int64(text[start + offset] - 0x30) : 0)
                }
            }
        }
        guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && fraction == 0) else { return nil }
        var offset: Int64 = 0
        if position < text.count, !take(UInt8(ascii: "Z")), !take(UInt8(ascii: "z")) {
            let sign: Int64
            if take(UInt8(ascii: "+")) { sign = 1 } else if take(UInt8(ascii: "-")) { sign = -1 } else { return nil }
            guard let hours = number(2...2), hours < 24 else { return nil }
            _ = take(UInt8(ascii: ":"))
            guard let minutes = number(2...2), minutes < 60 else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard position == text.count else { return nil }
        let minutes = days(year, month, date) * 1_440 + hour * 60 + minute - offset
        return (minutes * 60 + second) * 1_000 + fraction
    }
}
