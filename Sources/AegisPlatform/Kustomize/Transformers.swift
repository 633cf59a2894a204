import KubeCEL
import KubeJSON

/// What a kustomization does to all of its resources, one function a field of it.
enum Transformers {
    static func setNamespace(
        _ namespace: String, of resources: inout [KustomizeResource]
    ) throws(KustomizeFailure) {
        for position in resources.indices {
            resources[position].storePreviousID()
            if !resources[position].kind.isClusterScoped { resources[position].namespace = namespace }
            if ["RoleBinding", "ClusterRoleBinding"].contains(resources[position].kindName),
                var subjects = resources[position].node["subjects"]?.sequence
            {
                for subject in subjects.indices where subjects[subject]["name"]?.text == "default" {
                    subjects[subject]["namespace"] = .string(namespace)
                }
                resources[position].node["subjects"] = .sequence(subjects)
            }
            for field in FieldSpecs.namespaces {
                try field.apply(to: &resources[position], missing: .scalar) { $0 = .string(namespace) }
            }
            let id = resources[position].id
            guard resources.filter({ $0.id.isSame(as: id) }).count == 1 else {
                throw KustomizeFailure("in the namespace \(namespace) there are two of \(id.title)")
            }
        }
    }

    static func addPrefix(_ prefix: String, to resources: inout [KustomizeResource]) {
        for position in resources.indices where isRenamed(resources[position]) {
            resources[position].prefixes.append(prefix)
            resources[position].storePreviousID()
            resources[position].name = prefix + resources[position].name
        }
    }

    static func addSuffix(_ suffix: String, to resources: inout [KustomizeResource]) {
        for position in resources.indices where isRenamed(resources[position]) {
            resources[position].suffixes.append(suffix)
            resources[position].storePreviousID()
            resources[position].name += suffix
        }
    }

    /// Some names mean something outside of the resources at hand.
    private static func isRenamed(_ resource: KustomizeResource) -> Bool {
        let kind = resource.originalID.kind
        return kind.kind != "CustomResourceDefinition" && kind.kind != "Namespace"
            && !(kind.kind == "APIService" && kind.group == "apiregistration.k8s.io")
    }

    static func addLabels(
        _ label: KustomizationFile.Label, to resources: inout [KustomizeResource]
    ) throws(KustomizeFailure) {
        var fields = label.fields
        if label.includesSelectors {
            fields += FieldSpecs.selectors
        } else {
            if label.includesTemplates { fields += FieldSpecs.templateLabels }
            fields.append(FieldSpecs.metadataLabels)
        }
        try add(label.pairs, at: fields, to: &resources)
    }

    static func add(
        _ pairs: [String: String], at fields: [FieldSpec], to resources: inout [KustomizeResource]
    ) throws(KustomizeFailure) {
        let pairs = pairs.sorted { utf8Less($0.key, $1.key) }
        for position in resources.indices {
            for (key, value) in pairs {
                for field in fields {
                    try field.apply(to: &resources[position], missing: .mapping) { $0[key] = .string(value) }
                }
            }
        }
    }

    static func setReplicas(
        _ replica: KustomizationFile.Replica, of resources: inout [KustomizeResource]
    ) throws(KustomizeFailure) {
        var isFound = false
        for field in FieldSpecs.replicas {
            for position in resources.indices
            where resources[position].allIDs.contains(where: {
                $0.name == replica.name && $0.kind.isSelected(by: field.kind)
            }) {
                isFound = true
                try field.apply(to: &resources[position], missing: .scalar) {
                    $0 = .plain(String(replica.count))
                }
            }
        }
        if !isFound {
            throw KustomizeFailure("there is no workload called '\(replica.name)' that has replicas")
        }
    }

    // MARK: - Images

    static func setImage(
        _ image: KustomizationFile.Image, of resources: inout [KustomizeResource]
    ) throws(KustomizeFailure) {
        // The name stands in the expression as it is, as upstream; one that is none matches nothing.
        let expression = "^\(image.name)(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$"
        guard let pattern = Pattern(expression) else { return }
        func update(_ node: inout YAMLNode) {
            guard let text = node.text, pattern.matches(text) else { return }
            node = .string(renamed(text, image))
        }
        for position in resources.indices
        where resources[position].kindName != "CustomResourceDefinition" {
            walkContainers(&resources[position].node, update)
            for field in FieldSpecs.images {
                try field.apply(to: &resources[position]) { update(&$0) }
            }
        }
    }

    private static func walkContainers(_ node: inout YAMLNode, _ update: (inout YAMLNode) -> Void) {
        switch node {
        case .mapping(var mapping):
            for position in mapping.members.indices {
                walkContainers(&mapping.members[position].value, update)
                guard ["containers", "initContainers"].contains(mapping.members[position].key),
                    var containers = mapping.members[position].value.sequence
                else { continue }
                for container in containers.indices {
                    guard var image = containers[container]["image"] else { continue }
                    update(&image)
                    containers[container]["image"] = image
                }
                mapping.members[position].value = .sequence(containers)
            }
            node = .mapping(mapping)
        case .sequence(var items):
            for position in items.indices { walkContainers(&items[position], update) }
            node = .sequence(items)
        case .scalar: return
        }
    }

    private static func renamed(_ text: String, _ image: KustomizationFile.Image) -> String {
        var (name, tag, digest) = parts(text)
        if !image.newName.isEmpty { name = image.newName }
        if !image.newTag.isEmpty {
            tag = image.newTag
            digest = image.digest
        } else if !image.digest.isEmpty {
            tag = ""
            digest = image.digest
        } else if !image.tagSuffix.isEmpty {
            tag += image.tagSuffix
            digest = ""
        }
        return name + (tag.isEmpty ? "" : ":" + tag) + (digest.isEmpty ? "" : "@" + digest)
    }

    /// Name, tag and digest; a colon before the first slash belongs to a registry's port.
    static func parts(_ image: String) -> (name: String, tag: String, digest: String) {
        let slash = image.firstIndex(of: "/")
        let search = slash.map { $0 > image.startIndex ? image[$0...] : image[...] } ?? image[...]
        var name = image[...]
        var digest = ""
        var tag = ""
        if let at = search.firstIndex(of: "@") {
            digest = String(image[image.index(after: at)...])
            name = image[..<at]
        }
        if let colon = search.firstIndex(of: ":"), colon < name.endIndex {
            tag = String(name[name.index(after: colon)...])
            name = name[..<colon]
        }
        return (String(name), tag, digest)
    }

    // MARK: - Order

    private static let firstKinds = [
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount",
        "PodSecurityPolicy", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap",
        "Secret",
        "Endpoints", "Service", "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim",
        "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
    ]
    private static let lastKinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]

    /// Kinds that others need come first, and what is left by group, version, kind, namespace and name.
    static func sort(_ resources: inout [KustomizeResource], _ order: KustomizationFile.SortOrder?) {
        if let order, !order.isLegacy { return }
        var ranks: [String: Int] = [:]
        let first = order?.first ?? (order?.last == nil ? firstKinds : [])
        let last = order?.last ?? (order?.first == nil ? lastKinds : [])
        for (position, kind) in first.enumerated() { ranks[kind] = position - first.count }
        for (position, kind) in last.enumerated() { ranks[kind] = position + 1 }
        func kindText(_ kind: KindID) -> String {
            (kind.group.isEmpty ? "~G" : kind.group) + "_" + (kind.version.isEmpty ? "~V" : kind.version)
                + "_"
                + kind.kind
        }
        func idText(_ id: ResourceID) -> String {
            let kind = id.kind
            return "\(kind.kind).\(kind.version.isEmpty ? "[noVer]" : kind.version)."
                + (kind.group.isEmpty ? "[noGrp]" : kind.group) + "|"
                + (id.namespace.isEmpty ? "~X" : id.namespace) + "|" + id.name
        }
        resources = resources.map { (resource: $0, id: $0.id) }.sorted { left, right in
            let (a, b) = (left.id, right.id)
            guard a.kind != b.kind else { return utf8Less(idText(a), idText(b)) }
            let (x, y) = (ranks[a.kind.kind] ?? 0, ranks[b.kind.kind] ?? 0)
            return x == y ? utf8Less(kindText(a.kind), kindText(b.kind)) : x < y
        }.map(\.resource)
    }
}
