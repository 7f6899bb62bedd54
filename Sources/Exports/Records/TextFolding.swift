import Foundation
import SCIM

/// What two spellings of a name have in common when letter case and Unicode normal form do not count (product.md,
/// "Details settled"): NFC, full case folding without a locale, NFC.
///
/// The planner compares ``AttributeRule/Comparison/folded`` attributes by ``key(_:)``, fingerprints by the same bytes.
package enum TextFolding {
    /// Compare byte for byte.
    package static func key(_ text: String) -> String {
        CaseFolding.fold(text.precomposedStringWithCanonicalMapping).precomposedStringWithCanonicalMapping
    }

    /// NFC.
    static func normalForm(_ text: String) -> String { text.precomposedStringWithCanonicalMapping }

    /// Scalars that are NFC by themselves and beside any other, and fold to one of the same kind: the alphabets' own
    /// letters, without combining marks. By scalar, what it folds to; 0 for all others.
    private static let simple: [UInt16] = {
        var table = [UInt16](repeating: 0, count: Int(limit))
        let stable = (0..<limit).map { isStable($0) }
        for value in 0..<limit where stable[Int(value)] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let folded = Array(CaseFolding.fold(String(Character(scalar))).unicodeScalars)
            guard folded.count == 1, folded[0].value < limit, stable[Int(folded[0].value)] else { continue }
            table[Int(value)] = UInt16(folded[0].value)
        }
        return table
    }()

    private static let limit: UInt32 = 0x2000

    /// Neither a mark, nor a Hangul jamo, nor anything that normalisation changes.
    private static func isStable(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value), !(0x1100...0x11FF).contains(value) else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .unassigned: return false
        default: break
        }
        let text = String(Character(scalar))
        return Array(text.precomposedStringWithCanonicalMapping.unicodeScalars) == [scalar]
    }

    /// Appends the key of UTF-8 `bytes` that are known to be NFC, one pass and no `String`; false, with `buffer` as it
    /// was, when a scalar in them is not simple. `bytes` must be valid UTF-8.
    static func appendSimpleKey(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, to buffer: inout ByteBuffer
    ) -> Bool {
        let start = buffer.count
        buffer.reserve(count * 2)
        return simple.withUnsafeBufferPointer { table in
            var index = 0
            while index < count {
                let byte = bytes[index]
                if byte < 0x80 {
                    buffer.append(byte | (byte &- 0x41 < 26 ? 0x20 : 0))
                    index += 1
                    continue
                }
                guard let (value, length) = scalar(bytes, index, count), case let folded = table[value], folded != 0
                else {
                    buffer.truncate(to: start)
                    return false
                }
                append(folded, to: &buffer)
                index += length
            }
            return true
        }
    }

    /// Whether UTF-8 `bytes` hold nothing but simple scalars, and are therefore NFC.
    static func isSimple(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        simple.withUnsafeBufferPointer { table in
            var index = 0
            while index < count {
                if bytes[index] < 0x80 {
                    index += 1
                    continue
                }
                guard let (value, length) = scalar(bytes, index, count), table[value] != 0 else { return false }
                index += length
            }
            return true
        }
    }

    /// The scalar below ``limit`` at `index`, and its length; `nil` for others.
    @inline(__always)
    private static func scalar(_ bytes: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> (Int, Int)? {
        let byte = bytes[index]
        if byte & 0xE0 == 0xC0, index + 1 < count {
            return (Int(byte & 0x1F) << 6 | Int(bytes[index + 1] & 0x3F), 2)
        }
        if byte & 0xFE == 0xE0, index + 2 < count {
            return (Int(byte & 0x0F) << 12 | Int(bytes[index + 1] & 0x3F) << 6 | Int(bytes[index + 2] & 0x3F), 3)
        }
        return nil
    }

    @inline(__always)
    private static func append(_ value: UInt16, to buffer: inout ByteBuffer) {
        if value < 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: value))
        } else if value < 0x800 {
            buffer.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
            buffer.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
        } else {
            buffer.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            buffer.append(0x80 | UInt8(truncatingIfNeeded: value >> 6 & 0x3F))
            buffer.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
        }
    }
}
