import SCIM
package struct MetadataOptions: Sendable { package init() {} ; package var entityID: String? }
package struct IdentityProviderMetadata: Sendable { package var entityID: String; package var notes: [Diagnostic]}
package enum MetadataReader { package static func read(file: String, entityID: String?, asOf: Timestamp, options: MetadataOptions) throws(Refusal) -> IdentityProviderMetadata { fatalError() } }
import JSON
package struct MetadataSummary: Hashable, Sendable { func encode(_ w: inout JSONWriter) {}; init?(_ v: JSONValue) { return nil } }
