/// xs:duration (XML Schema part 2, §3.2.6), strictly.
package enum XMLDuration {
    /// Whole seconds, a year as 365 days and a month as 30; negative ones negative. `nil` for what is no duration
    /// (`P1DT`, `PT`, `P`); numbers so long that they overflow come as the largest number of seconds.
    package static func seconds(_ text: String) -> Int64? {
        var bytes = XMLText.trimmed(Array(text.utf8))[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        guard bytes.popFirst() == UInt8(ascii: "P") else { return nil }
        var total: Int64 = 0
        var units = dateUnits[...]
        var isTime = false
        var parts = 0
        while !bytes.isEmpty {
            if !isTime, bytes.first == UInt8(ascii: "T") {
                bytes = bytes.dropFirst()
                isTime = true
                units = timeUnits[...]
                guard !bytes.isEmpty else { return nil }
                continue
            }
            guard let (value, hasFraction) = number(&bytes), let letter = bytes.popFirst(),
                let unit = units.firstIndex(where: { $0.letter == letter }),
                !hasFraction || letter == UInt8(ascii: "S")
            else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: units[unit].seconds)
            let (sum, overflowedAgain) = total.addingReportingOverflow(overflowed ? Int64.max : product)
            total = overflowed || overflowedAgain ? Int64.max : sum
            // Each unit once, and only in this order.
            units = units[(unit + 1)...]
            parts += 1
        }
        guard parts > 0 else { return nil }
        return isNegative ? -total : total
    }

    private typealias Unit = (letter: UInt8, seconds: Int64)
    private static let dateUnits: [Unit] = [
        (UInt8(ascii: "Y"), 365 * 86_400), (UInt8(ascii: "M"), 30 * 86_400), (UInt8(ascii: "D"), 86_400),
    ]
    private static let timeUnits: [Unit] = [
        (UInt8(ascii: "H"), 3_600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1),
    ]

    /// Digits, and for seconds a point and digits, which are read and cut off.
    private static func number(_ bytes: inout ArraySlice<UInt8>) -> (value: Int64, hasFraction: Bool)? {
        var value: Int64 = 0
        var digits = 0
        while let byte = bytes.first, byte &- 0x30 < 10 {
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) = product.addingReportingOverflow(Int64(byte - 0x30))
            value = overflowed || overflowedAgain ? Int64.max : sum
            digits += 1
            bytes = bytes.dropFirst()
        }
        guard digits > 0 else { return nil }
        guard bytes.first == UInt8(ascii: ".") else { return (value, false) }
        bytes = bytes.dropFirst()
        let fraction = bytes.prefix { $0 &- 0x30 < 10 }
        bytes = bytes.dropFirst(fraction.count)
        return fraction.isEmpty ? nil : (value, true)
    }
}
