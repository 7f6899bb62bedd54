/// What a metadata document says of one entity, before any of it is judged. Texts are as written, entities and
/// character references replaced.
package struct MetadataDocument: Sendable {
    /// `nil` when the root is no metadata.
    package var root: IdentityProviderMetadata.Root?
    package var rootName = ""
    package var rootNamespace: String?
    package var rootLine = 0
    /// `ds:Signature` children of the root; others sign only a part and count for nothing.
    package var rootSignatures = 0
    package var entityCount = 0
    /// Entities with a SAML 2.0 identity provider role, as far as they were looked at: all when none was asked for.
    package var identityProviderCount = 0
    /// The first of them.
    package var identityProviders: [String] = []
    /// The entity asked for; without one, the first identity provider, or the entity of a document of one.
    package var entity: Entity?
    /// Line of a second entity with the entityID asked for.
    package var repeatedLine: Int?

    package static let listedIdentityProviders = 10

    package struct Entity: Sendable {
        package var entityID: String?
        package var line: Int
        /// Local names of its role descriptors and affiliation, in document order.
        package var roles: [String] = []
        /// From the root down to the role.
        package var lifetimes: [Lifetime] = []
        /// The first SAML 2.0 identity provider role.
        package var role: Role?
        /// Of `shibmd:Scope` in the entity's own extensions.
        package var scopes: [Scope] = []
    }

    /// `validUntil` and `cacheDuration` of one element.
    package struct Lifetime: Sendable {
        package var validUntil: String?
        package var cacheDuration: String?
        package var line: Int
    }

    package struct Role: Sendable {
        package var line: Int
        package var wantAuthnRequestsSigned: String?
        package var keyDescriptorCount = 0
        /// The first `ds:X509Certificate` of each `ds:X509Data` for signing, each text once; ``certificateLimit``.
        package var certificates: [CertificateElement] = []
        /// Line of a `ds:KeyValue` without a certificate beside it.
        package var keyValueLine: Int?
        /// Line of a key in the misspelt `https:` namespace.
        package var misspeltKeyLine: Int?
        package var singleSignOn: [Endpoint] = []
        package var singleLogout: [Endpoint] = []
        /// Of both kinds, those beyond ``endpointLimit`` among them.
        package var endpointCount = 0
        package var nameIDFormats: [String] = []
        package var displayNames: [DisplayName] = []
        package var scopes: [Scope] = []

        /// What is kept; the reader's own limits are lower, and refuse.
        package static let certificateLimit = 64
        package static let endpointLimit = 64
        package static let textLimit = 128
    }

    package struct CertificateElement: Sendable {
        package var text: [UInt8]
        package var line: Int
    }

    package struct Endpoint: Hashable, Sendable {
        package var binding: String
        package var location: String
        package var responseLocation: String?
        package var line: Int
    }

    package struct DisplayName: Sendable {
        package var language: String
        package var text: String
    }

    package struct Scope: Sendable {
        package var text: String
        package var isPattern: Bool
    }
}

/// Names that a metadata document is read by: never by prefix, never by position.
enum SAMLNames {
    static let metadata = "urn:oasis:names:tc:SAML:2.0:metadata"
    static let `protocol` = "urn:oasis:names:tc:SAML:2.0:protocol"
    static let signature = "http://www.w3.org/2000/09/xmldsig#"
    /// Made by careless search-and-replace of `http:`; names nothing.
    static let misspeltSignature = "https://www.w3.org/2000/09/xmldsig#"
    static let userInterface = "urn:oasis:names:tc:SAML:metadata:ui"
    static let shibboleth = "urn:mace:shibboleth:metadata:1.0"
    static let xml = "http://www.w3.org/XML/1998/namespace"
}
