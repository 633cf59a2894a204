import KubeJSON

/// Warnings about pods and templates (pkg/api/pod/warnings.go).
public enum PodWarnings {
    private static let deprecatedLabels: [String: String] = [
        "beta.kubernetes.io/arch": "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os": "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region":
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        "failure-domain.beta.kubernetes.io/zone":
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        "beta.kubernetes.io/instance-type":
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ]

    /// What a client should hear of a PodSpec at `path`.
    public static func warnings(_ spec: JSON, _ path: FieldPath, metadata: JSON?) -> [String] {
        var warnings: [String] = []
        for (key, _) in spec["nodeSelector"]?.object ?? [:] {
            if let words = deprecatedLabels[key] {
                warnings.append("\(path.child("nodeSelector").key(key)): \(words)")
            }
        }
        for (index, secret) in spec.items("imagePullSecrets").enumerated() where secret.text("name").isEmpty {
            warnings.append(
                "\(path.child("imagePullSecrets").index(index).child("name")): invalid empty name \"\"")
        }
        for (index, volume) in spec.items("volumes").enumerated() {
            if volume["gitRepo"] != nil {
                warnings.append(
                    "\(path.child("volumes").index(index).child("gitRepo")): deprecated in v1.11, and disabled by "
                        + "default in v1.33+")
            }
            for kind in ["glusterfs", "rbd", "cephfs", "scaleIO", "storageos"] where volume[kind] != nil {
                let since = ["glusterfs": "v1.25", "rbd": "v1.28", "cephfs": "v1.28", "scaleIO": "v1.16"][
                    kind]
                warnings.append(
                    "\(path.child("volumes").index(index).child(kind)): deprecated in \(since ?? "v1.22")"
                        + (kind == "scaleIO" || kind == "storageos" ? ", non-functional in v1.22+" : ""))
            }
        }
        for list in ["initContainers", "containers"] {
            for (index, container) in spec.items(list).enumerated() {
                containerWarnings(container, path.child(list).index(index), &warnings)
            }
        }
        if let grace = spec["terminationGracePeriodSeconds"]?.integer, grace < 0 {
            warnings.append(
                "\(path.child("terminationGracePeriodSeconds")): must be >= 0; negative values are invalid and "
                    + "will be treated as 1")
        }
        return warnings
    }

    private static func containerWarnings(_ container: JSON, _ path: FieldPath, _ warnings: inout [String]) {
        for list in ["limits", "requests"] {
            for (name, value) in container["resources"]?[list]?.object ?? [:] {
                guard name == "memory" || name == "ephemeral-storage",
                    let quantity = value.string.flatMap({ Quantity($0) }), quantity.milliValue % 1000 != 0
                else { continue }
                warnings.append(
                    "\(path.child("resources").child(list).key(name)): fractional byte value "
                        + "\"\(quantity.description)\" is invalid, must be an integer")
            }
        }
        var seen: Set<String> = []
        for (index, variable) in container.items("env").enumerated() {
            let name = variable.text("name")
            if !seen.insert(name).inserted, !variable.text("value").contains("$(\(name))") {
                warnings.append(
                    "\(path.child("env").index(index)): hides previous definition of \"\(name)\", which may be "
                        + "dropped when using apply")
            }
        }
    }
}
