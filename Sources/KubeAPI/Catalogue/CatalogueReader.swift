import KubeJSON

/// Reads the generated text (see catalogue-generator) into schemas and resources.
///
/// Lines, columns apart by one space, `-` for an empty one:
/// - `T name flags`: a structure; flag `a`: atomic, `u`: keeps unknown fields
/// - `k group version kind`: a kind whose objects the structure is
/// - `f name type presence flags mergeKey goType`: a field of it
/// - `V group version`, `R …`, `r …`: see ``readResources(_:)``
struct CatalogueReader {
    private(set) var schemas: [String: Schema] = [:]
    private(set) var kinds: [GroupVersionKind: Schema] = [:]
    private(set) var kindsOfSchema: [String: [GroupVersionKind]] = [:]

    private static let string = Schema(.string)
    private static let int32 = Schema(.integer, format: "int32")
    private static let int64 = Schema(.integer, format: "int64")
    private static let double = Schema(.number, format: "double")
    private static let boolean = Schema(.boolean)
    private static let quantity = Schema(.quantity)
    private static let time = Schema(.time, format: "date-time")
    private static let microTime = Schema(.time, format: "micro-time")
    private static let bytes = Schema(.bytes, format: "byte")
    private static let intOrString = Schema(.intOrString, format: "int-or-string")

    static func text(_ literal: StaticString) -> String {
        literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls for each line with its columns.
    static func eachLine(_ literal: StaticString, _ body: (Substring, [Substring]) -> Void) {
        let text = text(literal)
        let bytes = text.utf8
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            let line = text[start..<end]
            body(line, columns(line))
            start = end < bytes.endIndex ? bytes.index(after: end) : end
        }
    }

    private static func columns(_ line: Substring) -> [Substring] {
        var columns: [Substring] = []
        columns.reserveCapacity(7)
        let bytes = line.utf8
        var start = bytes.startIndex
        while true {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
            columns.append(line[start..<end])
            if end == bytes.endIndex { return columns }
            start = bytes.index(after: end)
        }
    }

    private static func group(_ column: Substring) -> String { column == "-" ? "" : String(column) }
    private static func list(_ column: Substring) -> [String] {
        column == "-" ? [] : column.split(separator: ",").map(String.init)
    }

    // MARK: - Schemas

    /// Structures are made first and get their fields after: they refer to each other in circles.
    mutating func readSchemas(_ parts: [StaticString]) {
        var current: Schema?
        var rows: [(Schema, [[Substring]])] = []
        var fields: [[Substring]] = []
        for part in parts {
            Self.eachLine(part) { _, columns in
                switch columns.first {
                case "T":
                    guard columns.count == 3 else { return }
                    if let current { rows.append((current, fields)) }
                    fields = []
                    let name = String(columns[1])
                    let schema = Schema(
                        .structure, name: name, isAtomic: columns[2].contains("a"),
                        preservesUnknown: columns[2].contains("u"))
                    schemas[name] = schema
                    current = schema
                case "k":
                    guard columns.count == 4, let current else { return }
                    let kind = GroupVersionKind(
                        Self.group(columns[1]), String(columns[2]), String(columns[3]))
                    kinds[kind] = current
                    kindsOfSchema[current.name, default: []].append(kind)
                case "f" where columns.count >= 7: fields.append(columns)
                default: break
                }
            }
        }
        if let current { rows.append((current, fields)) }
        for (schema, fields) in rows { schema.setFields(fields.map { field($0, of: schema.name) }) }
    }

    private static let raw = Schema(.any, isAtomic: true, preservesUnknown: true)
    private static let portTypes: Set<String> = [
        "io.k8s.api.core.v1.ContainerPort", "io.k8s.api.core.v1.ServicePort",
    ]

    private func field(_ columns: [Substring], of structure: String) -> Schema.Field {
        let presence: Schema.Presence =
            switch columns[3] {
            case "p": .pointer
            case "n": .nullable
            case "w": .always
            default: .omitEmpty
            }
        return Schema.Field(
            name: String(columns[1]), schema: type(columns[2]), presence: presence,
            isRequired: columns[4].contains("r"), patchMerge: columns[4].contains("m"),
            patchRetainKeys: columns[4].contains("k"),
            patchMergeKey: columns[5] == "-" ? nil : String(columns[5]),
            // Ports are told apart by number and protocol, and the protocol has a default.
            defaultValue: columns[1] == "protocol" && Self.portTypes.contains(structure) ? "TCP" : nil)
    }

    private func type(_ code: Substring) -> Schema {
        let rest = code.dropFirst()
        switch code.first {
        case "s": return Self.string
        case "i": return Self.int32
        case "l": return Self.int64
        case "d": return Self.double
        case "b": return Self.boolean
        case "q": return Self.quantity
        case "t": return Self.time
        case "u": return Self.microTime
        case "y": return Self.bytes
        case "x": return Self.intOrString
        case "@": return schemas[String(rest)] ?? .any
        case "M": return Schema(.map, element: type(rest))
        case "L", "N": return Schema(.list, element: type(rest))
        case "S": return Schema(.list, element: type(rest), listType: .set)
        case "A":
            let inner = type(rest)
            let atomic = Schema(
                inner.shape, name: inner.name, element: inner.element, isAtomic: true,
                preservesUnknown: inner.preservesUnknown)
            atomic.setFields(inner.fields)
            return atomic
        case "K":
            guard let close = rest.firstIndex(of: "}") else { return .any }
            let keys = rest[..<close].dropFirst().split(separator: ",").map(String.init)
            return Schema(
                .list, element: type(rest[rest.index(after: close)...]), listType: .map(keys: keys))
        // Raw content is one value to server-side apply.
        default: return Self.raw
        }
    }

    // MARK: - Resources

    /// `V group version`, `R plural singular kind N|C verbs short categories hash listKind schema` and
    /// `r name group version kind verbs`, in the order in which discovery names them.
    func readResources(_ literal: StaticString) -> [ResourceInfo] {
        var infos: [ResourceInfo] = []
        var group = ""
        var version = ""
        var row: [Substring] = []
        var subresources: [ResourceInfo.Subresource] = []
        func finish() {
            guard row.count >= 11 else { return }
            infos.append(
                ResourceInfo(
                    group: group, version: version, kind: String(row[3]),
                    listKind: row[9] == "-" ? "" : String(row[9]), plural: String(row[1]),
                    singular: String(row[2]), isNamespaced: row[4] == "N", shortNames: Self.list(row[6]),
                    categories: Self.list(row[7]), verbs: Self.list(row[5]), subresources: subresources,
                    storageVersionHash: Self.group(row[8]), schema: schemas[String(row[10])] ?? .any))
            row = []
            subresources = []
        }
        Self.eachLine(literal) { _, columns in
            switch columns.first {
            case "V" where columns.count == 3:
                finish()
                group = Self.group(columns[1])
                version = String(columns[2])
            case "R":
                finish()
                row = columns
            case "r" where columns.count == 6:
                let kind = GroupVersionKind(Self.group(columns[2]), String(columns[3]), String(columns[4]))
                subresources.append(
                    ResourceInfo.Subresource(
                        name: String(columns[1]), kind: kind, verbs: Self.list(columns[5])))
            default: break
            }
        }
        finish()
        return infos
    }
}
