import SCIM

/// What `inspect` shows of a metadata file instead of counts (product.md, "Shapes that machines rely on").
package struct MetadataSummary: Hashable, Sendable {
    package enum Signature: String, Sendable {
        case absent
        /// There is one, and nobody has looked whether it is right.
        case notChecked = "not-checked"
    }

    package struct Certificate: Hashable, Sendable {
        package var sha256: String
        /// ISO 8601, UTC; `nil` when the certificate has no date.
        package var notAfter: String?
        package init(sha256: String, notAfter: String?) {
            self.sha256 = sha256
            self.notAfter = notAfter
        }
    }

    package var entityID: String
    /// ISO 8601, UTC.
    package var validUntil: String?
    package var isSigned: Bool
    package var signature: Signature
    package var nameIDFormats: [String]
    /// The usable ones, in document order.
    package var signingCertificates: [Certificate]
    package var singleSignOnServices: [MetadataEndpoint]

    package init(_ metadata: IdentityProviderMetadata) {
        entityID = metadata.entityID
        validUntil = metadata.validUntil.map(XMLDateTime.text)
        isSigned = metadata.isSigned
        signature = metadata.isSigned ? .notChecked : .absent
        nameIDFormats = metadata.nameIDFormats
        signingCertificates = metadata.signingCertificates.filter(\.isUsable).map {
            Certificate(sha256: $0.sha256, notAfter: $0.notAfter.map(XMLDateTime.text))
        }
        singleSignOnServices = metadata.singleSignOnServices
    }

    package init(
        entityID: String, validUntil: String?, isSigned: Bool, signature: Signature, nameIDFormats: [String],
        signingCertificates: [Certificate], singleSignOnServices: [MetadataEndpoint]
    ) {
        self.entityID = entityID
        self.validUntil = validUntil
        self.isSigned = isSigned
        self.signature = signature
        self.nameIDFormats = nameIDFormats
        self.signingCertificates = signingCertificates
        self.singleSignOnServices = singleSignOnServices
    }
}
