import KubeAPI
import KubeJSON

/// The Secrets and ConfigMaps that pod templates need.
struct References {
    private struct Reference: Hashable {
        let kind: String
        let namespace: String
        let name: String
    }
    private var found: [(reference: Reference, keys: [String])] = []

    /// Looks into every object that has a pod template or is a pod.
    init(of objects: [JSON]) {
        for object in objects {
            let namespace = object.namespace.isEmpty ? "default" : object.namespace
            for path in [["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"]] {
                var part: JSON? = object
                for step in path { part = part?[step] }
                if let part { visit(part, namespace) }
            }
            if object["kind"]?.string == "Pod", let spec = object["spec"] { visit(spec, namespace) }
        }
    }

    private mutating func visit(_ value: JSON, _ namespace: String) {
        for element in value.array ?? [] { visit(element, namespace) }
        for (key, part) in value.object ?? [:] {
            switch key {
            case "secretKeyRef": note("Secret", namespace, part["name"], part["key"], part)
            case "configMapKeyRef": note("ConfigMap", namespace, part["name"], part["key"], part)
            case "secretRef": note("Secret", namespace, part["name"], nil, part)
            case "configMapRef", "configMap": note("ConfigMap", namespace, part["name"], nil, part)
            case "secret": note("Secret", namespace, part["secretName"] ?? part["name"], nil, part)
            default: visit(part, namespace)
            }
        }
    }

    private mutating func note(
        _ kind: String, _ namespace: String, _ name: JSON?, _ key: JSON?, _ part: JSON
    ) {
        guard let name = name?.string, part["optional"]?.bool != true else { return }
        let reference = Reference(kind: kind, namespace: namespace, name: name)
        let keys =
            (key?.string).map { [$0] }
            ?? (part["items"]?.array ?? []).compactMap { $0["key"]?.string }
        if let index = found.firstIndex(where: { $0.reference == reference }) {
            found[index].keys += keys.filter { !found[index].keys.contains($0) }
        } else {
            found.append((reference, keys))
        }
    }

    /// Objects with the keys that are asked for, without those that are among `present`.
    func objects(besides present: [JSON]) -> [JSON] {
        let known = Set(
            present.map {
                Reference(
                    kind: $0["kind"]?.string ?? "",
                    namespace: $0.namespace.isEmpty ? "default" : $0.namespace, name: $0.name)
            })
        return found.filter { !known.contains($0.reference) }.map { reference, keys in
            let data = JSONObject(keys.map { ($0, JSON.string("simulated")) })
            return [
                "apiVersion": "v1", "kind": .string(reference.kind),
                "metadata": [
                    "name": .string(reference.name), "namespace": .string(reference.namespace),
                ],
                reference.kind == "Secret" ? "stringData" : "data": .object(data),
            ]
        }
    }
}
