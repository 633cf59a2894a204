import KubeJSON

/// Patches of both kinds on the objects of a build.
struct KustomizePatches {
    let load: (Located<String>) throws(ManifestProblem) -> String

    func apply(
        _ entry: Located<Kustomization.Patch>, to objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        let patch = entry.value
        let text: String
        var file = entry.file
        if let path = patch.path {
            text = try load(Located(value: path, file: entry.file, line: entry.line))
            file = path
        } else {
            text = patch.patch ?? ""
        }
        let place = Located(value: text, file: patch.path == nil ? entry.file : file, line: entry.line)
        if let merges = try Self.merges(place, isInline: patch.path == nil) {
            try apply(merges, patch, entry, to: &objects)
        } else {
            guard let target = patch.target else {
                throw entry.problem("a JSON patch needs a target")
            }
            try applyOperations(place, target, entry, to: objects)
        }
    }

    /// The objects of a strategic merge patch; nil when the text is a list of JSON patch operations.
    private static func merges(
        _ text: Located<String>, isInline: Bool
    ) throws(ManifestProblem) -> [KustomizeObject]? {
        let nodes: [YAMLNode]
        do { nodes = try YAML.nodes(text.value) } catch {
            throw ManifestProblem(
                file: text.file, line: isInline ? text.line : max(error.line, 1),
                message: "the patch is no YAML: \(error.message)")
        }
        if case .sequence? = nodes.first?.content { return nil }
        let objects = try KustomizeReading.objects(
            text.value, file: text.file, fixedLine: isInline ? text.line : nil)
        guard !objects.isEmpty else { throw text.problem("the patch is empty") }
        return objects
    }

    private func apply(
        _ merges: [KustomizeObject], _ patch: Kustomization.Patch, _ entry: Located<Kustomization.Patch>,
        to objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        if let target = patch.target {
            guard merges.count == 1 else {
                throw entry.problem("a patch with a target is one document")
            }
            let selector: KustomizeSelector
            do { selector = try KustomizeSelector(target) } catch { throw entry.problem(error.message) }
            for object in objects.objects where selector.matches(object) {
                let copy = KustomizeObject(merges[0].node.copy())
                // As kustomize copies a patch, what is null in its labels and annotations is text.
                for field in ["labels", "annotations"] {
                    copy.setMetadataTexts(field, copy.metadataTexts(field))
                }
                copy.node["metadata"]?.remove("namespace")
                try Self.merge(copy, into: object, patch)
            }
        } else {
            for merge in merges {
                try Self.merge(merge, into: try Self.target(of: merge, in: objects), patch)
            }
        }
        objects.removeEmpty()
    }

    /// Applies a patch of `patchesStrategicMerge`: a path, or the patch itself.
    func applyStrategic(
        _ entry: Located<String>, to objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        var merges =
            (try? KustomizeReading.objects(entry.value, file: entry.file, fixedLine: entry.line)) ?? []
        if merges.isEmpty {
            merges = try KustomizeReading.objects(try load(entry), file: entry.value)
        }
        guard !merges.isEmpty else { throw entry.problem("the patch is empty") }
        for merge in merges {
            try Self.merge(
                merge, into: try Self.target(of: merge, in: objects), Kustomization.Patch())
        }
        objects.removeEmpty()
    }

    private static func target(
        of merge: KustomizeObject, in objects: KustomizeObjects
    ) throws(ManifestProblem) -> KustomizeObject {
        let found = objects.known(as: merge.id)
        guard let object = found.first else {
            throw merge.problem("no resource matches this patch (\(merge.id.text))")
        }
        guard found.count == 1 else {
            throw merge.problem("several resources match this patch (\(merge.id.text))")
        }
        return object
    }

    private static func merge(
        _ merge: KustomizeObject, into object: KustomizeObject, _ patch: Kustomization.Patch
    ) throws(ManifestProblem) {
        let id = object.id
        if patch.allowsNameChange || patch.allowsKindChange { object.rememberID() }
        guard try KustomizeMerge.apply(merge.node, to: object.node) else {
            object.node = KustomizeNode(.mapping)
            return
        }
        if !patch.allowsKindChange { object.node.set("kind", KustomizeNode(text: id.kind.kind)) }
        guard let metadata = object.node["metadata"] else { return }
        if !patch.allowsNameChange { metadata.set("name", KustomizeNode(text: id.name)) }
        if id.namespace.isEmpty {
            metadata.remove("namespace")
        } else {
            metadata.set("namespace", KustomizeNode(text: id.namespace))
        }
    }

    private func applyOperations(
        _ text: Located<String>, _ target: Kustomization.Selector, _ entry: Located<Kustomization.Patch>,
        to objects: KustomizeObjects
    ) throws(ManifestProblem) {
        let selector: KustomizeSelector
        let operations: JSONPatch
        do {
            selector = try KustomizeSelector(target)
        } catch {
            throw entry.problem(error.message)
        }
        do {
            guard let document = try YAML.parse(text.value).first else {
                throw PatchError(.malformed, "the patch is empty")
            }
            operations = try JSONPatch.parse(document.value)
        } catch {
            throw entry.problem("the JSON patch cannot be read: \(error)")
        }
        for object in objects.objects where selector.matches(object) {
            object.rememberID()
            let value: JSON
            do { value = try object.node.json() } catch { throw object.problem(error.message) }
            do {
                let patched = KustomizeNode(
                    try operations.apply(to: value), file: object.node.file, line: object.node.line)
                patched.adoptPlaces(of: object.node)
                object.node = patched
            } catch {
                throw entry.problem(
                    "the JSON patch does not apply to \(object.kind.kind) \(object.name): \(error)")
            }
        }
    }

    func applyJSON6902(
        _ entry: Located<Kustomization.Patch>, to objects: KustomizeObjects
    ) throws(ManifestProblem) {
        let patch = entry.value
        guard let target = patch.target, !target.name.isEmpty else {
            throw entry.problem("a patch of patchesJson6902 needs a target with a name")
        }
        let text: String
        if let path = patch.path {
            text = try load(Located(value: path, file: entry.file, line: entry.line))
        } else {
            text = patch.patch ?? ""
        }
        try applyOperations(
            Located(value: text, file: entry.file, line: entry.line), target, entry, to: objects)
    }
}

extension KustomizeNode {
    /// Keeps the lines of what is at the same place as before.
    func adoptPlaces(of old: KustomizeNode) {
        file = old.file
        line = old.line
        for field in fields { if let child = old[field.key] { field.value.adoptPlaces(of: child) } }
        for (item, other) in zip(items, old.items) { item.adoptPlaces(of: other) }
    }
}
