import SCIM
import Testing

@testable import Exports

@Suite struct `Metadata reader` {
    /// Files of whole products, as they are, and what each is refused for, if it is.
    static let verdicts: [(String, String?)] = [
        ("made/okta-shape-1-before.xml", nil), ("made/okta-shape-2-both.xml", nil),
        ("made/okta-shape-3-after.xml", nil), ("made/okta-shape-4-entityid-changed.xml", nil),
        ("made/okta-shape-5-sso-host-changed.xml", nil), ("made/entra-shape-1-signed.xml", nil),
        ("made/entra-shape-2-signed-both.xml", nil), ("made/entra-shape-3-signed-newkey.xml", nil),
        ("made/google-shape.xml", nil), ("made/ping-shape.xml", nil), ("made/ec-signed.xml", nil),
        ("made/no-use-attribute.xml", nil), ("made/certificate-text-oddities.xml", nil),
        ("made/encoding-latin1.xml", nil), ("made/encoding-utf16le-bom.xml", nil), ("made/encoding-utf8-bom.xml", nil),
        ("made/encoding-utf8-no-declaration-crlf.xml", nil),
        ("made/aggregate-240-entities.xml", "entity-choice-needed"),
        ("made/aggregate-signed.xml", "entity-choice-needed"),
        ("made/weak-and-expired-certificate.xml", "no-single-sign-on-service"),
        ("thirdparty/aad-malformed-certificate.xml", "no-identity-provider-role"),
        ("thirdparty/aad-no-entityid.xml", "entity-id-missing"), ("thirdparty/aad-wrong-root.xml", "wrong-root"),
        ("thirdparty/accented-names.xml", "no-identity-provider-role"), ("thirdparty/adfs-v2-signed.xml", nil),
        ("thirdparty/adfs-v4-signed.xml", nil), ("thirdparty/affiliation-only.xml", "no-identity-provider-role"),
        ("thirdparty/auth0-idp.xml", nil), ("thirdparty/cert-with-unknown-key-type.xml", "no-usable-certificate"),
        ("thirdparty/entities-idp-plus-aa.xml", "no-single-sign-on-service"),
        ("thirdparty/entity-without-any-role.xml", "no-identity-provider-role"),
        ("thirdparty/entra-common-signed.xml", "entity-id-template"),
        ("thirdparty/entra-reformatted-broken-signature.xml", nil),
        ("thirdparty/expired-sp-huge-cacheduration.xml", "no-identity-provider-role"),
        ("thirdparty/federated-idp-and-sp.xml", nil), ("thirdparty/idp-three-roles.xml", "no-single-sign-on-service"),
        ("thirdparty/idp-without-keydescriptor.xml", "no-usable-certificate"),
        ("thirdparty/idp-without-sso-endpoint.xml", "no-usable-certificate"),
        ("thirdparty/invalid-cacheduration-P1DT.xml", nil),
        ("thirdparty/keycloak-two-signing-certs.xml", "no-single-sign-on-service"),
        ("thirdparty/malformed-newline-before-declaration.xml", "white-space-before-declaration"),
        ("thirdparty/malformed-raw-ampersand.xml", "not-well-formed"),
        ("thirdparty/malformed-tag-mismatch.xml", "not-well-formed"),
        ("thirdparty/malformed-two-roots.xml", "not-well-formed"),
        ("thirdparty/mdui-idp.xml", "no-single-sign-on-service"),
        ("thirdparty/msonline-sp-only-sha1-signed.xml", "no-identity-provider-role"),
        ("thirdparty/nested-entitiesdescriptor.xml", "entity-choice-needed"),
        ("thirdparty/no-idp-role.xml", "no-identity-provider-role"), ("thirdparty/no-namespace.xml", "wrong-root"),
        ("thirdparty/okta-https-dsig-namespace.xml", "no-usable-certificate"), ("thirdparty/onelogin-idp.xml", nil),
        ("thirdparty/onelogin-sign-encrypt-differ.xml", nil),
        ("thirdparty/optional-attributes-bom.xml", "no-identity-provider-role"),
        ("thirdparty/shibboleth-saml1-and-2-endpoints.xml", "no-usable-certificate"),
        ("thirdparty/simplesamlphp-idp.xml", "no-single-sign-on-service"),
        ("thirdparty/slo-response-location.xml", nil),
        ("thirdparty/sp-signed-by-embedded-untrusted-key.xml", "no-identity-provider-role"),
        ("thirdparty/sp-signed-empty-uri-chain.xml", "no-identity-provider-role"),
        ("thirdparty/sp-signed-rsa-sha1.xml", "no-identity-provider-role"),
        ("thirdparty/sp-signed-rsa-sha256-digest-sha1.xml", "no-identity-provider-role"),
        ("thirdparty/three-signing-keys-one-repeated.xml", nil),
        ("thirdparty/two-certs-in-one-x509data.xml", "expired"),
        ("thirdparty/two-idps-expired-junk-certs.xml", "entity-choice-needed"),
        ("thirdparty/two-signing-one-encryption.xml", nil), ("thirdparty/ukfederation-idp-extensions.xml", nil),
        ("thirdparty/validuntil-without-timezone.xml", "no-identity-provider-role"),
    ]

    @Test func `every fixture has its verdict`() {
        #expect(Self.verdicts.map(\.0).sorted() == SAMLFixtures.all.sorted())
    }

    @Test(arguments: verdicts)
    func `takes what can be taken and says why not of the rest`(_ name: String, _ code: String?) {
        #expect(refusalCode { () throws(Refusal) in try SAMLFixtures.read(name) } == code)
    }

    @Test func `http endpoints are taken when allowed`() throws {
        var options = MetadataOptions()
        options.allowsHTTP = true
        let metadata = try SAMLFixtures.read("thirdparty/keycloak-two-signing-certs.xml", options: options)
        #expect(metadata.singleSignOnServices.map(\.binding) == [MetadataEndpoint.post])
        #expect(metadata.noteCodes == ["certificate-short-key"])
        #expect(metadata.wantAuthnRequestsSigned)
        // Old enough to be still valid, it is read, and its weak certificate told.
        let old = try SAMLFixtures.read(
            "made/weak-and-expired-certificate.xml", asOf: Timestamp(rawValue: 1_600_000_000_000), options: options)
        #expect(old.noteCodes == ["certificate-short-key"])
        let code = refusalCode { () throws(Refusal) in
            try SAMLFixtures.read("made/weak-and-expired-certificate.xml", options: options)
        }
        #expect(code == "expired")
    }

    @Test func `what an Okta document says`() throws {
        let metadata = try SAMLFixtures.read("made/okta-shape-2-both.xml")
        #expect(metadata.entityID == "http://www.okta.com/exkFICTIONAL0000001")
        #expect(metadata.root == .entity && metadata.entityCount == 1 && !metadata.isSigned)
        #expect(metadata.signingCertificates.count == 2)
        #expect(metadata.signingCertificates.allSatisfy { $0.isUsable && $0.keyType == "RSA" && $0.keySize == 2048 })
        #expect(metadata.signingCertificates.first?.subject.contains("CN=") == true)
        #expect(metadata.singleSignOnServices.map(\.binding) == [MetadataEndpoint.post, MetadataEndpoint.redirect])
        #expect(metadata.nameIDFormats.count == 2)
        #expect(metadata.validUntil == nil && metadata.cacheDurationSeconds == nil)
        #expect(metadata.notes.isEmpty)
    }

    @Test func `escapes in attributes are read`() throws {
        let google = try SAMLFixtures.read("made/google-shape.xml")
        #expect(google.singleSignOnServices.contains { $0.location.contains("&") && !$0.location.contains("&#") })
        var sample = MetadataSample()
        sample.entityID = "https://idp.example/?a=1&amp;b=&#38;&amp;#38;&lt;&#x41;"
        #expect(try sample.read().entityID == "https://idp.example/?a=1&b=&&#38;<A")
        #expect(
            try MetadataSample.read(
                Array(MetadataSample.aggregate([sample.entity]).utf8),
                entityID: "https://idp.example/?a=1&b=&&#38;<A"
            ).entityID == "https://idp.example/?a=1&b=&&#38;<A")
    }

    @Test func `every encoding gives the same facts`() throws {
        let names = ["latin1", "utf16le-bom", "utf8-bom", "utf8-no-declaration-crlf"]
        let read = try names.map { name in
            var metadata = try SAMLFixtures.read("made/encoding-\(name).xml")
            for index in metadata.signingCertificates.indices { metadata.signingCertificates[index].line = 0 }
            return metadata
        }
        #expect(Set(read).count == 1)
    }

    @Test func `scopes and endpoints of a federation's document, and nothing of its comments`() throws {
        let metadata = try SAMLFixtures.read("thirdparty/ukfederation-idp-extensions.xml")
        // Its UIInfo is commented out.
        #expect(metadata.displayName == nil)
        #expect(metadata.scopes == ["test.ukfederation.org.uk"])
        #expect(metadata.singleSignOnServices.count == 2)
        #expect(metadata.singleLogoutServices.count == 2)
    }

    @Test func `the English name is preferred`() throws {
        var sample = MetadataSample()
        sample.extensions = """
            <md:Extensions><mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui">
            <mdui:DisplayName xml:lang="de">Anmeldung</mdui:DisplayName>
            <mdui:DisplayName xml:lang="en">Sign <!-- not this -->in</mdui:DisplayName></mdui:UIInfo>
            <shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="true">.*</shibmd:Scope>
            <shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0"> acme.example </shibmd:Scope></md:Extensions>
            """
        let metadata = try sample.read()
        #expect(metadata.displayName == "Sign in")
        #expect(metadata.scopes == ["acme.example"])
        #expect(metadata.noteCodes == ["scope-pattern"])
    }

    @Test func `a root's own signature is seen, others are not`() throws {
        #expect(try SAMLFixtures.read("made/ec-signed.xml").isSigned)
        let signature = #"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>"#
        var sample = MetadataSample()
        sample.beforeRole = signature
        #expect(try sample.read().isSigned)
        #expect(!(try MetadataSample.read(MetadataSample.aggregate([sample.entity])).isSigned))
        #expect(try MetadataSample.read(MetadataSample.aggregate([sample.entity], inside: signature)).isSigned)
        sample.beforeRole = "<md:Extensions>\(signature)</md:Extensions>"
        #expect(!(try sample.read().isSigned))
    }

    @Test func `WantAuthnRequestsSigned is xs boolean`() throws {
        for (text, value, notes) in [
            ("true", true, []), ("1", true, []), (" false ", false, []), ("0", false, []),
            ("True", false, ["boolean-unreadable"]),
        ] as [(String, Bool, [String])] {
            var sample = MetadataSample()
            sample.roleAttributes = " WantAuthnRequestsSigned=\"\(text)\""
            let metadata = try sample.read()
            #expect(metadata.wantAuthnRequestsSigned == value)
            #expect(metadata.noteCodes == notes)
        }
    }

    @Test func `NameID formats are trimmed, kept once and in order`() throws {
        var sample = MetadataSample()
        let formats = ["urn:b", "\n urn:a\t", "", "urn:b", "urn:\u{202E}c", "urn:a"]
        sample.formats = formats.map { "<md:NameIDFormat>\($0)</md:NameIDFormat>" }.joined()
        let metadata = try sample.read()
        #expect(metadata.nameIDFormats == ["urn:b", "urn:a"])
        #expect(metadata.noteCodes == ["nameid-format-unusable"])
    }

    @Test func `a summary says what inspect shows`() throws {
        let signed = MetadataSummary(try SAMLFixtures.read("made/ec-signed.xml"))
        #expect(signed.isSigned && signed.signature == .notChecked)
        #expect(signed.validUntil == "2049-12-31T23:59:59Z")
        #expect(signed.signingCertificates.map(\.notAfter) == ["2035-01-01T00:00:00Z"])
        #expect(MetadataSummary(try SAMLFixtures.read("made/google-shape.xml")).signature == .absent)
    }
}
