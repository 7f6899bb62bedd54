import JSON

/// What a metadata file's summary is in JSON (docs/formats.md): members of its input's object.
extension MetadataSummary {
    func encode(_ writer: inout JSONWriter) {
        writer.member("entityID", entityID)
        writer.optional("validUntil", validUntil)
        writer.member("signed", isSigned)
        writer.member("signature", signature.rawValue)
        writer.name("nameIDFormats")
        writer.beginArray()
        for format in nameIDFormats { writer.string(format) }
        writer.endArray()
        writer.array("signingCertificates", signingCertificates) { writer, certificate in
            writer.beginObject()
            writer.member("sha256", certificate.sha256)
            writer.optional("notAfter", certificate.notAfter)
            writer.endObject()
        }
        writer.array("singleSignOnServices", singleSignOnServices) { writer, service in
            writer.beginObject()
            writer.member("binding", service.binding)
            writer.member("location", service.location)
            writer.endObject()
        }
    }

    /// `nil` for an input that is no metadata.
    init?(_ value: JSONValue) {
        guard let entityID = value["entityID"]?.string, let isSigned = value["signed"]?.boolean,
            let signature = value["signature"]?.string.flatMap(Signature.init)
        else { return nil }
        self.init(
            entityID: entityID, validUntil: value["validUntil"]?.string, isSigned: isSigned, signature: signature,
            nameIDFormats: (value["nameIDFormats"]?.array ?? []).compactMap(\.string),
            signingCertificates: (value["signingCertificates"]?.array ?? []).compactMap { certificate in
                certificate["sha256"]?.string.map { Certificate(sha256: $0, notAfter: certificate["notAfter"]?.string) }
            },
            singleSignOnServices: (value["singleSignOnServices"]?.array ?? []).compactMap { service in
                guard let binding = service["binding"]?.string, let location = service["location"]?.string else {
                    return nil
                }
                return MetadataEndpoint(binding: binding, location: location)
            })
    }
}
