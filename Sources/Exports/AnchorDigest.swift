import SCIM

/// What a person is recognised by from night to night: one digest, whether it comes from a users file, a groups file or
/// a rejected row.
package enum AnchorDigest {
    /// Of an anchor as the export spells it.
    package static func of(anchor: String) -> Digest128 {
        var anchor = anchor
        return anchor.withUTF8 { Digest128(UnsafeRawBufferPointer($0)) }
    }

    /// Of a userName's canonical key, where the format has no anchor. The prefix keeps the two kinds apart.
    package static func of(userNameKey key: String) -> Digest128 {
        var text = "\u{0}" + key
        return text.withUTF8 { Digest128(UnsafeRawBufferPointer($0)) }
    }
}
