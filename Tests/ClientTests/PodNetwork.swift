import Foundation
import KubeClient
import KubeJSON
import KubePolicy
import TestNetwork

/// Pods of a real cluster on three nodes, in each of which somebody listens and connects, and somebody outside.
///
/// Their image is busybox's; Python comes from the machine's own /usr.
final class PodNetwork {
    struct Place {
        var name: String
        var namespace: String
        /// Which of the three nodes.
        var node: Int
        var labels: JSON = [:]
        /// Of the only container.
        var ports: JSON = []
        /// What else is in the pod's `spec`.
        var spec: JSONObject = [:]
        var usesHostNetwork = false
        var readinessProbe: JSON?

        var key: String { "\(namespace)/\(name)" }
    }

    typealias Attempt = ConnectionAgent.Attempt

    static let outside = "203.0.113.10"
    let cluster: Containers
    let client: KubeClient
    /// Of pods by name, of `outside`, and of the cluster's DNS as `dns`.
    private(set) var addresses: [String: String] = [:]
    /// In order of their blocks of addresses: names, and those blocks.
    private(set) var nodes: [(name: String, block: String, address: String)] = []
    private var agents: [String: ConnectionAgent] = [:]
    private var outsider: Outsider?

    /// - Parameter manifests: what else the cluster has from its beginning.
    init(_ places: [Place], _ manifests: String = "") async throws {
        let cluster = try Containers()
        self.cluster = cluster
        do {
            let groups = """
                apiVersion: kops.k8s.io/v1alpha2
                kind: InstanceGroup
                metadata: {name: workers}
                spec: {role: Node, machineType: t3.large, minSize: 3, maxSize: 3}
                ---

                """
            try cluster.start(groups + manifests)
            client = try KubeClient(
                ClientConfiguration.find(environment: ["KUBECONFIG": cluster.kubeconfig], context: nil))
        } catch {
            cluster.removeAll()
            throw error
        }
        do {
            try cluster.importImages()
            try await awaitNodes()
            for place in places { try await create(place) }
            for place in places { try await listen(place) }
            let outsider = try Outsider(Self.outside)
            self.outsider = outsider
            addresses["outside"] = Self.outside
            agents["outside"] = try ConnectionAgent(
                "/usr/sbin/ip", ["netns", "exec", outsider.namespace, "/usr/bin/python3"])
            for agent in agents.values { try agent.ready() }
            let slices = try await client.list(
                .endpointSlices, namespace: "kube-system",
                Selection(labels: "kubernetes.io/service-name=kube-dns"))
            addresses["dns"] = slices.items.first?["endpoints"]?[0]?["addresses"]?[0]?.string
        } catch {
            close()
            throw error
        }
    }

    func close() {
        for agent in agents.values { agent.stop() }
        agents = [:]
        outsider?.remove()
        outsider = nil
        cluster.removeAll()
    }

    private func awaitNodes() async throws {
        try await eventually("three nodes") {
            nodes = try await client.list(.nodes).items.compactMap { node in
                let conditions = node.at("status", "conditions")?.array ?? []
                let isReady = conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
                guard isReady, let block = node.at("spec", "podCIDR")?.string else { return nil }
                let addresses = node.at("status", "addresses")?.array ?? []
                let own = addresses.first { $0["type"] == "InternalIP" }?["address"]?.string ?? ""
                return (node.at("metadata", "name")?.string ?? "", block, own)
            }.sorted { $0.block < $1.block }
            return nodes.count == 3
        }
    }

    // MARK: Pods

    func create(_ place: Place) async throws {
        var container: JSON = [
            "name": "main", "image": "aegis.local/busybox:test", "command": ["sleep", "3600"],
            "ports": place.ports,
        ]
        var volumes: [JSON] = []
        var mounts: [JSON] = []
        for name in ["usr", "lib", "lib64"] where FileManager.default.fileExists(atPath: "/" + name) {
            volumes.append(["name": .string(name), "hostPath": ["path": .string("/" + name)]])
            mounts.append(["name": .string(name), "mountPath": .string("/" + name), "readOnly": true])
        }
        container["volumeMounts"] = .array(mounts)
        if let probe = place.readinessProbe { container["readinessProbe"] = probe }
        var spec: JSONObject = [
            "nodeName": .string(nodes[place.node].name), "terminationGracePeriodSeconds": 0,
            "containers": [container], "volumes": .array(volumes),
        ]
        if place.usesHostNetwork { spec["hostNetwork"] = true }
        for (key, value) in place.spec { spec[key] = value }
        _ = try await client.create(
            .pods,
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["name": .string(place.name), "labels": place.labels], "spec": .object(spec),
            ], namespace: place.namespace)
    }

    /// Waits until the pod runs, and puts somebody into it who is not waited for.
    private func listen(_ place: Place) async throws {
        try await eventually("pod \(place.name) runs") {
            let pod = try await client.get(.pods, place.name, namespace: place.namespace)
            let status = pod["status"]
            guard status?["containerStatuses"]?[0]?["state"]?["running"] != nil else { return false }
            addresses[place.name] = status?["podIP"]?.string
            return addresses[place.name] != nil
        }
        let own = addresses[place.name] ?? ""
        agents[place.name] = try ConnectionAgent(
            cluster.tool("kubectl"),
            [
                "--kubeconfig", cluster.kubeconfig, "-n", place.namespace, "exec", "-i", place.name, "--",
                "/usr/bin/python3",
            ], listeningAt: place.usesHostNetwork ? own : "0.0.0.0")
    }

    func add(_ place: Place) async throws {
        try await create(place)
        try await listen(place)
        try agents[place.name]?.ready()
    }

    /// Deletes the pod and waits until it is gone.
    func remove(_ place: Place) async throws {
        agents.removeValue(forKey: place.name)?.stop()
        try await client.delete(.pods, place.name, namespace: place.namespace, gracePeriod: 0)
        try await eventually("pod \(place.name) is gone") {
            do {
                _ = try await client.get(.pods, place.name, namespace: place.namespace)
                return false
            } catch let error as ClientError where error.isNotFound {
                return true
            }
        }
    }

    /// Sets labels of an object; null removes one.
    func label(_ resource: Resource, _ name: String, in namespace: String = "", _ labels: JSON) async throws {
        _ = try await client.patch(
            resource, name, .merge, ["metadata": ["labels": labels]], namespace: namespace)
    }

    // MARK: Connections

    func agent(_ name: String) throws -> ConnectionAgent {
        guard let agent = agents[name] else { throw Failed(description: "nobody is \(name)") }
        return agent
    }

    func address(_ name: String) throws -> String {
        guard let address = addresses[name] else { throw Failed(description: "\(name) has no address") }
        return address
    }

    /// Asks several parties at the same time.
    func attempt(_ questions: [String: [Attempt]], seconds: Double) throws -> [String: [String]] {
        for (name, attempts) in questions { try agent(name).ask(attempts, seconds: seconds) }
        var answers: [String: [String]] = [:]
        for name in questions.keys { answers[name] = try agent(name).answer() }
        return answers
    }

    /// What became of so many connections, each distinct answer once, in order.
    func reach(
        _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol = .tcp,
        times: Int = 1, seconds: Double = 1
    ) throws -> [String] {
        let attempt = Attempt(address: address, port: port, transport: transport)
        return Set(
            try agent(from).attempt(Array(repeating: attempt, count: times), seconds: seconds)
        ).sorted()
    }
}

/// Looks again and again until it is so.
func eventually(
    _ what: @autoclosure () -> String, within seconds: Double = 60, _ look: () async throws -> Bool
) async throws {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if try await look() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Failed(description: "not within \(seconds) s: \(what())")
}

/// A machine next to ours, by a network namespace: no node, no pod.
private final class Outsider {
    let namespace = "aegis-outside-\(getpid())"
    private let link = "aegis-outside"

    init(_ address: String) throws {
        let inside = ["netns", "exec", namespace, "ip"]
        // What a run that was killed left.
        _ = try? run("/usr/sbin/ip", ["link", "del", link])
        let commands = [
            ["netns", "add", namespace],
            ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace],
            ["addr", "add", "203.0.113.1/32", "dev", link], ["link", "set", link, "up"],
            ["route", "add", "\(address)/32", "dev", link],
            inside + ["link", "set", "lo", "up"], inside + ["link", "set", "eth0", "up"],
            inside + ["addr", "add", "\(address)/32", "dev", "eth0"],
            inside + ["route", "add", "203.0.113.1", "dev", "eth0", "scope", "link"],
            inside + ["route", "add", "default", "via", "203.0.113.1", "src", address],
        ]
        for command in commands {
            let outcome = try run("/usr/sbin/ip", command)
            guard outcome.status == 0 else {
                remove()
                throw Failed(description: "ip \(command.joined(separator: " ")): \(outcome.errors)")
            }
        }
    }

    func remove() {
        _ = try? run("/usr/sbin/ip", ["link", "del", link])
        _ = try? run("/usr/sbin/ip", ["netns", "del", namespace])
    }
}
