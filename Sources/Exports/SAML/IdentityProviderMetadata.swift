import SCIM

/// What an identity provider's SAML 2.0 metadata says, read, judged and fit to be stored (saml-metadata.md §1).
///
/// It is what the file says, not who wrote the file: nothing in it is proved.
package struct IdentityProviderMetadata: Hashable, Sendable {
    package enum Root: String, Sendable { case entity = "EntityDescriptor", aggregate = "EntitiesDescriptor" }

    /// 1 to 1,024 characters. Compare its UTF-8, never the string: no case, no normal form counts as equal.
    package var entityID: String
    package var root: Root
    /// How many entities the document holds; 1 for a document of one.
    package var entityCount: Int
    /// The root has a signature of its own. It has not been checked.
    package var isSigned: Bool
    /// In document order, each once by SHA-256, at least one of them usable. Expired and weak ones are in it.
    package var signingCertificates: [SigningCertificate]
    /// HTTP-Redirect and HTTP-POST, in document order, at least one.
    package var singleSignOnServices: [MetadataEndpoint]
    /// HTTP-Redirect and HTTP-POST, in document order.
    package var singleLogoutServices: [MetadataEndpoint]
    /// In document order, which is the identity provider's order of preference.
    package var nameIDFormats: [String]
    package var wantAuthnRequestsSigned: Bool
    /// The earliest `validUntil` from the root down to the role.
    package var validUntil: Timestamp?
    /// When to look again at the latest: 1 hour to 7 days, whatever the document says.
    package var cacheDurationSeconds: Int?
    /// `mdui:DisplayName`, the English one if there is one.
    package var displayName: String?
    /// `shibmd:Scope`: the domains whose people it speaks for. Regular expressions are left out.
    package var scopes: [String]
    /// What is worth saying about the document; none of it refused it.
    package var notes: [Diagnostic]
}

/// A place to send a person to, or a message.
package struct MetadataEndpoint: Hashable, Sendable {
    /// The binding's URN.
    package var binding: String
    package var location: String
    /// Where answers go if not to ``location``; for logout only.
    package var responseLocation: String?

    package static let redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    package static let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

    package init(binding: String, location: String, responseLocation: String? = nil) {
        self.binding = binding
        self.location = location
        self.responseLocation = responseLocation
    }
}
