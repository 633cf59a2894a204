import Foundation
import KubeClient
import KubeJSON

#if canImport(Glibc)
    import Glibc
#endif

/// Runs Prometheus on a configuration whose discovery in Kubernetes is done here, and hands signals on to it.
public actor Supervisor {
    private let arguments: [String]
    private let environment: [String: String]
    private let program: String
    private let configurationPath: String
    private let work: String
    private var runner: DiscoveryRunner?
    private var text = ""

    /// - Parameters:
    ///   - arguments: Prometheus' own.
    ///   - environment: `PROMETHEUS` names the program, `/usr/bin/prometheus` without it; `DISCOVERY_DIR` the
    ///     folder for what is written, one under `TMPDIR` without it.
    public init(arguments: [String], environment: [String: String]) {
        self.environment = environment
        program = environment["PROMETHEUS"] ?? "/usr/bin/prometheus"
        work =
            environment["DISCOVERY_DIR"]
            ?? (environment["TMPDIR"] ?? "/tmp") + "/aegis-prometheus-\(getpid())"
        var rest: [String] = []
        var path = "prometheus.yml"
        var given = arguments[...]
        while let argument = given.popFirst() {
            let flag = argument.drop { $0 == "-" }
            if flag.hasPrefix("config.file=") {
                path = String(flag.dropFirst("config.file=".count))
            } else if flag == "config.file", argument.hasPrefix("-"), let value = given.popFirst() {
                path = value
            } else {
                rest.append(argument)
            }
        }
        self.arguments = rest
        configurationPath = path
    }

    private static let handedOn = [SIGTERM, SIGINT, SIGHUP]

    /// To be called before any other thread exists: the signals that are handed on wait until they are asked for,
    /// in every thread. Prometheus inherits that, and asks for its signals as every program in Go does.
    public static func holdSignals() {
        var held = sigset_t()
        sigemptyset(&held)
        for number in handedOn { sigaddset(&held, number) }
        pthread_sigmask(SIG_BLOCK, &held, nil)
    }

    static func log(_ words: String) {
        FileHandle.standardError.write(Data("aegis-prometheus: \(words)\n".utf8))
    }

    /// Runs until Prometheus ends; its exit code.
    public func run() async throws -> Int32 {
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        try await load()
        // What is known before Prometheus starts is scraped from the start.
        await runner?.synced(atMost: .seconds(5))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["--config.file=\(work)/prometheus.yml"] + arguments
        let signals = AsyncStream.makeStream(of: Int32.self)
        var sources: [any DispatchSourceSignal] = []
        for number in Self.handedOn {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { signals.continuation.yield(number) }
            source.resume()
            sources.append(source)
        }
        process.terminationHandler = { _ in signals.continuation.finish() }
        try process.run()
        let watcher = Task { await self.watchConfiguration() }
        for await number in signals.stream {
            if number == SIGHUP {
                do {
                    try await load()
                } catch {
                    Self.log("the configuration stays as it was: \(error)")
                    continue
                }
            }
            kill(process.processIdentifier, number)
        }
        watcher.cancel()
        for source in sources { source.cancel() }
        await runner?.stop()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: work)
        return process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Reads the configuration, and follows what it asks for from now on.
    private func load() async throws {
        guard let text = readTextFile(configurationPath) else {
            throw ConfigurationError("cannot read \(configurationPath)")
        }
        var directory = (configurationPath as NSString).deletingLastPathComponent
        if !directory.hasPrefix("/") {
            directory = FileManager.default.currentDirectoryPath + (directory.isEmpty ? "" : "/" + directory)
        }
        let plan = try DiscoveryPlan(text, directory: directory, targets: work + "/targets")
        let next = DiscoveryRunner(plan) { Self.log($0) }
        await runner?.stop()
        try next.start(environment: environment)
        runner = next
        self.text = text
        try Data(JSONWriter.prettyString(plan.configuration, indent: 2).utf8).write(
            to: URL(fileURLWithPath: work + "/prometheus.yml"), options: .atomic)
        Self.log("\(plan.jobs.count) discoveries in Kubernetes, from \(configurationPath)")
    }

    /// A ConfigMap changes under a running pod; Prometheus is told of it by whoever changes it, over HTTP or by
    /// signal, and must find the new configuration then.
    private func watchConfiguration() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard let found = readTextFile(configurationPath), found != text else { continue }
            do {
                try await load()
            } catch {
                text = found
                Self.log("the configuration stays as it was: \(error)")
            }
        }
    }
}
