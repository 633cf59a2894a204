import KubeJSON

/// Writes the types that are reachable from the served resources, one line a type and one a field.
///
/// `T name flags`, then `f name type presence flags [go type]`. Types: `s` string, `i`/`l` int32/int64,
/// `d` double, `b` bool, `q` Quantity, `t`/`u` Time/MicroTime, `y` bytes, `x` IntOrString, `*` anything,
/// `@name` a structure, `M…` map, `L…` atomic list, `N…` a list of no stated type (atomic too), `S…` set,
/// `K{a,b}…` a list keyed by a and b; `A` before a map or structure: replaced as a whole.
struct SchemaText {
    let definitions: JSON
    let go: GoTypes
    private(set) var lines: [String] = []
    private(set) var missing: [String] = []
    private var written: Set<String> = []
    private var queue: [String] = []

    init(definitions: JSON, go: GoTypes) {
        self.definitions = definitions
        self.go = go
    }

    private static let scalars: [(suffix: String, code: String)] = [
        ("api.resource.Quantity", "q"), ("meta.v1.Time", "t"), ("meta.v1.MicroTime", "u"),
        ("util.intstr.IntOrString", "x"), ("runtime.RawExtension", "*"), ("meta.v1.FieldsV1", "*"),
        ("apiextensions.v1.JSON", "*"), ("apiextensions.v1.JSONSchemaPropsOrArray", "*"),
        ("apiextensions.v1.JSONSchemaPropsOrBool", "*"),
        ("apiextensions.v1.JSONSchemaPropsOrStringArray", "*"),
    ]

    mutating func add(_ name: String) {
        request(name)
        while !queue.isEmpty { write(queue.removeFirst()) }
    }

    private mutating func request(_ name: String) {
        if written.insert(name).inserted { queue.append(name) }
    }

    /// `io.k8s.api.core.v1.PodSpec` as `k8s.io/api/core/v1.PodSpec`.
    static func goName(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return name }
        let path = name[..<dot]
        let type = name[name.index(after: dot)...]
        let short = path.split(separator: ".").dropFirst(2).joined(separator: "/")
        return "k8s.io/\(short).\(type)"
    }

    private mutating func write(_ name: String) {
        guard let definition = definitions[name] else { return }
        var flags = definition["x-kubernetes-map-type"]?.string == "atomic" ? "a" : "-"
        if definition["x-kubernetes-preserve-unknown-fields"]?.bool == true { flags += "u" }
        lines.append("T \(name) \(flags)")
        for kind in definition["x-kubernetes-group-version-kind"]?.array ?? [] {
            let group = kind["group"]?.string ?? ""
            let version = kind["version"]?.string ?? ""
            // Options are kinds of every group; only their own is worth a line.
            if (definition["x-kubernetes-group-version-kind"]?.array?.count ?? 0) > 3, !group.isEmpty {
                continue
            }
            lines.append("k \(group.isEmpty ? "-" : group) \(version) \(kind["kind"]?.string ?? "")")
        }
        let required = Set((definition["required"]?.array ?? []).compactMap(\.string))
        for (field, property) in definition["properties"]?.object ?? [:] {
            let type = typeCode(property)
            let found = go.field(field, of: Self.goName(name))
            if found == nil { missing.append("\(name).\(field)") }
            let goType = found.map { GoTypes.reflected($0.type) } ?? "-"
            var flags = required.contains(field) ? "r" : ""
            switch property["x-kubernetes-patch-strategy"]?.string {
            case "merge": flags += "m"
            case "retainKeys": flags += "k"
            case "merge,retainKeys": flags += "mk"
            default: break
            }
            let mergeKey = property["x-kubernetes-patch-merge-key"]?.string ?? "-"
            let presence = presence(found, type: type)
            lines.append(
                "f \(field) \(type) \(presence) \(flags.isEmpty ? "-" : flags) \(mergeKey) \(goType)")
        }
    }

    /// `p` pointer, `n` pointer written as null, `o` left out when zero, `w` always written.
    private func presence(_ field: GoField?, type: String) -> String {
        guard let field else { return "o" }
        if field.type.hasPrefix("*") { return field.omitEmpty ? "p" : "n" }
        if field.omitZero { return "o" }
        // omitempty never leaves a struct out.
        let isStruct = type.hasPrefix("@") || ["t", "u", "q", "x"].contains(type) || type == "*"
        if field.omitEmpty, !isStruct || field.type.hasPrefix("[]") || field.type.hasPrefix("map[") {
            return "o"
        }
        return "w"
    }

    private mutating func typeCode(_ property: JSON) -> String {
        if let reference = property["$ref"]?.string {
            let name = String(reference.dropFirst("#/definitions/".count))
            if let scalar = Self.scalars.first(where: { name.hasSuffix($0.suffix) }) { return scalar.code }
            request(name)
            let atomic = property["x-kubernetes-map-type"]?.string == "atomic"
            return (atomic ? "A@" : "@") + name
        }
        switch property["type"]?.string {
        case "string":
            switch property["format"]?.string {
            case "byte": return "y"
            case "date-time": return "t"
            default: return "s"
            }
        case "boolean": return "b"
        case "integer": return property["format"]?.string == "int32" ? "i" : "l"
        case "number": return "d"
        case "array":
            let element = typeCode(property["items"] ?? .null)
            switch property["x-kubernetes-list-type"]?.string {
            case "set": return "S" + element
            case "map":
                let keys = (property["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
                return "K{\(keys.joined(separator: ","))}" + element
            // No list type: atomic as well, but OpenAPI does not say so.
            case nil: return "N" + element
            default: return "L" + element
            }
        case "object":
            guard let values = property["additionalProperties"] else { return "*" }
            let atomic = property["x-kubernetes-map-type"]?.string == "atomic"
            return (atomic ? "A" : "") + "M" + typeCode(values)
        default: return "*"
        }
    }
}
