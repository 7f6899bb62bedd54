import CLibXML2

/// Gathers a ``MetadataDocument`` out of the elements that go by: follows only the way to the facts, passes over all
/// the rest, and in an aggregate over every entity but the one asked for.
struct MetadataCollector {
    private(set) var document = MetadataDocument()
    /// A text that is too long for what it is; nothing after it was gathered.
    private(set) var overlongTextLine: Int?

    private let wanted: [UInt8]?
    private var path: [Level] = []
    /// Of the aggregates around the current element.
    private var lifetimes: [MetadataDocument.Lifetime] = []
    /// The entity and the role being gathered, of meaning only inside one.
    private var entity = MetadataDocument.Entity(entityID: nil, line: 0)
    private var entityIsListed = false
    private var role = MetadataDocument.Role(line: 0)
    private var isInRole = false
    private var keyInfo = KeyInfo()
    private var text: [UInt8] = []
    private var textLine = 0

    private static let textBytesLimit = 131_072

    private enum Level {
        case aggregate, entity, extensions, role, userInterface, keyDescriptor, keyInfo, certificateData
        case text(Field)
    }

    private enum Field {
        case certificate, nameIDFormat
        case displayName(language: String)
        case scope(isPattern: Bool)
    }

    private struct KeyInfo {
        var hasCertificate = false
        var keyValueLine: Int?
        /// Of the current `ds:X509Data`.
        var hasCertificateInData = false
    }

    /// `wanted`: the entityID to gather; `nil` gathers the first identity provider and lists the others.
    init(wanted: String?) { self.wanted = wanted.map { Array($0.utf8) } }

    // MARK: Elements

    /// What libxml2's door is to do with `element`.
    mutating func start(_ element: XMLElement) -> Int32 {
        guard let level = path.last else { return startRoot(element) }
        switch level {
        case .aggregate: return startInAggregate(element)
        case .entity: return startInEntity(element)
        case .extensions: return startInExtensions(element)
        case .role: return startInRole(element)
        case .userInterface:
            guard element.isNamed("DisplayName", in: SAMLNames.userInterface) else { return POPL_XML_SKIP }
            return collect(.displayName(language: element.attribute("lang", in: SAMLNames.xml) ?? ""), element)
        case .keyDescriptor:
            if role.misspeltKeyLine == nil, element.isNamed("KeyInfo", in: SAMLNames.misspeltSignature) {
                role.misspeltKeyLine = element.line
            }
            guard element.isNamed("KeyInfo", in: SAMLNames.signature) else { return POPL_XML_SKIP }
            keyInfo = KeyInfo()
            return descend(.keyInfo)
        case .keyInfo:
            if element.isNamed("KeyValue", in: SAMLNames.signature) { keyInfo.keyValueLine = element.line }
            guard element.isNamed("X509Data", in: SAMLNames.signature) else { return POPL_XML_SKIP }
            keyInfo.hasCertificateInData = false
            return descend(.certificateData)
        case .certificateData:
            // Further certificates of one X509Data are the first one's chain.
            guard element.isNamed("X509Certificate", in: SAMLNames.signature), !keyInfo.hasCertificateInData else {
                return POPL_XML_SKIP
            }
            keyInfo.hasCertificateInData = true
            keyInfo.hasCertificate = true
            return collect(.certificate, element)
        case .text: return POPL_XML_SKIP
        }
    }

    mutating func end() {
        switch path.popLast() {
        case .aggregate: lifetimes.removeLast()
        case .entity: endEntity()
        case .role:
            entity.role = role
            isInRole = false
        case .keyInfo:
            if !keyInfo.hasCertificate, role.keyValueLine == nil { role.keyValueLine = keyInfo.keyValueLine }
        case .text(let field): keep(field)
        case .extensions, .userInterface, .keyDescriptor, .certificateData, nil: break
        }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard case .text = path.last, overlongTextLine == nil else { return }
        if text.count + bytes.count > Self.textBytesLimit { overlongTextLine = textLine } else { text += bytes }
    }

    private mutating func descend(_ level: Level) -> Int32 {
        path.append(level)
        return POPL_XML_DESCEND
    }

    private mutating func collect(_ field: Field, _ element: XMLElement) -> Int32 {
        text.removeAll(keepingCapacity: true)
        textLine = element.line
        return descend(.text(field))
    }

    // MARK: Root, aggregates, entities

    private mutating func startRoot(_ element: XMLElement) -> Int32 {
        document.rootName = element.name
        document.rootNamespace = element.namespaceURI
        document.rootLine = element.line
        if element.isNamed("EntityDescriptor", in: SAMLNames.metadata) {
            document.root = .entity
            return startEntity(element)
        }
        if element.isNamed("EntitiesDescriptor", in: SAMLNames.metadata) {
            document.root = .aggregate
            return startAggregate(element)
        }
        // Read on to the end all the same: whether it is well-formed comes before what it is.
        return POPL_XML_SKIP
    }

    private mutating func startAggregate(_ element: XMLElement) -> Int32 {
        lifetimes.append(element.lifetime)
        return descend(.aggregate)
    }

    private mutating func startInAggregate(_ element: XMLElement) -> Int32 {
        if element.isNamed("EntityDescriptor", in: SAMLNames.metadata) { return startEntity(element) }
        if element.isNamed("EntitiesDescriptor", in: SAMLNames.metadata) { return startAggregate(element) }
        noteSignature(element)
        return POPL_XML_SKIP
    }

    private mutating func noteSignature(_ element: XMLElement) {
        if path.count == 1, element.isNamed("Signature", in: SAMLNames.signature) { document.rootSignatures += 1 }
    }

    private mutating func startEntity(_ element: XMLElement) -> Int32 {
        document.entityCount += 1
        if let wanted, document.root == .aggregate {
            guard element.hasAttribute("entityID", equalTo: wanted) else { return POPL_XML_SKIP }
            guard document.entity == nil else {
                document.repeatedLine = document.repeatedLine ?? element.line
                return POPL_XML_SKIP
            }
        }
        entity = MetadataDocument.Entity(entityID: element.attribute("entityID"), line: element.line)
        entity.lifetimes = lifetimes + [element.lifetime]
        entityIsListed = false
        return descend(.entity)
    }

    private mutating func startInEntity(_ element: XMLElement) -> Int32 {
        guard element.isIn(SAMLNames.metadata) else {
            noteSignature(element)
            return POPL_XML_SKIP
        }
        if element.isNamed("Extensions", in: SAMLNames.metadata) { return descend(.extensions) }
        let name = element.name
        guard name.hasSuffix("Descriptor") else { return POPL_XML_SKIP }
        if entity.roles.count < MetadataDocument.Role.textLimit { entity.roles.append(name) }
        guard element.isNamed("IDPSSODescriptor", in: SAMLNames.metadata),
            XMLText.words(element.attribute("protocolSupportEnumeration") ?? "").contains(SAMLNames.protocol),
            !entityIsListed
        else { return POPL_XML_SKIP }
        entityIsListed = true
        document.identityProviderCount += 1
        if document.identityProviders.count < MetadataDocument.listedIdentityProviders {
            document.identityProviders.append(entity.entityID ?? "")
        }
        // Without an entityID asked for, one provider is gathered and the others are only listed.
        guard document.entity == nil else { return POPL_XML_SKIP }
        role = MetadataDocument.Role(line: element.line)
        role.wantAuthnRequestsSigned = element.attribute("WantAuthnRequestsSigned")
        isInRole = true
        entity.lifetimes.append(element.lifetime)
        return descend(.role)
    }

    private mutating func endEntity() {
        guard document.entity == nil else { return }
        // In an aggregate without an entityID asked for, others than identity providers are no candidates.
        if entity.role != nil || wanted != nil || document.root == .entity { document.entity = entity }
    }

    // MARK: Roles

    private mutating func startInExtensions(_ element: XMLElement) -> Int32 {
        if element.isNamed("Scope", in: SAMLNames.shibboleth) {
            let isPattern = ["true", "1"].contains(XMLText.trimmed(element.attribute("regexp") ?? ""))
            return collect(.scope(isPattern: isPattern), element)
        }
        if isInRole, element.isNamed("UIInfo", in: SAMLNames.userInterface) { return descend(.userInterface) }
        return POPL_XML_SKIP
    }

    private mutating func startInRole(_ element: XMLElement) -> Int32 {
        guard element.isIn(SAMLNames.metadata) else { return POPL_XML_SKIP }
        let name = element.name
        switch name {
        case "Extensions": return descend(.extensions)
        case "NameIDFormat": return collect(.nameIDFormat, element)
        case "KeyDescriptor":
            role.keyDescriptorCount += 1
            let use = element.attribute("use")
            return use == nil || use == "signing" ? descend(.keyDescriptor) : POPL_XML_SKIP
        case "SingleSignOnService", "SingleLogoutService":
            let endpoint = MetadataDocument.Endpoint(
                binding: element.attribute("Binding") ?? "", location: element.attribute("Location") ?? "",
                responseLocation: element.attribute("ResponseLocation"), line: element.line)
            role.endpointCount += 1
            guard role.endpointCount <= MetadataDocument.Role.endpointLimit else { break }
            if name == "SingleSignOnService" {
                role.singleSignOn.append(endpoint)
            } else {
                role.singleLogout.append(endpoint)
            }
        default: break
        }
        return POPL_XML_SKIP
    }

    private mutating func keep(_ field: Field) {
        let limit = MetadataDocument.Role.textLimit
        switch field {
        case .certificate:
            guard role.certificates.count < MetadataDocument.Role.certificateLimit else { return }
            if role.certificates.contains(where: { $0.text == text }) { return }
            role.certificates.append(MetadataDocument.CertificateElement(text: text, line: textLine))
        case .nameIDFormat:
            if role.nameIDFormats.count < limit { role.nameIDFormats.append(trimmedText) }
        case .displayName(let language):
            guard role.displayNames.count < limit else { return }
            role.displayNames.append(MetadataDocument.DisplayName(language: language, text: trimmedText))
        case .scope(let isPattern):
            let scope = MetadataDocument.Scope(text: trimmedText, isPattern: isPattern)
            if isInRole {
                if role.scopes.count < limit { role.scopes.append(scope) }
            } else if entity.scopes.count < limit {
                entity.scopes.append(scope)
            }
        }
    }

    private var trimmedText: String { String(decoding: XMLText.trimmed(text), as: UTF8.self) }
}

extension XMLElement {
    fileprivate var lifetime: MetadataDocument.Lifetime {
        MetadataDocument.Lifetime(
            validUntil: attribute("validUntil"), cacheDuration: attribute("cacheDuration"), line: line)
    }
}
