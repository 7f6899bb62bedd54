import SCIM

/// What tells one person of an export from all others, in 128 bits: the anchor, or the key of the userName where the
/// format has no anchor. The two never meet: an anchor that reads like somebody's login is still an anchor.
package enum AnchorDigest {
    /// Of an anchor as the export spells it, outer white space aside. Byte for byte: ids differ in letter case.
    package static func of(anchor: String) -> Digest128 { digest(0x61, anchor) }

    /// Of a userName's ``CanonicalKey``.
    package static func of(userNameKey: String) -> Digest128 { digest(0x75, userNameKey) }

    static let anchorMark: UInt8 = 0x61
    static let userNameMark: UInt8 = 0x75

    private static func digest(_ mark: UInt8, _ text: String) -> Digest128 {
        ([mark] + Array(text.utf8)).withUnsafeBytes { Digest128($0) }
    }
}
