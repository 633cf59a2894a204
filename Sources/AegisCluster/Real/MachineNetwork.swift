import KubeNetwork
import KubeNode
import KubeStore

/// Connects pods to the machine: the address plugin finds the address, and the rules of the pod are in force
/// before its first process starts.
struct MachineNetwork: PodNetwork {
    let plane: NetworkPlane
    let addresses: PodAddresses
    let objects: any ObjectSource

    func connect(_ pod: PodIdentity, address: String) async throws {
        let node = objects.object(.nodes, "", pod.node)
        guard let range = node?["spec"]?["podCIDR"]?.string else {
            throw HostError("node \(pod.node) has no addresses for pods yet")
        }
        try addresses.write(address, in: range, uid: pod.uid)
        try await plane.expect(address, for: "\(pod.namespace)/\(pod.name)")
    }

    func disconnect(_ pod: PodIdentity) async { addresses.remove(uid: pod.uid) }
}
