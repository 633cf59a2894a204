import Synchronization

/// Answers at the `healthCheckNodePort` of Services whose external traffic stays on its node: how many endpoints
/// each node has of them (pkg/proxy/healthcheck). Each node has an address of the machine for it.
public final class HealthCheckPorts: Sendable {
    struct Check: Sendable, Equatable {
        var namespace: String
        var name: String
        /// That are ready on the node.
        var endpoints: Int

        /// As kube-proxy answers it: 503 where a balancer is to send nothing.
        var answer: StatusServer.Answer {
            StatusServer.Answer(
                status: endpoints > 0 ? 200 : 503, type: "application/json",
                body: """
                    {
                    \t"service": {
                    \t\t"namespace": "\(namespace)",
                    \t\t"name": "\(name)"
                    \t},
                    \t"localEndpoints": \(endpoints),
                    \t"serviceProxyHealthy": true
                    }

                    """,
                headers: [
                    "X-Content-Type-Options": "nosniff", "X-Load-Balancing-Endpoint-Weight": "\(endpoints)",
                ])
        }
    }

    private let wanted = Mutex<[DNSEndpoint: Check]>([:])
    private let changed: AsyncStream<Void>.Continuation
    private let task: Mutex<Task<Void, Never>?>

    /// - Parameter report: told in one line where nothing can listen; it is tried again.
    public init(report: @escaping @Sendable (String) -> Void) {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.changed = changed
        task = Mutex(nil)
        let task = Task { [weak self] in
            var servers: [DNSEndpoint: StatusServer] = [:]
            var failing: Set<DNSEndpoint> = []
            var retry: Task<Void, Never>?
            for await _ in changes {
                guard let self else { break }
                await self.follow(&servers, &failing, report)
                retry?.cancel()
                retry = failing.isEmpty ? nil : Task { await Self.yieldLater(changed) }
            }
            retry?.cancel()
            for server in servers.values { await server.stop() }
        }
        self.task.withLock { $0 = task }
    }

    /// - Parameter checks: of one Service, by where they are asked for; empty when there is nothing to ask.
    func set(_ namespace: String, _ name: String, _ checks: [DNSEndpoint: Int]) {
        let isNews = wanted.withLock { wanted in
            let before = wanted
            wanted = wanted.filter { $0.value.namespace != namespace || $0.value.name != name }
            for (endpoint, count) in checks {
                wanted[endpoint] = Check(namespace: namespace, name: name, endpoints: count)
            }
            return wanted != before
        }
        if isNews { changed.yield() }
    }

    /// Has listened at all addresses that are wanted no more for the last time when it returns.
    public func stop() async {
        wanted.withLock { $0 = [:] }
        changed.finish()
        await task.withLock { $0 }?.value
    }

    private func follow(
        _ servers: inout [DNSEndpoint: StatusServer], _ failing: inout Set<DNSEndpoint>,
        _ report: @Sendable (String) -> Void
    ) async {
        let endpoints = wanted.withLock { Set($0.keys) }
        for (endpoint, server) in servers where !endpoints.contains(endpoint) {
            await server.stop()
            servers[endpoint] = nil
        }
        failing.formIntersection(endpoints)
        for endpoint in endpoints where servers[endpoint] == nil {
            do throws(HostError) {
                servers[endpoint] = try await StatusServer(at: endpoint) { [weak self] _ in
                    self?.wanted.withLock { $0[endpoint] }?.answer
                }
                failing.remove(endpoint)
            } catch {
                if failing.insert(endpoint).inserted { report(error.description) }
            }
        }
    }

    private static func yieldLater(_ changed: AsyncStream<Void>.Continuation) async {
        do { try await Task.sleep(for: .seconds(10)) } catch { return }
        changed.yield()
    }
}
