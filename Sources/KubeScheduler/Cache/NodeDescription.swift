import KubeAPI
import KubeJSON

/// What a Node says of itself, parsed once for each change of the object.
struct NodeDescription: Sendable {
    let name: String
    let labels: [String: String]
    let taints: [Taint]
    let isUnschedulable: Bool
    /// Region and zone; nodes are looked at zone by zone in turn.
    let zone: String
    let milliCPU: Int64
    let memory: Int64
    let ephemeralStorage: Int64
    let pods: Int64
    let scalars: [String: Int64]
    /// Names of images on the node, with their sizes in bytes.
    let images: [(name: String, size: Int64)]

    init(name: String, _ node: JSON) {
        self.name = name
        var labels: [String: String] = [:]
        for (key, value) in node["metadata"]?["labels"]?.object ?? [:] { labels[key] = value.string ?? "" }
        self.labels = labels
        let spec = node["spec"]
        taints = (spec?["taints"]?.array ?? []).compactMap(Taint.init)
        isUnschedulable = spec?["unschedulable"]?.bool ?? false
        let region =
            labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"]
        let zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"]
        self.zone =
            region == nil && zone == nil
            ? "" : "\(region ?? ""):\u{0}:\(zone ?? "")"
        let status = node["status"]
        let amounts = ResourceAmounts(status?["allocatable"] ?? status?["capacity"])
        milliCPU = amounts["cpu"]?.milliValue ?? 0
        memory = amounts["memory"]?.wholeValue ?? 0
        ephemeralStorage = amounts["ephemeral-storage"]?.wholeValue ?? 0
        pods = amounts["pods"]?.wholeValue ?? 0
        var scalars: [String: Int64] = [:]
        for (name, amount) in amounts.amounts {
            switch name {
            case "cpu", "memory", "ephemeral-storage", "pods": continue
            default: scalars[name] = amount.wholeValue
            }
        }
        self.scalars = scalars
        var images: [(name: String, size: Int64)] = []
        for image in status?["images"]?.array ?? [] {
            let size = image["sizeBytes"]?.integer ?? 0
            for name in image["names"]?.array ?? [] {
                if let name = name.string { images.append((name, size)) }
            }
        }
        self.images = images
    }
}

extension NodeSelectorTerm {
    func matches(_ node: NodeDescription) -> Bool { matches(node: node.name) { node.labels[$0] } }
}
