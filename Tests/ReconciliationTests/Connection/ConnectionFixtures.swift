import Foundation
import SCIM

@testable import Exports
@testable import Reconciliation

/// Metadata of the rollover sequences, and a connection that takes plans as the core would.
enum ConnectionFixtures {
    static let now = Timestamp(rawValue: 1_768_435_200_000)  // 2026-01-15T00:00:00Z
    static func days(_ count: Int64, after start: Timestamp = now) -> Timestamp {
        Timestamp(rawValue: start.rawValue + count * 86_400_000)
    }

    static func metadata(_ name: String, asOf: Timestamp = now) throws -> IdentityProviderMetadata {
        // Tests/ReconciliationTests/Connection/ConnectionFixtures.swift → the package → its neighbour.
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        let path = url.appendingPathComponent("../shared/fixtures/saml/made/\(name).xml").standardizedFileURL.path
        return try MetadataReader.read(file: path, entityID: nil, asOf: asOf)
    }
}

/// One team's connection over several nights.
struct Nights {
    var stored: ComplexValue?

    mutating func take(_ plan: ConnectionPlan) {
        if !plan.attributes.isEmpty { stored = plan.desired }
    }

    func plan(
        _ metadata: IdentityProviderMetadata, asOf: Timestamp = ConnectionFixtures.now, trusted: Bool = false,
        otherTeam: Bool = false, domains: Set<String> = []
    ) -> ConnectionPlan {
        ConnectionPlanner.plan(
            current: stored, metadata: metadata, asOf: asOf, trustedChannel: trusted, otherTeamHoldsEntity: otherTeam,
            teamDomains: domains)
    }

    /// Plans, takes it, and plans once more.
    mutating func run(_ name: String, asOf: Timestamp = ConnectionFixtures.now) throws -> ConnectionPlan {
        let metadata = try ConnectionFixtures.metadata(name, asOf: asOf)
        let first = plan(metadata, asOf: asOf)
        take(first)
        return first
    }

    var signing: [String] { digests("signingCertificates") }
    var retiring: [String] { digests("retiringCertificates") }

    private func digests(_ name: String) -> [String] {
        (stored?[name]?.list ?? []).compactMap { $0.complex?["sha256"]?.string }
    }
}

extension ConnectionPlan {
    var held: [String] { findings.filter(\.held).map(\.name) }
    var paths: [String] { attributes.map(\.path) }
}
