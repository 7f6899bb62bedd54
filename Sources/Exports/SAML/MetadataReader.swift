import SCIM

/// Reads an identity provider's SAML metadata: one entity's document, or an aggregate of many.
///
/// Steps and their order are saml-metadata.md §2; whatever fails refuses the file as a whole, with a stable code, the
/// line and the mend. Any thread; nothing is kept, nothing but the file is read, nothing is fetched.
package enum MetadataReader {
    /// What `file` says of the team's identity provider.
    ///
    /// - `entityID`: the team's connection as stored. It chooses from an aggregate. A document of one entity that says
    ///   another entityID is read all the same: holding that is ``ConnectionPlanner``'s business (`sso-entity`), and
    ///   only a person can tell a mistake from a move.
    /// - `options.entityID`: an entity that a person named; any other document is refused.
    /// - With neither, an aggregate must hold exactly one identity provider.
    /// - `asOf`: what lifetimes are judged by.
    package static func read(
        file path: String, entityID: String?, asOf: Timestamp, options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> IdentityProviderMetadata {
        try MetadataBytes.withFile(path) { bytes throws(Refusal) in
            try read(bytes, named: path, entityID: entityID, asOf: asOf, options: options)
        }
    }

    /// The same of bytes in memory; `name` stands for the path in messages.
    package static func read(
        bytes: [UInt8], named name: String, entityID: String?, asOf: Timestamp,
        options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> IdentityProviderMetadata {
        try read(MetadataBytes(bytes), named: name, entityID: entityID, asOf: asOf, options: options)
    }

    /// SHA-256 of the file, 64 hex digits; `nil` when it cannot be read.
    package static func digest(file path: String) -> String? { FileDigest(path).finish() }

    /// What the document says of `entityID` without judging it: for tests and for looking at what was refused.
    package static func document(
        file path: String, entityID: String?, options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> MetadataDocument {
        try MetadataBytes.withFile(path) { bytes throws(Refusal) in
            try MetadataParse.document(bytes, path: path, wanted: entityID, options: options)
        }
    }

    private static func read(
        _ bytes: MetadataBytes, named path: String, entityID: String?, asOf: Timestamp, options: MetadataOptions
    ) throws(Refusal) -> IdentityProviderMetadata {
        let wanted = options.entityID ?? entityID
        let document = try MetadataParse.document(bytes, path: path, wanted: wanted, options: options)
        var judge = MetadataJudge(path: path, asOf: asOf, options: options)
        let root = try judge.root(document)
        try judge.signature(document)
        let (entity, name) = try judge.entity(document, wanted: wanted)
        let role = try judge.role(entity, name)
        let certificates = try judge.certificates(role)
        let signOn = try judge.singleSignOn(role)
        let logout = judge.singleLogout(role)
        try judge.limits(name, role, certificates)
        let validUntil = try judge.validUntil(entity)
        return IdentityProviderMetadata(
            entityID: name, root: root, entityCount: document.entityCount, isSigned: document.rootSignatures > 0,
            signingCertificates: certificates, singleSignOnServices: signOn, singleLogoutServices: logout,
            nameIDFormats: judge.nameIDFormats(role), wantAuthnRequestsSigned: judge.wantsSignedRequests(role),
            validUntil: validUntil, cacheDurationSeconds: judge.cacheDuration(entity),
            displayName: judge.displayName(role), scopes: judge.scopes(entity, role), notes: judge.notes)
    }
}
