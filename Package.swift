// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

/// The fuzzer links against a runtime that only `swift build --sanitize fuzzer` brings, so `scripts/fuzz` alone asks for it.
let fuzzer: [Target] =
    Context.environment["ABIDE_FUZZER"] == nil
    ? [] : [.executableTarget(name: "abide-fuzz", dependencies: ["AbideFuzzing"], path: "Tests/Fuzz/Run", swiftSettings: settings)]

let package = Package(
    name: "abide",
    products: [.executable(name: "abide", targets: ["abide"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["CommandLineArguments", "Logging", "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CGumbo", pkgConfig: "gumbo", providers: [.apt(["libgumbo-dev"])]),
        .systemLibrary(name: "CMarkGFM", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .systemLibrary(name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        // It comes without a file for pkg-config: the module names what is linked.
        .systemLibrary(name: "CZxcvbn", providers: [.apt(["libzxcvbn-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "AbideCore", swiftSettings: settings),
        .target(
            name: "AbideStore",
            dependencies: ["AbideCore", "CLibPQ", "CZlib", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .target(
            name: "AbideMail",
            dependencies: [
                "AbideCore", "CGMime", "CCurl", "CGumbo",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "AbideDesk",
            dependencies: [
                "AbideCore", "AbideStore", "CZxcvbn", "Yams",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Agreements"), .embedInCode("Mails"), .embedInCode("Languages")],
            swiftSettings: settings),
        .target(
            name: "AbideWeb",
            dependencies: [
                "AbideCore", "AbideDesk", "CMarkGFM", "CPangoCairo", "CQRencode", "CZlib",
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.embedInCode("Assets")],
            swiftSettings: settings),
        .executableTarget(
            name: "abide",
            dependencies: [
                "AbideCore", "AbideStore", "AbideMail", "AbideDesk", "AbideWeb",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(name: "AbideTestKit", dependencies: ["AbideCore", "AbideStore", "AbideDesk"], path: "Tests/AbideTestKit", swiftSettings: settings),
        .target(
            name: "AbideSimulation", dependencies: ["AbideCore", "AbideStore", "AbideMail", "AbideDesk", "AbideTestKit", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Simulation/Kit", swiftSettings: settings),
        .executableTarget(name: "abide-simulate", dependencies: ["AbideSimulation"], path: "Tests/Simulation/Run", swiftSettings: settings),
        .target(
            name: "AbideFuzzing", dependencies: ["AbideCore", "AbideStore", "AbideMail", "AbideDesk", "AbideTestKit"], path: "Tests/Fuzz/Kit", swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["AbideFuzzing", "AbideTestKit"], path: "Tests/Fuzz/Tests", swiftSettings: settings),
        .testTarget(name: "SimulationTests", dependencies: ["AbideSimulation"], path: "Tests/Simulation/Tests", swiftSettings: settings),
        .testTarget(name: "AbideCoreTests", dependencies: ["AbideCore", "AbideDesk", "AbideTestKit"], exclude: ["Vectors"], swiftSettings: settings),
        .testTarget(name: "AbideStoreTests", dependencies: ["AbideStore", "AbideTestKit", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings),
        .testTarget(name: "AbideMailTests", dependencies: ["AbideMail", "AbideTestKit", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: settings),
        .testTarget(name: "AbideDeskTests", dependencies: ["AbideDesk", "AbideTestKit"], swiftSettings: settings),
        .testTarget(
            name: "AbideWebTests",
            dependencies: ["AbideWeb", "AbideStore", "AbideTestKit", .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOEmbedded", package: "swift-nio")],
            swiftSettings: settings),
    ] + fuzzer
)
