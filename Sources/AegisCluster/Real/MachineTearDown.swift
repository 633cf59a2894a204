import Foundation
import KubeJSON
import KubeNetwork
import KubeNode
import KubeRuntimeCRI
import KubeStore

/// Takes away what a cluster made on its machine: containers, networks, rules, mounts and the containerd that it
/// started. Data stay: objects, persistent volumes, images, logs.
public enum MachineTearDown {
    /// Whether a cluster of this directory may have something on the machine: it had real nodes, and was not torn
    /// down since.
    public static func isNeeded(_ dataDirectory: String) -> Bool {
        MachineRecord.read(dataDirectory)?.isUp ?? false
            || FileManager.default.fileExists(
                atPath: ContainerdConfiguration(dataDirectory: dataDirectory).file)
    }

    /// Does nothing twice.
    /// - Parameters:
    ///   - grace: seconds that no pod gets more than to end by itself; 0 kills all at once.
    ///   - tell: told which pods (`namespace/name`) are still waited for.
    ///   - complain: told what goes wrong without keeping anything from being removed.
    /// - Throws: what is left, and why.
    public static func run(
        _ dataDirectory: String, grace: Int, tell: @escaping @Sendable ([String]) -> Void,
        complain: (String) -> Void
    ) async throws {
        let record = MachineRecord.read(dataDirectory)
        let instance = record?.instance ?? .usual
        let configuration = ContainerdConfiguration(dataDirectory: dataDirectory)
        var supervisor: ContainerdSupervisor?
        if record?.containerdSocket == nil {
            let own = try ContainerdSupervisor(configuration)
            // Containers can be ended only through a containerd: one that died is started again for it.
            try await own.start()
            supervisor = own
        }
        let client = try CRIClient(socket: record?.containerdSocket ?? configuration.socket)
        defer { client.close() }
        let runtime = CRIRuntime(
            client: client,
            settings: CRIRuntime.Settings(
                dataDirectory: dataDirectory, cluster: instance.name, cgroupRoot: instance.controlGroup),
            objects: NoObjects(), volumes: NoVolumes(directory: dataDirectory + "/pods"), wake: { _ in })
        // Who ends may have something to say to others first, and looks for them by their names.
        var names: ClusterDNS?
        if grace > 0 {
            do { names = try await StoredNames.serve(dataDirectory, instance) } catch {
                complain("pods end without the cluster's DNS: \(error)")
            }
        }
        do {
            try await runtime.endAll(within: grace, tell: tell)
            await names?.stop()
        } catch {
            await names?.stop()
            throw error
        }
        try await runtime.removeAll()
        if let supervisor {
            await supervisor.stop()
            try LeftShims(
                socket: configuration.socket, directory: dataDirectory + "/containerd",
                group: instance.controlGroup
            ).end()
        }
        if await !CgroupTree().remove(instance.controlGroup, patience: 5) {
            complain("the control group \(instance.controlGroup) has processes still, and stays")
        }
        try NetworkPlane.tearDown(table: instance.name)
        MachineCluster.routes(instance)?.remove()
        PodVolumes.removeAll(below: dataDirectory + "/pods")
        // Last: what fails before is done again by the next call. A start writes it all anew.
        try MachineRegister().release(dataDirectory) { try HostSettings(directory: $0).restore() }
        if FileManager.default.fileExists(atPath: configuration.file) {
            try FileManager.default.removeItem(atPath: configuration.file)
        }
    }

    /// The data of a cluster that was torn down are about to go: another may have its place on the machine.
    public static func forget(_ dataDirectory: String) { MachineRegister().forget(dataDirectory) }

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
