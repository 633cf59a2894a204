import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode
import KubeStore

/// The environment of a container (kubelet_pods.go: makeEnvironmentVariables).
struct ContainerEnvironment: Sendable {
    /// In the order of their making; a name is there once.
    private(set) var variables: [(name: String, value: String)] = []
    private var index: [String: Int] = [:]

    subscript(name: String) -> String? { index[name].map { variables[$0].value } }

    private mutating func set(_ name: String, _ value: String) {
        if let present = index[name] {
            variables[present].value = value
        } else {
            index[name] = variables.count
            variables.append((name, value))
        }
    }

    /// A file of a volume; nil where there is none.
    typealias FileReader = (_ volume: String, _ path: String) throws -> [UInt8]?

    /// - Parameter file: reads what an earlier container of the pod left for this one.
    /// - Throws: `ContainerFailure` when something that it takes is missing and not optional.
    init(
        _ container: JSON, _ facts: PodFacts, objects: some ObjectSource,
        file: FileReader = { _, _ in nil }
    ) throws {
        let namespace = facts.identity.namespace
        var services: [String: String] = [:]
        let listed = ServiceVariables.variables(
            services: objects.objects(.services, in: namespace),
            kubernetes: objects.object(.services, "default", "kubernetes"),
            links: facts.spec["enableServiceLinks"]?.bool ?? true)
        for (name, value) in listed { services[name] = value }

        for source in container["envFrom"]?.array ?? [] {
            let prefix = source["prefix"]?.string ?? ""
            for (key, collection) in [("configMapRef", CollectionID.configMaps), ("secretRef", .secrets)] {
                guard let reference = source[key] else { continue }
                let name = reference["name"]?.string ?? ""
                guard let object = objects.object(collection, namespace, name) else {
                    if reference["optional"]?.bool ?? false { continue }
                    throw ContainerFailure(
                        .configuration, "\(Self.kind(collection)) \"\(name)\" not found")
                }
                for entry in object["data"]?.object?.sortedKeys ?? [] {
                    guard Self.isName(prefix + entry) else { continue }
                    set(prefix + entry, Self.text(object, entry, collection))
                }
            }
        }

        for variable in container["env"]?.array ?? [] {
            let name = variable["name"]?.string ?? ""
            var value = variable["value"]?.string ?? ""
            if !value.isEmpty {
                value = VariableExpansion.expand(value) { self[$0] ?? services[$0] }
            } else if let source = variable["valueFrom"] {
                let taken =
                    if let reference = source["fileKeyRef"] {
                        try Self.value(reference, file)
                    } else {
                        try Self.value(source, container, facts, namespace: namespace, objects: objects)
                    }
                guard let taken else { continue }
                value = taken
            }
            set(name, value)
        }

        // A Service's variables come last, and yield to the container's own.
        for (name, value) in listed where index[name] == nil { set(name, value) }
    }

    private static func value(
        _ source: JSON, _ container: JSON, _ facts: PodFacts, namespace: String, objects: some ObjectSource
    ) throws -> String? {
        if let field = source["fieldRef"] { return try facts.field(field["fieldPath"]?.string ?? "") }
        if let resource = source["resourceFieldRef"] { return try facts.resource(resource, of: container) }
        for (key, collection) in [("configMapKeyRef", CollectionID.configMaps), ("secretKeyRef", .secrets)] {
            guard let reference = source[key] else { continue }
            let (name, entry) = (reference["name"]?.string ?? "", reference["key"]?.string ?? "")
            let isOptional = reference["optional"]?.bool ?? false
            guard let object = objects.object(collection, namespace, name) else {
                if isOptional { return nil }
                throw ContainerFailure(.configuration, "\(kind(collection)) \"\(name)\" not found")
            }
            guard object["data"]?[entry] != nil else {
                if isOptional { return nil }
                let kind = collection == .secrets ? "Secret" : "ConfigMap"
                throw ContainerFailure(
                    .configuration, "couldn't find key \(entry) in \(kind) \(namespace)/\(name)")
            }
            return text(object, entry, collection)
        }
        return nil
    }

    private static func value(_ reference: JSON, _ file: FileReader) throws -> String? {
        let (volume, path) = (reference["volumeName"]?.string ?? "", reference["path"]?.string ?? "")
        let (key, isOptional) = (reference["key"]?.string ?? "", reference["optional"]?.bool ?? false)
        guard let bytes = try file(volume, path) else {
            if isOptional { return nil }
            throw ContainerFailure(
                .configuration,
                "failed to open environment variable file \"\(path)\": no such file or directory")
        }
        do throws(EnvFile.Malformed) {
            if let value = try EnvFile.value(of: key, in: bytes) { return value }
        } catch {
            throw ContainerFailure(.configuration, "couldn't parse env file \"\(path)\": \(error)")
        }
        if isOptional { return nil }
        throw ContainerFailure(
            .configuration, "environment variable key \"\(key)\" not found in file \"\(path)\"")
    }

    private static func text(_ object: JSON, _ key: String, _ collection: CollectionID) -> String {
        let text = object["data"]?[key]?.string ?? ""
        guard collection == .secrets else { return text }
        return String(decoding: Base64Text.decode(text) ?? [], as: UTF8.self)
    }

    private static func kind(_ collection: CollectionID) -> String {
        collection == .secrets ? "secret" : "configmap"
    }

    /// Whether a key can be a variable: printable ASCII without `=` (validation.IsRelaxedEnvVarName).
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "=") }
    }
}
