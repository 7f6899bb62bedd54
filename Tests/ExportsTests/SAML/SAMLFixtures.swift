import Foundation
import SCIM

@testable import Exports

/// The metadata files that other projects and ourselves wrote, with the facts an independent reader found in them.
enum SAMLFixtures {
    static let root: URL = {
        // Tests/ExportsTests/SAML/SAMLFixtures.swift → the package → its neighbour.
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("../shared/fixtures/saml").standardizedFileURL
    }()

    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appendingPathComponent(name)))
    }

    /// `made/okta-shape-1-before.xml` and so on, all that have an expectation.
    static let all: [String] = ["made", "thirdparty"].flatMap { folder in
        expectations(folder).keys.sorted().map { "\(folder)/\($0)" }
    }

    static func expectation(_ name: String) -> [String: Any] {
        let parts = name.split(separator: "/").map(String.init)
        return expectations(parts[0])[parts[1]] ?? [:]
    }

    private static func expectations(_ folder: String) -> [String: [String: Any]] {
        guard let data = try? Data(contentsOf: root.appendingPathComponent("\(folder)/expected.json")),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        else { return [:] }
        return object
    }

    /// The clock of all tests: 2026-01-15T00:00:00Z.
    static let now = Timestamp(rawValue: 1_768_435_200_000)

    static func read(
        _ name: String, entityID: String? = nil, asOf: Timestamp = now, options: MetadataOptions = MetadataOptions()
    ) throws(Refusal) -> IdentityProviderMetadata {
        try MetadataReader.read(file: path(name), entityID: entityID, asOf: asOf, options: options)
    }
}

/// A refusal's code, or `nil` when nothing was refused.
func refusalCode<Result>(_ body: () throws(Refusal) -> Result) -> String? {
    do throws(Refusal) {
        _ = try body()
        return nil
    } catch {
        return error.code
    }
}
