import JSON
import TestSupport

extension SeededRandom {
    /// Short, and full of what is dangerous: quotes, backslashes, controls, separators, several planes.
    mutating func string(upTo count: Int = 12) -> String {
        let alphabet: [Unicode.Scalar] = [
            "a", "b", "Z", "0", " ", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "e",
            "\u{301}", "€",
            "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFF}", "😀", "\u{10FFFF}", "{", "}", "[", "]", ",", ":", ".",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<below(count + 1) { scalars.append(alphabet[below(alphabet.count)]) }
        return String(scalars)
    }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth == 0 ? 5 : 7) {
        case 0: return .null
        case 1: return .boolean(below(2) == 0)
        case 2: return .number(["0", "-0", "12", "-7.25", "1e9", "3E-2", "9007199254740993", "0.1e+1"][below(8)])
        case 3, 4: return .string(string())
        case 5: return .array((0..<below(5)).map { _ in value(depth: depth - 1) })
        default:
            // Names are told apart by a number in front: equal ones are refused.
            return .object(
                (0..<below(5)).map { JSONMember(name: "\($0)" + string(), value: value(depth: depth - 1)) })
        }
    }
}
