import KubeAPI
import KubeJSON

/// Writes to subresources that show the whole object but change only a part of it.
enum SubresourceRules {
    /// Keeps all of `live` but what the subresource may change, taken from `object`.
    static func confine(_ object: inout JSON, live: JSON, subresource: String, kind: GroupKind) {
        switch (kind, subresource) {
        case (GroupKind("", "Pod"), "ephemeralcontainers"):
            object = merged(live, from: object, ["spec", "ephemeralContainers"])
        case (GroupKind("", "Pod"), "resize"):
            var next = merged(live, from: object, ["spec", "resources"])
            for list in ["containers", "initContainers"] {
                guard var containers = live["spec"]?[list]?.array else { continue }
                let asked = object["spec"]?[list]?.array ?? []
                for index in containers.indices {
                    guard let wanted = asked.first(where: { $0["name"] == containers[index]["name"] }) else {
                        continue
                    }
                    containers[index]["resources"] = wanted["resources"]
                    containers[index]["resizePolicy"] = wanted["resizePolicy"]
                }
                next.set(.array(containers), at: "spec", list)
            }
            object = next
        case (GroupKind("", "Namespace"), "finalize"):
            // Metadata may change too, here and below.
            object["status"] = live["status"]
        case (GroupKind("certificates.k8s.io", "CertificateSigningRequest"), "approval"):
            let conditions = object["status"]?["conditions"]
            object["spec"] = live["spec"]
            object["status"] = live["status"]
            object.set(conditions, at: "status", "conditions")
        default: break
        }
    }

    private static func merged(_ live: JSON, from object: JSON, _ path: [String]) -> JSON {
        var next = live
        next.set(object.at(path), at: path[...])
        if let fields = object["metadata"]?["managedFields"] { next.setMetadata("managedFields", fields) }
        next.setMetadata("resourceVersion", object["metadata"]?["resourceVersion"])
        return next
    }
}
