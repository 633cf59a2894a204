/// Where kustomize looks for what it changes; the fields are facts of its built-in configuration.
enum FieldSpecs {
    private static let templated = ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"]

    /// The paths to pod specs by kind.
    private static let podSpecs: [(kind: KindID, path: String)] =
        [
            (KindID(version: "v1", kind: "Pod"), "spec"), (KindID(kind: "PodTemplate"), "template/spec"),
        ] + templated.map { (KindID(kind: $0), "spec/template/spec") }
        + [(KindID(kind: "CronJob"), "spec/jobTemplate/spec/template/spec")]

    // MARK: - Labels and annotations

    static let metadataLabels = FieldSpec("metadata/labels", creates: true)

    /// What is labelled beside the metadata: templates, those of claims too.
    static let templateLabels: [FieldSpec] =
        [metadataLabels] + templates("labels")
        + [
            FieldSpec(
                "spec/jobTemplate/metadata/labels", kind: KindID(group: "batch", kind: "CronJob"),
                creates: true),
            FieldSpec(
                "spec/jobTemplate/spec/template/metadata/labels",
                kind: KindID(group: "batch", kind: "CronJob"), creates: true),
            FieldSpec(
                "spec/volumeClaimTemplates[]/metadata/labels",
                kind: KindID(group: "apps", kind: "StatefulSet"), creates: true),
        ]

    static let annotations: [FieldSpec] =
        [FieldSpec("metadata/annotations", creates: true)] + templates("annotations")
        + [
            FieldSpec(
                "spec/jobTemplate/metadata/annotations", kind: KindID(group: "batch", kind: "CronJob"),
                creates: true),
            FieldSpec(
                "spec/jobTemplate/spec/template/metadata/annotations",
                kind: KindID(group: "batch", kind: "CronJob"), creates: true),
        ]

    private static func templates(_ field: String) -> [FieldSpec] {
        let path = "spec/template/metadata/" + field
        let isLabels = field == "labels"
        return [
            FieldSpec(path, kind: KindID(version: "v1", kind: "ReplicationController"), creates: true),
            FieldSpec(path, kind: KindID(kind: "Deployment"), creates: true),
            FieldSpec(path, kind: KindID(kind: "ReplicaSet"), creates: true),
            FieldSpec(path, kind: KindID(kind: "DaemonSet"), creates: true),
            FieldSpec(path, kind: KindID(group: isLabels ? "apps" : "", kind: "StatefulSet"), creates: true),
            FieldSpec(path, kind: KindID(group: "batch", kind: "Job"), creates: true),
        ]
    }

    /// Where labels select: these change with `commonLabels`, and with labels that include selectors.
    static let selectors: [FieldSpec] = {
        var specs = [
            FieldSpec("spec/selector", kind: KindID(version: "v1", kind: "Service"), creates: true),
            FieldSpec(
                "spec/selector", kind: KindID(version: "v1", kind: "ReplicationController"), creates: true),
            FieldSpec("spec/selector/matchLabels", kind: KindID(kind: "Deployment"), creates: true),
        ]
        specs += spreading(KindID(group: "apps", kind: "Deployment"))
        specs += [
            FieldSpec("spec/selector/matchLabels", kind: KindID(kind: "ReplicaSet"), creates: true),
            FieldSpec("spec/selector/matchLabels", kind: KindID(kind: "DaemonSet"), creates: true),
            FieldSpec(
                "spec/selector/matchLabels", kind: KindID(group: "apps", kind: "StatefulSet"), creates: true),
        ]
        specs += spreading(KindID(group: "apps", kind: "StatefulSet"))
        specs += [
            FieldSpec("spec/selector/matchLabels", kind: KindID(group: "batch", kind: "Job")),
            FieldSpec(
                "spec/jobTemplate/spec/selector/matchLabels", kind: KindID(group: "batch", kind: "CronJob")),
            FieldSpec(
                "spec/selector/matchLabels", kind: KindID(group: "policy", kind: "PodDisruptionBudget")),
        ]
        let policy = KindID(group: "networking.k8s.io", kind: "NetworkPolicy")
        specs += [
            FieldSpec("spec/podSelector/matchLabels", kind: policy),
            FieldSpec("spec/ingress/from/podSelector/matchLabels", kind: policy),
            FieldSpec("spec/egress/to/podSelector/matchLabels", kind: policy),
        ]
        return specs + templateLabels
    }()

    private static func spreading(_ kind: KindID) -> [FieldSpec] {
        let affinity = "spec/template/spec/affinity/"
        let preferred =
            "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"
        let required = "/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"
        return ["podAffinity", "podAntiAffinity"].flatMap {
            [
                FieldSpec(affinity + $0 + preferred, kind: kind),
                FieldSpec(affinity + $0 + required, kind: kind),
            ]
        } + [
            FieldSpec("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", kind: kind)
        ]
    }

    // MARK: - Names, images, replicas

    /// A name that is followed where others refer to it by it.
    static let namespaces = [
        FieldSpec("metadata/name", kind: KindID(version: "v1", kind: "Namespace"), creates: true),
        FieldSpec(
            "spec/service/namespace", kind: KindID(group: "apiregistration.k8s.io", kind: "APIService"),
            creates: true),
        FieldSpec(
            "spec/conversion/webhook/clientConfig/service/namespace",
            kind: KindID(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")),
    ]

    static let images = ["spec/", "spec/template/spec/"].flatMap {
        [
            FieldSpec($0 + "containers[]/image", creates: true),
            FieldSpec($0 + "initContainers[]/image", creates: true),
        ]
    }

    static let replicas = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map {
        FieldSpec("spec/replicas", kind: KindID(kind: $0), creates: true)
    }

    // MARK: - References by name

    /// A kind of resource, and the fields that name one of it.
    struct NameReference: Sendable {
        let target: KindID
        let fields: [FieldSpec]
    }

    static let nameReferences: [NameReference] = {
        let autoscaled = [
            FieldSpec("spec/scaleTargetRef/name", kind: KindID(kind: "HorizontalPodAutoscaler"))
        ]
        var references = [
            NameReference(target: KindID(kind: "Deployment"), fields: autoscaled),
            NameReference(target: KindID(kind: "ReplicationController"), fields: autoscaled),
            NameReference(target: KindID(kind: "ReplicaSet"), fields: autoscaled),
            NameReference(target: KindID(kind: "StatefulSet"), fields: autoscaled),
        ]
        let roles = ["Role", "ClusterRole"].map { FieldSpec("rules/resourceNames", kind: KindID(kind: $0)) }
        references.append(
            NameReference(
                target: KindID(version: "v1", kind: "ConfigMap"),
                fields: inPods([
                    "volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name",
                ]) + [FieldSpec("spec/configSource/configMap", kind: KindID(kind: "Node"))] + roles + [
                    ingress(#"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap"#)
                ]))
        references.append(
            NameReference(
                target: KindID(version: "v1", kind: "Secret"),
                fields: inPods([
                    "volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name", "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name", "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ]) + [
                    ingress("spec/tls/secretName"),
                    ingress(#"metadata/annotations/ingress.kubernetes.io\/auth-secret"#),
                    ingress(#"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret"#),
                    ingress(#"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret"#),
                    FieldSpec("imagePullSecrets/name", kind: KindID(kind: "ServiceAccount")),
                    FieldSpec("parameters/secretName", kind: KindID(kind: "StorageClass")),
                    FieldSpec("parameters/adminSecretName", kind: KindID(kind: "StorageClass")),
                    FieldSpec("parameters/userSecretName", kind: KindID(kind: "StorageClass")),
                    FieldSpec("parameters/secretRef", kind: KindID(kind: "StorageClass")),
                ] + roles + [
                    FieldSpec(
                        "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
                        kind: KindID(group: "serving.knative.dev", version: "v1", kind: "Service")),
                    FieldSpec("spec/azureFile/secretName", kind: KindID(kind: "PersistentVolume")),
                ]))
        references.append(NameReference(target: KindID(version: "v1", kind: "Service"), fields: services))
        references += access + storage
        return references
    }()

    private static func ingress(_ path: String) -> FieldSpec {
        FieldSpec(path, kind: KindID(kind: "Ingress"))
    }

    private static func inPods(_ paths: [String]) -> [FieldSpec] {
        podSpecs.flatMap { pod in paths.map { FieldSpec(pod.path + "/" + $0, kind: pod.kind) } }
    }

    private static let services: [FieldSpec] = [
        FieldSpec("spec/serviceName", kind: KindID(group: "apps", kind: "StatefulSet")),
        ingress("spec/rules/http/paths/backend/serviceName"), ingress("spec/backend/serviceName"),
        ingress("spec/rules/http/paths/backend/service/name"), ingress("spec/defaultBackend/service/name"),
        FieldSpec("spec/service/name", kind: KindID(group: "apiregistration.k8s.io", kind: "APIService")),
        FieldSpec(
            "webhooks/clientConfig/service",
            kind: KindID(group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration")),
        FieldSpec(
            "webhooks/clientConfig/service",
            kind: KindID(group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration")),
    ]

    /// Kinds whose accounts, claims and priority classes are followed; replica sets' are not.
    private static let accounted: [(String, String)] =
        [("Pod", "spec/")]
        + ["StatefulSet", "Deployment", "ReplicationController"].map { ($0, "spec/template/spec/") }
        + [("CronJob", "spec/jobTemplate/spec/template/spec/")]
        + ["Job", "DaemonSet"].map { ($0, "spec/template/spec/") }

    private static func inAccounted(_ path: String) -> [FieldSpec] {
        accounted.map { FieldSpec($0.1 + path, kind: KindID(kind: $0.0)) }
    }

    private static let access: [NameReference] = {
        let rbac = "rbac.authorization.k8s.io"
        let binding = KindID(group: rbac, kind: "RoleBinding")
        let clusterBinding = KindID(group: rbac, kind: "ClusterRoleBinding")
        return [
            NameReference(
                target: KindID(group: rbac, kind: "Role"), fields: [FieldSpec("roleRef/name", kind: binding)]),
            NameReference(
                target: KindID(group: rbac, kind: "ClusterRole"),
                fields: [
                    FieldSpec("roleRef/name", kind: binding), FieldSpec("roleRef/name", kind: clusterBinding),
                ]),
            NameReference(
                target: KindID(version: "v1", kind: "ServiceAccount"),
                fields: [FieldSpec("subjects", kind: binding), FieldSpec("subjects", kind: clusterBinding)]
                    + inAccounted("serviceAccountName")),
        ]
    }()

    private static let storage: [NameReference] = [
        NameReference(
            target: KindID(version: "v1", kind: "PersistentVolumeClaim"),
            fields: inAccounted("volumes/persistentVolumeClaim/claimName")),
        NameReference(
            target: KindID(version: "v1", kind: "PersistentVolume"),
            fields: [
                FieldSpec("spec/volumeName", kind: KindID(kind: "PersistentVolumeClaim")),
                FieldSpec("rules/resourceNames", kind: KindID(kind: "ClusterRole")),
            ]),
        NameReference(
            target: KindID(group: "storage.k8s.io", version: "v1", kind: "StorageClass"),
            fields: [
                FieldSpec("spec/storageClassName", kind: KindID(kind: "PersistentVolume")),
                FieldSpec("spec/storageClassName", kind: KindID(kind: "PersistentVolumeClaim")),
                FieldSpec(
                    "spec/volumeClaimTemplates/spec/storageClassName", kind: KindID(kind: "StatefulSet")),
            ]),
        NameReference(
            target: KindID(group: "scheduling.k8s.io", version: "v1", kind: "PriorityClass"),
            fields: inAccounted("priorityClassName")),
        NameReference(
            target: KindID(group: "networking.k8s.io/v1", version: "v1", kind: "IngressClass"),
            fields: [ingress("spec/ingressClassName")]),
        NameReference(
            target: KindID(group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy"),
            fields: [
                FieldSpec(
                    "spec/policyName",
                    kind: KindID(
                        group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicyBinding"))
            ]),
    ]
}
