import Exports
import SCIM

/// What a new document does to the stored set of signing certificates (saml-metadata.md §3). Which certificate is
/// which is told by the SHA-256 of its DER alone; their order in a document means nothing.
struct ConnectionRollover {
    let signing: [StoredCertificate]
    let retiring: [StoredCertificate]
    let added: [StoredCertificate]
    let removed: [StoredCertificate]
    private let hadCertificates: Bool
    private let keptCount: Int

    /// How long a certificate that left the metadata is kept, so that undoing works.
    static let retiringMilliseconds: Int64 = 7 * 86_400_000

    init(stored: ConnectionAttributes?, metadata: IdentityProviderMetadata, asOf: Timestamp) {
        let before = stored?.signing ?? []
        let retiringBefore = stored?.retiring ?? []
        // Without a usable key a certificate is none.
        let now = metadata.signingCertificates.filter(\.isUsable)
        let end = Timestamp(rawValue: asOf.rawValue + Self.retiringMilliseconds)
        let kept = before.filter { old in now.contains { $0.sha256 == old.sha256 } }
        let added = now.filter { new in !before.contains { $0.sha256 == new.sha256 } }.map { new in
            // One that comes back keeps when it was first seen.
            retiringBefore.first { $0.sha256 == new.sha256 }?.retiring(after: nil)
                ?? StoredCertificate(new, firstSeen: asOf)
        }
        let removed = before.filter { old in !now.contains { $0.sha256 == old.sha256 } }.map { $0.retiring(after: end) }
        // Retired long enough ago: forgotten with the next change.
        let forgotten = retiringBefore.filter { $0.retireAfter.map { $0 < asOf } ?? true }
        let elsewhere = Set((added + removed + forgotten).map(\.sha256))
        signing = kept + added
        retiring = retiringBefore.filter { !elsewhere.contains($0.sha256) } + removed
        self.added = added
        self.removed = removed
        hadCertificates = !before.isEmpty
        keptCount = kept.count
    }

    /// Forgetting alone is no change: it waits for one.
    var isChange: Bool { !added.isEmpty || !removed.isEmpty }

    /// Nothing that was trusted before vouches for what is to be trusted now.
    var replacesAll: Bool { hadCertificates && keptCount == 0 }

    func isAllExpired(at now: Timestamp) -> Bool { signing.allSatisfy { $0.isExpired(at: now) } }

    /// The figure of `sso-keys-replaced`: each new certificate's SHA-256 in full, ascending, joined by `+`.
    var figure: String { added.map(\.sha256).sorted().joined(separator: "+") }
}
