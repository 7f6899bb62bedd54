import Exports
import SCIM
import Testing

@testable import Reconciliation

@Suite struct `Certificate expiry` {
    /// A connection with certificates by (name, days of beginning, days of end), counted from the tests' now.
    private func connection(_ certificates: [(String, Int64, Int64)]) -> ComplexValue {
        ComplexValue([
            .init("entityID", .string("https://idp.example")),
            .init(
                "signingCertificates",
                .list(
                    certificates.map { name, begin, end in
                        .complex(
                            ComplexValue([
                                .init("sha256", .string(String(repeating: name, count: 64))),
                                .init("notBefore", .string(XMLDateTime.text(ConnectionFixtures.days(begin)))),
                                .init("notAfter", .string(XMLDateTime.text(ConnectionFixtures.days(end)))),
                            ]))
                    })),
        ])
    }

    private func said(_ certificates: [(String, Int64, Int64)], since: Timestamp? = nil) -> [String] {
        ConnectionExpiry.notices(connection(certificates), asOf: ConnectionFixtures.now, since: since)
            .map { "\($0.level.rawValue) \($0.code)" }
    }

    @Test func `nothing is said of what is far off`() {
        #expect(said([("a", -10, 61)]) == [])
    }

    @Test func `the only certificate is critical, before and after its end`() {
        #expect(said([("a", -10, 60)]) == ["critical certificate-expiring"])
        #expect(said([("a", -10, 1)]) == ["critical certificate-expiring"])
        #expect(said([("a", -10, -1)]) == ["critical certificate-expired"])
    }

    @Test func `one of two is information`() {
        #expect(said([("a", -10, 20), ("b", -1, 700)]) == ["info certificate-expiring"])
        #expect(said([("a", -10, -5), ("b", -1, 700)]) == ["info certificate-expired"])
    }

    @Test func `of two that end soon the last one is critical`() {
        #expect(
            said([("b", -10, 30), ("a", -10, 20)]) == ["info certificate-expiring", "critical certificate-expiring"])
    }

    @Test func `a successor that begins too late is none`() {
        #expect(said([("a", -10, 20), ("b", 21, 700)]) == ["critical certificate-expiring"])
    }

    @Test(arguments: [60, 30, 14, 7, 1, 0] as [Int64])
    func `each threshold is said once`(_ threshold: Int64) {
        let certificate = [("a", Int64(-10), threshold)]
        #expect(said(certificate, since: ConnectionFixtures.days(-1)).count == 1)
        #expect(said(certificate, since: ConnectionFixtures.now) == [])
        // The night after, between two thresholds.
        let later = ConnectionExpiry.notices(
            connection([("a", -10, threshold)]), asOf: ConnectionFixtures.days(1), since: ConnectionFixtures.days(0))
        #expect(later.isEmpty == (threshold != 1))
    }

    @Test func `it names certificate, days and what to do`() throws {
        let notice = try #require(
            ConnectionExpiry.notices(connection([("a", -10, 12)]), asOf: ConnectionFixtures.now).first)
        #expect(
            notice.message
                == "The last signing certificate (aaaaaaaaaaaaaaaa, until 2026-01-27T00:00:00Z) of https://idp.example "
                + "expires in 12 days, on 2026-01-27T00:00:00Z: then nobody can sign in. "
                + "Get the identity provider's new metadata.")
    }

    @Test func `metadata past its end is said`() {
        var stored = connection([("a", -10, 700)])
        stored["validUntil"] = .string(XMLDateTime.text(ConnectionFixtures.days(-1)))
        #expect(ConnectionExpiry.notices(stored, asOf: ConnectionFixtures.now).map(\.code) == ["metadata-expired"])
        #expect(
            ConnectionExpiry.notices(stored, asOf: ConnectionFixtures.now, since: ConnectionFixtures.days(0)).isEmpty)
    }
}
