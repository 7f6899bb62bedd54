import Foundation

/// Where the fixtures lie: beside the package.
enum Fixtures {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/fixtures")

    /// Names of the files of JSONTestSuite that begin with `prefix`, in order.
    static func suite(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(directory).path)
            .filter { $0.hasPrefix(prefix) }.sorted()
    }

    static func suiteFile(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appendingPathComponent(directory).appendingPathComponent(name)))
    }

    private static let directory = "json-test-suite/test_parsing"
}
