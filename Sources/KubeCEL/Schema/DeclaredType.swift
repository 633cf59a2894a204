import KubeJSON

/// What an OpenAPI schema says of a value, as expressions see it: its type, and how large it may become, which
/// is what costs are estimated from (k8s.io/apiserver/pkg/cel/common, SchemaDeclType).
public final class DeclaredType: Sendable {
    public let shape: Shape
    /// The most elements, properties or code points; 0 for what has none.
    let maxElements: UInt64
    /// The fewest bytes as JSON.
    public let minSize: Int64
    /// Of lists and maps.
    public let element: DeclaredType?
    /// By the name that expressions use.
    let fields: [String: DeclaredType]

    /// Upstream's bound for a request.
    static let maximumRequestSize: Int64 = 3 * 1024 * 1024

    private init(
        _ shape: Shape, maxElements: Int64 = 0, minSize: Int64, element: DeclaredType? = nil,
        fields: [String: DeclaredType] = [:]
    ) {
        self.shape = shape
        self.maxElements = UInt64(max(maxElements, 0))
        self.minSize = minSize
        self.element = element
        self.fields = fields
    }

    /// How often at most a value of this type may be in one request.
    public var maxCardinality: UInt64 { UInt64(Self.maximumRequestSize / (minSize + 1)) }

    /// Reads a schema of OpenAPI v3 with Kubernetes' extensions.
    /// - Parameters:
    ///   - name: that of the type, should it be an object.
    ///   - isResource: whether the value is an object of the API, of which expressions see the name too.
    /// - Returns: nil for what expressions cannot see: where the type is left open.
    public static func make(_ schema: JSON, name: String, isResource: Bool) -> DeclaredType? {
        let maxLength = schema["maxLength"]?.int.map { Int64(max($0, 0)) }
        let longest = maximumRequestSize - 2
        if schema["x-kubernetes-int-or-string"]?.bool == true {
            return DeclaredType(.dyn, maxElements: maxLength.map { $0 &* 4 } ?? longest, minSize: 1)
        }
        switch schema["type"]?.string {
        case "array":
            guard let items = schema["items"], items.object != nil,
                let element = make(items, name: name + ".@idx", isResource: isEmbedded(items))
            else { return nil }
            let count = schema["maxItems"]?.int.map(Int64.init) ?? longest / (element.minSize + 1)
            return DeclaredType(
                .list(element.shape, listKind(schema)), maxElements: count, minSize: 2, element: element)
        case "object": return object(schema, name: name, isResource: isResource)
        case "string":
            let base = maxLength.map { $0 &* 4 }
            switch schema["format"]?.string {
            case "byte": return DeclaredType(.bytes, maxElements: maxLength ?? longest, minSize: 2)
            case "duration": return DeclaredType(.duration, maxElements: 32, minSize: 3)
            case "date": return DeclaredType(.date, maxElements: 12, minSize: 12)
            case "date-time": return DeclaredType(.timestamp, maxElements: 32, minSize: 21)
            default:
                let words = (schema["enum"]?.array ?? []).compactMap { $0.string?.utf8.count }
                let isListed = schema["enum"]?.array?.isEmpty == false
                let length = base ?? (isListed ? Int64(words.max() ?? 0) : longest)
                return DeclaredType(.string, maxElements: length, minSize: 2)
            }
        case "boolean": return DeclaredType(.bool, minSize: 4)
        case "number": return DeclaredType(.double, minSize: 1)
        case "integer": return DeclaredType(.int, minSize: 1)
        default: return nil
        }
    }

    private static func isEmbedded(_ schema: JSON) -> Bool {
        schema["x-kubernetes-embedded-resource"]?.bool ?? false
    }

    private static func listKind(_ schema: JSON) -> Shape.ListKind {
        switch schema["x-kubernetes-list-type"]?.string {
        case "set": .set
        case "map":
            .map(keys: (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
        default: .atomic
        }
    }

    private static func object(_ schema: JSON, name: String, isResource: Bool) -> DeclaredType? {
        if let values = schema["additionalProperties"], values.object != nil, !isResource {
            guard let element = make(values, name: name + ".@elem", isResource: isEmbedded(values)) else {
                return nil
            }
            let count =
                schema["maxProperties"]?.int.map(Int64.init)
                ?? (maximumRequestSize - 2) / (element.minSize + 6)
            return DeclaredType(.map(element.shape), maxElements: count, minSize: 2, element: element)
        }
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        var members: [(String, JSON)] = (schema["properties"]?.object ?? [:]).map { ($0.key, $0.value) }
        if isResource {
            members.removeAll { ["apiVersion", "kind", "metadata"].contains($0.0) }
            members += [("apiVersion", text), ("kind", text), ("metadata", metadata)]
        }
        var types: [String: DeclaredType] = [:]
        var fields: [String: ObjectType.Field] = [:]
        var minSize: Int64 = 2
        for (key, member) in members {
            guard let type = make(member, name: name + "." + key, isResource: isEmbedded(member)) else {
                continue
            }
            if let escaped = FieldName.escape(key) {
                types[escaped] = type
                fields[escaped] = ObjectType.Field(key: key, shape: type.shape)
            }
            if required.contains(key), member["default"] == nil {
                minSize += Int64(key.utf8.count) + type.minSize + 4
            }
        }
        return DeclaredType(
            .object(ObjectType(name: name, fields: fields)), minSize: minSize, fields: types)
    }

    private static let text: JSON = ["type": "string"]
    private static let metadata: JSON = [
        "type": "object", "properties": ["name": ["type": "string"], "generateName": ["type": "string"]],
    ]
}

/// Names of fields in expressions, where not every name is an identifier.
public enum FieldName {
    private static let reserved: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
        "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// Nil where a name cannot be written.
    public static func escape(_ name: String) -> String? {
        guard let first = name.utf8.first, !(first >= 48 && first <= 57) else { return nil }
        if reserved.contains(name) { return "__\(name)__" }
        var result: [UInt8] = []
        let bytes = Array(name.utf8)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "_") where position + 1 < bytes.count && bytes[position + 1] == byte:
                result += Array("__underscores__".utf8)
                position += 1
            case UInt8(ascii: "."): result += Array("__dot__".utf8)
            case UInt8(ascii: "-"): result += Array("__dash__".utf8)
            case UInt8(ascii: "/"): result += Array("__slash__".utf8)
            case UInt8(ascii: "_"), 48...57, 65...90, 97...122: result.append(byte)
            default: return nil
            }
            position += 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
