// swift-tools-version: 6.1
import PackageDescription

/// Apart from the program's own package, so that nobody who builds popl-sync builds this.
let package = Package(
    name: "Benchmarks",
    targets: [
        .executableTarget(
            name: "generate",
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"])])
    ]
)
