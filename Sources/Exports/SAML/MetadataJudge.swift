import SCIM

/// Judges what a document says: each method is one step of saml-metadata.md §2, called in that order.
struct MetadataJudge {
    let path: String
    let asOf: Timestamp
    let options: MetadataOptions
    private(set) var notes: [Diagnostic] = []

    /// How far a clock may be wrong.
    static let leewayMilliseconds: Int64 = 60_000
    static let certificateLimit = 20
    static let endpointLimit = 50
    static let entityIDLimit = 1_024

    init(path: String, asOf: Timestamp, options: MetadataOptions) {
        self.path = path
        self.asOf = asOf
        self.options = options
    }

    // MARK: Document and entity

    /// Step 4.
    func root(_ document: MetadataDocument) throws(Refusal) -> IdentityProviderMetadata.Root {
        if let root = document.root { return root }
        let name = MetadataText.shown(document.rootName)
        let hint =
            ["EntityDescriptor", "EntitiesDescriptor"].contains(document.rootName)
            ? "its namespace must be \(SAMLNames.metadata)" : "is it another XML file?"
        throw refusal(
            "wrong-root", document.rootLine,
            "the root element is \(name), not EntityDescriptor or EntitiesDescriptor of SAML 2.0 metadata; \(hint)")
    }

    /// Step 5.
    func signature(_ document: MetadataDocument) throws(Refusal) {
        guard options.requiresSignature else { return }
        throw refusal(
            "signature-not-supported", document.rootLine,
            "this source demands checked signatures, and checking them is not available yet; "
                + "the document was not believed, take require-signature away only if you trust where it came from")
    }

    /// Step 6: the entity and its entityID.
    func entity(
        _ document: MetadataDocument, wanted: String?
    ) throws(Refusal) -> (MetadataDocument.Entity, String) {
        if wanted == nil, document.identityProviderCount > 1 {
            let shown = document.identityProviders.map { MetadataText.shown($0) }
            let more = document.identityProviderCount - shown.count
            throw refusal(
                "entity-choice-needed", document.rootLine,
                "\(document.identityProviderCount) identity providers in one document; say which one with --entity-id: "
                    + shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""))
        }
        guard let entity = document.entity else {
            if let wanted {
                throw refusal(
                    "entity-not-found", document.rootLine,
                    "none of its \(document.entityCount) entities has the entityID \(MetadataText.shown(wanted)); "
                        + "case and every character count")
            }
            throw noProvider(document.rootLine, "none of its \(document.entityCount) entities has")
        }
        guard let name = entity.entityID, !name.isEmpty else {
            throw refusal("entity-id-missing", entity.line, "the EntityDescriptor has no entityID; download it again")
        }
        if let demanded = options.entityID, !name.utf8.elementsEqual(demanded.utf8) {
            throw refusal(
                "entity-not-found", entity.line,
                "this is the metadata of \(MetadataText.shown(name)), not of \(MetadataText.shown(demanded)); "
                    + "case and every character count")
        }
        if let line = document.repeatedLine {
            throw refusal(
                "entity-duplicated", line,
                "the entityID \(MetadataText.shown(name)) is there twice, first in line \(entity.line); "
                    + "which one is right cannot be told")
        }
        // Entra's document for all tenants has a placeholder where the tenant's number belongs.
        if name.utf8.contains(UInt8(ascii: "{")) || name.utf8.contains(UInt8(ascii: "}")) {
            throw refusal(
                "entity-id-template", entity.line,
                "the entityID \(MetadataText.shown(name)) is a template for any tenant; "
                    + "download your own tenant's metadata (its address has the tenant's id in place of \"common\")"
            )
        }
        return (entity, name)
    }

    /// Step 7.
    func role(_ entity: MetadataDocument.Entity, _ name: String) throws(Refusal) -> MetadataDocument.Role {
        guard let role = entity.role else {
            throw noProvider(entity.line, "\(MetadataText.shown(name)) has")
        }
        return role
    }

    private func noProvider(_ line: Int, _ who: String) -> Refusal {
        refusal(
            "no-identity-provider-role", line,
            "\(who) no SAML 2.0 IdP role (SP metadata uploaded by mistake?); "
                + "download the identity provider's own metadata")
    }

    // MARK: Limits and lifetime

    /// Step 10.
    func limits(
        _ name: String, _ role: MetadataDocument.Role, _ certificates: [SigningCertificate]
    ) throws(Refusal) {
        if name.unicodeScalars.count > Self.entityIDLimit {
            throw refusal("entity-id-too-long", role.line, "an entityID has at most \(Self.entityIDLimit) characters")
        }
        if MetadataText.holdsInvisible(name) {
            throw refusal("entity-id-unusable", role.line, "the entityID holds a character that nobody can see")
        }
        if certificates.count > Self.certificateLimit {
            throw refusal(
                "too-many-certificates", role.line,
                "more than \(Self.certificateLimit) signing certificates in one role")
        }
        if role.endpointCount > Self.endpointLimit {
            throw refusal("too-many-endpoints", role.line, "more than \(Self.endpointLimit) endpoints in one role")
        }
    }

    /// Step 11: the earliest end from the root to the role.
    func validUntil(_ entity: MetadataDocument.Entity) throws(Refusal) -> Timestamp? {
        var earliest: (end: Timestamp, text: String, line: Int)?
        for lifetime in entity.lifetimes {
            guard let text = lifetime.validUntil else { continue }
            guard let end = XMLDateTime.timestamp(text) else {
                throw refusal(
                    "validity-unreadable", lifetime.line,
                    "validUntil=\"\(MetadataText.shown(text))\" is no date as xs:dateTime has them")
            }
            if earliest.map({ end < $0.end }) ?? true { earliest = (end, text, lifetime.line) }
        }
        guard let earliest else { return nil }
        if earliest.end.rawValue + Self.leewayMilliseconds < asOf.rawValue {
            throw refusal(
                "expired", earliest.line,
                "the document was valid until \(MetadataText.shown(earliest.text)) and is expired; download a new one")
        }
        return earliest.end
    }

    /// Hints only, so what is wrong with one is noted and mended.
    mutating func cacheDuration(_ entity: MetadataDocument.Entity) -> Int? {
        var shortest: Int64?
        for lifetime in entity.lifetimes {
            guard let text = lifetime.cacheDuration else { continue }
            guard let seconds = XMLDuration.seconds(text) else {
                note(
                    "cache-duration-unreadable", lifetime.line,
                    "cacheDuration=\"\(MetadataText.shown(text))\" is no xs:duration and was ignored")
                continue
            }
            let clamped = min(max(seconds, 3_600), 7 * 86_400)
            if clamped != seconds {
                note(
                    "cache-duration-clamped", lifetime.line,
                    "cacheDuration=\"\(MetadataText.shown(text))\" is taken as "
                        + (clamped == 3_600 ? "1 hour" : "7 days"), .note)
            }
            shortest = min(shortest ?? clamped, clamped)
        }
        return shortest.map { Int($0) }
    }

    // MARK: Saying it

    func refusal(_ code: String, _ line: Int, _ message: String) -> Refusal {
        Refusal.metadata(code, path, line > 0 ? line : nil, message)
    }

    mutating func note(
        _ code: String, _ line: Int, _ message: String, _ severity: Diagnostic.Severity = .warning
    ) {
        notes.append(
            Diagnostic(
                code: code, severity: severity, place: Place(file: path, line: line),
                message: "\(path):\(line): \(message)."))
    }
}
