import KubeAPI
import KubeJSON

struct Taint: Sendable, Hashable {
    enum Effect: String, Sendable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    let key: String
    let value: String
    let effect: Effect
}

struct Toleration: Sendable, Hashable {
    let key: String
    let exists: Bool
    let value: String
    let effect: Taint.Effect?

    init(_ object: JSON) {
        key = object["key"]?.string ?? ""
        exists = object["operator"]?.string == "Exists"
        value = object["value"]?.string ?? ""
        effect = object["effect"]?.string.flatMap(Taint.Effect.init(rawValue:))
    }

    func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if key.isEmpty ? !exists : key != taint.key { return false }
        return exists || value == taint.value
    }
}

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
        taints = (spec?["taints"]?.array ?? []).compactMap { taint in
            guard let effect = taint["effect"]?.string.flatMap(Taint.Effect.init(rawValue:)) else {
                return nil
            }
            return Taint(
                key: taint["key"]?.string ?? "", value: taint["value"]?.string ?? "", effect: effect)
        }
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
