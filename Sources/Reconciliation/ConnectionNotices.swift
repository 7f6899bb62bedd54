import Exports
import SCIM

/// What is worth a sentence about a metadata document and holds nothing up.
struct ConnectionNotices {
    let stored: ConnectionAttributes?
    let metadata: IdentityProviderMetadata
    let rollover: ConnectionRollover
    let asOf: Timestamp
    let teamDomains: Set<String>

    /// How many domains a message names.
    private static let namedDomains = 5

    var all: [Notice] { formats + [expired, scope].compactMap(\.self) }

    private var formats: [Notice] {
        let gone = NameIDFormat.identifying.filter {
            (stored?.nameIDFormats ?? []).contains($0) && !metadata.nameIDFormats.contains($0)
        }
        return gone.map { format in
            Notice(
                .warning, code: "nameid-format-gone",
                message: "The identity provider no longer offers the NameID format \(NameIDFormat.shown(format)): "
                    + "people that are known by it may not be recognised when they sign in.")
        }
    }

    /// On a first import it is a guard.
    private var expired: Notice? {
        guard stored != nil, rollover.isChange, rollover.isAllExpired(at: asOf) else { return nil }
        return Notice(
            .critical, code: "certificates-all-expired",
            message:
                "Every signing certificate of the new metadata has expired; ask the identity provider for a new one.")
    }

    /// A sign of another tenant's document: it speaks for other domains than the team's people have.
    private var scope: Notice? {
        guard !metadata.scopes.isEmpty, !teamDomains.isEmpty else { return nil }
        let scopes = metadata.scopes.map { $0.lowercased() }
        let uncovered = teamDomains.map { $0.lowercased() }.filter { domain in
            !scopes.contains { domain == $0 || domain.hasSuffix(".\($0)") }
        }.sorted()
        guard !uncovered.isEmpty else { return nil }
        let isForeign = uncovered.count == teamDomains.count
        let named = uncovered.prefix(Self.namedDomains).joined(separator: ", ")
        let more = uncovered.count - Self.namedDomains
        let spokenFor = metadata.scopes.prefix(Self.namedDomains).joined(separator: ", ")
        return Notice(
            isForeign ? .warning : .info, code: isForeign ? "scope-foreign" : "scope-incomplete",
            message:
                "The identity provider speaks for \(spokenFor), "
                + "but \(isForeign ? "none of the team's people is there" : "not for all of the team's people"): "
                + "\(named)\(more > 0 ? " and \(more) more" : "").")
    }
}
