import Foundation
import KubeAPI
import KubeEngine
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// The API server with everything that it needs, from opening the data to serving requests.
public final class ControlPlane: Sendable {
    public struct Options: Sendable {
        public var dataDirectory: String
        public var host = "127.0.0.1"
        /// Another address to listen on, under which pods reach the server; nil for none.
        public var advertiseAddress: String?
        /// The port there: the one that network policies of platforms name.
        public var advertisePort = 6443
        /// 0 takes any free port.
        public var port = 6443
        public var inMemory = false
        public var durability = Durability.process
        public var auditLog: String?
        public var serviceCIDR = "10.96.0.0/12"
        public var extraHosts: [String] = []
        public var threads = System.coreCount
        /// How long a client may take over an answer before it is cut off.
        public var requestTimeout = Duration.seconds(60)
        /// How often lists at revisions that are older than this come to an end.
        public var compactionInterval = Duration.seconds(300)
        /// The control loops that run in this process, in groups that run side by side.
        /// - Parameter server: what they may know of it.
        public var controllers: @Sendable (_ server: ServerContext) -> [[any Controller]] = { _ in [] }
        /// What pods use: what metrics.k8s.io answers. nil: the API is not served.
        public var metrics: (any MetricsSource)?

        public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
    }

    public let registry: Registry
    public let readiness: Readiness
    public let authorizer: LiveAuthorizer
    public let pki: ClusterPKI
    public let kubeconfigPath: String
    public let port: Int
    private let store: Store
    private let listener: HTTPListener
    private let group: MultiThreadedEventLoopGroup
    private let api: APIServer
    private let policyWatch: Watch
    private let compaction: RepeatedTask
    private let aggregator: Aggregator
    private let controllers: ControllerLoops

    /// Loops beside those that it was started with; they stop with it.
    public func add(_ groups: [[any Controller]]) throws(StoreError) { try controllers.add(groups) }
    /// Has a controller look at a key though nothing changed in the store.
    public func wake(_ controller: String, _ key: String) { controllers.wake(controller, key) }
    /// Returns when no controller runs any more.
    public func stopControllers() { controllers.stop() }
    /// For the volumes of pods that run on this machine.
    public var tokens: TokenIssuer { api.tokens }
    /// Who answers requests for the logs, commands and ports of pods from now on.
    public func serve(_ streams: any NodeStreams) { api.nodeProxy.fill(streams) }
    public var address: String { "https://\(host):\(port)" }
    private let host: String

    /// Opens the data, prepares the cluster and starts to serve.
    public static func start(_ options: Options, logger: Logger) async throws -> ControlPlane {
        try await ControlPlane(options, logger: logger)
    }

    private init(_ options: Options, logger: Logger) async throws {
        let directory = URL(fileURLWithPath: options.dataDirectory, isDirectory: true)
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        store =
            options.inMemory
            ? try Store() : try Store(directory: directory.path, durability: options.durability)
        let cidr = try ServiceRange(options.serviceCIDR)
        pki = try ClusterPKI(
            ClusterPKI.Options(
                directory: directory.appendingPathComponent("pki").path,
                extraHosts: [options.host] + (options.advertiseAddress.map { [$0] } ?? [])
                    + options.extraHosts, serviceAddress: cidr.first.description),
            now: Date())
        for name in pki.renewed { logger.debug("certificate issued", metadata: ["name": .string(name)]) }
        readiness = Readiness([
            "etcd", "poststarthook/rbac/bootstrap-roles", "poststarthook/start-system-namespaces-controller",
        ])
        authorizer = LiveAuthorizer()
        let authorizer = authorizer
        registry = Registry(
            store: store, allocators: ServiceAllocators(range: cidr),
            authorizer: { authorizer.authorize($0) }, policy: { authorizer.policy })
        policyWatch = try authorizer.follow(store)
        host = options.host
        let authenticator = RequestAuthenticator(signer: pki.tokenSigner, registry: registry)
        let audit = try options.auditLog.map { try AuditLog(path: $0) }
        let metrics = ServerMetrics()
        var metricsAPI: MetricsAPI?
        if let source = options.metrics { metricsAPI = MetricsAPI(source, store: store) }
        aggregator = try Aggregator(
            registry: registry,
            proxy: FrontProxy(certificatePEM: pki.proxyClientPEM, keyPEM: pki.proxyClientKeyPEM),
            logger: logger)
        var limits = HTTPLimits()
        limits.requestTimeout = TimeAmount(options.requestTimeout)
        api = APIServer(
            registry: registry, authenticator: authenticator, authorizer: authorizer,
            documents: APIDocuments(
                address: "\(options.host):\(options.port)",
                podsAddress: options.advertiseAddress.map { "\($0):\(options.advertisePort)" }),
            metrics: metrics,
            audit: audit, logger: logger, nodeProxy: NodeProxyHook(), readiness: readiness,
            limits: limits, metricsAPI: metricsAPI, aggregator: aggregator)
        let bootstrap = Bootstrap(registry: registry, range: cidr, caPEM: pki.caPEM)
        try bootstrap.run()
        if options.metrics != nil { try bootstrap.publishMetricsAPI() }
        // What every start needs is not judged by webhooks, of which none may answer yet.
        registry.webhookCaller = WebhookClient(store)
        readiness.markReady("etcd")
        readiness.markReady("poststarthook/rbac/bootstrap-roles")
        readiness.markReady("poststarthook/start-system-namespaces-controller")

        // Whoever finds the server ready finds the accounts that pods need.
        let trust = ClusterTrust(
            authority: pki.authority, rootCertificate: pki.caPEM,
            authorizer: { authorizer.authorize($0) })
        let server = ServerContext(
            trust: trust, serviceRange: cidr,
            identity: ServerIdentity(
                hostname: ProcessInfo.processInfo.hostName, run: UUID().uuidString.lowercased()),
            authentication: AuthenticationTrust(clientCA: pki.caPEM, frontProxyCA: pki.frontProxyCAPEM),
            others: aggregator)
        controllers = try ControllerLoops(
            options.controllers(server), registry: registry,
            report: { step in
                logger.log(
                    level: step.isConflict ? .debug : .warning, "controller failed, will retry",
                    metadata: [
                        "controller": .string(step.controller), "key": .string(step.key),
                        "error": .string(step.failure ?? ""),
                    ])
            })
        let controllers = controllers
        aggregator.onAnswer { controllers.wake($0, $1) }
        controllers.start()
        metrics.add { controllers.metricsText }

        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pki.servingPEM.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pki.servingKeyPEM.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["h2", "http/1.1"]
        tls.certificateVerification = .optionalVerification
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array((pki.caPEM + pki.frontProxyCAPEM).utf8)))
        tls.sendCANameList = true
        group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads)
        listener = try HTTPListener(
            group: group, tls: tls, holders: CertificateHolders(frontProxyCA: pki.frontProxyCAPEM),
            handler: api, limits: api.limits)
        port = try await listener.start(host: options.host, port: options.port)
        try aggregator.start(on: group.next())
        compaction = Compaction.start(store, on: group.next(), every: options.compactionInterval)
        if let address = options.advertiseAddress {
            let isServed = ["0.0.0.0", "::"].contains(options.host) && port == options.advertisePort
            if !isServed { _ = try await listener.start(host: address, port: options.advertisePort) }
            try bootstrap.publishEndpoint(host: address, port: options.advertisePort)
        } else {
            try bootstrap.publishEndpoint(host: options.host, port: port)
        }
        kubeconfigPath = directory.appendingPathComponent("kubeconfig").path
        try Self.writePrivate(pki.kubeconfig(server: "https://\(options.host):\(port)"), to: kubeconfigPath)
    }

    private static func writePrivate(_ text: String, to path: String) throws {
        // Created with its mode, never readable by others in between.
        let temporary = path + ".new"
        try? FileManager.default.removeItem(atPath: temporary)
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: temporary]) }
        guard rename(temporary, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }

    /// Stops taking requests, ends the open ones and closes the data.
    public func stop() async throws {
        await listener.stop(grace: .seconds(2))
        controllers.stop()
        policyWatch.cancel()
        compaction.cancel()
        aggregator.stop()
        try await group.shutdownGracefully()
        api.audit?.close()
        store.close()
    }
}

extension LiveAuthorizer {
    /// Loads the stored roles and bindings and follows their changes.
    func follow(_ store: Store) throws -> Watch {
        let group = "rbac.authorization.k8s.io"
        let kinds = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"]
        let revision = store.revision
        for kind in kinds {
            for object in store.snapshot(CollectionID(group: group, resource: kind)).page().items {
                apply(.set(object.value))
            }
        }
        // What changed since is applied again: a change names the whole object, so twice does no harm.
        return try store.watch(nil, from: revision) { [self] events in
            for event in events where event.collection.group == group {
                switch event.kind {
                case .added, .modified: apply(.set(event.object.value))
                case .deleted:
                    apply(
                        .remove(
                            kind: event.object.value["kind"]?.string ?? "", namespace: event.object.namespace,
                            name: event.object.name))
                }
            }
        }
    }
}
