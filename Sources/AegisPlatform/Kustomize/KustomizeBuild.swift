import KubeJSON

/// What a kustomization makes of its files: the same objects in the same order as `kubectl kustomize`.
public struct KustomizeBuild {
    private let files: any KustomizeFiles

    private init(_ files: any KustomizeFiles) { self.files = files }

    /// Whether a directory has a kustomization.
    public static func isKustomization(_ directory: String, in files: any KustomizeFiles) -> Bool {
        Kustomization.fileNames.contains { files.contents(FilePath.join(directory, $0)) != nil }
    }

    /// The objects of a kustomization, each with the places from which it and its fields come.
    public struct Outcome: Sendable {
        /// In the order in which they are printed.
        public internal(set) var manifests: [Manifest] = []
        /// Those that say by `config.kubernetes.io/local-config` that they are for tools and not for the
        /// cluster. They are not printed.
        public internal(set) var local: [Manifest] = []
    }

    /// Builds the kustomization of a directory.
    /// - Throws: the first thing that is wrong, with its file and line.
    public static func build(
        _ directory: String, in files: any KustomizeFiles
    ) throws(ManifestProblem) -> Outcome {
        try KustomizeBuild(files).run(FilePath.clean(directory))
    }

    /// What is printed of a directory's kustomization.
    public static func manifests(
        of directory: String, in files: any KustomizeFiles
    ) throws(ManifestProblem) -> [Manifest] {
        try build(directory, in: files).manifests
    }

    /// The text that `kubectl kustomize` prints.
    public static func render(_ manifests: [Manifest]) -> String {
        manifests.map { YAML.string($0.object) }.joined(separator: "---\n")
    }

    private func run(_ directory: String) throws(ManifestProblem) -> Outcome {
        let kustomization = try read(directory, from: nil)
        if kustomization.isComponent {
            throw ManifestProblem(
                file: kustomization.file, line: 1, message: "a component is no kustomization of its own")
        }
        var objects = KustomizeObjects()
        try accumulate(kustomization, directory, [directory], &objects)
        for object in objects.objects where object.needsHash {
            object.rememberID()
            let hash = try KustomizeHash.of(object)
            object.node["metadata"]?.set("name", KustomizeNode(text: object.name + "-" + hash))
        }
        try NameReferenceUpdate(objects).run()
        if kustomization.order != .fifo {
            objects.reorder(Self.sorted(objects.objects, kustomization.order))
        }
        var outcome = Outcome()
        for object in objects.objects {
            let local = object.metadataTexts("annotations").first {
                $0.key == "config.kubernetes.io/local-config"
            }
            object.setMetadataTexts("annotations", object.metadataTexts("annotations"))
            let manifest: Manifest
            do { manifest = Manifest(object.node, object: try object.node.json()) } catch {
                throw object.problem(error.message)
            }
            if local == nil || local?.value == "false" {
                outcome.manifests.append(manifest)
            } else {
                outcome.local.append(manifest)
            }
        }
        return outcome
    }

    // MARK: Files

    private func read(
        _ directory: String, from place: Located<String>?
    ) throws(ManifestProblem) -> Kustomization {
        let found = Kustomization.fileNames.map { FilePath.join(directory, $0) }.filter {
            files.contents($0) != nil
        }
        guard let file = found.first, let bytes = files.contents(file) else {
            let message = "\(directory) has no \(Kustomization.fileNames[0])"
            throw place?.problem(message) ?? ManifestProblem(file: directory, line: 0, message: message)
        }
        guard found.count == 1 else {
            throw ManifestProblem(
                file: file, line: 0, message: "there is another kustomization beside it: \(found[1])")
        }
        return try Kustomization(try Self.text(bytes, file), file: file) { (path) throws(ManifestProblem) in
            let bytes = try load(path, below: directory)
            return try Self.text(bytes, path.value)
        }
    }

    private static func text(_ bytes: [UInt8], _ file: String) throws(ManifestProblem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ManifestProblem(file: file, line: 0, message: "invalid UTF-8")
        }
        return text
    }

    /// A file that a kustomization names. It has to be in its directory or below it, as kustomize has it.
    private func load(
        _ path: Located<String>, below directory: String
    ) throws(ManifestProblem) -> [UInt8] {
        let whole = FilePath.join(directory, path.value)
        guard FilePath.isIn(whole, directory) else {
            throw path.problem("\(path.value) is not in or below \(directory)")
        }
        guard let bytes = files.contents(whole) else { throw path.problem("\(whole) cannot be read") }
        return bytes
    }

    // MARK: Objects

    private func accumulate(
        _ kustomization: Kustomization, _ directory: String, _ parents: [String],
        _ objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        for resource in kustomization.resources { try add(resource, directory, parents, &objects) }
        let generators = KustomizeGenerators { (path) throws(ManifestProblem) in
            try load(path, below: directory)
        }
        for generator in kustomization.generators {
            try Self.absorb(try generators.object(generator), generator, &objects)
        }
        for component in kustomization.components {
            let other = try enter(component, directory, parents)
            guard other.kustomization.isComponent else {
                throw component.problem("\(component.value) is no Component")
            }
            try accumulate(
                other.kustomization, other.directory, parents + [other.directory], &objects)
        }
        try transform(kustomization, directory, &objects)
    }

    private func add(
        _ resource: Located<String>, _ directory: String, _ parents: [String],
        _ objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        let path = FilePath.join(directory, resource.value)
        if files.isDirectory(path) {
            let other = try enter(resource, directory, parents)
            guard !other.kustomization.isComponent else {
                throw resource.problem("\(resource.value) is a Component: list it in components")
            }
            var base = KustomizeObjects()
            try accumulate(other.kustomization, other.directory, parents + [other.directory], &base)
            return try objects.append(base)
        }
        if resource.value.contains("://") || resource.value.hasPrefix("git@")
            || resource.value.hasPrefix("github.com/")
        {
            throw resource.problem("\(resource.value) is not on this machine: aegis fetches nothing")
        }
        let bytes = try load(resource, below: directory)
        for object in try KustomizeReading.objects(try Self.text(bytes, path), file: path) {
            try objects.append(object)
        }
    }

    /// The kustomization of another directory.
    private func enter(
        _ place: Located<String>, _ directory: String, _ parents: [String]
    ) throws(ManifestProblem) -> (kustomization: Kustomization, directory: String) {
        let path = FilePath.join(directory, place.value)
        guard files.isDirectory(path) else { throw place.problem("\(path) is no directory") }
        if parents.contains(where: { $0 == path || FilePath.isIn($0, path) }) {
            throw place.problem("\(path) is, or contains, a kustomization that leads here")
        }
        return (try read(path, from: place), path)
    }

    /// Adds what a generator made, or puts it into what is there.
    private static func absorb(
        _ object: KustomizeObject, _ entry: Located<Kustomization.Generator>,
        _ objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        let matches = objects.known(as: object.id)
        guard let old = matches.first else {
            guard object.behavior == .create else {
                throw entry.problem(
                    "\(object.kind.kind) \(object.name) is not there: nothing to \(object.behavior.rawValue)")
            }
            return try objects.append(object)
        }
        guard matches.count == 1 else {
            throw entry.problem("several objects can be the \(object.kind.kind) \(object.name)")
        }
        guard object.behavior != .create else {
            throw entry.problem(
                "\(object.kind.kind) \(object.name) is there already: behavior must be merge or replace")
        }
        for field in ["labels", "annotations"] {
            let own = object.metadataTexts(field)
            object.setMetadataTexts(
                field,
                own + old.metadataTexts(field).filter { pair in !own.contains { $0.key == pair.key } })
        }
        if object.behavior == .merge {
            for field in ["data", "binaryData"] {
                guard let map = old.node[field]?.fields, !map.isEmpty else { continue }
                let merged = object.node[field] ?? KustomizeNode(.mapping)
                let others = map.filter { merged[$0.key] == nil }
                merged.fields = (merged.fields + others).map { ($0.key, $0.value.copy()) }
                if object.node[field] == nil { object.node.fields.append((field, merged)) }
            }
        }
        object.node["metadata"]?.set("name", text: old.name)
        if !old.namespace.isEmpty { object.node["metadata"]?.set("namespace", text: old.namespace) }
        object.previous = old.previous
        object.prefixes = old.prefixes
        object.suffixes = old.suffixes
        object.needsHash = object.needsHash && old.needsHash
        object.behavior = old.behavior
        objects.replace(old, by: object)
    }

    /// In kustomize's own order.
    private func transform(
        _ kustomization: Kustomization, _ directory: String, _ objects: inout KustomizeObjects
    ) throws(ManifestProblem) {
        let patches = KustomizePatches { (path) throws(ManifestProblem) in
            try Self.text(try load(path, below: directory), path.value)
        }
        for patch in kustomization.patchesStrategicMerge { try patches.applyStrategic(patch, to: &objects) }
        for patch in kustomization.patches { try patches.apply(patch, to: &objects) }
        let all = KustomizeTransforms(objects: objects)
        if !kustomization.namespace.isEmpty { try all.setNamespace(kustomization.namespace) }
        if !kustomization.namePrefix.isEmpty { try all.addPrefix(kustomization.namePrefix) }
        if !kustomization.nameSuffix.isEmpty { try all.addSuffix(kustomization.nameSuffix) }
        for label in kustomization.labels { try all.setLabels(label) }
        try all.set(kustomization.commonLabels, at: FieldSpec.labelsAndSelectors)
        try all.set(kustomization.commonAnnotations, at: FieldSpec.annotations)
        for patch in kustomization.patchesJSON6902 { try patches.applyJSON6902(patch, to: objects) }
        for replica in kustomization.replicas { try all.setReplicas(replica) }
        for image in kustomization.images { try all.setImage(image) }
        let replacements = KustomizeReplacements(objects: objects.objects)
        for replacement in kustomization.replacements { try replacements.apply(replacement) }
        objects.removeEmpty()
    }

    // MARK: Order

    private static func sorted(
        _ objects: [KustomizeObject], _ order: Kustomization.Order?
    ) -> [KustomizeObject] {
        var first = Kustomization.usualFirst
        var last = Kustomization.usualLast
        if case .legacy(let given, let givenLast)? = order { (first, last) = (given, givenLast) }
        var ranks: [String: Int] = [:]
        for (index, kind) in first.enumerated() { ranks[kind] = index - first.count }
        for (index, kind) in last.enumerated() { ranks[kind] = index + 1 }
        let keyed = objects.map { object in
            let id = object.id
            let kind = id.kind
            let kindKey = [kind.group, kind.version, kind.kind].enumerated().map { index, part in
                part.isEmpty ? ["~G", "~V", "~K"][index] : part
            }.joined(separator: "_")
            let name = [
                kind.text, id.namespace.isEmpty ? "~X" : id.namespace, id.name.isEmpty ? "~N" : id.name,
            ].joined(separator: "|")
            return (rank: ranks[kind.kind] ?? 0, kind: kindKey, name: name, object: object)
        }
        return keyed.sorted { left, right in
            if left.rank != right.rank { return left.rank < right.rank }
            if left.kind != right.kind { return utf8Less(left.kind, right.kind) }
            return utf8Less(left.name, right.name)
        }.map(\.object)
    }
}
