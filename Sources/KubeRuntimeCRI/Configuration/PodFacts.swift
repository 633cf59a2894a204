import KubeAPI
import KubeJSON
import KubeNode

/// A container that cannot be made, and the word under which its status shows it.
struct ContainerFailure: Error, Sendable, Equatable, CustomStringConvertible {
    enum Reason: String, Sendable {
        case configuration = "CreateContainerConfigError"
        case creation = "CreateContainerError"
        case start = "RunContainerError"
    }
    var reason: Reason
    var description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

/// What is known of a pod and its node when its containers are made.
struct PodFacts: Sendable {
    var pod: JSON
    var identity: PodIdentity
    /// Of the pod; the node's in the host's network.
    var addresses: [String]
    var hostAddresses: [String]
    /// The node's `status.allocatable` and `status.capacity`.
    var allocatable = ResourceAmounts()
    var capacity = ResourceAmounts()

    var spec: JSON { pod["spec"] ?? .null }
    var usesHostNetwork: Bool { spec["hostNetwork"]?.bool ?? false }

    /// `Guaranteed`, `Burstable` or `BestEffort`.
    var quality: String { pod["status"]?["qosClass"]?.string ?? "BestEffort" }

    /// As log lines and hooks name a pod.
    var fullName: String { "\(identity.name)_\(identity.namespace)(\(identity.uid))" }

    /// The value of a field that the downward API gives (fieldpath.ExtractFieldPathAsString and
    /// kubelet_pods.go: podFieldSelectorRuntimeValue).
    func field(_ path: String) throws -> String {
        switch path {
        case "metadata.name": return identity.name
        case "metadata.namespace": return identity.namespace
        case "metadata.uid": return identity.uid
        case "spec.nodeName": return identity.node
        case "spec.serviceAccountName": return spec["serviceAccountName"]?.string ?? ""
        case "status.hostIP": return hostAddresses.first ?? ""
        case "status.hostIPs": return hostAddresses.joined(separator: ",")
        case "status.podIP": return addresses.first ?? ""
        case "status.podIPs": return addresses.joined(separator: ",")
        default: break
        }
        for map in ["labels", "annotations"] {
            let start = "metadata.\(map)['"
            guard path.utf8.starts(with: start.utf8), path.hasSuffix("']") else { continue }
            return pod["metadata"]?[map]?[String(path.dropFirst(start.count).dropLast(2))]?.string ?? ""
        }
        throw ContainerFailure(.configuration, "unsupported fieldPath: \(path)")
    }

    /// The value of a container's resource (pkg/api/v1/resource: ExtractContainerResourceValue), rounded up
    /// to whole divisors. A limit that is not set is what the node has.
    func resource(_ reference: JSON, of own: JSON) throws -> String {
        let path = reference["resource"]?.string ?? ""
        var container = own
        if let name = reference["containerName"]?.string, !name.isEmpty {
            let all = ["containers", "initContainers"].flatMap { spec[$0]?.array ?? [] }
            guard let found = all.first(where: { $0["name"]?.string == name }) else {
                throw ContainerFailure(.configuration, "container \(name) not found")
            }
            container = found
        }
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] == "limits" || parts[0] == "requests" else {
            throw ContainerFailure(.configuration, "unsupported container resource : \(path)")
        }
        let name = parts[1]
        var amount = container["resources"]?[parts[0]]?[name]?.string.flatMap { Quantity($0) }
        if amount?.isZero ?? true, parts[0] == "limits" { amount = allocatable[name] }
        let divisorText = reference["divisor"]?.string ?? "0"
        var divisor = Quantity(divisorText) ?? Quantity(1)
        if divisor.isZero { divisor = Quantity(1) }
        let value = amount ?? .zero
        let isCPU = name == "cpu"
        let (top, bottom) =
            isCPU
            ? (value.milliValue, divisor.milliValue) : (value.wholeValue, max(divisor.wholeValue, 1))
        guard bottom > 0 else { return "0" }
        return "\(top / bottom + (top % bottom > 0 ? 1 : 0))"
    }
}
