extension Schema {
    package static let ssoConnectionID = "urn:popl:params:scim:schemas:2.0:SSOConnection"

    /// A team's single sign-on connection: the facts of its identity provider's SAML metadata that signing in relies on
    /// (saml-metadata.md §1). Moments are texts (docs/decisions/connection-moments.md): one that is none is no moment to
    /// whoever judges by it.
    package static let ssoConnection = Schema(
        id: ssoConnectionID, name: "SSOConnection", description: "Single sign-on connection",
        attributes: [
            Attribute(
                "entityID", required: true, caseExact: true, uniqueness: .global,
                "The identity provider's SAML entityID. No two teams have the same."),
            Attribute("displayName", "The identity provider's name as shown to people."),
            Attribute(
                "signingCertificates", .complex, multiValued: true, "Certificates whose keys sign assertions.",
                subAttributes: certificate),
            Attribute(
                "singleSignOnServices", .complex, multiValued: true, "Where people are sent to sign in.",
                subAttributes: [
                    Attribute("binding", required: true, caseExact: true, "The SAML binding's URN."),
                    Attribute("location", .reference, required: true, referenceTypes: ["uri"], "The URL."),
                ]),
            Attribute(
                "singleLogoutServices", .complex, multiValued: true, "Where people are sent to sign out.",
                subAttributes: [
                    Attribute("binding", required: true, caseExact: true, "The SAML binding's URN."),
                    Attribute("location", .reference, required: true, referenceTypes: ["uri"], "The URL."),
                    Attribute(
                        "responseLocation", .reference, referenceTypes: ["uri"], "The URL for responses, if another."),
                ]),
            Attribute("nameIDFormats", multiValued: true, caseExact: true, "NameID formats in order of preference."),
            Attribute("wantAuthnRequestsSigned", .boolean, "Whether requests must be signed."),
            Attribute("validUntil", "When the metadata ends."),
            Attribute(
                "retiringCertificates", .complex, multiValued: true,
                "Certificates that left the metadata, kept until they can no longer be wanted back.",
                subAttributes: certificate + [
                    Attribute("retireAfter", required: true, "When it is forgotten.")
                ]),
        ])

    private static let certificate = [
        Attribute("value", .binary, required: true, "The certificate, DER in base64."),
        Attribute("sha256", required: true, caseExact: true, "SHA-256 of the DER, 64 lower-case hex digits."),
        Attribute("subject", caseExact: true, "The subject's distinguished name."),
        Attribute("notBefore", "When its validity begins."),
        Attribute("notAfter", "When its validity ends."),
        Attribute("keyType", caseExact: true, "`RSA`, `EC`, …"),
        Attribute("keySize", .integer, "Bits."),
        Attribute("spkiSha256", caseExact: true, "SHA-256 of the public key's DER, 64 lower-case hex digits."),
    ]
}
