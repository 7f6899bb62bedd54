/// What spreadsheets do to cells (idp-exports.md §6.8).
enum SpreadsheetDamage {
    /// `="0042"` without its wrapping.
    @inline(__always)
    static func unwrapped(_ value: RawValue) -> RawValue {
        guard value.count >= 3, value.start[0] == 0x3D, value.start[1] == 0x22, value.start[value.count - 1] == 0x22
        else { return value }
        return RawValue(start: value.start + 2, count: value.count - 3, isMissing: false)
    }

    /// Without one leading `'` that guards what would be taken for a formula or a number.
    @inline(__always)
    static func withoutApostrophe(_ value: RawValue) -> RawValue {
        guard value.count >= 2, value.start[0] == 0x27, "=+-@0".utf8.contains(value.start[1]) else { return value }
        return RawValue(start: value.start + 1, count: value.count - 1, isMissing: false)
    }

    /// `1.23E+05`, `#NAME?`, `#REF!`: the value that was there is lost. Every id is asked, so bytes are looked at and no
    /// text is made of them.
    @inline(__always)
    static func isLost(_ value: RawValue) -> Bool {
        guard value.count >= 4 else { return false }
        let first = value.start[0]
        if first == 0x23 { return isError(value.text) }
        return first &- 0x30 <= 9 && isExponent(value)
    }

    private static func isError(_ text: String) -> Bool {
        ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!"].contains(text.uppercased())
    }

    /// Digits, perhaps a decimal separator with digits, `E+`, digits, and nothing else.
    private static func isExponent(_ value: RawValue) -> Bool {
        var index = 0
        func byte() -> UInt8 { index < value.count ? value.start[index] : 0 }
        func skipDigits() -> Bool {
            let begin = index
            while byte() &- 0x30 <= 9 { index += 1 }
            return index > begin
        }
        guard skipDigits() else { return false }
        if byte() == 0x2E || byte() == 0x2C {
            index += 1
            guard skipDigits() else { return false }
        }
        guard byte() | 0x20 == 0x65 else { return false }
        index += 1
        guard byte() == 0x2B else { return false }
        index += 1
        return skipDigits() && index == value.count
    }
}
