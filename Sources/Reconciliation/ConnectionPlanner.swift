import Exports
import SCIM

/// Plans what a team's SSO connection becomes by an identity provider's metadata (saml-metadata.md §1 and §3).
///
/// Pure. Planning again after the plan was applied finds nothing.
package enum ConnectionPlanner {
    /// - `current`: the stored connection's attributes; `nil` for a team that has none.
    /// - `trustedChannel`: the configuration says that whoever brings this file may replace all keys.
    /// - `otherTeamHoldsEntity`: another team's connection has this entityID.
    /// - `teamDomains`: the domains of the team's members' addresses.
    package static func plan(
        current: ComplexValue?, metadata: IdentityProviderMetadata, asOf: Timestamp, trustedChannel: Bool,
        otherTeamHoldsEntity: Bool, teamDomains: Set<String>
    ) -> ConnectionPlan {
        let stored = current.map(ConnectionAttributes.init)
        let rollover = ConnectionRollover(stored: stored, metadata: metadata, asOf: asOf)
        var draft = ConnectionDraft(current, stored)
        draft.setEntity(metadata)
        draft.setCertificates(rollover)
        draft.setEndpoints(metadata)
        draft.setPreferences(metadata)
        draft.setValidUntil(metadata, asOf: asOf)
        let guards = ConnectionGuards(
            stored: stored, metadata: metadata, rollover: rollover, asOf: asOf, trustedChannel: trustedChannel,
            otherTeamHoldsEntity: otherTeamHoldsEntity)
        let notices = ConnectionNotices(
            stored: stored, metadata: metadata, rollover: rollover, asOf: asOf, teamDomains: teamDomains)
        return ConnectionPlan(
            attributes: draft.changes, desired: draft.changes.isEmpty ? current ?? ComplexValue() : draft.desired,
            findings: guards.findings, notices: notices.all)
    }
}

/// The desired connection as it grows, and each difference on the way, for people.
private struct ConnectionDraft {
    private(set) var desired: ComplexValue
    private(set) var changes: [AttributeChange] = []
    private let stored: ConnectionAttributes?

    /// A later end of the metadata alone is taken over only this long before the stored one: a federation moves it
    /// every night, and that is no news.
    private static let validUntilMarginMilliseconds: Int64 = 2 * 86_400_000

    init(_ current: ComplexValue?, _ stored: ConnectionAttributes?) {
        desired = current ?? ComplexValue()
        self.stored = stored
    }

    private mutating func note(_ path: String, _ old: String?, _ new: String?) {
        changes.append(AttributeChange(path: path, old: old, new: new))
    }

    mutating func setEntity(_ metadata: IdentityProviderMetadata) {
        if !(stored?.entityID.map { $0.utf8.elementsEqual(metadata.entityID.utf8) } ?? false) {
            note("entityID", stored?.entityID, metadata.entityID)
            desired["entityID"] = .string(metadata.entityID)
        }
        // A document without a name does not take away the one that somebody gave.
        if let name = metadata.displayName, name != stored?.displayName {
            note("displayName", stored?.displayName, name)
            desired["displayName"] = .string(name)
        }
    }

    mutating func setCertificates(_ rollover: ConnectionRollover) {
        for certificate in rollover.added { note("signingCertificates", nil, certificate.description) }
        for certificate in rollover.removed { note("signingCertificates", certificate.description, nil) }
        if rollover.isChange {
            desired["signingCertificates"] = ConnectionAttributes.list(rollover.signing.map { .complex($0.value) })
        }
        desired["retiringCertificates"] = ConnectionAttributes.list(rollover.retiring.map { .complex($0.value) })
    }

    mutating func setEndpoints(_ metadata: IdentityProviderMetadata) {
        set("singleSignOnServices", stored?.singleSignOn ?? [], metadata.singleSignOnServices)
        set("singleLogoutServices", stored?.singleLogout ?? [], metadata.singleLogoutServices)
    }

    /// In another order they are the same endpoints.
    private mutating func set(_ name: String, _ old: [MetadataEndpoint], _ new: [MetadataEndpoint]) {
        guard Set(old) != Set(new) else { return }
        for binding in [MetadataEndpoint.redirect, MetadataEndpoint.post] {
            let gone = old.filter { $0.binding == binding && !new.contains($0) }.map(Self.text)
            let come = new.filter { $0.binding == binding && !old.contains($0) }.map(Self.text)
            let path = "\(name).\(binding.split(separator: ":").last ?? "")"
            for index in 0..<max(gone.count, come.count) {
                note(path, index < gone.count ? gone[index] : nil, index < come.count ? come[index] : nil)
            }
        }
        desired[name] = ConnectionAttributes.list(new.map(ConnectionAttributes.value))
    }

    private static func text(_ endpoint: MetadataEndpoint) -> String {
        endpoint.location + (endpoint.responseLocation.map { " (answers to \($0))" } ?? "")
    }

    mutating func setPreferences(_ metadata: IdentityProviderMetadata) {
        let old = stored?.nameIDFormats ?? []
        if old != metadata.nameIDFormats {
            note("nameIDFormats", Self.text(old), Self.text(metadata.nameIDFormats))
            desired["nameIDFormats"] = ConnectionAttributes.list(metadata.nameIDFormats.map { .string($0) })
        }
        let wants = metadata.wantAuthnRequestsSigned
        if stored.map({ $0.wantAuthnRequestsSigned != wants }) ?? true {
            note("wantAuthnRequestsSigned", stored.map { String($0.wantAuthnRequestsSigned) }, String(wants))
            desired["wantAuthnRequestsSigned"] = .boolean(wants)
        }
    }

    private static func text(_ formats: [String]) -> String? {
        formats.isEmpty ? nil : formats.map(NameIDFormat.shown).joined(separator: ", ")
    }

    mutating func setValidUntil(_ metadata: IdentityProviderMetadata, asOf: Timestamp) {
        let new = metadata.validUntil.map(XMLDateTime.text)
        let old = stored?.validUntil
        guard new != old.map(XMLDateTime.text) else { return }
        let isLater = if let old, let end = metadata.validUntil { end > old } else { false }
        let isFarOff = old.map { $0.rawValue - asOf.rawValue > Self.validUntilMarginMilliseconds } ?? false
        if changes.isEmpty, isLater, isFarOff { return }
        note("validUntil", old.map(XMLDateTime.text), new)
        desired["validUntil"] = new.map { .string($0) }
    }
}

/// NameID formats, as people and guards see them.
enum NameIDFormat {
    /// What products identify people by; when one disappears, sign-ins may match nobody.
    static let identifying = [
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    ]

    /// Without what all of them begin with.
    static func shown(_ format: String) -> String {
        let prefix = "urn:oasis:names:tc:SAML:"
        return format.hasPrefix(prefix) ? String(format.dropFirst(prefix.count)) : format
    }
}
