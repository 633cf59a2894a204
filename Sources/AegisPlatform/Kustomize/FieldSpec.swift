/// Where in objects of a kind something is written: kustomize's field specs.
struct FieldSpec {
    /// Keys separated by `/`; `[]` after one says that it is a list, and `\/` is a `/` in a key.
    let path: String
    let group: String
    let version: String
    let kind: String
    let creates: Bool

    init(
        _ path: String, group: String = "", version: String = "", kind: String = "", creates: Bool = false
    ) {
        self.path = path
        self.group = group
        self.version = version
        self.kind = kind
        self.creates = creates
    }

    func matches(_ kind: KustomizeKind) -> Bool {
        (self.kind.isEmpty || self.kind == kind.kind) && (group.isEmpty || group == kind.group)
            && (version.isEmpty || version == kind.version)
    }

    /// What is to be there where the path leads nowhere.
    enum Creation {
        case nothing
        case scalar
        case mapping
    }

    /// Calls a function with every place of the object that the path leads to.
    /// - Parameter creating: what is made where there is nothing, if the spec says that something is made.
    func visit(
        _ object: KustomizeObject, creating: Creation = .nothing,
        _ body: (KustomizeNode) throws(ManifestProblem) -> Void
    ) throws(ManifestProblem) {
        guard matches(object.kind) else { return }
        do {
            try walk(object.node, Self.split(path, "/")[...], creating, body)
        } catch let problem {
            if problem.file.isEmpty { throw object.problem("\(path): \(problem.message)") }
            throw problem
        }
    }

    private func walk(
        _ node: KustomizeNode, _ steps: ArraySlice<String>, _ creating: Creation,
        _ body: (KustomizeNode) throws(ManifestProblem) -> Void
    ) throws(ManifestProblem) {
        guard let step = steps.first else { return try body(node) }
        if node.isNull { return }
        switch node.kind {
        case .sequence: for item in node.items { try walk(item, steps, creating, body) }
        case .mapping:
            let isList = step.hasSuffix("[]")
            let key = isList ? String(step.dropLast(2)) : step
            let made = madeKind(isList, isLast: steps.count == 1, creating)
            if let child = node[key] {
                if child.isNull, let made { child.becomeEmpty(isList ? .sequence : made) }
                try walk(child, steps.dropFirst(), creating, body)
            } else if let made, !isList {
                let child = KustomizeNode(made)
                child.file = node.file
                child.line = node.line
                node.fields.append((key, child))
                try walk(child, steps.dropFirst(), creating, body)
            }
        case .scalar:
            throw ManifestProblem(
                file: node.file, line: node.line, message: "\(path): expected sequence or mapping node")
        }
    }

    private func madeKind(
        _ isList: Bool, isLast: Bool, _ creating: Creation
    ) -> KustomizeNode.Kind? {
        if isList { return .sequence }
        guard creates, creating != .nothing else { return nil }
        return isLast && creating == .scalar ? .scalar : .mapping
    }

    /// Splits at a separator that no backslash stands before.
    static func split(_ path: String, _ separator: Character) -> [String] {
        var parts = path.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts[0].isEmpty { parts.removeFirst() }
        var result: [String] = []
        for part in parts {
            if let last = result.last, last.hasSuffix("\\") {
                result[result.count - 1] = last.dropLast() + String(separator) + part
            } else {
                result.append(part)
            }
        }
        return result
    }
}

extension KustomizeNode {
    fileprivate func becomeEmpty(_ kind: Kind) {
        self.kind = kind
        text = ""
        tag = nil
    }
}

// MARK: - Where things are

extension FieldSpec {
    private static let workloads = ["Deployment", "ReplicaSet", "DaemonSet"]
    private static let labelsOfTemplates: [FieldSpec] = templateFields("labels")

    /// `metadata.labels` (or annotations) of pods that other objects make.
    private static func templateFields(_ field: String, statefulSetGroup: String = "apps") -> [FieldSpec] {
        let path = "spec/template/metadata/" + field
        return [FieldSpec(path, version: "v1", kind: "ReplicationController", creates: true)]
            + workloads.map { FieldSpec(path, kind: $0, creates: true) }
            + [
                FieldSpec(path, group: statefulSetGroup, kind: "StatefulSet", creates: true),
                FieldSpec(path, group: "batch", kind: "Job", creates: true),
                FieldSpec(
                    "spec/jobTemplate/metadata/" + field, group: "batch", kind: "CronJob", creates: true),
                FieldSpec(
                    "spec/jobTemplate/spec/template/metadata/" + field, group: "batch", kind: "CronJob",
                    creates: true),
            ]
    }

    static let ownLabels = FieldSpec("metadata/labels", creates: true)
    static let templateLabels = [ownLabels] + labelsOfTemplates
    static let claimTemplateLabels = [
        FieldSpec(
            "spec/volumeClaimTemplates[]/metadata/labels", group: "apps", kind: "StatefulSet", creates: true)
    ]
    static let annotations =
        [FieldSpec("metadata/annotations", creates: true)]
        + templateFields("annotations", statefulSetGroup: "")

    /// Labels with the selectors that pick objects by them.
    static let labelsAndSelectors: [FieldSpec] = {
        var specs: [FieldSpec] = []
        for kind in ["Service", "ReplicationController"] {
            specs.append(FieldSpec("spec/selector", version: "v1", kind: kind, creates: true))
        }
        for kind in workloads {
            specs.append(FieldSpec("spec/selector/matchLabels", kind: kind, creates: true))
        }
        specs.append(
            FieldSpec("spec/selector/matchLabels", group: "apps", kind: "StatefulSet", creates: true))
        for kind in ["Deployment", "StatefulSet"] {
            for affinity in ["podAffinity", "podAntiAffinity"] {
                let base = "spec/template/spec/affinity/\(affinity)/"
                let term = "DuringSchedulingIgnoredDuringExecution/"
                specs.append(
                    FieldSpec(
                        base + "preferred" + term + "podAffinityTerm/labelSelector/matchLabels",
                        group: "apps", kind: kind))
                specs.append(
                    FieldSpec(
                        base + "required" + term + "labelSelector/matchLabels", group: "apps", kind: kind))
            }
            specs.append(
                FieldSpec(
                    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", group: "apps",
                    kind: kind))
        }
        specs.append(FieldSpec("spec/selector/matchLabels", group: "batch", kind: "Job"))
        specs.append(
            FieldSpec("spec/jobTemplate/spec/selector/matchLabels", group: "batch", kind: "CronJob"))
        specs.append(FieldSpec("spec/selector/matchLabels", group: "policy", kind: "PodDisruptionBudget"))
        for path in [
            "spec/podSelector/matchLabels", "spec/ingress/from/podSelector/matchLabels",
            "spec/egress/to/podSelector/matchLabels",
        ] {
            specs.append(FieldSpec(path, group: "networking.k8s.io", kind: "NetworkPolicy"))
        }
        return specs + templateLabels + claimTemplateLabels
    }()

    static let namespaces = [
        FieldSpec("metadata/name", kind: "Namespace", creates: true),
        FieldSpec(
            "spec/service/namespace", group: "apiregistration.k8s.io", kind: "APIService", creates: true),
        FieldSpec(
            "spec/conversion/webhook/clientConfig/service/namespace", group: "apiextensions.k8s.io",
            kind: "CustomResourceDefinition"),
    ]

    static let replicas = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map {
        FieldSpec("spec/replicas", kind: $0, creates: true)
    }

    static let images = ["spec", "spec/template/spec"].flatMap { base in
        ["containers[]/image", "initContainers[]/image", "volumes[]/image/reference"].map {
            FieldSpec(base + "/" + $0, creates: true)
        }
    }
}
