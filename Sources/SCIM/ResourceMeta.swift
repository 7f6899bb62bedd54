extension Resource {
    /// The URNs of the schemas that it has attributes of, the core one first (RFC 7643 §3).
    package var schemas: [String] {
        [type.schema.id] + type.extensions.map(\.id).filter { attributes[$0] != nil }
    }

    /// `meta` without `location`, which only the online service knows (RFC 7643 §3.1).
    var meta: ComplexValue {
        ComplexValue([
            .init("resourceType", .string(type.name)), .init("created", .string(created.iso8601)),
            .init("lastModified", .string(lastModified.iso8601)), .init("version", .string(etag)),
        ])
    }
}
