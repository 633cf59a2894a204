import KubeJSON

/// Rules that many kinds share: numbers, quantities, immutability, labels and selectors.
public enum FieldRules {
    public static let immutableWords = "field is immutable"
    public static let negativeWords = "must be greater than or equal to 0"

    public static func nonnegative(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let number = value?.integer, number < 0 else { return [] }
        return [.invalid(path, .integer(number), negativeWords)]
    }

    /// The new value, nothing for nil, must be the old one; empty lists and objects are as absent ones.
    public static func immutable(_ new: JSON?, _ old: JSON?, _ path: FieldPath) -> [FieldError] {
        same(new, old) ? [] : [.invalid(path, new ?? .null, immutableWords)]
    }

    /// Upstream's semantic equality: absent and empty lists and maps are equal.
    public static func same(_ left: JSON?, _ right: JSON?) -> Bool {
        if left == right { return true }
        return (left.map(isEmpty) ?? true) && (right.map(isEmpty) ?? true)
    }

    private static func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// Errors for a text by a rule of ``NameRules``.
    public static func check(_ text: String, _ path: FieldPath, _ rule: (String) -> [String]) -> [FieldError]
    {
        let words = rule(text)
        return words.isEmpty ? [] : words.map { .invalid(path, .string(text), $0) }
    }

    public static func labels(_ labels: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let labels = labels?.object else { return [] }
        var errors: [FieldError] = []
        for (key, value) in labels {
            let keyErrors = NameRules.qualifiedName(key)
            if !keyErrors.isEmpty { errors += keyErrors.map { .invalid(path, .string(key), $0) } }
            let text = value.string ?? ""
            let valueErrors = NameRules.labelValue(text)
            if !valueErrors.isEmpty { errors += valueErrors.map { .invalid(path, .string(text), $0) } }
        }
        return errors
    }

    /// A LabelSelector (metav1); `lenientValues` passes invalid values that the old object had.
    public static func labelSelector(
        _ selector: JSON?, _ path: FieldPath, lenientValues: Bool = false
    ) -> [FieldError] {
        guard let selector else { return [] }
        var errors = labels(selector["matchLabels"], path.child("matchLabels"))
        for (index, requirement) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            let path = path.child("matchExpressions").index(index)
            let values = requirement["values"]?.array ?? []
            let operation = requirement["operator"]?.string ?? ""
            switch operation {
            case "In", "NotIn":
                if values.isEmpty {
                    errors.append(
                        .required(
                            path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"))
                }
            case "Exists", "DoesNotExist":
                if !values.isEmpty {
                    errors.append(
                        .forbidden(
                            path.child("values"),
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
                }
            default:
                errors.append(
                    .invalid(path.child("operator"), .string(operation), "not a valid selector operator"))
            }
            errors += check(requirement["key"]?.string ?? "", path.child("key"), NameRules.qualifiedName)
            guard !lenientValues else { continue }
            for (index, value) in values.enumerated() {
                errors += check(value.string ?? "", path.child("values").index(index), NameRules.labelValue)
            }
        }
        return errors
    }

    /// An integer or a percentage of at least 0 %: what maxSurge and minAvailable take.
    public static func intOrPercent(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        switch value {
        case .string(let text): return check(text, path, NameRules.percent)
        case .integer(let number) where number < 0: return [.invalid(path, .integer(number), negativeWords)]
        default: return []
        }
    }

    /// A text that must be one of a few. `supported` is listed in the order given.
    public static func oneOf(_ value: JSON?, _ path: FieldPath, _ supported: [String]) -> [FieldError] {
        let text = value?.string ?? ""
        return supported.contains(text) ? [] : [.notSupported(path, .string(text), supported)]
    }

    /// Conditions as metav1 has them (NetworkPolicy, PodDisruptionBudget, Service, …).
    public static func conditions(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (index, condition) in (value?.array ?? []).enumerated() {
            let path = path.index(index)
            let type = condition["type"]?.string ?? ""
            if !seen.insert(type).inserted { errors.append(.duplicate(path, .string(type))) }
            if type.isEmpty {
                errors.append(.required(path.child("type"), "is required"))
            } else {
                errors += check(type, path.child("type"), NameRules.qualifiedName)
            }
            let status = condition["status"]?.string ?? ""
            if status.isEmpty {
                errors.append(.required(path.child("status")))
            } else {
                errors += oneOf(.string(status), path.child("status"), ["False", "True", "Unknown"])
            }
            if let generation = condition["observedGeneration"]?.integer, generation < 0 {
                errors.append(
                    .invalid(
                        path.child("observedGeneration"), .integer(generation),
                        "must be greater than or equal to zero"))
            }
            if condition["lastTransitionTime"]?.string == nil {
                errors.append(.required(path.child("lastTransitionTime")))
            }
            errors += conditionReason(condition["reason"]?.string ?? "", path.child("reason"))
            if let message = condition["message"]?.string, message.utf8.count > 32 * 1024 {
                errors.append(.tooLong(path.child("message"), 32 * 1024))
            }
        }
        return errors
    }

    private static func conditionReason(_ reason: String, _ path: FieldPath) -> [FieldError] {
        if reason.isEmpty { return [.required(path)] }
        var errors: [FieldError] = []
        let bytes = reason.utf8
        let isEnd = { (byte: UInt8) in ByteRules.isAlphanumeric(byte) || byte == 0x5F }
        let fits =
            bytes.first.map { ByteRules.isLower($0) || ByteRules.isUpper($0) } == true
            && bytes.last.map(isEnd) == true && bytes.allSatisfy { isEnd($0) || $0 == 0x2C || $0 == 0x3A }
        if !fits {
            errors.append(
                .invalid(
                    path, .string(reason),
                    NameRules.regex(
                        "a condition reason must start with alphabetic character, optionally followed by a string "
                            + "of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
                        "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?", "my_name", "MY_NAME", "MyName",
                        "ReasonA,ReasonB", "ReasonA:ReasonB")))
        }
        if bytes.count > 1024 { errors.append(.tooLong(path, 1024)) }
        return errors
    }
}
