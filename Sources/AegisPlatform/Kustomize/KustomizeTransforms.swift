import KubeCEL

/// The changes that a kustomization makes to all objects alike.
struct KustomizeTransforms {
    var objects: KustomizeObjects

    func setNamespace(_ namespace: String) throws(ManifestProblem) {
        for object in objects.objects where !object.node.isNullOrEmpty {
            object.rememberID()
            try setNamespace(namespace, of: object)
            let id = object.id
            if objects.objects.contains(where: { $0 !== object && $0.id.isSame(as: id) }) {
                throw object.problem("is there twice in namespace \(namespace)")
            }
        }
    }

    private func setNamespace(_ namespace: String, of object: KustomizeObject) throws(ManifestProblem) {
        let kind = object.kind
        func write(_ node: KustomizeNode) throws(ManifestProblem) {
            guard node.kind == .scalar else {
                throw object.problem("a namespace can only be put where a text is")
            }
            node.text = namespace
            node.tag = .string
        }
        if !kind.isClusterScoped {
            try FieldSpec("metadata/namespace", creates: true).visit(object, creating: .scalar, write)
        }
        if kind.kind == "RoleBinding" || kind.kind == "ClusterRoleBinding" {
            for subject in object.node["subjects"]?.items ?? []
            where subject.text(at: "name") == "default" {
                subject.set("namespace", text: namespace)
            }
        }
        for field in FieldSpec.namespaces {
            // The name of a Namespace is one; that of another kind called so is not.
            if field.path == "metadata/name", object.node.text(at: "apiVersion") != "v1" { continue }
            try field.visit(object, creating: .scalar, write)
        }
    }

    /// Kinds whose names are not for anybody to change.
    private static func keepsName(_ kind: KustomizeKind) -> Bool {
        kind.kind == "CustomResourceDefinition" || kind.kind == "Namespace"
            || kind.kind == "APIService" && kind.group == "apiregistration.k8s.io"
    }

    func addPrefix(_ prefix: String) throws(ManifestProblem) {
        for object in objects.objects where !Self.keepsName(object.originalID.kind) {
            object.prefixes.append(prefix)
            object.rememberID()
            try rename(object) { prefix + $0 }
        }
    }

    func addSuffix(_ suffix: String) throws(ManifestProblem) {
        for object in objects.objects where !Self.keepsName(object.originalID.kind) {
            object.suffixes.append(suffix)
            object.rememberID()
            try rename(object) { $0 + suffix }
        }
    }

    private func rename(
        _ object: KustomizeObject, _ change: (String) -> String
    ) throws(ManifestProblem) {
        try FieldSpec("metadata/name").visit(object) { (node) throws(ManifestProblem) in
            guard node.kind == .scalar else { throw object.problem("its name is no text") }
            node.text = change(node.text)
            node.tag = nil
        }
    }

    /// Writes keys into the maps that the specs lead to.
    func set(
        _ pairs: [(key: String, value: String)], at fields: [FieldSpec]
    ) throws(ManifestProblem) {
        for object in objects.objects {
            for pair in pairs {
                for field in fields {
                    try field.visit(object, creating: .mapping) { (node) throws(ManifestProblem) in
                        guard node.kind == .mapping else {
                            throw object.problem("\(field.path) is no map: \(pair.key) cannot be put there")
                        }
                        let value = KustomizeNode(text: pair.value, tag: .string)
                        value.file = node.file
                        value.line = node.line
                        node.set(pair.key, value)
                    }
                }
            }
        }
    }

    func setLabels(_ label: Kustomization.Label) throws(ManifestProblem) {
        var fields = label.fields
        func add(_ more: [FieldSpec]) {
            for field in more
            where !fields.contains(where: {
                $0.path == field.path && (field.kind.isEmpty || $0.kind == field.kind)
                    && (field.group.isEmpty || $0.group == field.group)
                    && (field.version.isEmpty || $0.version == field.version)
            }) {
                fields.append(field)
            }
        }
        if label.includesSelectors {
            add(FieldSpec.labelsAndSelectors)
        } else {
            if label.includesTemplates { add(FieldSpec.templateLabels + FieldSpec.claimTemplateLabels) }
            add([FieldSpec.ownLabels])
        }
        try set(label.pairs, at: fields)
    }

    func setReplicas(_ entry: Located<Kustomization.Replica>) throws(ManifestProblem) {
        var isFound = false
        for field in FieldSpec.replicas {
            for object in objects.objects
            where object.allIDs.contains(where: {
                $0.name == entry.value.name && field.matches($0.kind)
            }) {
                isFound = true
                try field.visit(object, creating: .scalar) { (node) throws(ManifestProblem) in
                    guard node.kind == .scalar else { throw object.problem("\(field.path) is no number") }
                    node.text = String(entry.value.count)
                    node.tag = .integer
                }
            }
        }
        if !isFound {
            throw entry.problem(
                "replicas: there is no Deployment, ReplicaSet, StatefulSet or ReplicationController called \(entry.value.name)"
            )
        }
    }

    func setImage(_ image: Kustomization.Image) throws(ManifestProblem) {
        // Upstream takes the name for a regular expression; one that is none matches nothing.
        guard
            let pattern = Pattern(
                "^" + image.name
                    + "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$")
        else { return }
        func update(_ node: KustomizeNode) throws(ManifestProblem) {
            guard node.kind == .scalar, !node.isNull, pattern.matches(node.text) else { return }
            node.text = Self.changed(node.text, image)
            node.tag = nil
        }
        func walk(_ node: KustomizeNode) throws(ManifestProblem) {
            for item in node.items { try walk(item) }
            for field in node.fields {
                try walk(field.value)
                guard field.key == "containers" || field.key == "initContainers" else { continue }
                for container in field.value.items {
                    if let image = container["image"] { try update(image) }
                }
            }
        }
        for object in objects.objects where object.kind.kind != "CustomResourceDefinition" {
            try walk(object.node)
            for field in FieldSpec.images { try field.visit(object, update) }
        }
    }

    /// A tag or digest that is given takes the place of both.
    private static func changed(_ text: String, _ image: Kustomization.Image) -> String {
        var (name, tag, digest) = split(text)
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

    /// Name, tag and digest of an image. A `:` before the first `/` belongs to a registry's port.
    static func split(_ image: String) -> (name: String, tag: String, digest: String) {
        let slash = image.firstIndex(of: "/")
        let searched = slash.map { $0 > image.startIndex ? image[$0...] : image[...] } ?? image[...]
        let at = searched.firstIndex(of: "@")
        let colon = searched.firstIndex(of: ":")
        if let at, colon.map({ at < $0 }) ?? true {
            return (String(image[..<at]), "", String(image[image.index(after: at)...]))
        }
        guard let colon else { return (image, "", "") }
        let tag = image[image.index(after: colon)..<(at ?? image.endIndex)]
        return (
            String(image[..<colon]), String(tag), at.map { String(image[image.index(after: $0)...]) } ?? ""
        )
    }
}
