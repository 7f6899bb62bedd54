import Exports
import SCIM
import Testing

@testable import Reconciliation

@Suite struct `SSO connection guards` {
    @Test func `another entityID is held, whatever else is the same`() throws {
        var nights = Nights()
        let first = try nights.run("okta-shape-1-before")
        let metadata = try ConnectionFixtures.metadata("okta-shape-4-entityid-changed")
        let plan = nights.plan(metadata, trusted: true)
        #expect(plan.held.contains("sso-entity"))
        let finding = try #require(plan.findings.first { $0.name == "sso-entity" })
        #expect(finding.figure == metadata.entityID)
        #expect(plan.attributes.first?.path == "entityID")
        #expect(plan.attributes.first?.old == first.attributes.first?.new)
    }

    @Test func `an entityID is compared byte for byte`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.entityID = "https://idp.example/caf\u{E9}"
        nights.take(nights.plan(metadata))
        metadata.entityID = "https://idp.example/cafe\u{301}"
        #expect(nights.plan(metadata).held == ["sso-entity"])
        metadata.entityID = "https://idp.example/CAF\u{E9}"
        #expect(nights.plan(metadata).held == ["sso-entity"])
    }

    @Test func `another sign-on host is held`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-3-after")
        let metadata = try ConnectionFixtures.metadata("okta-shape-5-sso-host-changed")
        let plan = nights.plan(metadata)
        #expect(plan.held == ["sso-host"])
        let host = EndpointLocation.host(of: metadata.singleSignOnServices[0].location)
        #expect(plan.findings.first?.accept == "--accept sso-host=\(host)")
        #expect(plan.paths == ["singleSignOnServices.HTTP-Redirect", "singleSignOnServices.HTTP-POST"])
        #expect(plan.attributes.allSatisfy { $0.old != nil && $0.new != nil })
    }

    @Test func `another path on the same host is automatic`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        nights.take(nights.plan(metadata))
        metadata.singleSignOnServices[0].location += "/v2"
        let plan = nights.plan(metadata)
        #expect(plan.findings.isEmpty)
        #expect(plan.paths == ["singleSignOnServices.HTTP-POST"])
    }

    @Test func `a sign-on service that goes away is no new host`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.singleSignOnServices[0].location = "https://elsewhere.example/sso"
        nights.take(nights.plan(metadata))
        metadata.singleSignOnServices.removeFirst()
        let plan = nights.plan(metadata)
        #expect(plan.findings.isEmpty && !plan.attributes.isEmpty)
    }

    @Test func `the same endpoints in another order are the same`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        nights.take(nights.plan(metadata))
        metadata.singleSignOnServices.reverse()
        metadata.signingCertificates.reverse()
        #expect(nights.plan(metadata).attributes.isEmpty)
    }

    @Test func `another team's entityID cannot be accepted`() throws {
        let plan = Nights().plan(try ConnectionFixtures.metadata("okta-shape-1-before"), trusted: true, otherTeam: true)
        let finding = try #require(plan.findings.first)
        #expect(finding.name == "wrong-team" && finding.held && !finding.canBeAccepted && finding.accept == nil)
    }

    @Test func `a first import of expired certificates only is held`() throws {
        let metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        let after = Timestamp(rawValue: (metadata.signingCertificates[0].notAfter?.rawValue ?? 0) + 1)
        let plan = Nights().plan(metadata, asOf: after, trusted: true)
        #expect(plan.held == ["sso-keys-replaced"])
        #expect(plan.findings.first?.figure == metadata.signingCertificates[0].sha256)
    }

    @Test func `expired certificates of a known connection are a warning`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-2-both")
        let metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        let after = Timestamp(rawValue: (metadata.signingCertificates[0].notAfter?.rawValue ?? 0) + 1)
        let plan = nights.plan(metadata, asOf: after)
        #expect(plan.held.isEmpty)
        #expect(plan.notices.map(\.code) == ["certificates-all-expired"])
        #expect(plan.notices.first?.level == .critical)
    }
}

@Suite struct `SSO connection attributes` {
    @Test func `the desired connection has its members in the schema's order`() throws {
        var metadata = try ConnectionFixtures.metadata("entra-shape-1-signed")
        metadata.displayName = "Entra"
        metadata.nameIDFormats = ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"]
        metadata.validUntil = ConnectionFixtures.days(30)
        #expect(
            Nights().plan(metadata).desired.members.map(\.name) == [
                "entityID", "displayName", "signingCertificates", "singleSignOnServices", "singleLogoutServices",
                "nameIDFormats", "wantAuthnRequestsSigned", "validUntil",
            ])
    }

    @Test func `what the core added to a connection stays`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        nights.stored?["externalId"] = .string("mine")
        _ = try nights.run("okta-shape-2-both")
        #expect(nights.stored?["externalId"] == .string("mine"))
    }

    @Test func `a name that the document does not give stays`() throws {
        var nights = Nights()
        _ = try nights.run("okta-shape-1-before")
        nights.stored?["displayName"] = .string("Given by hand")
        #expect(try nights.run("okta-shape-1-before").attributes.isEmpty)
        #expect(nights.stored?["displayName"] == .string("Given by hand"))
    }

    @Test func `NameID formats are a list in order`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.nameIDFormats = ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "urn:x"]
        nights.take(nights.plan(metadata))
        metadata.nameIDFormats.reverse()
        let reversed = nights.plan(metadata)
        #expect(
            reversed.attributes == [
                AttributeChange(
                    path: "nameIDFormats", old: "1.1:nameid-format:emailAddress, urn:x",
                    new: "urn:x, 1.1:nameid-format:emailAddress")
            ])
        #expect(reversed.notices.isEmpty)
        metadata.nameIDFormats = ["urn:x"]
        #expect(nights.plan(metadata).notices.map(\.code) == ["nameid-format-gone"])
        metadata.nameIDFormats = []
        nights.take(nights.plan(metadata))
        #expect(nights.stored?["nameIDFormats"] == nil)
    }

    @Test func `logout with its answers' address is stored and taken away`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.singleLogoutServices = [
            MetadataEndpoint(
                binding: MetadataEndpoint.post, location: "https://idp.example/out",
                responseLocation: "https://idp.example/back")
        ]
        let plan = nights.plan(metadata)
        #expect(
            plan.attributes.first { $0.path == "singleLogoutServices.HTTP-POST" }?.new
                == "https://idp.example/out (answers to https://idp.example/back)")
        nights.take(plan)
        #expect(nights.plan(metadata).attributes.isEmpty)
        metadata.singleLogoutServices = []
        nights.take(nights.plan(metadata))
        #expect(nights.stored?["singleLogoutServices"] == nil)
    }

    @Test func `a later end of the metadata alone waits until the stored one is near`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.validUntil = ConnectionFixtures.days(14)
        nights.take(nights.plan(metadata))
        metadata.validUntil = ConnectionFixtures.days(15)
        #expect(nights.plan(metadata, asOf: ConnectionFixtures.days(1)).attributes.isEmpty)
        metadata.validUntil = ConnectionFixtures.days(27)
        #expect(nights.plan(metadata, asOf: ConnectionFixtures.days(13)).paths == ["validUntil"])
        metadata.wantAuthnRequestsSigned.toggle()
        #expect(
            nights.plan(metadata, asOf: ConnectionFixtures.days(1)).paths == ["wantAuthnRequestsSigned", "validUntil"])
    }

    @Test func `an earlier end, a first one and none at all are changes`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        nights.take(nights.plan(metadata))
        for end in [ConnectionFixtures.days(14), ConnectionFixtures.days(10), nil] {
            metadata.validUntil = end
            let plan = nights.plan(metadata)
            #expect(plan.paths == ["validUntil"])
            nights.take(plan)
            #expect(nights.plan(metadata).attributes.isEmpty)
        }
    }

    @Test func `dates that the core spells otherwise are no change`() throws {
        var nights = Nights()
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        metadata.validUntil = ConnectionFixtures.days(14)
        nights.take(nights.plan(metadata))
        nights.stored?["validUntil"] = .string("2026-01-29T00:00:00.000Z")
        #expect(nights.plan(metadata).attributes.isEmpty)
    }

    @Test func `scopes are compared with the team's domains`() throws {
        var metadata = try ConnectionFixtures.metadata("okta-shape-1-before")
        func codes(_ scopes: [String], _ domains: Set<String>) -> [String] {
            metadata.scopes = scopes
            return Nights().plan(metadata, domains: domains).notices.map { "\($0.level.rawValue) \($0.code)" }
        }
        #expect(codes([], ["acme.example"]).isEmpty)
        #expect(codes(["acme.example"], []).isEmpty)
        #expect(codes(["ACME.example"], ["acme.example", "mail.acme.example"]).isEmpty)
        #expect(codes(["acme.example"], ["acme.example", "notacme.example"]) == ["info scope-incomplete"])
        #expect(codes(["other.example"], ["acme.example"]) == ["warning scope-foreign"])
    }
}
