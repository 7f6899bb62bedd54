import COpenSSL
import SCIM

/// A certificate that metadata names for signing. In SAML it carries a key and no trust: its dates, chain and own
/// signature are reported, and refuse nothing (saml-metadata.md §2.12).
package struct SigningCertificate: Hashable, Sendable {
    /// As the document has it: of an unusable one perhaps no certificate at all.
    package var der: [UInt8]
    /// Of ``der``, 64 lower-case hex digits: what a certificate is known by.
    package var sha256: String
    /// False when it does not parse or its key is of no kind that signatures are checked with.
    package var isUsable: Bool
    /// RFC 2253, one line, fit for a message; empty when there is none.
    package var subject: String
    package var notBefore: Timestamp?
    package var notAfter: Timestamp?
    /// `RSA`, `EC`, …; empty when unusable.
    package var keyType: String
    /// Bits.
    package var keySize: Int
    /// Of the public key's DER, 64 lower-case hex digits; `nil` when it is no certificate.
    package var spkiSHA256: String?
    /// `SHA256`, `SHA1`, …: of the certificate's own signature; empty when it has none or an unknown one.
    package var signatureDigest: String
    /// Where the document has it, from 1.
    package var line: Int

    /// DER beyond this is no certificate to us.
    package static let byteLimit = 65_536

    package init(der: [UInt8], line: Int) {
        var facts = popl_certificate()
        let isCertificate =
            der.count <= Self.byteLimit
            && der.withUnsafeBytes { bytes in
                bytes.baseAddress.map { popl_certificate_read($0, bytes.count, &facts) } ?? false
            }
        self.der = der
        self.line = line
        sha256 = der.withUnsafeBytes { sha256Hex($0) }
        isUsable = isCertificate && facts.usable
        subject = MetadataText.shown(Self.text(of: facts.subject))
        notBefore = facts.hasDates ? Timestamp(rawValue: facts.notBefore * 1000) : nil
        notAfter = facts.hasDates ? Timestamp(rawValue: facts.notAfter * 1000) : nil
        keyType = Self.text(of: facts.keyType)
        keySize = Int(facts.keyBits)
        spkiSHA256 = isCertificate ? withUnsafeBytes(of: facts.spkiSHA256) { Self.hex($0) } : nil
        signatureDigest = Self.text(of: facts.signatureDigest)
    }

    /// Signed with a digest that collisions are known for.
    package var isWeaklySigned: Bool { ["SHA1", "MD5", "MD4", "MD2"].contains(signatureDigest) }

    /// Shorter than what is held to be safe until 2030 (NIST SP 800-57).
    package var isShortKey: Bool { isUsable && keySize < (keyType == "EC" || keyType.hasPrefix("Ed") ? 224 : 2048) }

    /// A C array of characters, up to its NUL.
    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
