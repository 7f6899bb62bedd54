/// A federation's metadata: one `EntitiesDescriptor` with thousands of entities, four in five an IdP. 48,000 of them
/// are about 80 MB.
struct SAMLAggregate {
    let entities: Int

    /// An IdP about two thirds down: whoever looks for it has to pass many and must read on to the end.
    var wanted: String { "https://idp\(wantedIndex).big.example/idp/shibboleth" }
    private var wantedIndex: Int {
        let index = entities * 2 / 3
        return index % 5 == 4 ? index - 1 : index
    }

    func write(to file: OutputFile) {
        file.write(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" Name="big.example" \
            validUntil="2049-01-01T00:00:00Z">\n
            """)
        for index in 0..<entities {
            if index % 5 == 4 { serviceProvider(index, file) } else { identityProvider(index, file) }
        }
        file.write("</md:EntitiesDescriptor>\n")
    }

    private func identityProvider(_ index: Int, _ file: OutputFile) {
        file.write("<md:EntityDescriptor entityID=\"https://idp")
        file.write(index)
        file.write(
            """
            .big.example/idp/shibboleth"><md:IDPSSODescriptor \
            protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            """)
        keyDescriptor(index, file)
        file.write("<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>")
        for binding: (StaticString, StaticString) in [("HTTP-Redirect", "Redirect"), ("HTTP-POST", "POST")] {
            file.write("<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:")
            file.write(binding.0)
            file.write("\" Location=\"https://idp")
            file.write(index)
            file.write(".big.example/idp/profile/SAML2/")
            file.write(binding.1)
            file.write("/SSO\"/>")
        }
        file.write("</md:IDPSSODescriptor></md:EntityDescriptor>\n")
    }

    private func serviceProvider(_ index: Int, _ file: OutputFile) {
        file.write("<md:EntityDescriptor entityID=\"https://sp")
        file.write(index)
        file.write(
            """
            .big.example/shibboleth"><md:SPSSODescriptor \
            protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            """)
        keyDescriptor(index, file)
        file.write(
            """
            <md:AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" \
            Location="https://sp
            """)
        file.write(index)
        file.write(".big.example/Shibboleth.sso/SAML2/POST\"/></md:SPSSODescriptor></md:EntityDescriptor>\n")
    }

    private func keyDescriptor(_ index: Int, _ file: OutputFile) {
        file.write("<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">")
        file.write("<ds:X509Data><ds:X509Certificate>")
        file.write(Self.certificates[index % Self.certificates.count])
        file.write("</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>")
    }

    /// Of throw-away keys that nobody kept.
    private static let certificates: [StaticString] = [
        """
        MIIC7TCCAdWgAwIBAgICA+kwDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEYmln
        MTAeFw0yNjExMjMyMjU5MTlaFw00MDA4MDEyMjU5MTlaMA8xDTALBgNVBAMMBGJp
        ZzEwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQC4dA37TObkhd2Ha+sH
        TJbzCF6/v0OOF848fWZSih7mPfFzUhbsBvjtA3ZWQ4DS+4WyS7CIkGSnaH2zYMTk
        IqcRlNHfpTLMATPQAeADJuU8UknPQXKZFjUwYydtn/QK1qz63JP15NEn4/M4AHVM
        RFzFheqhvk2vOZv5wA6KvEkrzrBALm7lgUWFeGOq4ja3fkb/Qz8OaBBFF49NE2Zj
        06EqaGhMDfpBafzXm+fADcDNBOMmv2GtJ+t5ph85wpfHc/xnyR8N71w0R2TH2XlS
        YW4Dq9WLHuKO59rWqs7BkPZGIvzjFbY6wN7vpypn+uifYaRw2I20pAEEj6wt2Jue
        NqiDAgMBAAGjUzBRMB0GA1UdDgQWBBTQXpv348ZTyxOa73SwbV70yrsRuTAfBgNV
        HSMEGDAWgBTQXpv348ZTyxOa73SwbV70yrsRuTAPBgNVHRMBAf8EBTADAQH/MA0G
        CSqGSIb3DQEBCwUAA4IBAQAxankrIVj7YBogIhLhsOQVTl5dv+7+Cb5sjM0aO2iV
        6jMftZEVzerI/VjPYApVHH1pv59YmetqpOxq0wSvX0jXK3cIad9NDY/ygy0BfE6M
        mEvsnVOQMchhX5jB8pa+kIjYhSg8zOSCB3RweLZ44UJzNR8b3Pqvj3+ZCBNohgtX
        JGTUX3UH+ObRoUJZooIRsjZTrOnMX4ZqdNPznfzurWnMs7dI6yC6BsvNe9D0r8pD
        hiMt5yp4rqEBzrL38LiMB7w/NszbZxregxAwI+QI2SedNqcSwR3sabDWxvucs89o
        NqatpxODGrz85VtRbep60DqVM7tkRhUb4Cf9D0iTzxeV
        """,
        """
        MIIC7TCCAdWgAwIBAgICA+owDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEYmln
        MjAeFw0yNjExMjMyMjU5MjBaFw00MDA4MDEyMjU5MjBaMA8xDTALBgNVBAMMBGJp
        ZzIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQC8z0pUY/+CAWjoPsvX
        Am69iNPmqifEYqxaUnl1OLiRPgLisqu28P7wCrKWkKbJzy4L9g8/u2Hw8c0jtJRx
        5ugn2HwMJVslE5foq5ffWrGGEe2Z7HYvtVsHWmwjvgQic7E8K3cxfPUm5/8OZAcv
        s8t3Fiv/X6q88gBhyZip1Fy1lkq9HfxW52BV6vGstweDq6VmO5wXRuAU+ZRJcEDc
        aVJUzTPlLhzbuHE3P5SiNzRW/Ut2cDoOOLQHqKHpfLO4ZV1ZXBrzF/+/nXTe0DlV
        s7bWBvrPBDCdxLiy4Ll/rqYE31rPYVPSWlETPZHauRhTUawaC9Ew+Hr4J5WEWRPu
        0yALAgMBAAGjUzBRMB0GA1UdDgQWBBTpKAeaTTMIunU5R9N2ir1qzZaAkzAfBgNV
        HSMEGDAWgBTpKAeaTTMIunU5R9N2ir1qzZaAkzAPBgNVHRMBAf8EBTADAQH/MA0G
        CSqGSIb3DQEBCwUAA4IBAQCOS2xim8OrSdQJaHRLxspwgIN7erLuZ1yuwByIesHb
        6uFSOBqqGvYwDtVyTKk/kvSzQlzJ/8qZfifBwkdJ3ZN77h4AjwcMs6cqvxzZKFGe
        Aa6tmnVf9JnkmzIeMEhGuDSvTambPA0/zRe3YcAoRUfG633fsMTsCW/VJRSs2m9i
        5RYLd9O3M1rwDBcvHt9q3uoD6B1f9HnifdAQvjuAycFvkrG76LQB9WNcnO8N9ZRW
        zp/sXlrUftDCKHGJjflWFk39wt+gV8xduoUubDKZEGlpXmNhc+6XHvj5WncpYIkf
        xyisCQRLbEc/NXgnfQy+xqymzfzNHAbtJJAoXE22Uwja
        """,
        """
        MIIC7TCCAdWgAwIBAgICA+swDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEYmln
        MzAeFw0yNjExMjMyMjU5MjFaFw00MDA4MDEyMjU5MjFaMA8xDTALBgNVBAMMBGJp
        ZzMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDGq5rJOBHBN3iwNy3u
        T0ZxBwTiHYW3DZBk7a5VBm3E8WM3dwfbnjzl4B0T+t4Id84EC1hNzLg5XV+sbfde
        CSrvt1Vdjb4N/qJyva4Qh7q167Lw8KxAFlUB+Cjyktdu7ZkR8krm1BNKRzG60FQo
        Q5EcE95xSbmBQxXUfnSkYf9FQfiHKBZDQhrxjBo3rRkinEMzM8zc4zdByYn9ZsxK
        26qJBaNahT8SjD8LYaq/GXDZRi8bAdRtl36v8YIu7OCYQ6T0XzcnyVy22Nwp7B+q
        jS0712Dp40+oxvh/DmmGh7l8iS3NEYzRHfGT/V+65FMTOgUNWUwbK7EAY+k+eL3y
        1r0FAgMBAAGjUzBRMB0GA1UdDgQWBBQRXfUlr5z7tNUtzx9v4KsMa4775jAfBgNV
        HSMEGDAWgBQRXfUlr5z7tNUtzx9v4KsMa4775jAPBgNVHRMBAf8EBTADAQH/MA0G
        CSqGSIb3DQEBCwUAA4IBAQCOBrCIEhL35YoOQAr+UH+pgPTA20svjghn9I+3LsS7
        quBFiG3Ow79SzuAWMULZch9IQNbN9Wxm628Ywmbh7K2lQdUyXJ8DTMrL+gMzjMEI
        4ZzTey8xqz3SynJNkdebLMBINyESA0vlTL+I3PJ5Rge3bngPIVTvOpMvGjm8UkQC
        5kN5Mh7ZWhUPblCCFrmmR82MOY4eZNKVdkXFuFgR8ZH/p8++wLvABlitP5M3lXhV
        lZ5R1cVn4SZspsYsCY4CkZjtX9J9/izjvYrr0I3rpBmbLm62zH4YJChE8oxL1TNl
        hHJCLc/gL+fVBwVB8DnGrrSneiUPWuqngp3oeDCSLyOP
        """,
        """
        MIIC7TCCAdWgAwIBAgICA+wwDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEYmln
        NDAeFw0yNjExMjMyMjU5MjFaFw00MDA4MDEyMjU5MjFaMA8xDTALBgNVBAMMBGJp
        ZzQwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDbEaJGn+U7pGkl5VAL
        dts1bx/g7Eud+Pwg40m7KC+hWxQWIwEyc9cKTwUcpVQhvxCfHYDi2Imbw/+Q54gp
        oLRVCORb3ONc8TPw7w/ah2CzUHWJnNX6pOSaEu3XbhkaACwEJvnxj6PmgZTP2U9H
        Jw6rJp+Efj9nljeZVhJtde3BmqXjwRx74FYMQ9VBaQgaASxF480qtNE6Ds44L8Lk
        GOdFzD6VvYrFIlOwxtPpX09gOXiihMo3suD1nzr6hsmasy0Y+3kh3I8buF59TWFO
        veRfgxKiaDP737yKVFVFz4P/rwhX4WaAO1AQ88QELUX1WZ75CgrQPt1F6oMngeZN
        Q8e7AgMBAAGjUzBRMB0GA1UdDgQWBBTLhKbxPdz/vcWhG7MHYtkHLfHAeDAfBgNV
        HSMEGDAWgBTLhKbxPdz/vcWhG7MHYtkHLfHAeDAPBgNVHRMBAf8EBTADAQH/MA0G
        CSqGSIb3DQEBCwUAA4IBAQAwt+2RMxVjT225BRQ03lSK+PGvXUppukYMvShCsWW9
        2cMnwOdvO3dUD2Gd6mkh+AwErrAC6rfTsku3PRsJ9gKEKpzPuKAkcXYPb7s6t1f8
        J1I+Q4kXnnPKXoA3jksv3pR+yCvH7N+qss01TXZHaFlKO5/+rRHBWGf6ed7iBioD
        OPLRfP+P2OW8vke2mRDFXvrTHnSr6OCJzTs371yxQoa/tctX6k4JgZHpggCzee0/
        HDR0YFWnpgYp/KGI4+nzZxDLDzA1xrIhSOPOKHexSeDJD8uZ+Rfwv9dyBguse1Bq
        dJSHMHCK62vLQuQ27E0hpibNRmAAZfTbultU43yDUBvo
        """,
    ]
}
