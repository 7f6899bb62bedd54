import NIOSSL

/// Whose word counts for who a service is: the authorities that the system trusts, and those of a file besides.
package struct TrustedAuthorities: Sendable {
    private let additional: [NIOSSLCertificate]

    package static let system = TrustedAuthorities(additional: [])

    /// The file holds no certificate.
    package struct NoCertificates: Error {}

    private init(additional: [NIOSSLCertificate]) { self.additional = additional }

    /// - Parameter pem: certificates as PEM, one after the other.
    package init(pem: [UInt8]) throws(NoCertificates) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw NoCertificates()
        }
        additional = certificates
    }

    /// Certificate and host name are always verified; TLS 1.2 is the least.
    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.additionalTrustRoots = additional.isEmpty ? [] : [.certificates(additional)]
        return configuration
    }
}
