import KubeJSON

/// Gives what reading an object into its Go type and writing it again would give: unknown fields and nulls
/// dropped, values in canonical form, empty values dropped or written as the type's tags say.
///
/// A subtree in which nothing changes is returned as it is, without a copy.
public struct ObjectDecoder {
    /// Decodes a body of a resource. Of custom resources only the metadata is typed.
    ///
    /// `unknown` holds upstream's words for each field that was dropped: `unknown field "spec.foo"`.
    public static func decode(
        _ body: JSON, for info: ResourceInfo
    ) throws(DecodeError) -> (JSON, unknown: [String]) {
        try decode(body, as: info.isCustom ? customObject : info.schema)
    }

    /// Decodes any value of a type.
    public static func decode(_ body: JSON, as schema: Schema) throws(DecodeError) -> (
        JSON, unknown: [String]
    ) {
        var decoder = ObjectDecoder()
        do {
            let value = try decoder.value(body, schema) ?? body
            return (value, decoder.unknownFields)
        } catch {
            throw error.path.isEmpty ? error.naming(goName(schema)) : error
        }
    }

    /// As ``decode(_:as:)``, but empty lists that are always written stay, as the writer of the body owns
    /// them; `hasEmpty` says whether there are any. ``decode(_:as:)`` of the value then gives what is stored.
    public static func decodeKeepingEmpty(
        _ body: JSON, as schema: Schema
    ) throws(DecodeError) -> (value: JSON, unknown: [String], hasEmpty: Bool) {
        var decoder = ObjectDecoder(keepsEmpty: true)
        do {
            let value = try decoder.value(body, schema) ?? body
            return (
                value, decoder.unknownFields, decoder.hasEmpty
            )
        } catch {
            throw error.path.isEmpty ? error.naming(goName(schema)) : error
        }
    }

    /// Any object with typed metadata.
    static let customObject = Schema(
        .structure, name: "unstructured.Unstructured", preservesUnknown: true,
        fields: [
            Schema.Field(name: "apiVersion", schema: Schema(.string)),
            Schema.Field(name: "kind", schema: Schema(.string)),
            Schema.Field(
                name: "metadata",
                schema: Catalogue.builtin.schema(named: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
                    ?? .any,
                presence: .always),
        ])

    /// Paths of dropped fields, each with its parts from the last to the first.
    private var unknown: [[String]] = []
    private var unknownFields: [String] {
        unknown.map { "unknown field \(GoText.quoted($0.reversed().joined()))" }
    }

    private let keepsEmpty: Bool
    private var hasEmpty = false

    private init(keepsEmpty: Bool = false) { self.keepsEmpty = keepsEmpty }

    /// `v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`.
    static func goName(_ schema: Schema) -> String {
        switch schema.shape {
        case .structure: schema.name.split(separator: ".").suffix(2).joined(separator: ".")
        case .map: "map[string]" + (schema.element.map(goName) ?? "")
        case .list: "[]" + (schema.element.map(goName) ?? "")
        case .string, .time, .quantity: "string"
        case .integer: schema.format == "int32" ? "int32" : "int64"
        case .number: "float64"
        case .boolean: "bool"
        case .intOrString: "intstr.IntOrString"
        case .bytes: "[]uint8"
        case .any: "runtime.RawExtension"
        }
    }

    /// What a JSON value is in the words of Go's decoder.
    private static func mismatch(_ value: JSON) -> DecodeError {
        DecodeError(.type(found: value.typeName, wanted: ""))
    }

    // MARK: - Values

    /// The decoded value; nil when it is the same.
    private mutating func value(_ value: JSON, _ schema: Schema) throws(DecodeError) -> JSON? {
        switch schema.shape {
        case .string:
            guard case .string = value else { throw Self.mismatch(value) }
            return nil
        case .boolean:
            guard case .bool = value else { throw Self.mismatch(value) }
            return nil
        case .integer: return try Self.integer(value, isShort: schema.format == "int32")
        case .number:
            switch value {
            case .integer, .double: return nil
            default: throw Self.mismatch(value)
            }
        case .structure: return try structure(value, schema)
        case .map: return try map(value, schema)
        case .list: return try list(value, schema)
        case .quantity: return try ScalarForms.quantity(value)
        case .time: return try ScalarForms.time(value, isMicro: schema.format == "micro-time")
        case .bytes: return try ScalarForms.bytes(value)
        case .intOrString: return try ScalarForms.intOrString(value)
        case .any: return nil
        }
    }

    private static func integer(_ value: JSON, isShort: Bool) throws(DecodeError) -> JSON? {
        switch value {
        case .integer(let number):
            if isShort, Int32(exactly: number) == nil {
                throw DecodeError(.type(found: "number \(number)", wanted: ""))
            }
            return nil
        case .double: throw DecodeError(.type(found: "number \(JSONWriter.string(value))", wanted: ""))
        default: throw mismatch(value)
        }
    }

    private mutating func structure(_ value: JSON, _ schema: Schema) throws(DecodeError) -> JSON? {
        guard case .object(let object) = value else { throw Self.mismatch(value) }
        var result: JSONObject?
        var written = 0
        for position in object.indices {
            let (key, member) = object[position]
            guard let field = schema.field(key) else {
                if schema.preservesUnknown { continue }
                unknown.append([key])
                result.edit(object) { $0.removeValue(forKey: key) }
                continue
            }
            let isWritten = field.presence == .always || field.presence == .nullable
            if case .null = member {
                if isWritten {
                    written += 1
                    let zero = Self.zero(of: field)
                    if !zero.isNull { result.edit(object) { $0[key] = zero } }
                } else {
                    result.edit(object) { $0.removeValue(forKey: key) }
                }
                continue
            }
            let before = unknown.count
            let changed: JSON?
            do {
                changed = try self.value(member, field.schema)
            } catch {
                throw Self.locate(error, key, in: schema)
            }
            for index in before..<unknown.count { unknown[index].appendPath(key) }
            if isWritten { written += 1 }
            let final = changed ?? member
            if Self.isDropped(final, field) {
                result.edit(object) { $0.removeValue(forKey: key) }
            } else if field.presence == .always, Self.isEmptyCollection(final, field.schema) {
                // Objects pass through protobuf, which knows no empty list: it comes back as nil.
                if keepsEmpty {
                    hasEmpty = true
                } else {
                    result.edit(object) { $0[key] = .null }
                }
            } else if let changed {
                result.edit(object) { $0[key] = changed }
            }
        }
        if written < schema.writtenFields.count {
            for field in schema.writtenFields where !object.contains(field.name) {
                result.edit(object) { $0[field.name] = Self.zero(of: field) }
            }
        }
        return result.map { .object($0) }
    }

    /// Adds to an error on its way out where it is, and at its first field which Go type that has.
    private static func locate(_ error: DecodeError, _ key: String, in schema: Schema) -> DecodeError {
        var error = error
        if error.path.isEmpty, case .type(let found, let wanted) = error.reason {
            let type = wanted.isEmpty || wanted.hasPrefix("^") ? fieldType(key, schema, wanted) : wanted
            error = DecodeError(.type(found: found, wanted: type))
            error.structure = String(schema.name.split(separator: ".").last ?? "")
        }
        error.path.append(key)
        return error
    }

    /// The Go type of a field, or of its elements: one `^` for each list or map that holds the value.
    private static func fieldType(_ key: String, _ schema: Schema, _ levels: String) -> String {
        let known = Catalogue.builtin.goType(of: key, in: schema.name)
        var type = known ?? schema.field(key).map { goName($0.schema) } ?? ""
        for _ in levels {
            if type.hasPrefix("*") { type.removeFirst() }
            if type.hasPrefix("[]") {
                type.removeFirst(2)
            } else if let close = type.firstIndex(of: "]"), type.hasPrefix("map[") {
                type.removeSubrange(...close)
            }
        }
        if type.hasPrefix("*") { type.removeFirst() }
        return type
    }

    private mutating func map(_ value: JSON, _ schema: Schema) throws(DecodeError) -> JSON? {
        guard case .object(let object) = value else { throw Self.mismatch(value) }
        guard let element = schema.element else { return nil }
        var result: JSONObject?
        for position in object.indices {
            let (key, member) = object[position]
            if case .null = member {
                let zero = Self.zero(element)
                if !zero.isNull { result.edit(object) { $0[key] = zero } }
                continue
            }
            let before = unknown.count
            let changed: JSON?
            do {
                changed = try self.value(member, element)
            } catch {
                throw error.insideContainer()
            }
            for index in before..<unknown.count { unknown[index].appendPath(key) }
            if let changed { result.edit(object) { $0[key] = changed } }
        }
        return result.map { .object($0) }
    }

    private mutating func list(_ value: JSON, _ schema: Schema) throws(DecodeError) -> JSON? {
        guard case .array(let array) = value else { throw Self.mismatch(value) }
        guard let element = schema.element else { return nil }
        var result: [JSON]?
        for position in array.indices {
            let member = array[position]
            let before = unknown.count
            let changed: JSON?
            if case .null = member {
                changed = Self.zero(element)
            } else {
                do {
                    changed = try self.value(member, element)
                } catch {
                    throw error.insideContainer()
                }
            }
            if before < unknown.count {
                for index in before..<unknown.count { unknown[index].appendIndex(position) }
            }
            if let changed {
                if result == nil { result = array }
                result?[position] = changed
            }
        }
        return result.map { .array($0) }
    }

    // MARK: - Empty values

    private static func isDropped(_ value: JSON, _ field: Schema.Field) -> Bool {
        guard field.presence == .omitEmpty else { return false }
        switch value {
        case .null: return true
        case .bool(let flag): return !flag
        case .integer(let number): return number == 0
        case .double(let number): return number == 0
        case .string(let text): return text.isEmpty
        case .array(let array): return array.isEmpty
        case .object(let object): return object.isEmpty
        }
    }

    private static func isEmptyCollection(_ value: JSON, _ schema: Schema) -> Bool {
        switch (value, schema.shape) {
        case (.array(let array), .list): array.isEmpty
        case (.object(let object), .map): object.isEmpty
        default: false
        }
    }

    static func zero(of field: Schema.Field) -> JSON {
        field.presence == .nullable ? .null : zero(field.schema)
    }

    /// What Go writes for the zero value of a type.
    static func zero(_ schema: Schema) -> JSON {
        switch schema.shape {
        case .string: return .string("")
        case .integer, .number, .intOrString: return .integer(0)
        case .boolean: return .bool(false)
        case .quantity: return .string("0")
        case .list, .map, .time, .bytes, .any: return .null
        case .structure:
            return .object(JSONObject(schema.writtenFields.map { ($0.name, zero(of: $0)) }))
        }
    }
}

extension DecodeError {
    /// Names the type that was wanted where no field can tell it.
    fileprivate func naming(_ type: String) -> DecodeError {
        guard case .type(let found, let wanted) = reason, wanted.isEmpty else { return self }
        var copy = DecodeError(.type(found: found, wanted: type))
        copy.path = path
        copy.structure = structure
        return copy
    }

    /// Notes that the value is an element of a list or map, whose field tells its type.
    fileprivate func insideContainer() -> DecodeError {
        guard path.isEmpty, case .type(let found, let wanted) = reason,
            wanted.isEmpty || wanted.hasPrefix("^")
        else { return self }
        return DecodeError(.type(found: found, wanted: wanted + "^"))
    }
}

extension JSONObject? {
    /// Changes a copy of the original, which is made at the first change.
    fileprivate mutating func edit(_ original: JSONObject, _ change: (inout JSONObject) -> Void) {
        var object = self ?? original
        self = nil
        change(&object)
        self = object
    }
}

extension [String] {
    /// Puts a field before a path that is kept from its last part to its first.
    fileprivate mutating func appendPath(_ field: String) {
        if let last, last.hasPrefix("[") { append(field) } else { append(contentsOf: [".", field]) }
    }
    fileprivate mutating func appendIndex(_ index: Int) {
        if let last, !last.hasPrefix("[") { append(".") }
        append("[\(index)]")
    }
}
