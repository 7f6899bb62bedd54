/// Questions about a value's text that are asked for each of a million: one pass each, no `String`.
extension RawValue {
    /// No white space, no control character, nothing outside ASCII.
    @inline(__always)
    var isPrintableASCII: Bool {
        var fault: UInt8 = 0
        for index in 0..<count { fault |= start[index] &- 0x21 < 0x5E ? 0 : 1 }
        return fault == 0
    }

    /// ASCII without NUL.
    @inline(__always)
    var isASCIIText: Bool {
        var fault: UInt8 = 0
        for index in 0..<count { fault |= start[index] &- 1 < 0x7F ? 0 : 1 }
        return fault == 0
    }

    /// Printable ASCII and blanks, no two of them together.
    @inline(__always)
    var isSinglySpacedASCII: Bool {
        var previous: UInt8 = 0
        for index in 0..<count {
            let byte = start[index]
            if byte &- 0x20 > 0x5E || (byte == 0x20 && previous == 0x20) { return false }
            previous = byte
        }
        return true
    }

    /// No white space but single blanks. Outside ASCII only the ranges with white space in them are looked at.
    var isSinglySpaced: Bool {
        var previous: UInt8 = 0
        for index in 0..<count {
            let byte = start[index]
            if byte < 0x20 || byte == 0x7F || (byte == 0x20 && previous == 0x20) { return false }
            if byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3,
                RawValue.whiteSpace(at: index, start, count) > 0
            {
                return false
            }
            previous = byte
        }
        return true
    }

    /// A `?` beside a letter or another `?`: what ASCII leaves of `Nováková`.
    var hasLostLetters: Bool {
        func isLetter(_ index: Int) -> Bool {
            guard index >= 0, index < count else { return count == 1 }
            return start[index] == 0x3F || (start[index] | 0x20) &- 0x61 < 26
        }
        return (0..<count).contains { start[$0] == 0x3F && (isLetter($0 - 1) || isLetter($0 + 1)) }
    }

    /// What PowerShell writes for a property that is a list or an object.
    var isTypeName: Bool {
        guard start[0] == 0x53 || start[0] == 0x4D else { return false }
        return hasPrefix("System.Collections.") || hasPrefix("Microsoft.Graph.PowerShell.Models.")
            || hasPrefix("Microsoft.Open.") || (hasPrefix("System.") && start[count - 1] == 0x5D)
    }
}

extension String {
    /// Runs of white space as one blank each. A tab or carriage return in front stays: it is data (idp-exports.md §6.9).
    var singlySpaced: String {
        var text = ""
        var rest = self[...]
        if let first = unicodeScalars.first, first == "\t" || first == "\r" {
            text.unicodeScalars.append(first)
            rest = self[unicodeScalars.index(after: startIndex)...]
        }
        let words = rest.unicodeScalars.split { $0.properties.isWhitespace }
        for (index, word) in words.enumerated() {
            if index > 0 { text.append(" ") }
            text.unicodeScalars.append(contentsOf: word)
        }
        return text
    }
}
