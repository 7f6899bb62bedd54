import COpenSSL
import SCIM

/// What a certificate says (RFC 5280), as far as people need it to see what is wrong with it.
struct Certificate: Hashable, Sendable {
    let subject: String
    let issuer: String
    /// The hosts that it is for, `, ` between them.
    let names: String
    let notBefore: Timestamp
    let notAfter: Timestamp

    init?(der: [UInt8]) {
        var facts = popl_certificate()
        let isRead = der.withUnsafeBytes { bytes in
            bytes.baseAddress.map { popl_certificate_read($0, bytes.count, &facts) } ?? false
        }
        guard isRead, facts.hasDates else { return nil }
        subject = Self.text(of: facts.subject)
        issuer = Self.text(of: facts.issuer)
        names = Self.text(of: facts.names)
        notBefore = Timestamp(rawValue: facts.notBefore * 1000)
        notAfter = Timestamp(rawValue: facts.notAfter * 1000)
    }

    var isSelfSigned: Bool { subject == issuer }

    /// A C array of characters, up to its NUL.
    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension Timestamp {
    /// `2026-11-25`, in UTC.
    var day: String { String(iso8601.prefix(10)) }
}
