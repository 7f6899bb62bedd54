import SCIM
import Testing

@testable import Exports

@Suite struct `xs dateTime` {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-15T00:00:00Z", 1_768_435_200_000),
            ("2026-01-15T00:00:00", 1_768_435_200_000), ("2026-01-15T02:30:00+02:30", 1_768_435_200_000),
            ("2026-01-14T10:00:00-14:00", 1_768_435_200_000), (" 2026-01-15T00:00:00Z\n", 1_768_435_200_000),
            ("2026-01-14T24:00:00Z", 1_768_435_200_000), ("2026-01-14T24:00:00.000Z", 1_768_435_200_000),
            ("2026-01-15T00:00:00.5Z", 1_768_435_200_500), ("2026-01-15T00:00:00.123999Z", 1_768_435_200_123),
            ("2014-04-17T18:02:33.910Z", 1_397_757_753_910), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000), ("12026-01-15T00:00:00Z", 317_337_955_200_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("-0001-12-31T00:00:00Z", -62_135_683_200_000),
            ("-0001-02-29T00:00:00Z", -62_162_121_600_000),
        ] as [(String, Int64)])
    func `is read`(_ text: String, _ milliseconds: Int64) {
        #expect(XMLDateTime.timestamp(text)?.rawValue == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-15", "2026-01-15T00:00Z", "2026-01-15 00:00:00Z", "2026-01-15t00:00:00z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-15T24:00:01Z", "2026-01-15T24:00:00.001Z",
        "2026-01-15T25:00:00Z", "2026-01-15T00:60:00Z", "2026-01-15T00:00:60Z", "2026-01-15T00:00:00.Z",
        "2026-01-15T00:00:00+14:01", "2026-01-15T00:00:00+0100", "2026-01-15T00:00:00ZZ", "0000-01-01T00:00:00Z",
        "+2026-01-15T00:00:00Z", "02026-01-15T00:00:00Z", "026-01-15T00:00:00Z", "999999999-01-15T00:00:00Z",
        "2026-01-15T00:00:00\u{2003}Z", "\u{FF12}026-01-15T00:00:00Z",
    ])
    func `is refused`(_ text: String) {
        #expect(XMLDateTime.timestamp(text) == nil)
    }

    @Test func `what is written is read back`() {
        var milliseconds: Int64 = -62_135_596_800_000
        while milliseconds < 253_402_300_799_000 {
            let timestamp = Timestamp(rawValue: milliseconds)
            #expect(XMLDateTime.timestamp(XMLDateTime.text(timestamp)) == timestamp)
            milliseconds += 86_400_000 * 9_973 + 3_661_007
        }
    }

    @Test func `what four digits cannot say is written as the nearest that they can`() {
        #expect(XMLDateTime.text(Timestamp(rawValue: .max)) == "9999-12-31T23:59:59Z")
        #expect(XMLDateTime.text(Timestamp(rawValue: .min)) == "0001-01-01T00:00:00Z")
    }
}

@Suite struct `xs duration` {
    @Test(
        arguments: [
            ("PT1H", 3_600), ("PT15M", 900), ("PT1440M", 86_400), ("P1D", 86_400), ("P1Y2M3DT4H5M6.7S", 36_993_906),
            ("P0Y0M0DT0H15M0.000S", 900), ("-P1D", -86_400), ("PT1393462294S", 1_393_462_294), ("PT0S", 0),
            (" P1D ", 86_400), ("P99999999999999999999Y", .max), ("-P99999999999999999999D", -.max),
            ("P1Y1M", 34_128_000),
        ] as [(String, Int64)])
    func `is read`(_ text: String, _ seconds: Int64) {
        #expect(XMLDuration.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "P", "PT", "P1DT", "1D", "P1", "PD", "P1S", "PT1D", "P1D2Y", "P1D1D", "P1.5D", "PT1.S", "PT.5S", "P-1D",
        "+P1D", "p1d", "P1D T1H", "PT1H1H", "P1W", "PT1HT1M",
    ])
    func `is refused`(_ text: String) {
        #expect(XMLDuration.seconds(text) == nil)
    }
}

@Suite struct `Certificate text` {
    private func der(_ text: String) -> [UInt8]? { CertificateText.der(Array(text.utf8)) }

    @Test func `armour and white space come off`() {
        for text in [
            "QUJD", " Q U\tJ\r\nD ", "-----BEGIN CERTIFICATE-----QUJD-----END CERTIFICATE-----",
            "\n-----BEGIN CERTIFICATE-----\r\nQU\r\nJD\r\n-----END CERTIFICATE-----\n",
        ] { #expect(der(text) == [0x41, 0x42, 0x43]) }
        #expect(der("QUI=") == [0x41, 0x42])
        #expect(der("QQ==") == [0x41])
        #expect(der("+/+/") == [0xFB, 0xFF, 0xBF])
    }

    @Test(arguments: [
        "", "Q", "QQ", "QUI", "QQ=", "QUI==", "QUJD=", "QQ==QUJD", "QR==", "QUJ=", "-_-_", "QU!D", "QUJD%", "====",
        "-----BEGIN CERTIFICATE-----QUJD", "QUJD-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----QUJD-----END PUBLIC KEY-----", "Q\u{A0}UJD",
    ])
    func `what is no strict base64 is nothing`(_ text: String) {
        #expect(der(text) == nil)
    }
}

@Suite struct `Signing certificates` {
    private let good = CertificateText.der(Array(MetadataSample.certificate.utf8)) ?? []

    @Test func `facts`() {
        let certificate = SigningCertificate(der: good, line: 1)
        #expect(certificate.sha256 == "d3ae5c3a30a5261fe542cdef294f6f348f2fbf65d4c2cd5ddab43b31cb6f962c")
        #expect(certificate.subject == "CN=enc-idp")
        #expect(certificate.isUsable && certificate.keyType == "RSA" && certificate.keySize == 2048)
        #expect(certificate.signatureDigest == "SHA256" && !certificate.isWeaklySigned && !certificate.isShortKey)
        #expect(certificate.spkiSHA256?.count == 64 && certificate.spkiSHA256 != certificate.sha256)
    }

    @Test func `anything that is not exactly one certificate is unusable`() {
        #expect(!SigningCertificate(der: [], line: 1).isUsable)
        #expect(!SigningCertificate(der: good + [0], line: 1).isUsable)
        for count in stride(from: 0, to: good.count, by: 3) {
            #expect(!SigningCertificate(der: Array(good[..<count]), line: 1).isUsable)
        }
        let long = [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0x30, count: 70_000)
        #expect(!SigningCertificate(der: long, line: 1).isUsable)
    }

    @Test func `a changed byte changes the digest and never crashes`() {
        for at in stride(from: 0, to: good.count, by: 5) {
            var der = good
            der[at] ^= 0x55
            #expect(SigningCertificate(der: der, line: 1).sha256 != SigningCertificate(der: good, line: 1).sha256)
        }
    }
}

@Suite struct `Endpoint locations` {
    @Test(arguments: [
        "https://idp.example/sso", "HTTPS://IDP.EXAMPLE", "https://idp.example:8443/a?b=c&d=%20#e",
        "https://[::1]:443/",
        "https://127.0.0.1/", "https://xn--bcher-kva.example/", "https://a_b.example", "https://idp.example:",
        "https://idp.example/user@host", "https://idp.example?x=@",
    ])
    func `are taken`(_ location: String) {
        #expect(EndpointLocation.fault(location, allowsHTTP: false) == nil)
    }

    @Test(arguments: [
        "", "/sso", "//idp.example/", "idp.example", "https:/idp.example", "https:idp.example", "https://",
        "https:///sso",
        "https://:443/", "http://idp.example/", "ftp://idp.example/", "javascript:alert(1)", "data:text/html,x",
        "https://user@idp.example/", "https://user:pw@idp.example/", "https://a@b@c/",
        "https://idp.example\\@evil.example/",
        "https://idp.example/a b", "https://idp.example/\n", " https://idp.example/", "https://idp.example/\u{7F}",
        "https://idp.example/<x>", "https://idp.example/{tenantid}/", "https://b\u{FC}cher.example/",
        "https://idp.example/\u{202E}", "https://idp.example:x/", "https://idp.example:70000/", "https://[::1/",
        "https://[::g]/", "https://[::1]x/", "https://idp%2eexample/", "https://a,b/", "httpss://idp.example/",
    ])
    func `are refused`(_ location: String) {
        #expect(EndpointLocation.fault(location, allowsHTTP: false) != nil)
    }

    @Test func `length is limited`() {
        let room = 2_048 - "https://idp.example/".utf8.count
        #expect(
            EndpointLocation.fault("https://idp.example/" + String(repeating: "a", count: room), allowsHTTP: false)
                == nil)
        #expect(
            EndpointLocation.fault("https://idp.example/" + String(repeating: "a", count: room + 1), allowsHTTP: false)
                != nil)
    }

    @Test func `http only when it is allowed`() {
        #expect(EndpointLocation.fault("http://localhost:8080/", allowsHTTP: true) == nil)
    }

    @Test func `hosts compare as people read them`() {
        #expect(EndpointLocation.host(of: "https://IDP.example:443/sso") == "idp.example")
        #expect(EndpointLocation.host(of: "https://idp.example:8443/sso") == "idp.example:8443")
        #expect(EndpointLocation.host(of: "http://idp.example:80?x") == "idp.example")
        #expect(EndpointLocation.host(of: "http://idp.example:443?x") == "idp.example:443")
        #expect(EndpointLocation.host(of: "https://[::1]:443/") == "[::1]")
        #expect(EndpointLocation.host(of: "https://idp.example#x") == "idp.example")
    }
}

@Suite struct `Metadata is told from exports` {
    @Test(arguments: SAMLFixtures.all)
    func `every metadata file is`(_ name: String) throws {
        #expect(MetadataDetection.looksLikeMetadata(try SAMLFixtures.bytes(name).prefix(256)))
    }

    @Test func `no export is, and no HTML page`() {
        for text in [
            "", "email,name\n", "{\"value\":[]}", "[]", "\u{FEFF}email,name", "<!DOCTYPE html><html>", "<html>",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE html>", "<", "< a", "<5", "\"<a>\",b", "PK\u{3}\u{4}",
        ] { #expect(!MetadataDetection.looksLikeMetadata(text.utf8)) }
        #expect(MetadataDetection.looksLikeMetadata("<!DOCTYPE x [".utf8))
        #expect(MetadataDetection.looksLikeMetadata("\n <!-- x -->".utf8))
    }
}
