import SCIM

@testable import Exports

/// The smallest metadata that is taken, with a place for whatever a test is about.
struct MetadataSample {
    var declaration = #"<?xml version="1.0" encoding="UTF-8"?>"#
    var entityID = "https://idp.example/metadata"
    var rootAttributes = ""
    var roleAttributes = ""
    var protocols = "urn:oasis:names:tc:SAML:2.0:protocol"
    var keys = MetadataSample.key(MetadataSample.certificate)
    var formats = ""
    var services = MetadataSample.service("https://idp.example/sso")
    var extensions = ""
    var beforeRole = ""

    var entity: String {
        """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(entityID)"\(rootAttributes)>
        \(beforeRole)<md:IDPSSODescriptor protocolSupportEnumeration="\(protocols)"\(roleAttributes)>
        \(extensions)\(keys)\(formats)\(services)
        </md:IDPSSODescriptor></md:EntityDescriptor>
        """
    }

    var text: String { declaration + entity }

    func read(
        entityID: String? = nil, asOf: Timestamp = SAMLFixtures.now, options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> IdentityProviderMetadata {
        try Self.read(Array(text.utf8), entityID: entityID, asOf: asOf, options: options)
    }

    static func read(
        _ bytes: [UInt8], entityID: String? = nil, asOf: Timestamp = SAMLFixtures.now,
        options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> IdentityProviderMetadata {
        try MetadataReader.read(bytes: bytes, named: "sample.xml", entityID: entityID, asOf: asOf, options: options)
    }

    static func read(_ text: String) throws(Refusal) -> IdentityProviderMetadata { try read(Array(text.utf8)) }

    static func key(_ text: String, use: String? = "signing") -> String {
        """
        <md:KeyDescriptor\(use.map { " use=\"\($0)\"" } ?? "")>
        <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
        <ds:X509Certificate>\(text)</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
        """
    }

    static func service(
        _ location: String, binding: String = MetadataEndpoint.redirect, name: String = "SingleSignOnService"
    ) -> String {
        #"<md:\#(name) Binding="\#(binding)" Location="\#(location)"/>"#
    }

    static func aggregate(_ entities: [String], attributes: String = "", inside: String = "") -> String {
        """
        <md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"\(attributes)>\(inside)
        \(entities.joined(separator: "\n"))
        </md:EntitiesDescriptor>
        """
    }

    /// RSA 2048 until 2039, from certificate-text-oddities.xml.
    static let certificate =
        "MIICsDCCAZigAwIBAgIUIMlCQDKTvXnnfZUt4MSdqJc/pqswDQYJKoZIhvcNAQELBQAwEjEQMA4GA1UEAwwHZW5jLWlkcDAeFw0yNDAxMDEw"
        + "MDAwMDBaFw0zOTAxMDEwMDAwMDBaMBIxEDAOBgNVBAMMB2VuYy1pZHAwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDCr6VxBJbd"
        + "Fy1RLOajpYXUMD26HrUZPE/4HzXcSlqub7Cg1xtXPab2I/CPENDmVSlQjXve5hsXbCo2xpFkBq9Jg0byj99cbYhmUulAseiTkaj+R/9x/2Mg"
        + "mV8W511FXjD0q4+Jo+ehqSZeuGElXQKwV39m0EiYx8TE0VUBC5suJuQCf/wrvdftyiW7MN9HcMVG88ZgGHy1ovBb2hjmpcgn+MQwOfx22B7O"
        + "NoSZk5NVqEKIiXFKnG/UkhKxn+VimfXwGF4MK+aImoQKkWXhbuF54UDzB3Lvug8mGy0qKnryXcOtZwPvKVckUlG2m7ymF/1Jzxf5CRuVa+8K"
        + "gemkbY29AgMBAAEwDQYJKoZIhvcNAQELBQADggEBAAmj01As/Pa2mmGK847cQR211xm14+QKOV4B2dRCKrpUYH2yIa+HGwif8p6vtuV4hPFY"
        + "YsG4U50A7Rkk+qq9Yd1nrO2zqEWmsZ6QTSHBP5bPTKvwbjUaOKZWn0BXjikVCbkVLadT8R7S/mmdYf8NcXSioLYVkI3gcKOtpub45eVAFvkz"
        + "y7FoTMSLfL9No2p8ev/GuZj8siY0/kXd1KkPHpS3r8wbBgP6nqtvojwwfN03oE+efmE0aY3gBjdJDqoHt7S8zb06e2Lf8vlZxYvyrecHLvto"
        + "w7Kv71UL/dAlYEA1UJ+9rK8rz5GHyGLIoWPhlCfjVp3HVMJP/+jZxh+1wlc="
}

extension IdentityProviderMetadata {
    var noteCodes: [String] { notes.map(\.code) }
}
