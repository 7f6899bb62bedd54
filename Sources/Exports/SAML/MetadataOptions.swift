/// How SAML metadata is read: what the person or the configuration asked for.
package struct MetadataOptions: Hashable, Sendable {
    /// The entity a person named (`--entity-id`, `entity-id:`): the document must hold exactly it, byte for byte.
    package var entityID: String?
    /// Accepts `http` endpoints (`allow-http`). For tests: an assertion sent there can be read by everybody.
    package var allowsHTTP = false
    /// Refuses a document whose signature was not checked (`require-signature`).
    package var requiresSignature = false
    /// For a document of one entity.
    package var maxBytesEntity = 5_000_000
    /// For an aggregate.
    package var maxBytesAggregate = 256_000_000

    package init() {}
}
