import KubeJSON

/// What a kustomization file says (kustomize.config.k8s.io/v1beta1, and v1alpha1 for components).
///
/// Charts, plugins and remote bases are not run here: the fields that name them are errors, never ignored.
struct Kustomization {
    static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    struct Label {
        var pairs: [(key: String, value: String)] = []
        var includesSelectors = false
        var includesTemplates = false
        var fields: [FieldSpec] = []
    }

    struct Selector {
        var kind = GroupVersionKindPattern()
        var name = ""
        var namespace = ""
        var labelSelector = ""
        var annotationSelector = ""
    }

    struct GroupVersionKindPattern {
        var group = ""
        var version = ""
        var kind = ""
    }

    struct Patch {
        var path: String?
        var patch: String?
        var target: Selector?
        var allowsNameChange = false
        var allowsKindChange = false
    }

    struct Image {
        var name = ""
        var newName = ""
        var newTag = ""
        var tagSuffix = ""
        var digest = ""
    }

    struct Replica {
        let name: String
        let count: Int
    }

    struct GeneratorOptions {
        var labels: [(key: String, value: String)] = []
        var annotations: [(key: String, value: String)] = []
        var disablesHash = false
        var isImmutable = false
    }

    enum Behavior: String {
        case create, replace, merge
    }

    struct Generator {
        var isSecret: Bool
        var name = ""
        var namespace = ""
        var behavior = Behavior.create
        var type = ""
        var literals: [Located<String>] = []
        var files: [Located<String>] = []
        var envs: [Located<String>] = []
        var options = GeneratorOptions()
    }

    struct FieldOptions {
        var delimiter = ""
        var index = 0
        var creates = false
    }

    struct ReplacementTarget {
        var select = Selector()
        var reject: [Selector] = []
        var fieldPaths: [String] = []
        var options = FieldOptions()
    }

    struct Replacement {
        /// nil where `value` is the source.
        var source: Selector?
        var fieldPath = "metadata.name"
        var sourceOptions = FieldOptions()
        var value: String?
        var targets: [ReplacementTarget] = []
    }

    enum Order: Equatable {
        case legacy(first: [String], last: [String])
        case fifo
    }

    var file = ""
    var isComponent = false
    var namespace = ""
    var namePrefix = ""
    var nameSuffix = ""
    var resources: [Located<String>] = []
    var components: [Located<String>] = []
    var labels: [Label] = []
    var commonLabels: [(key: String, value: String)] = []
    var commonAnnotations: [(key: String, value: String)] = []
    var patchesStrategicMerge: [Located<String>] = []
    var patchesJSON6902: [Located<Patch>] = []
    var patches: [Located<Patch>] = []
    var images: [Image] = []
    var replicas: [Located<Replica>] = []
    var generators: [Located<Generator>] = []
    var replacements: [Located<Replacement>] = []
    var order: Order?
}

// MARK: - Reading

extension Kustomization {
    private static let known = [
        "apiVersion", "kind", "metadata", "resources", "bases", "components", "namespace", "namePrefix",
        "nameSuffix", "labels", "commonLabels", "commonAnnotations", "patches", "patchesStrategicMerge",
        "patchesJson6902", "images", "imageTags", "replicas", "configMapGenerator", "secretGenerator",
        "generatorOptions", "replacements", "sortOptions",
    ]

    private static let unsupported: [String: String] = {
        var reasons: [String: String] = [:]
        for field in ["helmCharts", "helmGlobals", "helmChartInflationGenerator"] {
            reasons[field] =
                "charts are not rendered here: run helm template and list its output in resources"
        }
        for field in ["generators", "transformers", "validators"] {
            reasons[field] = "plugins are not run here"
        }
        reasons["vars"] = "not supported: use replacements"
        for field in ["configurations", "crds", "openapi", "buildMetadata"] {
            reasons[field] = "not supported by aegis"
        }
        return reasons
    }()

    init(
        _ text: String, file: String, load: (Located<String>) throws(ManifestProblem) -> String
    ) throws(ManifestProblem) {
        self.file = file
        let documents: [YAMLDocument]
        do { documents = try YAML.parse(text) } catch {
            throw ManifestProblem(file: file, line: max(error.line, 1), message: error.message)
        }
        guard let document = documents.first else {
            throw ManifestProblem(file: file, line: 1, message: "the kustomization is empty")
        }
        if documents.count > 1 {
            throw ManifestProblem(
                file: file, line: documents[1].line, message: "a kustomization is one document")
        }
        let reader = KustomizationReader(file: file, document: document)
        try reader.check(fields: Self.known, unsupported: Self.unsupported)
        try readKind(reader)
        namespace = try reader.string("namespace") ?? ""
        namePrefix = try reader.string("namePrefix") ?? ""
        nameSuffix = try reader.string("nameSuffix") ?? ""
        resources = try reader.strings("resources") + reader.strings("bases")
        components = try reader.strings("components")
        for part in try reader.parts("labels") { labels.append(try Label(part)) }
        commonLabels = try reader.pairs("commonLabels")
        commonAnnotations = try reader.pairs("commonAnnotations")
        patchesStrategicMerge = try reader.strings("patchesStrategicMerge")
        for part in try reader.parts("patchesJson6902") {
            patchesJSON6902.append(part.located(try Patch(part)))
        }
        for part in try reader.parts("patches") { patches.append(part.located(try Patch(part))) }
        for part in try reader.parts("images") + reader.parts("imageTags") { images.append(try Image(part)) }
        for part in try reader.parts("replicas") {
            try part.check(fields: ["name", "count"])
            guard let count = try part.integer("count") else { throw part.problem("count is missing") }
            replicas.append(
                part.located(Replica(name: try part.string("name") ?? "", count: count)))
        }
        let options = try reader.part("generatorOptions").map(GeneratorOptions.init) ?? GeneratorOptions()
        for part in try reader.parts("configMapGenerator") {
            generators.append(part.located(try Generator(part, isSecret: false, options)))
        }
        for part in try reader.parts("secretGenerator") {
            generators.append(part.located(try Generator(part, isSecret: true, options)))
        }
        for part in try reader.parts("replacements") {
            replacements += try Replacement.read(part, load: load)
        }
        order = try reader.part("sortOptions").map(Self.order)
    }

    private mutating func readKind(_ reader: KustomizationReader) throws(ManifestProblem) {
        let kind = try reader.string("kind") ?? "Kustomization"
        guard kind == "Kustomization" || kind == "Component" else {
            throw reader.problem("kind must be Kustomization or Component, and is \(kind)", at: "kind")
        }
        isComponent = kind == "Component"
        let version = "kustomize.config.k8s.io/" + (isComponent ? "v1alpha1" : "v1beta1")
        if let written = try reader.string("apiVersion"), written != version {
            throw reader.problem("apiVersion of a \(kind) must be \(version)", at: "apiVersion")
        }
    }

    private static func order(_ reader: KustomizationReader) throws(ManifestProblem) -> Order {
        try reader.check(fields: ["order", "legacySortOptions"])
        let order = try reader.string("order") ?? ""
        guard order == "legacy" || order == "fifo" else {
            throw reader.problem("order must be legacy or fifo", at: "order")
        }
        guard let part = reader.part("legacySortOptions") else {
            return order == "fifo" ? .fifo : .legacy(first: usualFirst, last: usualLast)
        }
        if order == "fifo" { throw part.problem("legacySortOptions are for the order legacy") }
        try part.check(fields: ["orderFirst", "orderLast"])
        return .legacy(
            first: try part.strings("orderFirst").map(\.value),
            last: try part.strings("orderLast").map(\.value))
    }

    /// The kinds that other objects need, in the order in which they need one another.
    static let usualFirst = [
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount",
        "PodSecurityPolicy", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap",
        "Secret",
        "Endpoints", "Service", "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim",
        "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
    ]
    static let usualLast = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
}

extension KustomizationReader {
    func located<Value>(_ value: Value) -> Located<Value> { Located(value: value, file: file, line: line) }
}

extension Kustomization.Label {
    init(_ reader: KustomizationReader) throws(ManifestProblem) {
        try reader.check(fields: ["pairs", "includeSelectors", "includeTemplates", "fields"])
        pairs = try reader.pairs("pairs")
        includesSelectors = try reader.bool("includeSelectors")
        includesTemplates = try reader.bool("includeTemplates")
        for part in try reader.parts("fields") {
            try part.check(fields: ["group", "version", "kind", "path", "create"])
            fields.append(
                FieldSpec(
                    try part.string("path") ?? "", group: try part.string("group") ?? "",
                    version: try part.string("version") ?? "", kind: try part.string("kind") ?? "",
                    creates: try part.bool("create")))
        }
    }
}

extension Kustomization.Selector {
    static let fields = ["group", "version", "kind", "name", "namespace"]

    init(_ reader: KustomizationReader, more: [String] = []) throws(ManifestProblem) {
        try reader.check(fields: Self.fields + more)
        kind.group = try reader.string("group") ?? ""
        kind.version = try reader.string("version") ?? ""
        kind.kind = try reader.string("kind") ?? ""
        name = try reader.string("name") ?? ""
        namespace = try reader.string("namespace") ?? ""
        labelSelector = try reader.string("labelSelector") ?? ""
        annotationSelector = try reader.string("annotationSelector") ?? ""
    }
}

extension Kustomization.Patch {
    init(_ reader: KustomizationReader) throws(ManifestProblem) {
        try reader.check(fields: ["path", "patch", "target", "options"])
        path = try reader.string("path")
        patch = try reader.string("patch")
        if path != nil, patch != nil {
            throw reader.problem("path and patch cannot both be set", at: "patch")
        }
        if (path ?? patch ?? "").isEmpty { throw reader.problem("a patch needs path or patch") }
        if let part = reader.part("target") {
            target = try Kustomization.Selector(part, more: ["labelSelector", "annotationSelector"])
        }
        if let part = reader.part("options") {
            try part.check(fields: ["allowNameChange", "allowKindChange"])
            allowsNameChange = try part.bool("allowNameChange")
            allowsKindChange = try part.bool("allowKindChange")
        }
    }
}

extension Kustomization.Image {
    init(_ reader: KustomizationReader) throws(ManifestProblem) {
        try reader.check(fields: ["name", "newName", "newTag", "tagSuffix", "digest"])
        name = try reader.string("name") ?? ""
        newName = try reader.string("newName") ?? ""
        newTag = try reader.string("newTag") ?? ""
        tagSuffix = try reader.string("tagSuffix") ?? ""
        digest = try reader.string("digest") ?? ""
    }
}

extension Kustomization.GeneratorOptions {
    init(_ reader: KustomizationReader) throws(ManifestProblem) {
        try reader.check(fields: ["labels", "annotations", "disableNameSuffixHash", "immutable"])
        labels = try reader.pairs("labels")
        annotations = try reader.pairs("annotations")
        disablesHash = try reader.bool("disableNameSuffixHash")
        isImmutable = try reader.bool("immutable")
    }

    /// A generator's own options over those of the whole kustomization.
    func over(_ general: Self) -> Self {
        func merged(
            _ own: [(key: String, value: String)], _ general: [(key: String, value: String)]
        ) -> [(key: String, value: String)] {
            own + general.filter { pair in !own.contains { $0.key == pair.key } }
        }
        return Self(
            labels: merged(labels, general.labels), annotations: merged(annotations, general.annotations),
            disablesHash: disablesHash || general.disablesHash,
            isImmutable: isImmutable || general.isImmutable)
    }
}

extension Kustomization.Generator {
    init(
        _ reader: KustomizationReader, isSecret: Bool, _ general: Kustomization.GeneratorOptions
    ) throws(ManifestProblem) {
        try reader.check(
            fields: ["name", "namespace", "behavior", "literals", "files", "envs", "env", "options"]
                + (isSecret ? ["type"] : []))
        self.isSecret = isSecret
        name = try reader.string("name") ?? ""
        if name.isEmpty { throw reader.problem("a generator needs a name") }
        namespace = try reader.string("namespace") ?? ""
        if let text = try reader.string("behavior"), !text.isEmpty, text != "unspecified" {
            guard let behavior = Kustomization.Behavior(rawValue: text) else {
                throw reader.problem("behavior must be create, replace or merge", at: "behavior")
            }
            self.behavior = behavior
        }
        if isSecret { type = try reader.string("type") ?? "" }
        literals = try reader.strings("literals")
        files = try reader.strings("files")
        envs = try reader.strings("envs")
        if let env = try reader.string("env"), !env.isEmpty { envs.append(reader.located(env)) }
        options =
            try
            (reader.part("options").map(Kustomization.GeneratorOptions.init)
            ?? Kustomization.GeneratorOptions()).over(general)
    }
}

extension Kustomization.FieldOptions {
    init(_ reader: KustomizationReader?) throws(ManifestProblem) {
        guard let reader else { return }
        try reader.check(fields: ["delimiter", "index", "create"])
        delimiter = try reader.string("delimiter") ?? ""
        index = try reader.integer("index") ?? 0
        creates = try reader.bool("create")
    }
}

extension Kustomization.Replacement {
    /// One replacement, or those of the file that `path` names.
    fileprivate static func read(
        _ reader: KustomizationReader, load: (Located<String>) throws(ManifestProblem) -> String
    ) throws(ManifestProblem) -> [Located<Self>] {
        guard let path = try reader.string("path"), !path.isEmpty else {
            return [reader.located(try Self(reader))]
        }
        try reader.check(fields: ["path"])
        let text = try load(reader.located(path))
        let documents: [YAMLDocument]
        do { documents = try YAML.parse(text) } catch {
            throw ManifestProblem(file: path, line: max(error.line, 1), message: error.message)
        }
        guard let document = documents.first else { return [] }
        let root = KustomizationReader(file: path, document: document)
        let parts = try document.value.array == nil ? [root] : root.elements()
        var replacements: [Located<Self>] = []
        for part in parts { replacements.append(part.located(try Self(part))) }
        return replacements
    }

    private init(_ reader: KustomizationReader) throws(ManifestProblem) {
        try reader.check(fields: ["source", "sourceValue", "targets"])
        value = try reader.string("sourceValue")
        if let part = reader.part("source") {
            source = try Kustomization.Selector(part, more: ["fieldPath", "options"])
            if let path = try part.string("fieldPath"), !path.isEmpty { fieldPath = path }
            sourceOptions = try Kustomization.FieldOptions(part.part("options"))
        }
        if (source == nil) == (value == nil) {
            throw reader.problem("a replacement needs either a source or a sourceValue")
        }
        for part in try reader.parts("targets") {
            try part.check(fields: ["select", "reject", "fieldPaths", "options"])
            var target = Kustomization.ReplacementTarget()
            let selectors = ["labelSelector", "annotationSelector"]
            guard let select = part.part("select") else {
                throw part.problem("a target must select resources")
            }
            target.select = try Kustomization.Selector(select, more: selectors)
            for reject in try part.parts("reject") {
                target.reject.append(try Kustomization.Selector(reject, more: selectors))
            }
            target.fieldPaths = try part.strings("fieldPaths").map(\.value)
            if target.fieldPaths.isEmpty { target.fieldPaths = ["metadata.name"] }
            target.options = try Kustomization.FieldOptions(part.part("options"))
            targets.append(target)
        }
        if targets.isEmpty { throw reader.problem("a replacement needs at least one target") }
    }
}
