import Foundation
import KubeAPI
import KubeNetwork
import KubeNode
import KubeStore

/// The cluster's DNS while pods end after the server has: as the stored objects have it, which nobody changes any
/// more.
enum StoredNames {
    /// - Returns: nil when the cluster of this directory never had names to serve.
    /// - Throws: why its objects cannot be read, or its DNS cannot be served.
    static func serve(_ dataDirectory: String, _ instance: MachineInstance) async throws -> ClusterDNS? {
        guard let services = CIDR(instance.serviceRange),
            let resolver = IPAddress(instance.addresses.resolver),
            let service = ClusterDNSService(services: services, endpoint: resolver)
        else { return nil }
        guard FileManager.default.fileExists(atPath: dataDirectory + "/store.db") else { return nil }
        let store = try Store(directory: dataDirectory)
        let objects = StoreObjects(store)
        let names = try await MachineCluster.startNames(service)
        names.update { zone in
            for namespace in objects.objects(.namespaces, in: nil) {
                zone.setNamespace(namespace.name, exists: true)
            }
            for object in objects.objects(.services, in: nil) {
                zone.setService("\(object.namespace)/\(object.name)", object)
            }
            for slice in objects.objects(.endpointSlices, in: nil) {
                zone.setEndpointSlice("\(slice.namespace)/\(slice.name)", slice)
            }
        }
        names.setSynced()
        store.close()
        return names
    }
}
