import KubeJSON

/// Reads kustomizations as `kubectl kustomize` (kustomize v5.8) does: from files that it is handed.
public struct Kustomization: Sendable {
    /// What a kustomization comes to, in the order in which it is applied.
    public private(set) var manifests: [Manifest] = []
    /// What is marked as meant for tools (`config.kubernetes.io/local-config`) and is no part of the result.
    public private(set) var localManifests: [Manifest] = []
    public private(set) var problems: [ManifestProblem] = []
    /// The files that were read.
    public private(set) var files: [String] = []

    /// - Parameter root: the directory of the kustomization.
    public init(root: String, source: FileSource) {
        var builder = Builder(source: source)
        let result = builder.build(FilePath.normal(root))
        problems = builder.problems
        files = builder.files
        guard problems.isEmpty else { return }
        for resource in result {
            let manifest = Manifest(
                file: resource.origin.file, document: resource.origin.document, object: resource.node.json,
                offset: 0, path: resource.origin.path)
            let mark = resource.annotations["config.kubernetes.io/local-config"] ?? "false"
            if mark == "false" { manifests.append(manifest) } else { localManifests.append(manifest) }
        }
    }

    /// The objects as `kubectl kustomize` prints them.
    public var text: String {
        manifests.map { YAML.string($0.object, width: 80) }.joined(separator: "---\n")
    }

    public static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    /// Whether a directory is a kustomization.
    public static func isThere(in directory: String, _ source: FileSource) -> Bool {
        fileNames.contains { (try? source.read(FilePath.join(directory, $0))) != nil }
    }
}

/// Where files come from.
public struct FileSource: Sendable {
    /// The content of a file; it throws when there is none.
    public let read: @Sendable (String) throws -> [UInt8]
    public let isDirectory: @Sendable (String) -> Bool

    public init(
        read: @escaping @Sendable (String) throws -> [UInt8],
        isDirectory: @escaping @Sendable (String) -> Bool
    ) {
        self.read = read
        self.isDirectory = isDirectory
    }

    /// Files in memory, by path.
    public init(_ files: [String: String]) {
        struct Missing: Error {}
        self.init(
            read: { path in
                guard let text = files[path] else { throw Missing() }
                return Array(text.utf8)
            }, isDirectory: { path in files.keys.contains { FilePath.isInside($0, path) } })
    }
}

/// Paths as text: nothing is asked of a disk.
enum FilePath {
    /// Without `.`, `..` (but at the start) and doubled slashes.
    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !path.hasPrefix("/") || !parts.isEmpty {
                parts.append(part)
            }
        }
        let text = parts.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + text : text.isEmpty ? "." : text
    }

    static func join(_ directory: String, _ path: String) -> String {
        normal(path.hasPrefix("/") ? path : directory + "/" + path)
    }

    static func isInside(_ path: String, _ directory: String) -> Bool {
        if directory == "." { return !path.hasPrefix("/") && path != ".." && !path.hasPrefix("../") }
        return path.hasPrefix(directory.hasSuffix("/") ? directory : directory + "/")
    }
}

/// Goes through a kustomization and those that it stands on.
private struct Builder {
    let source: FileSource
    var problems: [ManifestProblem] = []
    var files: [String] = []

    init(source: FileSource) { self.source = source }

    mutating func build(_ root: String) -> [KustomizeResource] {
        guard let file = load(root, from: nil) else { return [] }
        var resources: [KustomizeResource] = []
        accumulate(file, root, visited: [root], &resources)
        guard problems.isEmpty else { return [] }
        for position in resources.indices where resources[position].needsHash {
            resources[position].storePreviousID()
            resources[position].name += "-" + Generators.hash(resources[position])
        }
        do throws(KustomizeFailure) {
            try NameReferences.update(&resources)
        } catch {
            problems.append(ManifestProblem(file: file.file, line: 1, message: error.message))
        }
        Transformers.sort(&resources, file.sortOrder)
        for position in resources.indices {
            resources[position].setTexts("annotations", resources[position].annotations)
        }
        return resources
    }

    // MARK: - Files

    private mutating func load(_ root: String, from reference: ManifestProblem?) -> KustomizationFile? {
        func fail(_ message: String) -> ManifestProblem {
            ManifestProblem(file: reference?.file ?? root, line: reference?.line ?? 0, message: message)
        }
        var found: [(path: String, bytes: [UInt8])] = []
        for name in Kustomization.fileNames {
            let path = FilePath.join(root, name)
            if let bytes = try? source.read(path) { found.append((path, bytes)) }
        }
        guard let (path, bytes) = found.first else {
            problems.append(fail("there is no kustomization.yaml in \(root)"))
            return nil
        }
        guard found.count == 1 else {
            problems.append(fail("there are several kustomization files in \(root)"))
            return nil
        }
        files.append(path)
        let file = KustomizationFile(String(decoding: bytes, as: UTF8.self), file: path)
        problems += file.problems
        return file.problems.isEmpty ? file : nil
    }

    /// A file beside or below the kustomization that names it.
    private mutating func read(
        _ reference: KustomizationFile.Reference, _ root: String, in file: String
    ) throws(ManifestProblem) -> [UInt8] {
        let path = FilePath.join(root, reference.path)
        func fail(_ message: String) -> ManifestProblem {
            ManifestProblem(file: file, line: reference.line, message: "\(reference.path): \(message)")
        }
        guard FilePath.isInside(path, root) else {
            throw fail("a kustomization reads files in its own directory only")
        }
        guard let bytes = try? source.read(path) else { throw fail("cannot be read") }
        files.append(path)
        return bytes
    }

    // MARK: - Accumulating

    private mutating func accumulate(
        _ file: KustomizationFile, _ root: String, visited: [String], _ resources: inout [KustomizeResource]
    ) {
        for reference in file.resources {
            add(reference, file, root, visited: visited, &resources)
        }
        for generator in file.generators {
            do throws(ManifestProblem) {
                var builder = self
                let made = try Generators.make(generator) { reference throws(ManifestProblem) in
                    try builder.read(reference, root, in: file.file)
                }
                files = builder.files
                try absorb(made, &resources)
            } catch {
                problems.append(error)
            }
        }
        for reference in file.components {
            guard let (component, path) = directory(reference, file, root, visited) else { continue }
            guard component.isComponent else {
                fail(file, reference.line, "\(reference.path): a component must be of kind Component")
                continue
            }
            accumulate(component, path, visited: visited + [path], &resources)
        }
        guard problems.isEmpty else { return }
        transform(&resources, file, root)
    }

    private mutating func fail(_ file: KustomizationFile, _ line: Int, _ message: String) {
        problems.append(ManifestProblem(file: file.file, line: line, message: message))
    }

    private mutating func add(
        _ reference: KustomizationFile.Reference, _ file: KustomizationFile, _ root: String,
        visited: [String], _ resources: inout [KustomizeResource]
    ) {
        let path = FilePath.join(root, reference.path)
        if reference.path.contains("://") || reference.path.hasPrefix("git@")
            || reference.path.hasPrefix("github.com/")
        {
            fail(file, reference.line, "\(reference.path): only files of this machine are read")
        } else if source.isDirectory(path) {
            guard let (base, path) = directory(reference, file, root, visited) else { return }
            guard !base.isComponent else {
                fail(file, reference.line, "\(reference.path): a component belongs under `components`")
                return
            }
            var found: [KustomizeResource] = []
            accumulate(base, path, visited: visited + [path], &found)
            for resource in found { append(resource, file, reference.line, &resources) }
        } else {
            do throws(ManifestProblem) {
                let bytes = try read(reference, root, in: file.file)
                for resource in try parse(bytes, path) { append(resource, nil, 0, &resources) }
            } catch {
                problems.append(error)
            }
        }
    }

    private mutating func directory(
        _ reference: KustomizationFile.Reference, _ file: KustomizationFile, _ root: String,
        _ visited: [String]
    ) -> (KustomizationFile, String)? {
        let path = FilePath.join(root, reference.path)
        if visited.contains(where: { $0 == path || FilePath.isInside($0, path) }) {
            fail(file, reference.line, "\(reference.path): this kustomization is part of that one")
            return nil
        }
        let place = ManifestProblem(file: file.file, line: reference.line, message: "")
        return load(path, from: place).map { ($0, path) }
    }

    private mutating func append(
        _ resource: KustomizeResource, _ file: KustomizationFile?, _ line: Int,
        _ resources: inout [KustomizeResource]
    ) {
        let id = resource.id
        if let first = resources.first(where: { $0.id.isSame(as: id) }) {
            let place = "\(first.origin.file):\(first.origin.line)"
            problems.append(
                ManifestProblem(
                    file: file?.file ?? resource.origin.file, line: file == nil ? resource.origin.line : line,
                    message: "\(id.title): is there twice: also from \(place)"))
        } else {
            resources.append(resource)
        }
    }

    private func absorb(
        _ made: KustomizeResource, _ resources: inout [KustomizeResource]
    ) throws(ManifestProblem) {
        let id = made.id
        let found = resources.indices.filter { resources[$0].allIDs.contains { $0.isSame(as: id) } }
        func fail(_ message: String) -> ManifestProblem {
            ManifestProblem(
                file: made.origin.file, line: made.origin.line, message: "\(id.title): \(message)")
        }
        switch (found.count, made.behavior) {
        case (0, .create): resources.append(made)
        case (0, _): throw fail("there is none to \(made.behavior.rawValue)")
        case (1, .create): throw fail("exists; the behavior must be merge or replace")
        case (1, _): resources[found[0]] = Generators.combined(made, over: resources[found[0]])
        default: throw fail("there are several that it could \(made.behavior.rawValue)")
        }
    }

    /// The resources of a file; a list stands for what is in it.
    private func parse(_ bytes: [UInt8], _ path: String) throws(ManifestProblem) -> [KustomizeResource] {
        let documents: [YAMLDocument]
        let nodes: [YAMLNode]
        do {
            documents = try YAML.parse(bytes)
            nodes = try YAML.nodes(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ManifestProblem(file: path, line: max(error.line, 1), message: error.message)
        }
        var resources: [KustomizeResource] = []
        var lists: [KustomizeResource] = []
        for (document, node) in zip(documents, nodes) {
            func fail(_ message: String) -> ManifestProblem {
                ManifestProblem(file: path, line: document.line, message: message)
            }
            let origin = KustomizeResource.Origin(
                file: path, document: document, path: [], line: document.line)
            guard let kind = node["kind"]?.text, !kind.isEmpty else { throw fail("an object without a kind") }
            if kind.hasSuffix("List"), let items = node["items"] {
                for (index, item) in (items.sequence ?? []).enumerated() {
                    let place = ["items", String(index)]
                    lists.append(
                        KustomizeResource(
                            item,
                            origin: KustomizeResource.Origin(
                                file: path, document: document, path: place,
                                line: document.line(at: place))))
                }
                continue
            }
            resources.append(KustomizeResource(node, origin: origin))
        }
        for resource in resources + lists
        where !resource.kindName.hasSuffix("List") && resource.name.isEmpty {
            throw ManifestProblem(
                file: path, line: resource.origin.line, message: "\(resource.kindName) without metadata.name")
        }
        return resources + lists
    }

    // MARK: - Transforming

    private mutating func transform(
        _ resources: inout [KustomizeResource], _ file: KustomizationFile, _ root: String
    ) {
        apply(file.mergePatches, &resources, file, root)
        apply(file.patches, &resources, file, root)
        attempt(file, 1) { () throws(KustomizeFailure) in
            if !file.namespace.isEmpty { try Transformers.setNamespace(file.namespace, of: &resources) }
            if !file.namePrefix.isEmpty { Transformers.addPrefix(file.namePrefix, to: &resources) }
            if !file.nameSuffix.isEmpty { Transformers.addSuffix(file.nameSuffix, to: &resources) }
            for label in file.labels { try Transformers.addLabels(label, to: &resources) }
            try Transformers.add(file.commonLabels, at: FieldSpecs.selectors, to: &resources)
            try Transformers.add(file.commonAnnotations, at: FieldSpecs.annotations, to: &resources)
        }
        apply(file.jsonPatches, &resources, file, root)
        for replica in file.replicas {
            attempt(file, replica.line) { () throws(KustomizeFailure) in
                try Transformers.setReplicas(replica, of: &resources)
            }
        }
        attempt(file, 1) { () throws(KustomizeFailure) in
            for image in file.images { try Transformers.setImage(image, of: &resources) }
        }
        for entry in file.replacements {
            for replacement in replacements(entry, file, root) {
                attempt(file, entry.line) { () throws(KustomizeFailure) in
                    try replacement.apply(to: &resources)
                }
            }
        }
    }

    private mutating func attempt(
        _ file: KustomizationFile, _ line: Int, _ work: () throws(KustomizeFailure) -> Void
    ) {
        guard problems.isEmpty else { return }
        do throws(KustomizeFailure) { try work() } catch { fail(file, line, error.message) }
    }

    private mutating func apply(
        _ patches: [KustomizationFile.Patch], _ resources: inout [KustomizeResource],
        _ file: KustomizationFile, _ root: String
    ) {
        for patch in patches where problems.isEmpty {
            var text = patch.text ?? ""
            var path = patch.path
            if patch.isEither, (try? KustomizePatch(text, patch)) == nil { path = text }
            do throws(ManifestProblem) {
                if let path {
                    let reference = KustomizationFile.Reference(path: path, line: patch.line)
                    text = String(decoding: try read(reference, root, in: file.file), as: UTF8.self)
                }
            } catch {
                problems.append(error)
                continue
            }
            attempt(file, patch.line) { () throws(KustomizeFailure) in
                do throws(KustomizeFailure) {
                    try KustomizePatch(text, patch).apply(to: &resources, isOld: patch.isEither)
                } catch {
                    throw KustomizeFailure((path.map { $0 + ": " } ?? "patch: ") + error.message)
                }
            }
        }
    }

    private mutating func replacements(
        _ entry: ReplacementEntry, _ file: KustomizationFile, _ root: String
    ) -> [Replacement] {
        if entry.path.isEmpty { return [entry.replacement] }
        guard problems.isEmpty else { return [] }
        do throws(ManifestProblem) {
            let reference = KustomizationFile.Reference(path: entry.path, line: entry.line)
            let bytes = try read(reference, root, in: file.file)
            let path = FilePath.join(root, entry.path)
            let text = String(decoding: bytes, as: UTF8.self)
            let (found, wrong) = ReplacementEntry.read(text, file: path)
            problems += wrong
            return found
        } catch {
            problems.append(error)
            return []
        }
    }
}
