/// `count` with its noun in the right number, thousands apart: `1,204 records`.
package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
}

/// Digits in threes: `1,204,000`.
package func grouped(_ number: Int) -> String {
    var out = "", digits = String(abs(number))
    while digits.count > 3 {
        out = "," + digits.suffix(3) + out
        digits = String(digits.dropLast(3))
    }
    return (number < 0 ? "-" : "") + digits + out
}
