import KubeJSON

extension StructuralSchema {
    /// What is wrong with the values of an object, in the words of upstream's validator
    /// (k8s.io/kube-openapi/pkg/validation), with the parts that clients parse.
    ///
    /// - Parameters:
    ///   - path: where the value is, such as `status`; empty for the object itself.
    ///   - old: the value before the update: what did not change is not judged again (ratcheting).
    public func validate(_ value: JSON, old: JSON? = nil, path: String = "") -> [FieldError] {
        var errors: [FieldError] = []
        check(value, old: old, path: path, &errors)
        return errors
    }

    private func check(_ value: JSON, old: JSON?, path: String, _ errors: inout [FieldError]) {
        if let old, old == value { return }
        let found = Self.typeName(value)
        if case .null = value {
            if !type.isEmpty || isIntOrString, !isNullable {
                errors.append(Self.wrongType(path, expectedTypes, found))
            }
            if !values.allowed.isEmpty, !values.allowed.contains(value), !isNullable {
                errors.append(unsupported(value, path))
            }
            return
        }
        checkType(value, found, path, &errors)
        checkAlternatives(value, old: old, path: path, &errors)
        switch value {
        case .string(let text): checkText(text, path, &errors)
        case .integer, .double: checkNumber(value, path, &errors)
        case .array(let array): checkList(array, old: old?.array, path, &errors)
        default: break
        }
        if !values.allowed.isEmpty, !values.allowed.contains(where: { Self.isSame($0, value) }) {
            errors.append(unsupported(value, path))
        }
        if case .object(let object) = value { checkObject(object, old: old?.object, path, &errors) }
    }

    // MARK: Types

    private var expectedTypes: String { isIntOrString && type.isEmpty ? "integer,string" : type }

    static func typeName(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private func checkType(_ value: JSON, _ found: String, _ path: String, _ errors: inout [FieldError]) {
        if isIntOrString, type.isEmpty {
            if found != "integer", found != "string" {
                errors.append(Self.wrongType(path, "integer,string", found))
            }
            return
        }
        guard !type.isEmpty, type != found else { return }
        if type == "number", found == "integer" { return }
        if type == "integer", case .double(let number) = value, number == number.rounded() { return }
        errors.append(Self.wrongType(path, type, found))
    }

    private static func wrongType(_ path: String, _ wanted: String, _ found: String) -> FieldError {
        .typeInvalid(
            fieldPath(path), .string(found), "\(path) in body must be of type \(wanted): \"\(found)\"")
    }

    static func fieldPath(_ path: String) -> FieldPath { path.isEmpty ? FieldPath("<nil>") : FieldPath(path) }

    private static func invalid(_ path: String, _ value: JSON, _ rest: String) -> FieldError {
        .invalid(fieldPath(path), value, "\(path) in body \(rest)")
    }

    private func unsupported(_ value: JSON, _ path: String) -> FieldError {
        .notSupported(
            Self.fieldPath(path), value, values.allowed.map { $0.string ?? JSONWriter.string($0) })
    }

    /// Numbers compare by value.
    private static func isSame(_ left: JSON, _ right: JSON) -> Bool {
        if left == right { return true }
        guard let a = number(left), let b = number(right) else { return false }
        return a == b
    }

    private static func number(_ value: JSON?) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    // MARK: Scalars

    private func checkText(_ text: String, _ path: String, _ errors: inout [FieldError]) {
        // Lengths are counted in code points.
        if let limit = values.maxLength, text.unicodeScalars.count > limit {
            errors.append(.tooLong(Self.fieldPath(path), limit))
        }
        if let limit = values.minLength, text.unicodeScalars.count < limit {
            errors.append(Self.invalid(path, .string(text), "should be at least \(limit) chars long"))
        }
        if let pattern = values.pattern, !pattern.matches(text) {
            errors.append(Self.invalid(path, .string(text), "should match '\(pattern.text)'"))
        }
        if type == "string", !format.isEmpty, !TextFormat.accepts(text, format) {
            errors.append(
                .typeInvalid(
                    Self.fieldPath(path), .string(text),
                    "\(path) in body must be of type \(format): \(JSONWriter.string(.string(text)))"))
        }
    }

    private func checkNumber(_ value: JSON, _ path: String, _ errors: inout [FieldError]) {
        if format == "int32", case .integer(let number) = value, Int32(exactly: number) == nil {
            errors.append(
                Self.invalid(path, value, "must be of type int32: \"\(number)\""))
        }
        guard let number = Self.number(value) else { return }
        if let factor = values.multipleOf, let step = Self.number(factor), step > 0 {
            let ratio = number / step
            if ratio != ratio.rounded() {
                errors.append(
                    Self.invalid(path, value, "should be a multiple of \(JSONWriter.string(factor))"))
            }
        }
        if let limit = values.maximum, let bound = Self.number(limit) {
            let words = JSONWriter.string(limit)
            if values.isMaximumExclusive ? number >= bound : number > bound {
                errors.append(
                    Self.invalid(
                        path, value,
                        values.isMaximumExclusive
                            ? "should be less than \(words)" : "should be less than or equal to \(words)"))
            }
        }
        if let limit = values.minimum, let bound = Self.number(limit) {
            let words = JSONWriter.string(limit)
            if values.isMinimumExclusive ? number <= bound : number < bound {
                errors.append(
                    Self.invalid(
                        path, value,
                        values.isMinimumExclusive
                            ? "should be greater than \(words)"
                            : "should be greater than or equal to \(words)"
                    ))
            }
        }
    }

    // MARK: Lists and objects

    private func checkList(_ array: [JSON], old: [JSON]?, _ path: String, _ errors: inout [FieldError]) {
        if let items {
            for (index, item) in array.enumerated() {
                items.check(
                    item, old: old.flatMap { before(item, in: $0) }, path: "\(path)[\(index)]", &errors)
            }
        }
        if let limit = values.minItems, array.count < limit {
            errors.append(
                Self.invalid(path, .integer(Int64(array.count)), "should have at least \(limit) items"))
        }
        if let limit = values.maxItems, array.count > limit {
            errors.append(.tooMany(Self.fieldPath(path), array.count, limit))
        }
    }

    /// The item of the old list that has the same keys; only lists of type map can tell.
    private func before(_ item: JSON, in old: [JSON]) -> JSON? {
        guard case .map(let keys) = listType else { return nil }
        return old.first { other in keys.allSatisfy { other[$0] == item[$0] } }
    }

    private func checkObject(
        _ object: JSONObject, old: JSONObject?, _ path: String, _ errors: inout [FieldError]
    ) {
        if let limit = values.minProperties, object.count < limit {
            errors.append(
                Self.invalid(path, .integer(Int64(object.count)), "should have at least \(limit) properties"))
            return
        }
        if let limit = values.maxProperties, object.count > limit {
            errors.append(.tooMany(Self.fieldPath(path), object.count, limit))
            return
        }
        for (key, member) in object {
            let here = path.isEmpty ? key : "\(path).\(key)"
            if let schema = self.member(key) {
                schema.check(member, old: old?[key], path: here, &errors)
            } else if forbidsAdditionalProperties {
                errors.append(
                    .invalid(Self.fieldPath(here), "", "\(path).\(key) in body is a forbidden property"))
            }
        }
        for name in values.required where !object.contains(name) {
            errors.append(.required(FieldPath(path.isEmpty ? name : "\(path).\(name)")))
        }
    }

    // MARK: Alternatives

    private func checkAlternatives(_ value: JSON, old: JSON?, path: String, _ errors: inout [FieldError]) {
        if allOf.isEmpty, anyOf.isEmpty, oneOf.isEmpty, not == nil { return }
        func failures(_ schema: StructuralSchema) -> [FieldError] {
            var errors: [FieldError] = []
            schema.check(value, old: nil, path: path, &errors)
            return errors
        }
        func complain(_ words: String) {
            errors.append(.invalid(FieldPath("<nil>"), "", "\"\(path)\" must \(words)"))
        }
        if !anyOf.isEmpty {
            let results = anyOf.map(failures)
            if !results.contains(where: \.isEmpty) {
                complain("validate at least one schema (anyOf)")
                errors += results.min { $0.count < $1.count } ?? []
            }
        }
        if !oneOf.isEmpty {
            let results = oneOf.map(failures)
            let passed = results.count(where: \.isEmpty)
            if passed == 0 {
                complain("validate one and only one schema (oneOf). Found none valid")
                errors += results.min { $0.count < $1.count } ?? []
            } else if passed > 1 {
                complain("validate one and only one schema (oneOf). Found \(passed) valid alternatives")
            }
        }
        if !allOf.isEmpty {
            let results = allOf.map(failures)
            let passed = results.count(where: \.isEmpty)
            if passed < results.count {
                complain("validate all the schemas (allOf)" + (passed == 0 ? ". None validated" : ""))
                for result in results { errors += result }
            }
        }
        if let not, failures(not).isEmpty { complain("not validate the schema (not)") }
    }

    // MARK: Sets and maps

    /// Repeated items of lists whose type is set or map.
    public func duplicates(in value: JSON, path: FieldPath = .root) -> [FieldError] {
        switch value {
        case .object(let object):
            var errors: [FieldError] = []
            for (key, member) in object {
                if let schema = property(key) {
                    errors += schema.duplicates(in: member, path: path.child(key))
                } else if let additionalProperties {
                    errors += additionalProperties.duplicates(in: member, path: path.key(key))
                }
            }
            return errors
        case .array(let array):
            var errors: [FieldError] = []
            switch listType {
            case .set: errors += Self.repeated(array).map { .duplicate(path.index($0), array[$0]) }
            case .map(let keys):
                if let index = array.firstIndex(where: { $0.object == nil && !$0.isNull }) {
                    return [
                        .invalid(
                            path.index(index), array[index],
                            "must be an object for an array of list-type map")
                    ]
                }
                let identities = array.map { item in
                    JSON.object(JSONObject(keys.compactMap { key in item[key].map { (key, $0) } }))
                }
                errors += Self.repeated(identities).map { .duplicate(path.index($0), identities[$0]) }
            default: break
            }
            if let items {
                for (index, item) in array.enumerated() {
                    errors += items.duplicates(in: item, path: path.index(index))
                }
            }
            return errors
        default: return []
        }
    }

    /// The positions at which a value is met for the second time.
    private static func repeated(_ array: [JSON]) -> [Int] {
        guard array.count > 1 else { return [] }
        var seen: [[UInt8]: Int] = [:]
        var positions: [Int] = []
        for (index, value) in array.enumerated() {
            let count = seen[JSONWriter.bytes(value), default: 0]
            if count == 1 { positions.append(index) }
            seen[JSONWriter.bytes(value)] = count + 1
        }
        return positions
    }
}
