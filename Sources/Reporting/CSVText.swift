/// CSV as we write it: RFC 4180 with LF, and nothing that a spreadsheet would run as a formula.
package enum CSVText {
    /// One record with its line end.
    package static func record(_ fields: some Sequence<String>) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    /// The one function that writes a CSV field. A leading `=`, `+`, `-`, `@`, TAB or CR gets an apostrophe in front
    /// (idp-exports §6.9), and quotes go around whatever needs them.
    package static func field(_ value: String) -> String {
        let safe = startsFormula(value) ? "'" + value : value
        guard safe.utf8.contains(where: { needsQuotes($0) }) || safe.first == " " || safe.last == " " else {
            return safe
        }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func startsFormula(_ value: String) -> Bool {
        switch value.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte < 0x20
    }
}
