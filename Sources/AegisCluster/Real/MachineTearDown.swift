import Foundation
import KubeJSON
import KubeNetwork
import KubeNode
import KubeRuntimeCRI
import KubeStore

/// Takes away what a cluster made on its machine: containers, networks, rules, mounts and the containerd that it
/// started. Data stay: objects, persistent volumes, images, logs.
public enum MachineTearDown {
    /// Whether a cluster of this directory has, or had, real nodes.
    public static func isNeeded(_ dataDirectory: String) -> Bool {
        FileManager.default.fileExists(atPath: ContainerdConfiguration(dataDirectory: dataDirectory).file)
    }

    /// Does nothing twice.
    /// - Throws: what is left, and why.
    public static func run(_ dataDirectory: String) async throws {
        let supervisor = try ContainerdSupervisor(ContainerdConfiguration(dataDirectory: dataDirectory))
        // Containers can be ended only through a containerd: one that died is started again for it.
        try await supervisor.start()
        let client = try CRIClient(socket: supervisor.configuration.socket)
        let runtime = CRIRuntime(
            client: client,
            settings: CRIRuntime.Settings(
                dataDirectory: dataDirectory, cluster: MachineCluster.clusterName,
                cgroupRoot: MachineCluster.controlGroup),
            objects: NoObjects(), volumes: NoVolumes(directory: dataDirectory + "/pods"), wake: { _ in })
        try await runtime.removeAll()
        client.close()
        await supervisor.stop()
        try NetworkPlane.tearDown(table: "aegis")
        MachineCluster.routes(MachineCluster.Options(dataDirectory: dataDirectory, program: ""))?.remove()
        try HostSettings(dataDirectory: dataDirectory).restore()
        PodVolumes.removeAll(below: dataDirectory + "/pods")
    }

    private struct NoObjects: ObjectSource {
        func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? { nil }
        func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] { [] }
    }

    /// Volumes of pods that run no more.
    private struct NoVolumes: VolumeProvider {
        let directory: String
        func prepare(pod: JSON, identity: PodIdentity) async throws -> [String: String] { [:] }
        func release(_ identity: PodIdentity) async {
            if !identity.uid.isEmpty { PodVolumes.removeAll(of: identity.uid, below: directory) }
        }
    }
}
