// swift-tools-version: 6.1
import PackageDescription

/// Every room is Swift 6, and a warning stops the build. The C targets are doors to one library each.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .unsafeFlags(["-warnings-as-errors"]),
]

let package = Package(
    name: "popl-sync",
    products: [
        .executable(name: "popl-sync", targets: ["popl-sync"]),
        // For the tests, which preload it into the program.
        .library(name: "WriteLog", type: .dynamic, targets: ["WriteLog"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
    ],
    targets: [
        // Doors to C.
        .target(name: "CScan"),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
        .systemLibrary(name: "CLibXML2System", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(name: "CLibXML2", dependencies: ["CLibXML2System"]),

        // The rooms, from the middle outwards.
        .target(name: "JSON", dependencies: ["CScan"], swiftSettings: strict),
        .target(name: "SCIM", dependencies: ["JSON", "COpenSSL"], swiftSettings: strict),
        .target(
            name: "SQLiteStorage",
            dependencies: ["SCIM", "JSON", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "Exports",
            dependencies: ["SCIM", "JSON", "CScan", "COpenSSL", "CLibXML2"],
            swiftSettings: strict),
        .target(
            name: "SCIMServer",
            dependencies: [
                "SCIM", "JSON",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "SCIMClient",
            dependencies: [
                "SCIM", "JSON", "COpenSSL",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(name: "RemoteRoster", dependencies: ["SCIM", "SCIMClient", "JSON"], swiftSettings: strict),
        .target(name: "Reconciliation", dependencies: ["SCIM", "JSON", "Exports"], swiftSettings: strict),
        // Pages are made of templates, which are in the program: there is no folder to install or to lose.
        .target(
            name: "Reporting",
            dependencies: [
                "Reconciliation", "Exports", "SCIM", "SCIMClient", "JSON",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [
                .embedInCode("Page/report.mustache"), .embedInCode("Page/history.mustache"),
                .embedInCode("Page/guard.mustache"), .embedInCode("Page/chart.mustache"),
                .embedInCode("Page/page.css"), .embedInCode("Page/report.js"),
            ],
            swiftSettings: strict),
        .target(name: "Notifications", dependencies: ["JSON", "SCIMClient"], swiftSettings: strict),
        .executableTarget(
            name: "popl-sync",
            dependencies: [
                "SCIM", "JSON", "Exports", "Reconciliation", "Reporting", "SQLiteStorage", "SCIMServer", "SCIMClient",
                "Notifications", "RemoteRoster",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),

        // Tests. `TestSupport` makes what tests of several rooms need. `StorageContract` is the suite that any store must pass; each store's own tests call it. `RawHTTP` is the
        // client of those that speak to the service.
        .target(
            name: "TestSupport", dependencies: ["SCIM", "JSON"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "SCIMTests",
            dependencies: [
                "SCIM", "JSON", "SQLiteStorage", "TestSupport",
                .product(name: "CustomDump", package: "swift-custom-dump"),
            ],
            exclude: ["RFC"],
            swiftSettings: strict),
        .target(
            name: "StorageContract",
            dependencies: ["SCIM"],
            path: "Tests/StorageContract",
            swiftSettings: strict),
        .target(name: "WriteLog", path: "Tests/WriteLog", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "RawHTTP", path: "Tests/RawHTTP", swiftSettings: strict),
        .testTarget(
            name: "SQLiteStorageTests",
            dependencies: ["SQLiteStorage", "SCIM", "StorageContract", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "ExportsTests",
            dependencies: [
                "Exports", "SCIM", "JSON", "TestSupport", .product(name: "CustomDump", package: "swift-custom-dump"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReconciliationTests",
            dependencies: [
                "Reconciliation", "Exports", "SCIM", "JSON", "SQLiteStorage", "TestSupport",
                .product(name: "CustomDump", package: "swift-custom-dump"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "Reconciliation", "Exports", "SCIM", "JSON"],
            exclude: ["Expected"],
            swiftSettings: strict),
        .testTarget(
            name: "SCIMServerTests",
            dependencies: [
                "SCIMServer", "SCIM", "JSON", "SQLiteStorage", "RawHTTP", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RemoteTests",
            dependencies: [
                "RemoteRoster", "SCIMClient", "SCIMServer", "SCIM", "JSON", "SQLiteStorage", "RawHTTP",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "JSON", "SCIM", "SQLiteStorage", "TestSupport", "RawHTTP",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Texts/Expected", "Online/certificate.pem", "Online/key.pem"],
            swiftSettings: strict),
        .testTarget(name: "ForeignTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ]
)

// Fuzzers, for `make fuzz` alone: libFuzzer brings a `main` of its own (Benchmarks/Fuzz).
if Context.environment["POPL_FUZZ"] != nil {
    let readers: [Target.Dependency] = ["Reconciliation", "Exports", "SCIM", "JSON"]
    let service: [Target.Dependency] = [
        "SCIMServer", "SCIM", "JSON", .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
    ]
    let fuzzers: [(name: String, dependencies: [Target.Dependency])] = [
        ("FuzzCSV", readers), ("FuzzJSON", readers), ("FuzzExport", readers), ("FuzzMetadata", readers),
        ("FuzzPlan", readers), ("FuzzFilter", ["SCIM"]), ("FuzzPatch", ["SCIM", "JSON"]),
        ("FuzzRequest", ["SCIM", "JSON"]), ("FuzzBulk", ["SCIM", "JSON", "SQLiteStorage"]), ("FuzzHTTP", service),
    ]
    for (name, dependencies) in fuzzers {
        package.products.append(.executable(name: name, targets: [name]))
        package.targets.append(
            .executableTarget(
                name: name, dependencies: dependencies, path: "Benchmarks/Fuzz/Sources/\(name)",
                swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
    }
}

// What the HTTP server does without us, for `make bench` alone (Benchmarks/online.py).
if Context.environment["POPL_BENCH"] != nil {
    package.products.append(.executable(name: "bare-route", targets: ["bare-route"]))
    package.targets.append(
        .executableTarget(
            name: "bare-route",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Sources/bare-route", swiftSettings: strict))
}
