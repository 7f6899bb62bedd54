import SCIM
import Testing

@testable import Exports

@Suite struct `Metadata aggregates` {
    private func code(_ text: String, entityID: String? = nil, options: MetadataOptions = MetadataOptions()) -> String?
    {
        refusalCode { () throws(Refusal) in
            try MetadataSample.read(Array(text.utf8), entityID: entityID, options: options)
        }
    }

    private func sample(_ entityID: String) -> MetadataSample {
        var sample = MetadataSample()
        sample.entityID = entityID
        return sample
    }

    @Test func `the entity asked for is found among 240`() throws {
        let metadata = try SAMLFixtures.read(
            "made/aggregate-240-entities.xml", entityID: "https://idp100.big.example/idp/shibboleth")
        #expect(metadata.entityID == "https://idp100.big.example/idp/shibboleth")
        #expect(metadata.root == .aggregate && metadata.entityCount == 240)
        #expect(metadata.singleSignOnServices.first?.location.hasPrefix("https://idp100.big.example/") == true)
        #expect(metadata.validUntil.map(XMLDateTime.text) == "2049-01-01T00:00:00Z")
    }

    @Test func `an entityID is compared byte for byte, case included`() {
        let text = MetadataSample.aggregate([sample("https://idp.example/caf\u{E9}").entity])
        #expect(code(text, entityID: "https://idp.example/caf\u{E9}") == nil)
        #expect(code(text, entityID: "https://idp.example/cafe\u{301}") == "entity-not-found")
        #expect(code(text, entityID: "https://IDP.example/caf\u{E9}") == "entity-not-found")
        #expect(code(text, entityID: "https://idp.example/caf") == "entity-not-found")
    }

    @Test func `without an entityID one identity provider is taken`() throws {
        let service = sample("https://sp.example").entity.replacing("IDPSSODescriptor", with: "SPSSODescriptor")
        let metadata = try MetadataSample.read(
            MetadataSample.aggregate([service, sample("https://idp.example").entity, service]))
        #expect(metadata.entityID == "https://idp.example" && metadata.entityCount == 3)
    }

    @Test func `several identity providers are listed, ten at most`() throws {
        let text = MetadataSample.aggregate((0..<12).map { sample("https://idp\($0).example").entity })
        do {
            _ = try MetadataSample.read(text)
            Issue.record("read")
        } catch {
            #expect(error.code == "entity-choice-needed")
            #expect(error.message.contains("12 identity providers"))
            #expect(error.message.contains("https://idp9.example and 2 more"))
            #expect(!error.message.contains("https://idp10.example"))
        }
    }

    @Test func `an entity that is there twice is refused with both lines`() throws {
        let entities = ["https://a.example", "https://b.example", "https://a.example"].map { sample($0).entity }
        let text = MetadataSample.aggregate(entities)
        #expect(code(text, entityID: "https://b.example") == nil)
        do {
            _ = try MetadataSample.read(Array(text.utf8), entityID: "https://a.example")
            Issue.record("read")
        } catch {
            #expect(error.code == "entity-duplicated")
            let height = entities[0].count { $0 == "\n" } + 1
            #expect(error.place.line == 2 + 2 * height && error.message.contains("first in line 2"))
        }
    }

    @Test func `what is wrong after the entity still refuses`() {
        let good = sample("https://a.example").entity
        let text = MetadataSample.aggregate([good, "<md:EntityDescriptor entityID=\"b\"><oops></md:EntityDescriptor>"])
        #expect(code(text, entityID: "https://a.example") == "not-well-formed")
        let whole = MetadataSample.aggregate([good, good.replacing("a.example", with: "b.example")])
        #expect(code(String(whole.dropLast(30)), entityID: "https://a.example") == "truncated")
    }

    @Test func `nested aggregates count as one, with every lifetime on the way`() throws {
        let inner = MetadataSample.aggregate(
            [sample("https://a.example").entity],
            attributes: #" validUntil="2030-01-01T00:00:00Z" cacheDuration="PT2H""#)
        let text = MetadataSample.aggregate(
            [inner, sample("https://b.example").entity], attributes: #" validUntil="2031-01-01T00:00:00Z""#)
        let deep = try MetadataSample.read(Array(text.utf8), entityID: "https://a.example")
        #expect(deep.validUntil.map(XMLDateTime.text) == "2030-01-01T00:00:00Z")
        #expect(deep.cacheDurationSeconds == 7_200 && deep.entityCount == 2)
        let shallow = try MetadataSample.read(Array(text.utf8), entityID: "https://b.example")
        #expect(shallow.validUntil.map(XMLDateTime.text) == "2031-01-01T00:00:00Z")
        #expect(shallow.cacheDurationSeconds == nil)
    }

    @Test func `a member's own end refuses that member alone`() throws {
        let expired = refusalCode { () throws(Refusal) in
            try SAMLFixtures.read("made/aggregate-signed.xml", entityID: "https://idp2.member.example/idp")
        }
        #expect(expired == "expired")
        let other = try SAMLFixtures.read("made/aggregate-signed.xml", entityID: "https://idp3.member.example/idp")
        #expect(other.cacheDurationSeconds == 6 * 3_600 && other.isSigned)
        let weak = try SAMLFixtures.read("made/aggregate-signed.xml", entityID: "https://idp1.member.example/idp")
        #expect(weak.noteCodes == ["certificate-expired"])
    }

    @Test func `of a document of one, another entity is read for the stored one and refused for the demanded one`()
        throws
    {
        let text = sample("https://new.example").text
        #expect(
            try MetadataSample.read(Array(text.utf8), entityID: "https://old.example").entityID == "https://new.example"
        )
        var options = MetadataOptions()
        options.entityID = "https://old.example"
        #expect(code(text, options: options) == "entity-not-found")
        #expect(code(text, entityID: "https://new.example", options: options) == "entity-not-found")
        options.entityID = "https://new.example"
        #expect(code(text, entityID: "https://old.example", options: options) == nil)
    }

    @Test func `an aggregate without the stored entity is refused`() {
        let text = MetadataSample.aggregate([sample("https://a.example").entity])
        #expect(code(text, entityID: "https://old.example") == "entity-not-found")
    }
}
