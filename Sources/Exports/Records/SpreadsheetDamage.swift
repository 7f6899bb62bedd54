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

    /// `1.23E+05`, `#NAME?`, `#REF!`: the value that was there is lost.
    @inline(__always)
    static func isLost(_ value: RawValue) -> Bool {
        guard value.count >= 4 else { return false }
        let first = value.start[0]
        if first != 0x23, first &- 0x30 > 9 { return false }
        return isLostSlowly(value.text)
    }

    @inline(never)
    private static func isLostSlowly(_ text: String) -> Bool {
        if text.hasPrefix("#") {
            return ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!"].contains(
                text.uppercased())
        }
        return text.wholeMatch(of: /[0-9]+([.,][0-9]+)?[Ee][+][0-9]+/) != nil
    }
}
