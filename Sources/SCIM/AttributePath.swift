/// Where an attribute is (RFC 7644 §3.5.2 `PATH`), spelled as the schema spells it.
///
/// Reads the RFC's notation (`emails[type eq "work"].value`, `urn:…:User:department`) and the short one that mappings
/// and plans use (`emails.work`, `phoneNumbers.mobile`, `addresses.work.locality`, `enterprise.department`).
package struct AttributePath: Hashable, Sendable {
    /// The extension's URN; `nil` for the core schema.
    package var schema: String?
    package var attribute: String
    /// The value filter in brackets.
    package var filter: Filter?
    package var subAttribute: String?
    package init(schema: String? = nil, attribute: String, filter: Filter? = nil, subAttribute: String? = nil) {
        self.schema = schema
        self.attribute = attribute
        self.filter = filter
        self.subAttribute = subAttribute
    }
}
