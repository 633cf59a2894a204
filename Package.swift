// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "aegis",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "aegis", targets: ["aegis"]),
        .executable(name: "aegis-api", targets: ["aegis-api"]),
        .executable(name: "aegis-prometheus", targets: ["aegis-prometheus"]),
        // For the benchmarks, which are a package of their own (Benchmarks/).
        .library(name: "AegisPlatform", targets: ["AegisPlatform"]),
        .library(name: "AegisSimulation", targets: ["AegisSimulation"]),
        .library(name: "KubeAPI", targets: ["KubeAPI"]),
        .library(name: "KubeAuth", targets: ["KubeAuth"]),
        .library(name: "KubeEngine", targets: ["KubeEngine"]),
        .library(name: "KubeJSON", targets: ["KubeJSON"]),
        .library(name: "KubeNode", targets: ["KubeNode"]),
        .library(name: "KubeRegistry", targets: ["KubeRegistry"]),
        .library(name: "KubeRuntimeCRI", targets: ["KubeRuntimeCRI"]),
        .library(name: "KubeStore", targets: ["KubeStore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.38.0", traits: []),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        // Without traits: swift-configuration and whole Foundation are not needed.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0
        .target(name: "KubeJSON", dependencies: [.product(name: "Yams", package: "Yams")]),
        .target(name: "KubeCEL", dependencies: ["KubeJSON"]),
        // Floor 1
        .target(name: "KubeAPI", dependencies: ["KubeCEL", "KubeJSON"]),
        // Floor 2
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "KubeStore", dependencies: ["KubeJSON", "CSQLite"]),
        .target(
            name: "KubeAuth",
            dependencies: [
                "KubeAPI",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
            ]),
        .target(name: "KubePolicy", dependencies: ["KubeAPI", "KubeJSON"]),
        // Floor 3
        .target(
            name: "KubeRegistry",
            dependencies: [
                "KubeAPI", "KubeAuth", "KubeCEL", "KubeStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "KubeEngine",
            dependencies: [
                "KubeAPI", "KubeAuth", "KubeJSON", "KubeRegistry", "KubeStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "KubeControllers",
            dependencies: [
                "KubeAPI", "KubeAuth", "KubeEngine", "KubeJSON", "KubeRegistry", "KubeStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "KubeScheduler", dependencies: ["KubeAPI", "KubeEngine", "KubeJSON", "KubeStore"]),
        .target(
            name: "KubeClient",
            dependencies: [
                "KubeJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        // Floor 4
        .target(name: "KubeNode", dependencies: ["KubeAPI", "KubeEngine", "KubeJSON", "KubeStore"]),
        .target(
            name: "KubeRuntimeCRI",
            dependencies: [
                "KubeAPI", "KubeEngine", "KubeJSON", "KubeNode", "KubeStore",
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Protos"]),
        .target(
            name: "KubeNetwork",
            dependencies: [
                "KubeAPI", "KubeEngine", "KubeJSON", "KubePolicy", "KubeStore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(
            name: "KubeServer",
            dependencies: [
                "CZlib", "KubeAPI", "KubeAuth", "KubeEngine", "KubeRegistry", "KubeStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        .target(
            name: "AegisPlatform",
            dependencies: [
                "KubeAPI", "KubeCEL", "KubeJSON", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "AegisImages",
            dependencies: ["KubeJSON", .product(name: "Crypto", package: "swift-crypto")]),
        // Floor 5
        .target(
            name: "AegisCluster",
            dependencies: [
                "AegisImages", "AegisPlatform", "KubeAPI", "KubeAuth", "KubeControllers", "KubeEngine",
                "KubeJSON", "KubeNetwork", "KubeNode", "KubePolicy", "KubeRegistry", "KubeRuntimeCRI",
                "KubeScheduler", "KubeServer", "KubeStore",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "AegisSimulation",
            dependencies: [
                "AegisCluster", "AegisPlatform", "KubeAPI", "KubeAuth", "KubeControllers", "KubeEngine",
                "KubeJSON",
                "KubeNode", "KubeRegistry", "KubeScheduler", "KubeStore",
            ]),
        // Floor 6
        .executableTarget(
            name: "aegis",
            dependencies: [
                "AegisCluster", "AegisImages", "AegisPlatform", "AegisSimulation", "KubeAPI", "KubeEngine",
                "KubeJSON", "KubeNetwork", "KubeServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // The release API of the platform: a service of its own, which the program `aegis` does not contain.
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "AegisAPI",
            dependencies: [
                "CPQ", "CSQLite", "KubeClient", "KubeJSON",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "aegis-api",
            dependencies: ["AegisAPI", "KubeClient", .product(name: "Logging", package: "swift-log")]),
        // Discovery in Kubernetes for a Prometheus that was built without it.
        .target(
            name: "PrometheusDiscovery",
            dependencies: [
                "KubeClient", "KubeJSON", .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ]),
        .executableTarget(name: "aegis-prometheus", dependencies: ["PrometheusDiscovery"]),
        // The catalogue generator: run by hand when the schema changes, its output is committed.
        .executableTarget(name: "catalogue-generator", dependencies: ["KubeJSON"]),

        .testTarget(name: "KubeJSONTests", dependencies: ["KubeJSON"]),
        .testTarget(name: "KubeCELTests", dependencies: ["KubeCEL", "KubeJSON"]),
        .testTarget(name: "KubeAPITests", dependencies: ["KubeAPI"], exclude: ["Fixtures"]),
        .testTarget(name: "KubeStoreTests", dependencies: ["KubeStore"]),
        .testTarget(name: "KubeAuthTests", dependencies: ["KubeAuth"]),
        .testTarget(name: "KubeRegistryTests", dependencies: ["KubeRegistry"]),
        .testTarget(
            name: "KubeControllersTests", dependencies: ["KubeControllers", "KubeEngine", "KubeScheduler"]),
        .testTarget(
            name: "AegisClusterTests",
            dependencies: [
                "AegisCluster", "AegisPlatform", "KubeAPI", "KubeControllers", "KubeEngine", "KubeJSON",
                "KubeNode", "KubeScheduler",
            ]),
        .testTarget(
            name: "PrometheusDiscoveryTests", dependencies: ["KubeClient", "KubeJSON", "PrometheusDiscovery"]),
        .testTarget(name: "AegisImagesTests", dependencies: ["AegisImages", "KubeJSON"]),
        .testTarget(
            name: "AegisPlatformTests", dependencies: ["AegisPlatform"], resources: [.copy("Fixtures")]),
        .testTarget(
            name: "AegisSimulationTests",
            dependencies: [
                "AegisCluster", "AegisPlatform", "AegisSimulation", "KubeAPI", "KubeControllers",
                "KubeEngine", "KubeJSON", "KubeNode", "KubeRegistry", "KubeScheduler", "KubeStore",
            ]),
        .testTarget(
            name: "KubeClientTests",
            dependencies: [
                "KubeClient", "KubeJSON", .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ]),
        // The table of NetworkPolicy cases, and who tries it with real connections.
        .target(
            name: "TestNetwork", dependencies: ["KubeAPI", "KubeJSON", "KubePolicy"],
            path: "Tests/TestNetwork"),
        // PostgreSQL and Redis as tests start them.
        .target(name: "TestServers", path: "Tests/TestServers"),
        .testTarget(
            name: "AegisAPITests",
            dependencies: [
                "AegisAPI", "KubeClient", "KubeJSON", "TestServers",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ]),
        .testTarget(name: "KubeSchedulerTests", dependencies: ["KubeScheduler"]),
        .testTarget(
            name: "KubeNetworkTests",
            dependencies: [
                "KubeAPI", "KubeControllers", "KubeEngine", "KubeJSON", "KubeNetwork", "KubePolicy",
                "KubeRegistry", "TestNetwork",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(name: "KubeNodeTests", dependencies: ["KubeEngine", "KubeNode"]),
        .testTarget(
            name: "KubeRuntimeCRITests", dependencies: ["KubeJSON", "KubeNode", "KubeRuntimeCRI"]),
        // The built program and real clients; scripts/test says where they are.
        .testTarget(
            name: "ClientTests",
            dependencies: [
                "KubeClient", "KubeJSON", "KubePolicy", "TestNetwork", "TestServers",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "KubeServerTests",
            dependencies: [
                "CZlib", "KubeServer", "KubeAPI", "KubeAuth", "KubeEngine", "KubeJSON",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.copy("Golden")]),
    ],
    swiftLanguageModes: [.v6]
)
