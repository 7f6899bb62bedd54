import Exports
import Foundation
import SCIM
import Testing

@testable import Reconciliation

@Suite struct `Certificate rollover` {
    let one: [String], two: [String], three: [String]

    init() throws {
        func digests(_ name: String) throws -> [String] {
            try ConnectionFixtures.metadata(name).signingCertificates.map(\.sha256)
        }
        one = try digests("okta-shape-1-before")
        two = try digests("okta-shape-2-both")
        three = try digests("okta-shape-3-after")
    }

    @Test func `the fixtures are a rollover`() {
        #expect(one.count == 1 && two.count == 2 && three.count == 1)
        #expect(two == one + three || two == three + one)
    }

    @Test func `a first connection is planned and held by nothing`() throws {
        var nights = Nights()
        let plan = try nights.run("okta-shape-1-before")
        #expect(plan.held.isEmpty)
        #expect(
            plan.paths == [
                "entityID", "signingCertificates", "singleSignOnServices.HTTP-Redirect",
                "singleSignOnServices.HTTP-POST", "nameIDFormats", "wantAuthnRequestsSigned",
            ])
        #expect(plan.attributes.allSatisfy { $0.old == nil })
        #expect(nights.signing == one)
        #expect(nights.retiring == [])
    }

    @Test func `one after the other is automatic, and silent the second time`() throws {
        var nights = Nights()
        for (name, signing, retiring) in [
            ("okta-shape-1-before", one, []), ("okta-shape-2-both", one + three, []),
            ("okta-shape-3-after", three, one),
        ] {
            let plan = try nights.run(name)
            #expect(plan.held.isEmpty)
            #expect(!plan.attributes.isEmpty)
            #expect(nights.signing == signing)
            #expect(nights.retiring == retiring)
            let again = nights.plan(try ConnectionFixtures.metadata(name), asOf: ConnectionFixtures.days(1))
            #expect(again.attributes.isEmpty && again.findings.isEmpty)
            #expect(again.desired == nights.stored)
        }
    }

    @Test func `what is added and removed is shown with its key and its end`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        let added = try nights.run("okta-shape-2-both")
        #expect(added.paths == ["signingCertificates"])
        let new = try #require(added.attributes.first?.new)
        #expect(added.attributes.first?.old == nil)
        #expect(new.hasPrefix(String(three[0].prefix(16))) && new.contains("RSA 2048, until 20"))
        let removed = try nights.run("okta-shape-3-after")
        #expect(removed.attributes.first?.old?.hasPrefix(String(one[0].prefix(16))) == true)
        #expect(removed.attributes.first?.new == nil)
    }

    @Test func `all keys at once are held until they are named`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        let plan = nights.plan(try ConnectionFixtures.metadata("okta-shape-3-after"))
        #expect(plan.held == ["sso-keys-replaced"])
        let finding = try #require(plan.findings.first)
        #expect(finding.figure == three[0])
        #expect(finding.accept == "--accept sso-keys-replaced=\(three[0])")
        #expect(finding.message.contains(three[0]))
    }

    @Test func `a trusted channel may replace all keys`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        let plan = nights.plan(try ConnectionFixtures.metadata("okta-shape-3-after"), trusted: true)
        #expect(plan.held.isEmpty)
        #expect(plan.findings.map(\.name) == ["sso-keys-replaced"])
        nights.take(plan)
        #expect(nights.signing == three && nights.retiring == one)
    }

    @Test func `several new keys make one figure, whatever their order`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        var metadata = try ConnectionFixtures.metadata("entra-shape-2-signed-both")
        metadata.entityID = try ConnectionFixtures.metadata("okta-shape-1-before").entityID
        let figures = (0..<2).map { _ in
            metadata.signingCertificates.reverse()
            return nights.plan(metadata).findings.first { $0.name == "sso-keys-replaced" }?.figure
        }
        let figure =
            "ab04e387b0cb5a96937375e28c9f439562c1602b01550b7e6fa1a249d622766a"
            + "+ea19dbb8ee09747bc02ecd14db166943edcc0f6cac960937c47250e4f2b3b6c1"
        #expect(figures == [figure, figure])
    }

    @Test func `a partial overlap is automatic`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-2-both")
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.signingCertificates += try ConnectionFixtures.metadata("google-shape").signingCertificates
        let plan = nights.plan(metadata)
        #expect(plan.held.isEmpty)
        nights.take(plan)
        #expect(nights.signing.count == 2 && nights.retiring == three)
    }

    @Test func `a certificate that comes back keeps when it was first seen`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-2-both")
        _ = try nights.run("okta-shape-3-after", asOf: ConnectionFixtures.days(1))
        #expect(nights.retiring == one)
        _ = try nights.run("okta-shape-2-both", asOf: ConnectionFixtures.days(3))
        #expect(nights.signing == three + one && nights.retiring == [])
        let returned = nights.stored?["signingCertificates"]?.list?.last?.complex
        #expect(returned?["firstSeen"]?.string == "2026-01-15T00:00:00Z")
        #expect(returned?["retireAfter"] == nil)
    }

    @Test func `a retiring certificate vouches for nobody`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-2-both")
        _ = try nights.run("okta-shape-3-after")
        let plan = nights.plan(try ConnectionFixtures.metadata("okta-shape-1-before"))
        #expect(plan.held == ["sso-keys-replaced"])
    }

    @Test func `a retired certificate is forgotten with the next change and never alone`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-2-both")
        _ = try nights.run("okta-shape-3-after")
        let later = ConnectionFixtures.days(8)
        let idle = try nights.run("okta-shape-3-after", asOf: later)
        #expect(idle.attributes.isEmpty)
        #expect(nights.retiring == one)
        var metadata = try ConnectionFixtures.metadata("okta-shape-3-after")
        metadata.wantAuthnRequestsSigned.toggle()
        nights.take(nights.plan(metadata, asOf: later))
        #expect(nights.retiring == [])
    }

    @Test func `an unusable certificate is never stored`() throws {
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.signingCertificates.append(SigningCertificate(der: [1, 2, 3], line: 1))
        var nights = Nights()
        nights.take(nights.plan(metadata))
        #expect(nights.signing == one)
    }

    @Test func `the stored certificate can be read again`() throws {
        var nights = Nights()
        let metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        nights.take(nights.plan(metadata))
        let stored = try #require(nights.stored?["signingCertificates"]?.list?.first?.complex)
        let text = try #require(stored["value"]?.string)
        #expect(Data(base64Encoded: text) == Data(metadata.signingCertificates[0].der))
        #expect(
            stored.members.map(\.name) == [
                "value", "sha256", "subject", "notBefore", "notAfter", "keyType", "keySize", "spkiSha256", "firstSeen",
            ])
        #expect(stored["notAfter"]?.string == "2026-03-01T00:00:00Z")
        #expect(stored["keySize"] == .integer(2048))
    }
}
