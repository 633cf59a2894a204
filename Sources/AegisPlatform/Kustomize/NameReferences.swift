/// Which fields hold the names of which objects: what has to follow when a name changes.
struct NameReference {
    let group: String
    let version: String
    let kind: String
    let fields: [FieldSpec]

    init(_ kind: String, group: String = "", version: String = "", _ fields: [FieldSpec]) {
        self.kind = kind
        self.group = group
        self.version = version
        self.fields = fields
    }

    func isOf(_ kind: KustomizeKind) -> Bool {
        (self.kind == kind.kind) && (group.isEmpty || group == kind.group)
            && (version.isEmpty || version == kind.version)
    }
}

extension NameReference {
    /// Kinds with a pod's spec in them, and where it is.
    private static let podSpecs: [(kind: String, version: String, path: String)] = [
        ("Pod", "v1", "spec/"), ("PodTemplate", "", "template/spec/"),
        ("Deployment", "", "spec/template/spec/"),
        ("ReplicaSet", "", "spec/template/spec/"), ("DaemonSet", "", "spec/template/spec/"),
        ("StatefulSet", "", "spec/template/spec/"), ("Job", "", "spec/template/spec/"),
        ("CronJob", "", "spec/jobTemplate/spec/template/spec/"),
    ]

    /// Kinds where kustomize follows accounts, claims and priorities.
    private static let runners: [(kind: String, path: String)] = [
        ("Pod", "spec/"), ("StatefulSet", "spec/template/spec/"), ("Deployment", "spec/template/spec/"),
        ("ReplicationController", "spec/template/spec/"), ("CronJob", "spec/jobTemplate/spec/template/spec/"),
        ("Job", "spec/template/spec/"), ("DaemonSet", "spec/template/spec/"),
    ]

    private static func podFields(_ paths: [String]) -> [FieldSpec] {
        podSpecs.flatMap { place in
            paths.map { FieldSpec(place.path + $0, version: place.version, kind: place.kind) }
        }
    }

    private static func runnerFields(_ path: String) -> [FieldSpec] {
        runners.map { FieldSpec($0.path + path, kind: $0.kind) }
    }

    private static let rules = ["Role", "ClusterRole"].map { FieldSpec("rules/resourceNames", kind: $0) }

    static let all: [NameReference] = {
        let rbac = "rbac.authorization.k8s.io"
        let target = FieldSpec("spec/scaleTargetRef/name", kind: "HorizontalPodAutoscaler")
        var references = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map {
            NameReference($0, [target])
        }
        references.append(
            NameReference(
                "ConfigMap", version: "v1",
                podFields([
                    "volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name",
                ]) + [FieldSpec("spec/configSource/configMap", kind: "Node")] + rules + [
                    FieldSpec(
                        "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
                        kind: "Ingress")
                ]))
        references.append(
            NameReference(
                "Secret", version: "v1",
                podFields([
                    "volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name", "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name", "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ]) + [FieldSpec("spec/tls/secretName", kind: "Ingress")]
                    + [
                        "ingress.kubernetes.io\\/auth-secret", "nginx.ingress.kubernetes.io\\/auth-secret",
                        "nginx.ingress.kubernetes.io\\/auth-tls-secret",
                    ].map { FieldSpec("metadata/annotations/" + $0, kind: "Ingress") }
                    + [FieldSpec("imagePullSecrets/name", kind: "ServiceAccount")]
                    + ["secretName", "adminSecretName", "userSecretName", "secretRef"].map {
                        FieldSpec("parameters/" + $0, kind: "StorageClass")
                    } + rules + [
                        FieldSpec(
                            "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
                            group: "serving.knative.dev", version: "v1", kind: "Service"),
                        FieldSpec("spec/azureFile/secretName", kind: "PersistentVolume"),
                    ]))
        references.append(
            NameReference(
                "Service", version: "v1",
                [FieldSpec("spec/serviceName", group: "apps", kind: "StatefulSet")]
                    + [
                        "spec/rules/http/paths/backend/serviceName", "spec/backend/serviceName",
                        "spec/rules/http/paths/backend/service/name", "spec/defaultBackend/service/name",
                    ].map { FieldSpec($0, kind: "Ingress") }
                    + [FieldSpec("spec/service/name", group: "apiregistration.k8s.io", kind: "APIService")]
                    + ["Validating", "Mutating"].map {
                        FieldSpec(
                            "webhooks/clientConfig/service", group: "admissionregistration.k8s.io",
                            kind: $0 + "WebhookConfiguration")
                    }))
        let roleRef = FieldSpec("roleRef/name", group: rbac, kind: "RoleBinding")
        references.append(NameReference("Role", group: rbac, [roleRef]))
        references.append(
            NameReference(
                "ClusterRole", group: rbac,
                [roleRef, FieldSpec("roleRef/name", group: rbac, kind: "ClusterRoleBinding")]))
        references.append(
            NameReference(
                "ServiceAccount", version: "v1",
                ["RoleBinding", "ClusterRoleBinding"].map { FieldSpec("subjects", group: rbac, kind: $0) }
                    + runnerFields("serviceAccountName")))
        references.append(
            NameReference(
                "PersistentVolumeClaim", version: "v1",
                runnerFields("volumes/persistentVolumeClaim/claimName")))
        references.append(
            NameReference(
                "PersistentVolume", version: "v1",
                [FieldSpec("spec/volumeName", kind: "PersistentVolumeClaim"), rules[1]]))
        references.append(
            NameReference(
                "StorageClass", group: "storage.k8s.io", version: "v1",
                ["PersistentVolume", "PersistentVolumeClaim"].map {
                    FieldSpec("spec/storageClassName", kind: $0)
                } + [FieldSpec("spec/volumeClaimTemplates/spec/storageClassName", kind: "StatefulSet")]))
        references.append(
            NameReference(
                "PriorityClass", group: "scheduling.k8s.io", version: "v1", runnerFields("priorityClassName"))
        )
        references.append(
            NameReference(
                "ValidatingAdmissionPolicy", group: "admissionregistration.k8s.io",
                [
                    FieldSpec(
                        "spec/policyName", group: "admissionregistration.k8s.io",
                        kind: "ValidatingAdmissionPolicyBinding")
                ]))
        return references
    }()
}

/// Brings the names in all objects up to date with the objects that they name.
struct NameReferenceUpdate {
    private let objects: [KustomizeObject]

    init(_ objects: KustomizeObjects) { self.objects = objects.objects }

    func run() throws(ManifestProblem) {
        for referrer in objects {
            let kind = referrer.kind
            let candidates = candidates(for: referrer)
            for reference in NameReference.all {
                for field in reference.fields where field.matches(kind) {
                    let search = Search(
                        referrer: referrer, reference: reference, field: field, candidates: candidates)
                    try field.visit(referrer) { (node) throws(ManifestProblem) in try search.update(node) }
                }
            }
        }
    }

    /// The objects that one can name: those of its namespace, those of no namespace, and for a RoleBinding
    /// those of the namespaces of its accounts.
    private func candidates(for referrer: KustomizeObject) -> [KustomizeObject] {
        let id = referrer.id
        if id.kind.isClusterScoped { return objects }
        var others: Set<String> = []
        if id.kind.kind == "RoleBinding" {
            for subject in referrer.node["subjects"]?.items ?? []
            where subject.text(at: "kind") == "ServiceAccount" {
                if let namespace = subject.text(at: "namespace") { others.insert(namespace) }
            }
        }
        return objects.filter { object in
            let other = object.id
            return other.kind.isClusterScoped || other.effectiveNamespace == id.effectiveNamespace
                || others.contains(other.namespace)
        }
    }

    private struct Search {
        let referrer: KustomizeObject
        let reference: NameReference
        let field: FieldSpec
        let candidates: [KustomizeObject]

        func update(_ node: KustomizeNode) throws(ManifestProblem) {
            if node.isNull { return }
            switch node.kind {
            case .scalar: try updateName(node)
            case .mapping: try updateNameAndNamespace(node)
            case .sequence:
                for item in node.items where !item.isNull {
                    if item.kind == .scalar { try updateName(item) }
                    if item.kind == .mapping { try updateNameAndNamespace(item) }
                }
            }
        }

        private func updateName(_ node: KustomizeNode) throws(ManifestProblem) {
            let found = try find(node.text, candidates) { left, right in left.name == right.name }
            guard let found, found.name != node.text else { return }
            node.text = found.name
            node.tag = nil
        }

        private func updateNameAndNamespace(_ node: KustomizeNode) throws(ManifestProblem) {
            guard let name = node["name"] else {
                throw referrer.problem("\(field.path) must have a name in it")
            }
            var candidates = candidates
            if let namespace = node.text(at: "namespace") {
                let original = candidates.filter {
                    $0.originalID.effectiveNamespace == namespace && !$0.originalID.kind.isClusterScoped
                }
                candidates =
                    original.isEmpty
                    ? candidates.filter { $0.id.effectiveNamespace == namespace } : original
            }
            let found = try find(name.text, candidates) { left, right in
                left.name == right.name && left.namespace == right.namespace
            }
            guard let found else { return }
            if found.name == name.text, found.namespace.isEmpty { return }
            node.set("name", KustomizeNode(text: found.name))
            if !found.namespace.isEmpty { node.set("namespace", KustomizeNode(text: found.namespace)) }
        }

        /// The one object that was called so; nil where none was.
        private func find(
            _ name: String, _ candidates: [KustomizeObject],
            isSame: (KustomizeObject, KustomizeObject) -> Bool
        ) throws(ManifestProblem) -> KustomizeObject? {
            var found = candidates.filter { candidate in
                candidate.previous.contains { $0.name == name }
                    && candidate.previous.contains { reference.isOf($0.kind) }
                    && isInRole(candidate) && isInReach(candidate)
            }
            if found.count == 1 { return found[0] }
            found = found.filter { $0.isNamedLike(referrer, allowsNone: true) }
            if found.count > 1 { found = found.filter { $0.isNamedLike(referrer, allowsNone: false) } }
            guard let first = found.first else { return nil }
            guard found.allSatisfy({ isSame(first, $0) }) else {
                throw referrer.problem(
                    "\(field.path): \"\(name)\" can mean \(found.map(\.id.text).joined(separator: ", "))")
            }
            return first
        }

        /// A `roleRef` says itself which kind of role it means.
        private func isInRole(_ candidate: KustomizeObject) -> Bool {
            guard field.path.hasSuffix("roleRef/name"), let role = referrer.node["roleRef"],
                let group = role.text(at: "apiGroup"), let kind = role.text(at: "kind")
            else { return true }
            return candidate.previous.contains {
                (group.isEmpty || $0.kind.group == group) && $0.kind.kind == kind
            }
        }

        private func isInReach(_ candidate: KustomizeObject) -> Bool {
            let own = referrer.id
            let other = candidate.id
            return own.kind.isClusterScoped || other.kind.isClusterScoped
                || candidate.kind.kind == "ServiceAccount"
                || own.effectiveNamespace == other.effectiveNamespace
        }
    }
}
