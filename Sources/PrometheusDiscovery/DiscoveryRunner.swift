import Foundation
import KubeClient
import KubeJSON
import NIOConcurrencyHelpers

/// Keeps the files of a plan current until it is stopped.
public final class DiscoveryRunner: Sendable {
    /// What one job has seen; a collection of a namespace that is listed anew replaces what was known of it.
    private struct Seen {
        var view = DiscoveryView()
        var awaited: Set<String>
        var isChanged = true
        var written: [UInt8]?
    }

    private let jobs: [DiscoveryJob]
    private let seen: NIOLockedValueBox<[Seen]>
    private let log: @Sendable (String) -> Void
    private let tasks = NIOLockedValueBox<[Task<Void, Never>]>([])
    /// Something is to be written; more than one waiting says no more than one.
    private let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// Ends when every file holds what was found at first.
    private let whole = AsyncStream.makeStream(of: Never.self)

    public init(_ plan: DiscoveryPlan, log: @escaping @Sendable (String) -> Void) {
        jobs = plan.jobs
        self.log = log
        seen = NIOLockedValueBox(plan.jobs.map { _ in Seen(awaited: []) })
    }

    /// Writes empty files, connects, and begins to follow.
    /// - Throws: `ConfigurationError` when a way to the cluster is not right.
    public func start(environment: [String: String]) throws {
        for (index, job) in jobs.enumerated() {
            try FileManager.default.createDirectory(
                atPath: (job.file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: job.file) { try write([], to: job.file) }
            let configuration = try Self.configuration(of: job.access, environment)
            let client = try KubeClient(configuration, userAgent: "aegis-prometheus")
            var namespaces = job.namespaces
            if job.includesOwnNamespace { namespaces.append(configuration.namespace) }
            for role in job.roles {
                let scopes: [String?] = namespaces.isEmpty || role == .node ? [nil] : namespaces.map { $0 }
                for scope in scopes {
                    seen.withLockedValue { _ = $0[index].awaited.insert("\(role) \(scope ?? "")") }
                    let task = Task { await self.follow(client, index, role, scope) }
                    tasks.withLockedValue { $0.append(task) }
                }
            }
        }
        let writer = Task { await self.keepWriting() }
        tasks.withLockedValue { $0.append(writer) }
    }

    /// Returns when every file holds what was found at first, or after a time without an answer.
    public func synced(atMost limit: Duration) async {
        let stream = whole.stream
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    public func stop() async {
        let all = tasks.withLockedValue { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in all { task.cancel() }
        for task in all { await task.value }
    }

    private static func configuration(of access: DiscoveryJob.Access, _ environment: [String: String]) throws
        -> ClientConfiguration
    {
        switch access {
        case .inCluster:
            return try ClientConfiguration.inCluster(environment: environment, readFile: readTextFile)
        case .kubeconfig(let path):
            guard let text = readTextFile(path) else { throw ConfigurationError("cannot read \(path)") }
            return try Kubeconfig(text, path: path).configuration(readFile: readTextFile)
        case .server(let server, let tokenFile, let token, let authorityFile, let isInsecure):
            var configuration = try ClientConfiguration(server: server)
            if let tokenFile {
                configuration.credential = .tokenFile(tokenFile)
            } else if let token {
                configuration.credential = .token(token)
            }
            if let authorityFile {
                guard let text = readTextFile(authorityFile) else {
                    throw ConfigurationError("cannot read \(authorityFile)")
                }
                configuration.trust = .authority(text)
            } else if isInsecure {
                configuration.trust = .nothing
            }
            return configuration
        }
    }

    private static func resource(_ role: Role) -> Resource {
        switch role {
        case .node: .nodes
        case .pod: .pods
        case .service: .services
        case .endpoints: .endpoints
        case .endpointslice: .endpointSlices
        }
    }

    private static func objects(_ role: Role) -> WritableKeyPath<DiscoveryView, [String: JSON]> & Sendable {
        switch role {
        case .node: \.nodes
        case .pod: \.pods
        case .service: \.services
        case .endpoints: \.endpoints
        case .endpointslice: \.slices
        }
    }

    private func follow(_ client: KubeClient, _ index: Int, _ role: Role, _ namespace: String?) async {
        let objects = Self.objects(role)
        func key(_ object: JSON) -> String {
            role == .node ? Meta.name(of: object) : Meta.namespace(of: object) + "/" + Meta.name(of: object)
        }
        func slim(_ object: JSON) -> JSON {
            var object = object
            object.set(nil, at: "metadata", "managedFields")
            return object
        }
        let failing = NIOLockedValueBox(false)
        while !Task.isCancelled {
            try? await client.follow(
                Self.resource(role), namespace: namespace, allNamespaces: namespace == nil,
                jobs[index].selections[role] ?? Selection()
            ) { change in
                if case .disconnected(let error) = change {
                    let isFirst = failing.withLockedValue { failing in
                        defer { failing = true }
                        return !failing
                    }
                    if isFirst { log("\(role.rawValue) cannot be followed: \(error)") }
                    return
                }
                failing.withLockedValue { $0 = false }
                seen.withLockedValue { seen in
                    switch change {
                    case .replaced(let items):
                        let prefix = namespace.map { $0 + "/" }
                        var all = seen[index].view[keyPath: objects]
                        all = all.filter { name, _ in prefix.map { !name.hasPrefix($0) } ?? false }
                        for item in items { all[key(item)] = slim(item) }
                        seen[index].view[keyPath: objects] = all
                        seen[index].awaited.remove("\(role) \(namespace ?? "")")
                    case .added(let object), .modified(let object):
                        seen[index].view[keyPath: objects][key(object)] = slim(object)
                    case .deleted(let object): seen[index].view[keyPath: objects][key(object)] = nil
                    case .bookmark, .disconnected: return
                    }
                    seen[index].isChanged = true
                }
                changes.continuation.yield()
            }
        }
        await client.shutdown()
    }

    /// Writes what changed, a few times a second at most.
    private func keepWriting() async {
        changes.continuation.yield()
        for await _ in changes.stream {
            writeChanges()
            if seen.withLockedValue({ $0.allSatisfy { $0.awaited.isEmpty && $0.written != nil } }) {
                whole.continuation.finish()
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private func writeChanges() {
        for (index, job) in jobs.enumerated() {
            let view = seen.withLockedValue { seen -> DiscoveryView? in
                // Half of what there is would take targets away that are there.
                guard seen[index].isChanged, seen[index].awaited.isEmpty else { return nil }
                seen[index].isChanged = false
                return seen[index].view
            }
            guard let view else { continue }
            let groups = view.groups(job.role, attachesNode: job.attachesNode)
            let bytes = JSONWriter.bytes(TargetGroup.document(groups))
            guard seen.withLockedValue({ $0[index].written != bytes }) else { continue }
            do {
                try write(bytes, to: job.file)
                seen.withLockedValue { $0[index].written = bytes }
            } catch {
                log("\(job.file): \(error)")
                seen.withLockedValue { $0[index].isChanged = true }
                changes.continuation.yield()
            }
        }
    }

    /// Prometheus never sees half a file.
    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes.isEmpty ? Array("[]".utf8) : bytes).write(
            to: URL(fileURLWithPath: path), options: .atomic)
    }
}
