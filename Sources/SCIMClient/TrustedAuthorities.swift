import NIOSSL

/// A certificate with its private key, for services that want to see one of whoever asks (mutual TLS).
package struct ClientCertificate: Sendable {
    fileprivate let chain: [NIOSSLCertificate]
    fileprivate let key: NIOSSLPrivateKey

    /// Why a file is not what it should be.
    package enum Mistake: Error { case noCertificate, noKey }

    /// Both as PEM: the certificate first, then those that lead to its authority; the key without a passphrase.
    package init(chain: [UInt8], key: [UInt8]) throws(Mistake) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), !certificates.isEmpty else {
            throw .noCertificate
        }
        guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem) else { throw .noKey }
        self.chain = certificates
        self.key = key
    }
}

/// An HTTP proxy (RFC 9110 §9.3.6, CONNECT): TLS to the service goes through it unseen.
package struct ProxyAddress: Hashable, Sendable {
    package let host: String
    package let port: Int

    /// `http://proxy.example:3128`, or without the scheme; `nil` for anything else.
    package init?(_ text: String) {
        let scheme = "http://"
        let rest = text.hasPrefix(scheme) ? text.dropFirst(scheme.count) : text[...]
        let parts = rest.drop(while: { $0 == "/" }).split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count == 1, !rest.contains("@"), let colon = parts[0].lastIndex(of: ":"),
            let port = Int(parts[0][parts[0].index(after: colon)...]), (1...65535).contains(port),
            colon != parts[0].startIndex
        else { return nil }
        host = String(parts[0][..<colon])
        self.port = port
    }
}

extension HTTPTransport.Settings {
    var tls: TLSConfiguration {
        var configuration = authorities.configuration
        if let certificate {
            configuration.certificateChain = certificate.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(certificate.key)
        }
        return configuration
    }
}

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
