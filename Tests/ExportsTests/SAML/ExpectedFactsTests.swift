import Foundation
import SCIM
import Testing

@testable import Exports

@Suite struct `Metadata facts agree with an independent reader` {
    @Test func `there are fixtures to compare with`() {
        #expect(SAMLFixtures.all.count == 66)
    }

    @Test(arguments: SAMLFixtures.all)
    func `every document`(_ name: String) throws {
        let expected = SAMLFixtures.expectation(name)
        guard try #require(expected["wellFormed"] as? Bool) else {
            let code = refusalCode { () throws(Refusal) in
                try MetadataReader.document(file: SAMLFixtures.path(name), entityID: nil)
            }
            #expect(["not-well-formed", "white-space-before-declaration"].contains(code))
            return
        }
        let document = try MetadataReader.document(file: SAMLFixtures.path(name), entityID: nil)
        #expect(document.entityCount == expected["entityCount"] as? Int)
        #expect((document.rootSignatures == 1) == (expected["signature"] != nil))
        let root = try #require(expected["root"] as? String)
        let prefix = document.rootNamespace == "urn:oasis:names:tc:SAML:2.0:metadata" ? "md:" : "{None}"
        #expect(prefix + document.rootName == root)
        #expect((document.root != nil) == (root == "md:EntityDescriptor" || root == "md:EntitiesDescriptor"))
        if let count = expected["idpCount"] as? Int { #expect(document.identityProviderCount == count) }
    }

    @Test(arguments: SAMLFixtures.all)
    func `every entity`(_ name: String) throws {
        let expected = SAMLFixtures.expectation(name)
        let isAggregate = expected["root"] as? String == "md:EntitiesDescriptor"
        for entity in expected["entities"] as? [[String: Any]] ?? [] {
            let entityID = entity["entityID"] as? String
            let document = try MetadataReader.document(file: SAMLFixtures.path(name), entityID: entityID)
            let found = try #require(document.entity)
            #expect(found.entityID == entityID)
            #expect(found.roles == entity["roles"] as? [String])
            let own = found.lifetimes[isAggregate ? found.lifetimes.count - (found.role == nil ? 1 : 2) : 0]
            #expect(own.validUntil == entity["validUntil"] as? String)
            #expect(own.cacheDuration == entity["cacheDuration"] as? String)
            if isAggregate {
                #expect(found.lifetimes.first?.validUntil == expected["validUntil"] as? String)
                #expect(found.lifetimes.first?.cacheDuration == expected["cacheDuration"] as? String)
            }
            try compare(found.role, entity["idp"] as? [String: Any])
        }
    }

    private func compare(_ role: MetadataDocument.Role?, _ expected: [String: Any]?) throws {
        guard let expected else {
            #expect(role == nil)
            return
        }
        let role = try #require(role)
        #expect(role.wantAuthnRequestsSigned == expected["wantAuthnRequestsSigned"] as? String)
        #expect(role.keyDescriptorCount == expected["keyDescriptors"] as? Int)
        #expect(role.nameIDFormats == expected["nameIDFormats"] as? [String])
        #expect(endpoints(role.singleSignOn) == endpoints(expected["singleSignOn"]))
        #expect(endpoints(role.singleLogout) == endpoints(expected["singleLogout"]))
        #expect(certificates(role) == certificates(expected["signingCertificates"]))
    }

    private func endpoints(_ found: [MetadataDocument.Endpoint]) -> [[String: String]] {
        found.map { endpoint in
            var facts = ["binding": endpoint.binding, "location": endpoint.location]
            facts["responseLocation"] = endpoint.responseLocation
            return facts
        }
    }

    private func endpoints(_ expected: Any?) -> [[String: String]] { expected as? [[String: String]] ?? [] }

    private func certificates(_ role: MetadataDocument.Role) -> [[String: String]] {
        var seen: Set<String> = []
        return role.certificates.compactMap { element in
            guard let der = CertificateText.der(element.text) else { return ["usable": "false"] }
            let certificate = SigningCertificate(der: der, line: element.line)
            guard seen.insert(certificate.sha256).inserted else { return nil }
            var facts = ["sha256": certificate.sha256, "usable": String(certificate.isUsable)]
            facts["notBefore"] = certificate.notBefore.map(XMLDateTime.text)
            facts["notAfter"] = certificate.notAfter.map(XMLDateTime.text)
            if certificate.isUsable { facts["key"] = "\(certificate.keyType) \(certificate.keySize)" }
            if !certificate.isUsable {
                facts["why"] = certificate.spkiSHA256 == nil ? "not a certificate" : "unknown key type"
            }
            return facts
        }
    }

    private func certificates(_ expected: Any?) -> [[String: String]] {
        (expected as? [[String: Any]] ?? []).map { facts in
            var texts: [String: String] = [:]
            for (name, value) in facts {
                texts[name] = name == "usable" ? String(value as? Bool ?? false) : value as? String
            }
            return texts
        }
    }
}
