import Exports
import SCIM

/// A team's SSO connection as the core stores it, read into what planning needs (`urn:popl:…:SSOConnection`).
struct ConnectionAttributes {
    var entityID: String?
    var displayName: String?
    var signing: [StoredCertificate]
    var retiring: [StoredCertificate]
    var singleSignOn: [MetadataEndpoint]
    var singleLogout: [MetadataEndpoint]
    var nameIDFormats: [String]
    var wantAuthnRequestsSigned: Bool
    var validUntil: Timestamp?

    init(_ value: ComplexValue) {
        func certificates(_ name: String) -> [StoredCertificate] {
            (value[name]?.list ?? []).compactMap(\.complex).compactMap(StoredCertificate.init)
        }
        func endpoints(_ name: String) -> [MetadataEndpoint] {
            (value[name]?.list ?? []).compactMap(\.complex).compactMap { endpoint in
                guard let binding = endpoint["binding"]?.string, let location = endpoint["location"]?.string else {
                    return nil
                }
                return MetadataEndpoint(
                    binding: binding, location: location, responseLocation: endpoint["responseLocation"]?.string)
            }
        }
        entityID = value["entityID"]?.string
        displayName = value["displayName"]?.string
        signing = certificates("signingCertificates")
        retiring = certificates("retiringCertificates")
        singleSignOn = endpoints("singleSignOnServices")
        singleLogout = endpoints("singleLogoutServices")
        nameIDFormats = (value["nameIDFormats"]?.list ?? []).compactMap(\.string)
        wantAuthnRequestsSigned = value["wantAuthnRequestsSigned"]?.boolean ?? false
        validUntil = value["validUntil"]?.string.flatMap(XMLDateTime.timestamp)
    }

    /// An empty list is an absent attribute (RFC 7643 §2.5).
    static func list(_ values: [AttributeValue]) -> AttributeValue? { values.isEmpty ? nil : .list(values) }

    static func value(of endpoint: MetadataEndpoint) -> AttributeValue {
        var value = ComplexValue([
            .init("binding", .string(endpoint.binding)), .init("location", .string(endpoint.location)),
        ])
        value["responseLocation"] = endpoint.responseLocation.map { .string($0) }
        return .complex(value)
    }
}

/// A certificate of the connection, by what is stored of it.
struct StoredCertificate {
    var sha256: String
    var subject: String?
    var keyType: String?
    var keySize: Int64?
    var notBefore: Timestamp?
    var notAfter: Timestamp?
    var retireAfter: Timestamp?
    /// As stored: kept as it is for as long as the certificate stays, so that nothing changes by itself.
    var value: ComplexValue

    init?(_ value: ComplexValue) {
        guard let sha256 = value["sha256"]?.string else { return nil }
        func date(_ name: String) -> Timestamp? { value[name]?.string.flatMap(XMLDateTime.timestamp) }
        self.sha256 = sha256
        subject = value["subject"]?.string
        keyType = value["keyType"]?.string
        if case .integer(let bits) = value["keySize"] { keySize = bits }
        notBefore = date("notBefore")
        notAfter = date("notAfter")
        retireAfter = date("retireAfter")
        self.value = value
    }

    /// A certificate of the metadata, seen for the first time at `firstSeen`.
    init(_ certificate: SigningCertificate, firstSeen: Timestamp) {
        sha256 = certificate.sha256
        subject = certificate.subject.isEmpty ? nil : certificate.subject
        keyType = certificate.keyType
        keySize = Int64(certificate.keySize)
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        value = ComplexValue([
            .init("value", .string(Self.base64(certificate.der))), .init("sha256", .string(certificate.sha256)),
        ])
        value["subject"] = subject.map { .string($0) }
        value["notBefore"] = notBefore.map { .string(XMLDateTime.text($0)) }
        value["notAfter"] = notAfter.map { .string(XMLDateTime.text($0)) }
        value["keyType"] = .string(certificate.keyType)
        value["keySize"] = .integer(Int64(certificate.keySize))
        value["spkiSha256"] = certificate.spkiSHA256.map { .string($0) }
        value["firstSeen"] = .string(XMLDateTime.text(firstSeen))
    }

    /// The same on its way out (`retireAfter`), or back in (`nil`).
    func retiring(after end: Timestamp?) -> StoredCertificate {
        var copy = self
        copy.retireAfter = end
        copy.value["retireAfter"] = end.map { .string(XMLDateTime.text($0)) }
        return copy
    }

    func isExpired(at now: Timestamp) -> Bool { notAfter.map { $0 < now } ?? false }

    /// How the certificate is named to people: enough digits that nobody can make another one with the same.
    var shortDigest: String { String(sha256.prefix(16)) }

    /// `3f2a…, CN=idp, RSA 2048, until 2034-01-01T00:00:00Z`.
    var description: String {
        var parts = [shortDigest]
        if let subject { parts.append(subject) }
        if let keyType, let keySize { parts.append("\(keyType) \(keySize)") }
        if let notAfter { parts.append("until \(XMLDateTime.text(notAfter))") }
        return parts.joined(separator: ", ")
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for at in stride(from: 0, to: bytes.count, by: 3) {
            let rest = min(3, bytes.count - at)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < rest ? UInt32(bytes[at + offset]) : 0) }
            for place in 0..<4 {
                out.append(place <= rest ? digits[Int(group >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
