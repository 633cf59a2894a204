import KubeNode

/// The labels and annotations under which pods and containers are found again, the kubelet's own and one that
/// tells clusters apart that share a runtime.
enum PodLabels {
    static let podName = "io.kubernetes.pod.name"
    static let podNamespace = "io.kubernetes.pod.namespace"
    static let podUID = "io.kubernetes.pod.uid"
    static let containerName = "io.kubernetes.container.name"
    static let terminationPath = "io.kubernetes.container.terminationMessagePath"
    static let terminationPolicy = "io.kubernetes.container.terminationMessagePolicy"
    static let restartCount = "io.kubernetes.container.restartCount"
    static let gracePeriod = "io.kubernetes.pod.terminationGracePeriod"
    /// The hook before the end, and the ports that it may go to by name, as JSON.
    static let preStop = "io.kubernetes.container.preStopHandler"
    static let ports = "io.kubernetes.container.ports"
    /// Of a sidecar: its place among the pod's init containers.
    static let sidecar = "io.aegis.sidecar"
    static let cluster = "io.aegis.cluster"
    static let node = "io.aegis.node"

    static func labels(_ pod: PodIdentity, cluster: String) -> [String: String] {
        [
            podName: pod.name, podNamespace: pod.namespace, podUID: pod.uid,
            self.cluster: cluster, node: pod.node,
        ]
    }

    /// Whose a sandbox or container is; nil when it is none of ours.
    static func identity(_ labels: [String: String]) -> PodIdentity? {
        guard let uid = labels[podUID], let namespace = labels[podNamespace], let name = labels[podName]
        else {
            return nil
        }
        return PodIdentity(uid: uid, namespace: namespace, name: name, node: labels[node] ?? "")
    }
}

/// Where a pod's files are beneath the data directory.
struct PodPaths: Sendable {
    var data: String

    func pod(_ pod: PodIdentity) -> String { "\(data)/pods/\(pod.uid)" }
    func hosts(_ pod: PodIdentity) -> String { self.pod(pod) + "/etc-hosts" }
    func address(_ pod: PodIdentity) -> String { "\(data)/cni/addresses/\(pod.uid)" }
    var logs: String { data + "/logs/pods" }
    func logs(_ pod: PodIdentity) -> String { "\(logs)/\(pod.namespace)_\(pod.name)_\(pod.uid)" }
    func log(_ pod: PodIdentity, _ container: String, attempt: Int) -> String {
        "\(logs(pod))/\(container)/\(attempt).log"
    }
    func terminationMessage(_ pod: PodIdentity, _ container: String, attempt: Int) -> String {
        "\(self.pod(pod))/containers/\(container)/\(attempt)"
    }
}
