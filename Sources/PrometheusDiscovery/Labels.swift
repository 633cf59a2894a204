import KubeJSON

/// Labels of a target, by name.
public typealias Labels = [String: String]

/// Targets that share labels, as Prometheus reads them from a file.
public struct TargetGroup: Sendable, Equatable {
    public var labels: Labels
    /// Each with `__address__` and labels of its own.
    public var targets: [Labels]

    public init(labels: Labels, targets: [Labels]) {
        self.labels = labels
        self.targets = targets
    }
}

enum Meta {
    static let prefix = "__meta_kubernetes_"

    /// What may not be in a label's name becomes an underscore.
    static func sanitized(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }

    /// An object's labels and annotations, each as a value and as a sign that it is there.
    static func metadata(of object: JSON, _ kind: String, annotations: Bool = true) -> Labels {
        var labels: Labels = [:]
        for (member, name) in [("labels", "label"), ("annotations", "annotation")] {
            if member == "annotations", !annotations { continue }
            for (key, value) in object.at("metadata", member)?.object ?? [:] {
                let clean = sanitized(key)
                labels["\(prefix)\(kind)_\(name)_\(clean)"] = value.string ?? ""
                labels["\(prefix)\(kind)_\(name)present_\(clean)"] = "true"
            }
        }
        return labels
    }

    static func namespace(of object: JSON) -> String { object.at("metadata", "namespace")?.string ?? "" }
    static func name(of object: JSON) -> String { object.at("metadata", "name")?.string ?? "" }

    /// Host and port; an IPv6 address in brackets.
    static func address(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
