import SCIM

/// What a role offers (saml-metadata.md §2, steps 8, 9 and 12).
extension MetadataJudge {
    /// Step 8: distinct by SHA-256, in document order, at least one usable; what is odd about them is noted (step 12).
    mutating func certificates(_ role: MetadataDocument.Role) throws(Refusal) -> [SigningCertificate] {
        var certificates: [SigningCertificate] = []
        for element in role.certificates {
            guard let der = CertificateText.der(element.text) else {
                note("certificate-unreadable", element.line, "the certificate is no base64 text and was left out")
                continue
            }
            let certificate = SigningCertificate(der: der, line: element.line)
            guard !certificates.contains(where: { $0.sha256 == certificate.sha256 }) else { continue }
            certificates.append(certificate)
            describe(certificate)
        }
        guard !certificates.contains(where: \.isUsable) else { return certificates }
        if certificates.isEmpty, role.certificates.isEmpty, let line = role.keyValueLine {
            throw refusal(
                "key-without-certificate", line,
                "the signing key comes as a bare KeyValue; have the identity provider publish an X509Certificate")
        }
        if certificates.isEmpty, role.certificates.isEmpty, let line = role.misspeltKeyLine {
            throw refusal(
                "no-usable-certificate", line,
                "the key is in the namespace \(SAMLNames.misspeltSignature), which names nothing; it must be "
                    + "\(SAMLNames.signature), with http: search-and-replace went too far, download it again")
        }
        throw refusal(
            "no-usable-certificate", certificates.first?.line ?? role.line,
            role.certificates.isEmpty
                ? "the IdP role has no signing certificate; download the metadata again"
                : "no signing certificate of the IdP role can be used (\(role.certificates.count) given); "
                    + "download the metadata again, unedited")
    }

    private mutating func describe(_ certificate: SigningCertificate) {
        let name = "the signing certificate \(certificate.sha256.prefix(16))"
        guard certificate.isUsable else {
            note(
                "certificate-unusable", certificate.line,
                certificate.spkiSHA256 == nil
                    ? "\(name) is no certificate and does not count"
                    : "\(name) has a key of an unknown kind and does not count")
            return
        }
        if let end = certificate.notAfter, end < asOf {
            note("certificate-expired", certificate.line, "\(name) expired at \(XMLDateTime.text(end))")
        }
        if let begin = certificate.notBefore, asOf < begin {
            note(
                "certificate-not-yet-valid", certificate.line, "\(name) is valid from \(XMLDateTime.text(begin))", .note
            )
        }
        if certificate.isShortKey {
            note(
                "certificate-short-key", certificate.line,
                "\(name) has a key of \(certificate.keyType) \(certificate.keySize), which is too short to be safe")
        }
        if certificate.isWeaklySigned {
            note(
                "certificate-weak-signature", certificate.line,
                "\(name) is itself signed with \(certificate.signatureDigest)", .note)
        }
    }

    /// Step 9: at least one.
    mutating func singleSignOn(_ role: MetadataDocument.Role) throws(Refusal) -> [MetadataEndpoint] {
        let (endpoints, faults) = endpoints(role.singleSignOn, "SingleSignOnService")
        if !endpoints.isEmpty { return endpoints }
        let why =
            faults.first.map { "the first one is not taken because \($0)" }
            ?? (role.singleSignOn.isEmpty ? "there is none at all" : "none is for HTTP-Redirect or HTTP-POST")
        throw refusal(
            "no-single-sign-on-service", role.singleSignOn.first?.line ?? role.line,
            "no SingleSignOnService that can be used: \(why)")
    }

    mutating func singleLogout(_ role: MetadataDocument.Role) -> [MetadataEndpoint] {
        endpoints(role.singleLogout, "SingleLogoutService").taken
    }

    /// HTTP-Redirect and HTTP-POST, each once; the others are for programs, and unknown to ours.
    private mutating func endpoints(
        _ given: [MetadataDocument.Endpoint], _ element: String
    ) -> (taken: [MetadataEndpoint], faults: [String]) {
        var taken: [MetadataEndpoint] = []
        var faults: [String] = []
        for endpoint in given
        where [MetadataEndpoint.redirect, MetadataEndpoint.post].contains(endpoint.binding) {
            if let fault = EndpointLocation.fault(endpoint.location, allowsHTTP: options.allowsHTTP) {
                faults.append(fault)
                note("endpoint-not-taken", endpoint.line, "a \(element) is not taken: \(fault)")
                continue
            }
            var result = MetadataEndpoint(binding: endpoint.binding, location: endpoint.location)
            if let response = endpoint.responseLocation, element == "SingleLogoutService" {
                if let fault = EndpointLocation.fault(response, allowsHTTP: options.allowsHTTP) {
                    note("endpoint-not-taken", endpoint.line, "a ResponseLocation is not taken: \(fault)")
                } else {
                    result.responseLocation = response
                }
            }
            if !taken.contains(result) { taken.append(result) }
        }
        return (taken, faults)
    }

    // MARK: The rest

    mutating func nameIDFormats(_ role: MetadataDocument.Role) -> [String] {
        var formats: [String] = []
        for format in role.nameIDFormats where !format.isEmpty && !formats.contains(format) {
            if format.utf8.count > Self.entityIDLimit || MetadataText.holdsInvisible(format) {
                note("nameid-format-unusable", role.line, "a NameIDFormat is no URI and was left out")
            } else {
                formats.append(format)
            }
        }
        return formats
    }

    /// xs:boolean; absent is false.
    mutating func wantsSignedRequests(_ role: MetadataDocument.Role) -> Bool {
        guard let text = role.wantAuthnRequestsSigned else { return false }
        switch XMLText.trimmed(text) {
        case "true", "1": return true
        case "false", "0": return false
        default:
            note(
                "boolean-unreadable", role.line,
                "WantAuthnRequestsSigned=\"\(MetadataText.shown(text))\" is neither true nor false; taken as false")
            return false
        }
    }

    func displayName(_ role: MetadataDocument.Role) -> String? {
        let names = role.displayNames.filter { !$0.text.isEmpty }
        let english = names.first { $0.language.lowercased() == "en" || $0.language.lowercased().hasPrefix("en-") }
        return (english ?? names.first).map { MetadataText.shown($0.text) }
    }

    mutating func scopes(_ entity: MetadataDocument.Entity, _ role: MetadataDocument.Role) -> [String] {
        var scopes: [String] = []
        for scope in entity.scopes + role.scopes where !scope.text.isEmpty {
            if scope.isPattern {
                note(
                    "scope-pattern", role.line,
                    "the scope \(MetadataText.shown(scope.text)) is a pattern and is compared with nothing", .note)
            } else if !scopes.contains(MetadataText.shown(scope.text)) {
                scopes.append(MetadataText.shown(scope.text))
            }
        }
        return scopes
    }
}
