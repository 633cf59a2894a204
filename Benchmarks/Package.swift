// swift-tools-version: 6.1
// The benchmarks, in a package of their own so that what only they need (Hummingbird, the benchmark
// library) is no dependency of Aegis. `make bench` runs them.
import PackageDescription

let package = Package(
    name: "aegis-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "aegis", path: ".."),
        // Without its default trait it needs no jemalloc.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // The yardstick: what this machine, this client and this stack allow.
        .executableTarget(
            name: "do-nothing-server",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
            ]),
        // What it costs that pods become Running on hollow nodes.
        .executableTarget(
            name: "node-benchmark",
            dependencies: [
                .product(name: "KubeAPI", package: "aegis"),
                .product(name: "KubeEngine", package: "aegis"),
                .product(name: "KubeJSON", package: "aegis"),
                .product(name: "KubeNode", package: "aegis"),
                .product(name: "KubeRegistry", package: "aegis"),
            ]),
        // What containerd itself takes for pods.
        .executableTarget(
            name: "pod-benchmark",
            dependencies: [
                .product(name: "KubeJSON", package: "aegis"),
                .product(name: "KubeRuntimeCRI", package: "aegis"),
            ]),
        // What a simulated day costs.
        .executableTarget(
            name: "simulation-benchmark",
            dependencies: [
                .product(name: "AegisPlatform", package: "aegis"),
                .product(name: "AegisSimulation", package: "aegis"),
            ]),
        .executableTarget(
            name: "aegis-benchmarks",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "KubeAPI", package: "aegis"),
                .product(name: "KubeAuth", package: "aegis"),
                .product(name: "KubeJSON", package: "aegis"),
                .product(name: "KubeRegistry", package: "aegis"),
                .product(name: "KubeStore", package: "aegis"),
            ],
            path: "Benchmarks/aegis-benchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
