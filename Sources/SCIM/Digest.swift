import COpenSSL

/// SHA-256 cut to its first 128 bits: compact enough to keep one for each member in memory, and not to be forged by
/// somebody who chooses their own attribute values.
package struct Digest128: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The digest of `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer) {
        var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &out) {
            popl_sha256(bytes.baseAddress, bytes.count, $0.assumingMemoryBound(to: UInt8.self).baseAddress!)
        }
        high = UInt64(bigEndian: out.0)
        low = UInt64(bigEndian: out.1)
    }
}

extension Digest128 {
    /// 32 lower-case hex digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 32) { out in
            for place in 0..<32 {
                let word = place < 16 ? high : low
                out[place] = hexDigit(word >> UInt64(60 - 4 * (place & 15)))
            }
            return 32
        }
    }

    /// `nil` unless `hex` is 32 hex digits.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}

/// SHA-256 over bytes that come piece by piece.
package final class SHA256Stream {
    private let context = popl_sha256_begin()
    package init() {}
    deinit { popl_sha256_end(context) }

    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { popl_sha256_update(context, $0.baseAddress, $0.count) }
    }

    package func update(_ bytes: UnsafeRawBufferPointer) { popl_sha256_update(context, bytes.baseAddress, bytes.count) }

    /// 64 lower-case hex digits of all that came; the next piece begins anew.
    package func finish() -> String {
        var out: [UInt8] = []
        finish(into: &out)
        return hexDigits(out)
    }

    /// The same as 32 bytes.
    package func finish(into digest: inout [UInt8]) {
        if digest.count != 32 { digest = [UInt8](repeating: 0, count: 32) }
        popl_sha256_finish(context, &digest)
    }
}

/// SHA-256 of `bytes` as 64 lower-case hex digits.
package func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
    var out = [UInt8](repeating: 0, count: 32)
    popl_sha256(bytes.baseAddress, bytes.count, &out)
    return hexDigits(out)
}

/// `bytes` as lower-case hex digits.
package func hexDigits(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [hexDigit($0 >> 4), hexDigit($0)] }, as: UTF8.self)
}

/// The lower-case hex digit of the last four bits.
func hexDigit(_ value: some FixedWidthInteger) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: value) & 15
    return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
}

/// A UUID's 36 characters (RFC 9562 §4), lower case.
package func uuidText(high: UInt64, low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { out in
        var position = 0
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 {
                out[position] = UInt8(ascii: "-")
                position += 1
            }
            let word = place < 16 ? high : low
            out[position] = hexDigit(word >> UInt64(60 - 4 * (place & 15)))
            position += 1
        }
        return 36
    }
}
