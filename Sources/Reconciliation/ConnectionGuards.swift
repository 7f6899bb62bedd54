import Exports
import SCIM

/// What holds a change of the SSO connection until a person names it (saml-metadata.md §3, product.md "Guards").
///
/// - `sso-entity`: the identity provider is another one. Figure: its entityID.
/// - `sso-host`: people would be sent to sign in at a host that the stored connection does not have. Figure: the new
///   hosts, ascending, joined by `+`.
/// - `sso-keys-replaced`: no stored certificate is left, or, on a first import, every certificate is expired already
///   (whoever accepts it vouches for the same keys). Figure: ``ConnectionRollover/figure``. A trusted channel waives
///   the first reason, for it says where keys came from; it does not waive the second.
/// - `wrong-team`: the entityID is another team's. Cannot be accepted.
struct ConnectionGuards {
    let stored: ConnectionAttributes?
    let metadata: IdentityProviderMetadata
    let rollover: ConnectionRollover
    let asOf: Timestamp
    let trustedChannel: Bool
    let otherTeamHoldsEntity: Bool

    var findings: [GuardFinding] { [wrongTeam, entity, host, keys].compactMap(\.self) }

    private var wrongTeam: GuardFinding? {
        guard otherTeamHoldsEntity else { return nil }
        return GuardFinding(
            name: "wrong-team", figure: metadata.entityID, limit: "0", held: true, canBeAccepted: false,
            message: "The identity provider \(metadata.entityID) is another team's; nothing of it is taken over. "
                + "Check which team this metadata is for.")
    }

    private var entity: GuardFinding? {
        guard let old = stored?.entityID, !old.utf8.elementsEqual(metadata.entityID.utf8) else { return nil }
        return GuardFinding(
            name: "sso-entity", figure: metadata.entityID, limit: old, held: true,
            message: "The metadata is of another identity provider: \(metadata.entityID) instead of \(old). "
                + "Everybody of the team would sign in there.")
    }

    private var host: GuardFinding? {
        guard let stored else { return nil }
        let old = Set(stored.singleSignOn.map { EndpointLocation.host(of: $0.location) })
        let new = Set(metadata.singleSignOnServices.map { EndpointLocation.host(of: $0.location) }).subtracting(old)
        guard !new.isEmpty else { return nil }
        let limit = old.sorted().joined(separator: "+")
        return GuardFinding(
            name: "sso-host", figure: new.sorted().joined(separator: "+"), limit: limit, held: true,
            message: "People would be sent to sign in at \(new.sorted().joined(separator: " and ")) "
                + "instead of \(old.sorted().joined(separator: " and ")).")
    }

    private var keys: GuardFinding? {
        let names = rollover.added.map { "SHA-256 \($0.sha256) (\($0.description))" }.joined(separator: "; ")
        if rollover.replacesAll {
            return GuardFinding(
                name: "sso-keys-replaced", figure: rollover.figure, limit: "0", held: !trustedChannel,
                message: "All signing certificates are replaced at once, so that none of the stored ones vouches for "
                    + "the new: \(names).\(trustedChannel ? " The metadata came over a trusted channel." : "")")
        }
        guard stored == nil, rollover.isAllExpired(at: asOf) else { return nil }
        return GuardFinding(
            name: "sso-keys-replaced", figure: rollover.figure, limit: "0", held: true,
            message: "Every signing certificate of this first metadata has expired: \(names). "
                + "Ask the identity provider for current metadata.")
    }
}
