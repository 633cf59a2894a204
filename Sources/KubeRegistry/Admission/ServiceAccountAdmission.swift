import KubeAPI
import KubeJSON

/// Gives a pod its service account and the volume with its token.
struct ServiceAccountAdmission: AdmissionPlugin {
    static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"
    private static let mirrorAnnotation = "kubernetes.io/config.mirror"

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("", "pods") else { return }
        // Mirror pods are the node's own: they get no account.
        if object.metadata["annotations"]?[Self.mirrorAnnotation] != nil { return }
        var spec = object["spec"] ?? [:]
        let given = spec["serviceAccountName"]?.string ?? ""
        let name = given.isEmpty ? "default" : given
        spec["serviceAccountName"] = .string(name)
        spec["serviceAccount"] = .string(name)
        guard let account = registry.lookup("", "serviceaccounts", attributes.namespace + "/" + name) else {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "error looking up service account \(attributes.namespace)/\(name): serviceaccount \"\(name)\" not found"
            )
        }
        if mountsToken(spec, account) { mountToken(&spec, registry) }
        if spec["imagePullSecrets"]?.array?.isEmpty ?? true, let secrets = account["imagePullSecrets"] {
            spec["imagePullSecrets"] = secrets
        }
        object["spec"] = spec
    }

    private func mountsToken(_ spec: JSON, _ account: JSON) -> Bool {
        spec["automountServiceAccountToken"]?.bool ?? account["automountServiceAccountToken"]?.bool ?? true
    }

    private func mountToken(_ spec: inout JSON, _ registry: Registry) {
        var volumes = spec["volumes"]?.array ?? []
        let prefix = "kube-api-access-"
        let name: String
        if let present = volumes.first(where: { $0["name"]?.string?.hasPrefix(prefix) ?? false }) {
            name = present["name"]?.string ?? ""
        } else {
            name = prefix + registry.environment.suffix(5)
        }
        let mount: JSON = ["name": .string(name), "readOnly": true, "mountPath": .string(Self.tokenPath)]
        var isNeeded = false
        for list in ["initContainers", "containers"] {
            guard var containers = spec[list]?.array else { continue }
            for index in containers.indices {
                var mounts = containers[index]["volumeMounts"]?.array ?? []
                if mounts.contains(where: { $0["mountPath"]?.string == Self.tokenPath }) { continue }
                mounts.append(mount)
                containers[index]["volumeMounts"] = .array(mounts)
                isNeeded = true
            }
            spec[list] = .array(containers)
        }
        guard isNeeded, !volumes.contains(where: { $0["name"]?.string == name }) else { return }
        volumes.append(["name": .string(name), "projected": Self.projection])
        spec["volumes"] = .array(volumes)
    }

    private static let projection: JSON = [
        "sources": [
            ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
            ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
            [
                "downwardAPI": [
                    "items": [
                        [
                            "path": "namespace",
                            "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                        ]
                    ]
                ]
            ],
            [
                "configMap": [
                    "name": "openshift-service-ca.crt",
                    "items": [["key": "service-ca.crt", "path": "service-ca.crt"]],
                ]
            ],
        ],
        "defaultMode": 420,
    ]
}
