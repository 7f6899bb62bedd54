import SCIM
import Testing

@testable import Exports

@Suite struct `Metadata refusals` {
    private func refusal(_ sample: MetadataSample, options: MetadataOptions = MetadataOptions()) -> Refusal? {
        do throws(Refusal) {
            _ = try sample.read(options: options)
            return nil
        } catch {
            return error
        }
    }

    private func code(_ change: (inout MetadataSample) -> Void) -> String? {
        var sample = MetadataSample()
        change(&sample)
        return refusal(sample)?.code
    }

    @Test func `the sample itself is taken`() throws {
        let metadata = try MetadataSample().read()
        #expect(metadata.notes.isEmpty)
        #expect(metadata.signingCertificates.map { String($0.sha256.prefix(8)) } == ["d3ae5c3a"])
    }

    @Test func `a file that is not there or cannot be read`() {
        func code(_ path: String) -> String? {
            refusalCode { () throws(Refusal) in
                try MetadataReader.read(file: path, entityID: nil, asOf: SAMLFixtures.now)
            }
        }
        #expect(code("/nonexistent/metadata.xml") == "file-missing")
        #expect(code("/") == "file-unreadable")
    }

    @Test func `a message names file, line and the mend`() throws {
        var sample = MetadataSample()
        sample.protocols = "urn:oasis:names:tc:SAML:1.1:protocol"
        let refusal = try #require(self.refusal(sample))
        #expect(refusal.code == "no-identity-provider-role")
        #expect(refusal.place == Place(file: "sample.xml", line: 1))
        #expect(
            refusal.message
                == "sample.xml:1: https://idp.example/metadata has no SAML 2.0 IdP role "
                + "(SP metadata uploaded by mistake?); download the identity provider's own metadata.")
    }

    @Test func `a demanded signature is never passed over`() throws {
        var options = MetadataOptions()
        options.requiresSignature = true
        #expect(refusal(MetadataSample(), options: options)?.code == "signature-not-supported")
        let signed = refusalCode { () throws(Refusal) in
            try SAMLFixtures.read("made/ec-signed.xml", options: options)
        }
        #expect(signed == "signature-not-supported")
        // Before anything else is believed, and after the document is known to be one.
        var sample = MetadataSample()
        sample.keys = ""
        #expect(refusal(sample, options: options)?.code == "signature-not-supported")
        sample.services = "<oops>"
        #expect(refusal(sample, options: options)?.code == "not-well-formed")
    }

    @Test func `entityIDs that identify nobody`() {
        #expect(code { $0.entityID = "" } == "entity-id-missing")
        #expect(code { $0.entityID = "https://sts.windows.net/{tenantid}/" } == "entity-id-template")
        #expect(code { $0.entityID = String(repeating: "e", count: 1_024) } == nil)
        #expect(code { $0.entityID = String(repeating: "\u{E9}", count: 1_024) } == nil)
        #expect(code { $0.entityID = String(repeating: "e", count: 1_025) } == "entity-id-too-long")
        for character in ["&#10;", "\u{85}", "\u{202E}", "\u{FEFF}", "\u{2028}"] {
            #expect(code { $0.entityID = "https://idp.example/\(character)" } == "entity-id-unusable")
        }
    }

    @Test func `a role is one that lists the SAML 2_0 protocol`() {
        #expect(code { $0.protocols = "urn:x \n urn:oasis:names:tc:SAML:2.0:protocol" } == nil)
        #expect(code { $0.protocols = "urn:oasis:names:tc:SAML:2.0:protocols" } == "no-identity-provider-role")
        #expect(code { $0.protocols = "" } == "no-identity-provider-role")
    }

    @Test func `the first role that speaks SAML 2_0 counts`() throws {
        var sample = MetadataSample()
        sample.beforeRole = """
            <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol">\
            \(MetadataSample.service("https://old.example/sso"))</md:IDPSSODescriptor>
            <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">\
            \(MetadataSample.key("AAAA"))</md:SPSSODescriptor>
            """
        let metadata = try sample.read()
        #expect(metadata.singleSignOnServices.map(\.location) == ["https://idp.example/sso"])
        #expect(metadata.notes.isEmpty)
    }

    @Test func `keys that are none`() {
        #expect(code { $0.keys = "" } == "no-usable-certificate")
        #expect(
            code { $0.keys = MetadataSample.key(MetadataSample.certificate, use: "encryption") }
                == "no-usable-certificate")
        #expect(
            code { $0.keys = MetadataSample.key(MetadataSample.certificate, use: "Signing") } == "no-usable-certificate"
        )
        #expect(code { $0.keys = MetadataSample.key("not base64!") } == "no-usable-certificate")
        #expect(code { $0.keys = MetadataSample.key("") } == "no-usable-certificate")
        #expect(code { $0.keys = MetadataSample.key("QUJD") } == "no-usable-certificate")
        #expect(
            code { $0.keys = $0.keys.replacing("http://www.w3.org/2000/09/xmldsig#", with: "urn:x") }
                == "no-usable-certificate")
        #expect(
            code {
                $0.keys = """
                    <md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyValue/>\
                    </ds:KeyInfo></md:KeyDescriptor>
                    """
            } == "key-without-certificate")
    }

    @Test func `the misspelt namespace is named`() throws {
        var sample = MetadataSample()
        sample.keys = sample.keys.replacing("http://www.w3.org", with: "https://www.w3.org")
        let refusal = try #require(self.refusal(sample))
        #expect(refusal.code == "no-usable-certificate")
        #expect(refusal.message.contains("https://www.w3.org/2000/09/xmldsig#"))
    }

    @Test func `broken certificates do not count beside a good one`() throws {
        var sample = MetadataSample()
        sample.keys = MetadataSample.key("QUJD") + MetadataSample.key("%%") + sample.keys + sample.keys
        let metadata = try sample.read()
        #expect(metadata.signingCertificates.map(\.isUsable) == [false, true])
        #expect(metadata.noteCodes == ["certificate-unusable", "certificate-unreadable"])
    }

    @Test func `an unsafe certificate is told and not refused`() throws {
        func notes(_ name: String, _ seconds: Int64) throws -> [String] {
            try SAMLFixtures.read(name, asOf: Timestamp(rawValue: seconds * 1000)).noteCodes
        }
        #expect(
            try notes("thirdparty/three-signing-keys-one-repeated.xml", 1_768_435_200).contains("certificate-short-key")
        )
        #expect(try notes("made/okta-shape-1-before.xml", 4_000_000_000) == ["certificate-expired"])
        #expect(try notes("made/okta-shape-1-before.xml", 1_000_000_000) == ["certificate-not-yet-valid"])
        #expect(try notes("thirdparty/onelogin-idp.xml", 1_400_000_000) == ["certificate-weak-signature"])
    }

    @Test func `endpoints that are none`() {
        #expect(code { $0.services = "" } == "no-single-sign-on-service")
        #expect(
            code { $0.services = MetadataSample.service("https://idp.example/sso", binding: "urn:mace:shibboleth:1.0") }
                == "no-single-sign-on-service")
        #expect(code { $0.services = MetadataSample.service("http://idp.example/sso") } == "no-single-sign-on-service")
        #expect(code { $0.services = MetadataSample.service("/sso") } == "no-single-sign-on-service")
    }

    @Test func `a bad endpoint beside a good one is left out and told`() throws {
        var sample = MetadataSample()
        sample.services += MetadataSample.service("javascript:alert(1)", binding: MetadataEndpoint.post)
        sample.services += MetadataSample.service("http://idp.example/out", name: "SingleLogoutService")
        let metadata = try sample.read()
        #expect(metadata.singleSignOnServices.count == 1 && metadata.singleLogoutServices.isEmpty)
        #expect(metadata.noteCodes == ["endpoint-not-taken", "endpoint-not-taken"])
    }

    @Test func `limits`() throws {
        // Certificates that differ in their last byte are as many, though nobody made them.
        var der = try #require(CertificateText.der(Array(MetadataSample.certificate.utf8)))
        let keys = (0..<21).map { number in
            der[der.count - 1] = UInt8(number)
            return MetadataSample.key(base64(der))
        }
        #expect(code { $0.keys = keys.prefix(20).joined() } == nil)
        #expect(code { $0.keys = keys.joined() } == "too-many-certificates")
        let services = (0..<51).map { MetadataSample.service("https://idp.example/\($0)") }
        #expect(code { $0.services = services.prefix(50).joined() } == nil)
        #expect(code { $0.services = services.joined() } == "too-many-endpoints")
        #expect(
            code { $0.formats = "<md:NameIDFormat>\(String(repeating: "x", count: 140_000))</md:NameIDFormat>" }
                == "text-too-long")
    }

    @Test func `the end of validity, with a minute for wrong clocks`() throws {
        func code(_ end: String) -> String? { self.code { $0.rootAttributes = " validUntil=\"\(end)\"" } }
        #expect(code("2026-01-15T00:00:00Z") == nil)
        #expect(code("2026-01-14T23:59:00Z") == nil)
        #expect(code("2026-01-14T23:58:59Z") == "expired")
        #expect(code("2026-01-15T01:00:00+02:00") == "expired")
        #expect(code("12026-01-15T00:00:00Z") == nil)
        #expect(code("tomorrow") == "validity-unreadable")
        #expect(code("") == "validity-unreadable")
        #expect(self.code { $0.roleAttributes = #" validUntil="2020-01-01T00:00:00Z""# } == "expired")
    }

    @Test func `cacheDuration is a hint, clamped and told`() throws {
        for (text, seconds, notes) in [
            ("PT6H", 21_600, []), ("PT15M", 3_600, ["cache-duration-clamped"]),
            ("-P1D", 3_600, ["cache-duration-clamped"]), ("PT1393462294S", 604_800, ["cache-duration-clamped"]),
            ("P1DT", nil, ["cache-duration-unreadable"]),
        ] as [(String, Int?, [String])] {
            var sample = MetadataSample()
            sample.rootAttributes = " cacheDuration=\"\(text)\""
            let metadata = try sample.read()
            #expect(metadata.cacheDurationSeconds == seconds)
            #expect(metadata.noteCodes == notes)
        }
    }

    private func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for at in stride(from: 0, to: bytes.count, by: 3) {
            let rest = min(3, bytes.count - at)
            let group = (0..<3).reduce(0) { $0 << 8 | ($1 < rest ? Int(bytes[at + $1]) : 0) }
            for place in 0..<4 { text.append(place <= rest ? digits[group >> (18 - 6 * place) & 63] : "=") }
        }
        return text
    }
}
