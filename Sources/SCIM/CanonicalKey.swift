import Foundation

/// What two spellings of one identifier have in common: the one function for each identifier that exports,
/// correlation and storage all use. Keys compare byte for byte.
///
/// Made as scim-rulings.md's "Keys": outer white space trimmed, NFC, full case folding without a locale, NFC. The
/// spelling itself is stored as it was sent.
package enum CanonicalKey {
    /// Why text cannot be an identifier.
    package struct Rejection: Error, Hashable, Sendable {
        package enum Reason: String, Sendable {
            case empty
            case whiteSpace = "white-space"
            case control
            case zeroWidth = "zero-width"
            case bidi
            /// A letter of another script among Latin ones, as a Cyrillic `а` in `аdmin`.
            case mixedScripts = "mixed-scripts"
            /// A sign that looks like `@` and is none.
            case lookalike
        }

        package var reason: Reason
        /// The first scalar at fault; `nil` for ``Reason/empty``.
        package var scalar: Unicode.Scalar?

        /// What is wrong, without its subject: `holds a zero-width character (U+200B)`.
        package var message: String {
            let place = scalar.map { " (\(CanonicalKey.name(of: $0)))" } ?? ""
            return switch reason {
            case .empty: "is empty"
            case .whiteSpace: "holds white space\(place)"
            case .control: "holds a control character\(place)"
            case .zeroWidth: "holds a zero-width character\(place)"
            case .bidi: "holds a character that changes the direction of writing\(place)"
            case .mixedScripts: "mixes letters of two scripts\(place)"
            case .lookalike: "holds a sign that only looks like @\(place)"
            }
        }
    }

    /// The key of a User's userName: unique within its team.
    package static func userName(_ text: String) throws(Rejection) -> String {
        if let key = asciiKey(text, innerSpace: false) { return key }
        return normalised(try checked(text, innerSpace: false))
    }

    /// The key of a Group's displayName: unique within its team. Inner blanks count.
    package static func groupName(_ text: String) throws(Rejection) -> String {
        if let key = asciiKey(text, innerSpace: true) { return key }
        return normalised(try checked(text, innerSpace: true))
    }

    /// The key of an e-mail address: as a userName's, the domain in A-label form (RFC 5890 §2.3.2.1), so that both
    /// spellings of an internationalised domain are one. Dots and `+tag` in the local part count. Whether it is an
    /// address at all is not judged beyond characters that never belong in one.
    package static func email(_ text: String) throws(Rejection) -> String {
        if let key = asciiKey(text, innerSpace: false) { return key }
        let trimmed = try checked(text, innerSpace: false)
        try checkScripts(trimmed)
        guard let at = trimmed.lastIndex(of: "@") else { return normalised(trimmed) }
        let domain = trimmed[trimmed.index(after: at)...]
        return normalised(trimmed[..<at]) + "@" + (DomainName.aLabels(String(domain)) ?? normalised(domain))
    }

    /// The key under which an address is looked up: ``email(_:)``, or folded where it has no such key. Spellings that a
    /// filter takes for equal have the same one.
    package static func anyEmail(_ text: String) -> String { (try? email(text)) ?? folded(text) }

    /// Appends the userName key of UTF-8 `bytes`; false, with `key` as it was, when they are rejected or not UTF-8
    /// (``userName(_:)`` tells why). Made for loops over a million cells: plain ASCII costs one pass and no `String`.
    package static func appendUserNameKey(_ bytes: UnsafeRawBufferPointer, to key: inout [UInt8]) -> Bool {
        switch appendASCIIKey(bytes, innerSpace: false, to: &key) {
        case .done: return true
        case .rejected: return false
        case .notASCII: break
        }
        guard let text = String(validating: bytes, as: UTF8.self), let slow = try? userName(text) else { return false }
        key.append(contentsOf: slow.utf8)
        return true
    }

    /// As ``appendUserNameKey(_:to:)``, for ``email(_:)``.
    package static func appendEmailKey(_ bytes: UnsafeRawBufferPointer, to key: inout [UInt8]) -> Bool {
        switch appendASCIIKey(bytes, innerSpace: false, to: &key) {
        case .done: return true
        case .rejected: return false
        case .notASCII: break
        }
        guard let text = String(validating: bytes, as: UTF8.self), let slow = try? email(text) else { return false }
        key.append(contentsOf: slow.utf8)
        return true
    }

    /// What `text` compares as where letter case and normal form do not count, blanks and all: attributes that are not
    /// `caseExact`, names that a batch run leaves as they are.
    package static func folded(_ text: String) -> String {
        var text = text
        let ascii: String? = text.withUTF8 { bytes in
            var needsFolding = false
            for byte in bytes {
                if byte >= 0x80 { return nil }
                if byte &- 0x41 < 26 { needsFolding = true }
            }
            if !needsFolding { return String(decoding: bytes, as: UTF8.self) }
            return String(decoding: bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
        }
        return ascii ?? normalised(text)
    }

    /// Refuses a local part that mixes Latin letters with Cyrillic or Greek ones, and signs that only look like `@`
    /// (idp-exports.md §7). Exports ask this of userNames too; the online service does not.
    package static func checkScripts(_ text: some StringProtocol) throws(Rejection) {
        var latin = false
        var foreign: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x40: return
            case 0xFF20, 0xFE6B: throw Rejection(reason: .lookalike, scalar: scalar)
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: latin = true
            case 0x370...0x52F, 0x1C80...0x1C8F, 0x1F00...0x1FFF, 0x2DE0...0x2DFF, 0xA640...0xA69F:
                foreign = foreign ?? scalar
            default: break
            }
            if latin, let foreign { throw Rejection(reason: .mixedScripts, scalar: foreign) }
        }
    }

    /// `U+200B`.
    package static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension CanonicalKey {
    private enum ASCIIOutcome { case done, rejected, notASCII }

    /// `nil` when `text` is not ASCII or is rejected: the slow way then says which.
    private static func asciiKey(_ text: String, innerSpace: Bool) -> String? {
        var text = text
        var key: [UInt8] = []
        return text.withUTF8 { bytes in
            key.reserveCapacity(bytes.count)
            switch appendASCIIKey(UnsafeRawBufferPointer(bytes), innerSpace: innerSpace, to: &key) {
            case .done: return String(decoding: key, as: UTF8.self)
            case .rejected, .notASCII: return nil
            }
        }
    }

    private static func appendASCIIKey(
        _ bytes: UnsafeRawBufferPointer, innerSpace: Bool, to key: inout [UInt8]
    ) -> ASCIIOutcome {
        var start = 0
        var end = bytes.count
        while start < end, isASCIIWhiteSpace(bytes[start]) { start += 1 }
        while end > start, isASCIIWhiteSpace(bytes[end - 1]) { end -= 1 }
        if start == end { return .rejected }
        let before = key.count
        for index in start..<end {
            let byte = bytes[index]
            if byte >= 0x80 || byte < 0x20 || byte == 0x7F || (byte == 0x20 && !innerSpace) {
                key.removeLast(key.count - before)
                if byte < 0x80, !bytes[index...].contains(where: { $0 >= 0x80 }) { return .rejected }
                return .notASCII
            }
            key.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        }
        return .done
    }

    private static func isASCIIWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    /// `text` without its outer white space, each scalar of it allowed.
    private static func checked(_ text: String, innerSpace: Bool) throws(Rejection) -> Substring {
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { throw Rejection(reason: .empty, scalar: nil) }
        let trimmed = text[start..<scalars.index(after: last)]
        for scalar in trimmed.unicodeScalars {
            if let reason = fault(of: scalar, innerSpace: innerSpace) {
                throw Rejection(reason: reason, scalar: scalar)
            }
        }
        return trimmed
    }

    private static func fault(of scalar: Unicode.Scalar, innerSpace: Bool) -> Rejection.Reason? {
        switch scalar.value {
        case 0x20: innerSpace ? nil : .whiteSpace
        case 0...0x1F, 0x7F...0x9F: .control
        case 0x200B...0x200D, 0x2060, 0xFEFF: .zeroWidth
        case 0x202A...0x202E, 0x2066...0x2069: .bidi
        case 0x2028, 0x2029: .control
        default: scalar.value >= 0x80 && !innerSpace && scalar.properties.isWhitespace ? .whiteSpace : nil
        }
    }

    private static func normalised(_ text: some StringProtocol) -> String {
        CaseFolding.fold(text.precomposedStringWithCanonicalMapping).precomposedStringWithCanonicalMapping
    }
}
