import AegisCluster
import ArgumentParser
import Dispatch
import Foundation
import KubeAPI
import KubeEngine
import KubeServer
import KubeStore
import Logging

/// `aegis serve`: a Kubernetes API server in one process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the Kubernetes API from a directory on this machine.",
        discussion: """
            Exit codes: 0 stopped by a signal, 1 could not start or failed, 64 wrong usage.
            """)

    @Option(help: "Where certificates, the kubeconfig and the cluster's objects are kept.")
    var dataDir: String

    @Option(help: "The address to listen on.")
    var bindAddress = "127.0.0.1"

    @Option(help: "The port for HTTPS; 0 takes a free one.")
    var securePort = 6443

    @Flag(help: "Keep objects in memory only: nothing is left when the server stops.")
    var inMemory = false

    @Option(help: "What an acknowledged write survives: 'process' (kill -9) or 'full' (power loss).")
    var durability = DurabilityChoice.process

    @Option(
        help: "The control loops to run: 'all', 'none', or names; '*,-garbagecollector' is all but one.")
    var controllers = "all"

    @Option(help: "Write an audit log to this file, one JSON document a line.")
    var auditLog: String?

    @Option(help: "Addresses for Services.")
    var serviceCidr = "10.96.0.0/12"

    @Option(help: "How long a client may take over an answer before it is cut off, such as 30s or 1m30s.")
    var requestTimeout = "1m0s"

    enum DurabilityChoice: String, ExpressibleByArgument {
        case process, full
    }

    func validate() throws {
        do { _ = try ControllerSelection(controllers, of: ClusterControllers.known) } catch {
            throw ValidationError("--controllers \(controllers): \(error)")
        }
        guard let timeout = GoDuration(requestTimeout), timeout.nanoseconds > 0 else {
            throw ValidationError("--request-timeout \(requestTimeout): not a duration such as 30s or 1m30s")
        }
        guard (0...65_535).contains(securePort) else {
            throw ValidationError("--secure-port \(securePort): a port is between 0 and 65535")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "aegis")
        var options = ControlPlane.Options(dataDirectory: dataDir)
        options.host = bindAddress
        options.port = securePort
        options.inMemory = inMemory
        options.durability = durability == .full ? .full : .process
        options.auditLog = auditLog
        options.serviceCIDR = serviceCidr
        if let timeout = GoDuration(requestTimeout) {
            options.requestTimeout = .nanoseconds(timeout.nanoseconds)
        }
        let selection = try ControllerSelection(controllers, of: ClusterControllers.known)
        let seed = UInt64.random(in: .min ... .max)
        // Only nodes whose agents run here are measured.
        if ClusterControllers.known.contains(where: { $0.alias == "hollownode" && selection.contains($0) }) {
            options.metrics = ClusterControllers.metrics(seed: seed)
        }
        options.controllers = { server in
            ClusterControllers.loops(of: server, seed: seed, selection: selection)
        }
        let stopped = Termination.signals()
        let plane: ControlPlane
        do {
            plane = try await ControlPlane.start(options, logger: logger)
        } catch {
            FileHandle.standardError.write(
                Data("aegis serve: \(StartFailure.explain(error, options))\n".utf8))
            throw ExitCode.failure
        }
        print("aegis is ready at \(plane.address); kubeconfig: \(plane.kubeconfigPath)")
        fflush(nil)
        for await _ in stopped { break }
        try await plane.stop()
    }
}
