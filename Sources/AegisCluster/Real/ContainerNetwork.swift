import Foundation
import KubeAPI
import KubeEngine
import KubeJSON
import KubeNetwork
import KubeNode
import KubeRuntimeCRI
import KubeStore

/// The one place where a cluster of containers gets its network: what must be there before containerd starts,
/// the loops that keep it, and its end.
final class ContainerNetwork: PodNetwork {
    private let options: ContainerCluster.Options
    private let plane: NetworkPlane
    private let objects: any ObjectSource
    private let addresses: PodAddresses

    /// - Parameter cluster: tells the rules of this cluster from those of another.
    init(_ options: ContainerCluster.Options, cluster: String, objects: any ObjectSource) throws {
        self.options = options
        self.objects = objects
        addresses = PodAddresses(dataDirectory: options.directory)
        plane = NetworkPlane(try Self.configuration(options, cluster), report: options.tell)
    }

    private static func table(_ cluster: String) -> String { "aegis_\(cluster)" }

    private static func configuration(
        _ options: ContainerCluster.Options, _ cluster: String
    ) throws -> NetworkConfiguration {
        guard let pods = CIDR(options.podRange), let services = CIDR(options.serviceRange) else {
            throw StartProblem("\(options.podRange), \(options.serviceRange): not ranges of addresses")
        }
        return NetworkConfiguration(
            table: table(cluster), podRange: pods, serviceRange: services,
            loadBalancerRange: options.loadBalancerRange.flatMap { CIDR($0) },
            nodeAddresses: IPAddress(MachineFacts.read().address).map { [$0] } ?? [])
    }

    /// Before containerd starts: its network configuration and plugins, and what the kernel must allow.
    static func prepare(_ options: ContainerCluster.Options) throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        try CNIConfiguration(dataDirectory: options.directory).install(program: program)
        try HostSettings(dataDirectory: options.directory).apply()
    }

    // MARK: Pods

    func connect(_ pod: PodIdentity, address: String) async throws {
        guard let range = objects.object(.nodes, "", pod.node)?["spec"]?["podCIDR"]?.string else {
            throw StartProblem("node \(pod.node) has no range of pod addresses")
        }
        try addresses.write(address, in: range, uid: pod.uid)
        try await plane.expect(address, for: "\(pod.namespace)/\(pod.name)")
    }

    func disconnect(_ pod: PodIdentity) async { addresses.remove(uid: pod.uid) }

    // MARK: The cluster

    var controllers: [any Controller] {
        var all: [any Controller] = [NetworkController(plane)]
        if let range = plane.configuration.loadBalancerRange {
            all.append(LoadBalancerController(range: range))
        }
        return all
    }

    /// Why the rules on the machine are not those of the cluster.
    var failure: String? { plane.failure }

    /// Follows nothing any more; the rules stay in force.
    func letGo() { plane.stop() }

    /// Takes away all that was made.
    func tearDown() throws {
        try plane.tearDown()
        try HostSettings(dataDirectory: options.directory).restore()
    }
}
