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

/// SHA-256 of `bytes` as 64 lower-case hex digits.
package func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
    var out = [UInt8](repeating: 0, count: 32)
    popl_sha256(bytes.baseAddress, bytes.count, &out)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: out.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
