import KubeJSON

/// What a `kustomization.yaml` asks for.
struct KustomizationFile: Sendable {
    struct Reference: Sendable {
        let path: String
        let line: Int
    }

    struct Label: Sendable {
        var pairs: [String: String]
        var includesSelectors = false
        var includesTemplates = false
        var fields: [FieldSpec] = []
    }

    struct Patch: Sendable {
        /// The text of the patch, or nil where it is in a file.
        var text: String?
        var path: String?
        var target: Selector?
        var allowsNameChange = false
        var allowsKindChange = false
        /// May be a file's name or the patch itself.
        var isEither = false
        /// What it must be; nil: either.
        var mustBeJSON: Bool?
        let line: Int
    }

    /// Regular expressions that match a whole name.
    struct Selector: Sendable {
        var group = ""
        var version = ""
        var kind = ""
        var name = ""
        var namespace = ""
        var labels = ""
        var annotations = ""

        var hasID: Bool { !(group + version + kind + name + namespace).isEmpty }
    }

    struct Image: Sendable {
        var name: String
        var newName: String
        var newTag: String
        var tagSuffix: String
        var digest: String
    }

    struct Replica: Sendable {
        let name: String
        let count: Int
        let line: Int
    }

    struct GeneratorOptions: Sendable {
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        var disablesHash = false
        var isImmutable = false
    }

    struct Generator: Sendable {
        var kind: String
        var name: String
        var namespace: String
        var behavior: KustomizeResource.Behavior
        /// Of a Secret.
        var type: String
        var literals: [Reference]
        var files: [Reference]
        var envs: [Reference]
        var options: GeneratorOptions
        /// Where it is asked for.
        var origin: KustomizeResource.Origin
    }

    struct SortOrder: Sendable {
        var isLegacy: Bool
        var first: [String]?
        var last: [String]?
    }

    var file: String
    var isComponent = false
    var resources: [Reference] = []
    var components: [Reference] = []
    var namespace = ""
    var namePrefix = ""
    var nameSuffix = ""
    var commonLabels: [String: String] = [:]
    var labels: [Label] = []
    var commonAnnotations: [String: String] = [:]
    var mergePatches: [Patch] = []
    var patches: [Patch] = []
    var jsonPatches: [Patch] = []
    var images: [Image] = []
    var replicas: [Replica] = []
    var replacements: [ReplacementEntry] = []
    var generators: [Generator] = []
    var sortOrder: SortOrder?

    private(set) var problems: [ManifestProblem] = []

    init(_ text: String, file: String) {
        self.file = file
        do {
            let documents = try YAML.parse(text)
            guard let document = documents.first else {
                problems.append(ManifestProblem(file: file, line: 1, message: "is empty"))
                return
            }
            if documents.count > 1 {
                problems.append(
                    ManifestProblem(file: file, line: documents[1].line, message: "has a second document"))
            }
            let reader = FieldReader(document, file: file)
            read(reader)
            reader.reportUnknown()
            problems += reader.problems
        } catch {
            problems.append(ManifestProblem(file: file, line: max(error.line, 1), message: error.message))
        }
    }

    private mutating func read(_ reader: FieldReader) {
        let kind = reader.string("kind")
        isComponent = kind == "Component"
        if !["", "Kustomization", "Component"].contains(kind) {
            reader.report("kind", "must be Kustomization or Component")
        }
        let version = "kustomize.config.k8s.io/" + (isComponent ? "v1alpha1" : "v1beta1")
        let apiVersion = reader.string("apiVersion")
        if !apiVersion.isEmpty, apiVersion != version {
            reader.report("apiVersion", "must be \(version)")
        }
        _ = reader.mapping("metadata") { metadata in
            _ = (metadata.string("name"), metadata.string("namespace"))
            _ = (metadata.texts("labels"), metadata.texts("annotations"))
        }
        reader.unsupported([
            "buildMetadata", "configurations", "crds", "generators", "helmChartInflationGenerator",
            "helmCharts", "helmGlobals", "openapi", "transformers", "validators", "vars",
        ])
        resources = (reader.strings("resources") + reader.strings("bases")).map(Reference.init)
        components = reader.strings("components").map(Reference.init)
        namespace = reader.string("namespace")
        namePrefix = reader.string("namePrefix")
        nameSuffix = reader.string("nameSuffix")
        commonLabels = reader.texts("commonLabels")
        commonAnnotations = reader.texts("commonAnnotations")
        labels = reader.list("labels", Self.label)
        mergePatches = reader.strings("patchesStrategicMerge").map {
            Patch(text: $0.text, isEither: true, mustBeJSON: false, line: $0.line)
        }
        patches = reader.list("patches") { Self.patch($0, mustBeJSON: nil) }
        jsonPatches = reader.list("patchesJson6902") { Self.patch($0, mustBeJSON: true) }
        images = reader.list("images", Self.image) + reader.list("imageTags", Self.image)
        replicas = reader.list("replicas") { item in
            Replica(name: item.string("name"), count: item.integer("count") ?? 0, line: item.line())
        }
        replacements = reader.list("replacements", ReplacementEntry.init)
        let options = reader.mapping("generatorOptions", Self.options)
        generators = reader.list("configMapGenerator") { Self.generator($0, "ConfigMap", options) }
        generators += reader.list("secretGenerator") { Self.generator($0, "Secret", options) }
        sortOrder = reader.mapping("sortOptions", Self.order)
    }

    private static func label(_ reader: FieldReader) -> Label {
        Label(
            pairs: reader.texts("pairs"), includesSelectors: reader.bool("includeSelectors"),
            includesTemplates: reader.bool("includeTemplates"),
            fields: reader.list("fields") { field in
                FieldSpec(
                    field.string("path"),
                    kind: KindID(
                        group: field.string("group"), version: field.string("version"),
                        kind: field.string("kind")), creates: field.bool("create"))
            })
    }

    private static func patch(_ reader: FieldReader, mustBeJSON: Bool?) -> Patch {
        let path = reader.string("path")
        let text = reader.string("patch")
        if path.isEmpty == text.isEmpty {
            reader.report(
                path.isEmpty ? "patch" : "path", "a patch has exactly one of `patch` and `path`")
        }
        var patch = Patch(
            text: text.isEmpty ? nil : text, path: path.isEmpty ? nil : path, mustBeJSON: mustBeJSON,
            line: reader.line())
        patch.target = reader.mapping("target", Selector.init)
        _ = reader.mapping("options") { options in
            patch.allowsNameChange = options.bool("allowNameChange")
            patch.allowsKindChange = options.bool("allowKindChange")
        }
        return patch
    }

    private static func image(_ reader: FieldReader) -> Image {
        Image(
            name: reader.string("name"), newName: reader.string("newName"), newTag: reader.string("newTag"),
            tagSuffix: reader.string("tagSuffix"), digest: reader.string("digest"))
    }

    private static func options(_ reader: FieldReader) -> GeneratorOptions {
        GeneratorOptions(
            labels: reader.texts("labels"), annotations: reader.texts("annotations"),
            disablesHash: reader.bool("disableNameSuffixHash"), isImmutable: reader.bool("immutable"))
    }

    private static func generator(
        _ reader: FieldReader, _ kind: String, _ common: GeneratorOptions?
    ) -> Generator {
        let word = reader.string("behavior")
        let behavior = word.isEmpty ? .create : KustomizeResource.Behavior(rawValue: word)
        if behavior == nil { reader.report("behavior", "must be create, replace or merge") }
        var options = reader.mapping("options", Self.options) ?? GeneratorOptions()
        if let common {
            options.labels.merge(common.labels) { own, _ in own }
            options.annotations.merge(common.annotations) { own, _ in own }
            options.disablesHash = options.disablesHash || common.disablesHash
            options.isImmutable = options.isImmutable || common.isImmutable
        }
        let name = reader.string("name")
        if name.isEmpty { reader.report("name", "a generated \(kind) must have a name") }
        var envs = reader.strings("envs").map(Reference.init)
        let single = reader.string("env")
        if !single.isEmpty { envs.append(Reference(path: single, line: reader.line("env"))) }
        return Generator(
            kind: kind, name: name, namespace: reader.string("namespace"), behavior: behavior ?? .create,
            type: kind == "Secret" ? reader.string("type") : "",
            literals: reader.strings("literals").map(Reference.init),
            files: reader.strings("files").map(Reference.init), envs: envs, options: options,
            origin: reader.origin)
    }

    private static func order(_ reader: FieldReader) -> SortOrder {
        let word = reader.string("order")
        if !["legacy", "fifo"].contains(word) { reader.report("order", "must be legacy or fifo") }
        var order = SortOrder(isLegacy: word == "legacy")
        _ = reader.mapping("legacySortOptions") { options in
            if word == "fifo" { options.report("orderFirst", "is for the order legacy only") }
            order.first = options.strings("orderFirst").map(\.text)
            order.last = options.strings("orderLast").map(\.text)
        }
        return order
    }
}

extension KustomizationFile.Reference {
    fileprivate init(_ item: (text: String, line: Int)) { self.init(path: item.text, line: item.line) }
}

extension KustomizationFile.Selector {
    init(_ reader: FieldReader) {
        self.init(
            group: reader.string("group"), version: reader.string("version"), kind: reader.string("kind"),
            name: reader.string("name"), namespace: reader.string("namespace"),
            labels: reader.string("labelSelector"), annotations: reader.string("annotationSelector"))
    }
}
