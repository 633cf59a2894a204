import KubeJSON

/// A patch of a kustomization, read.
struct KustomizePatch {
    enum Content {
        case merge([YAMLNode])
        case operations(JSONPatch)
    }

    let content: Content
    let target: KustomizationFile.Selector?
    let allowsNameChange: Bool
    let allowsKindChange: Bool

    init(_ text: String, _ patch: KustomizationFile.Patch) throws(KustomizeFailure) {
        target = patch.target
        allowsNameChange = patch.allowsNameChange
        allowsKindChange = patch.allowsKindChange
        let documents: [YAMLNode]
        do {
            documents = try YAML.nodes(text)
        } catch {
            throw KustomizeFailure("line \(error.line) of the patch: \(error.message)")
        }
        if let first = documents.first, first.sequence != nil {
            guard patch.mustBeJSON != false else {
                throw KustomizeFailure("is a JSON patch, not a merge patch")
            }
            guard target != nil else { throw KustomizeFailure("a JSON patch needs a target") }
            do {
                content = .operations(try JSONPatch.parse(first.json))
            } catch {
                throw KustomizeFailure(error.message)
            }
            return
        }
        guard patch.mustBeJSON != true else {
            throw KustomizeFailure("must be a list of JSON patch operations")
        }
        guard !documents.isEmpty else { throw KustomizeFailure("the patch is empty") }
        for document in documents {
            guard document["kind"]?.text?.isEmpty == false,
                document.at("metadata", "name")?.text?.isEmpty == false
            else { throw KustomizeFailure("a merge patch must have kind and metadata.name") }
        }
        guard target == nil || documents.count == 1 else {
            throw KustomizeFailure("a patch with a target must be one document")
        }
        content = .merge(documents)
    }

    /// - Parameter isOld: one of `patchesStrategicMerge`, whose labels become strings before they are merged.
    func apply(to resources: inout [KustomizeResource], isOld: Bool) throws(KustomizeFailure) {
        switch content {
        case .operations(let patch):
            guard let target else { return }
            let match = try SelectorMatch(target)
            for position in resources.indices where match.selects(resources[position]) {
                resources[position].storePreviousID()
                do {
                    resources[position].node = YAMLNode(try patch.apply(to: resources[position].node.json))
                } catch {
                    throw KustomizeFailure("\(resources[position].title): \(error.message)")
                }
            }
        case .merge(let documents):
            for document in documents {
                let positions: [Int]
                if let target {
                    let match = try SelectorMatch(target)
                    positions = resources.indices.filter { match.selects(resources[$0]) }
                } else {
                    positions = [try Self.only(Self.id(document), in: resources)]
                }
                var deleted: Set<Int> = []
                for position in positions {
                    let patch =
                        isOld || target != nil ? Self.withTextLabels(document, resources[position]) : document
                    if try !merge(patch, into: &resources[position]) { deleted.insert(position) }
                }
                resources = resources.indices.filter { !deleted.contains($0) }.map { resources[$0] }
            }
        }
    }

    private static func id(_ node: YAMLNode) -> ResourceID {
        ResourceID(
            kind: KindID(apiVersion: node["apiVersion"]?.text ?? "", kind: node["kind"]?.text ?? ""),
            name: node.at("metadata", "name")?.text ?? "",
            namespace: node.at("metadata", "namespace")?.text ?? "")
    }

    private static func only(
        _ id: ResourceID, in resources: [KustomizeResource]
    ) throws(KustomizeFailure) -> Int {
        let found = resources.indices.filter { resources[$0].allIDs.contains { $0.isSame(as: id) } }
        guard found.count == 1 else {
            throw KustomizeFailure(
                found.isEmpty
                    ? "there is no \(id.title) (\(id.kind.apiVersion)) to patch"
                    : "several resources are or were \(id.title)")
        }
        return found[0]
    }

    /// The patch as it is merged into many: with the kind's own version, labels and annotations as strings.
    private static func withTextLabels(_ patch: YAMLNode, _ resource: KustomizeResource) -> YAMLNode {
        var copy = KustomizeResource(patch, origin: resource.origin)
        copy.setTexts("labels", copy.labels)
        copy.setTexts("annotations", copy.annotations)
        copy.node["apiVersion"] = resource.node["apiVersion"]
        return copy.node
    }

    /// False when the patch deletes the resource.
    private func merge(
        _ patch: YAMLNode, into resource: inout KustomizeResource
    ) throws(KustomizeFailure) -> Bool {
        let (name, namespace, kind) = (resource.name, resource.namespace, resource.node["kind"])
        if allowsNameChange || allowsKindChange { resource.storePreviousID() }
        let merged: YAMLNode?
        do {
            merged = try KustomizeMerge.apply(patch, to: resource.node)
        } catch {
            throw KustomizeFailure("\(resource.title): \(error.message)")
        }
        guard let merged, !merged.isNull, merged.mapping?.isEmpty != true else { return false }
        resource.node = merged
        if !allowsKindChange { resource.node["kind"] = kind }
        if !allowsNameChange { resource.name = name }
        resource.namespace = namespace
        return true
    }
}

extension KindID {
    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}
