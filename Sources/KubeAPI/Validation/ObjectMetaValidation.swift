import KubeJSON

/// The rules of ObjectMeta that hold for every kind (k8s.io/apimachinery/pkg/api/validation/objectmeta.go).
public enum ObjectMetaValidation {
    /// Annotations of one object may hold this many bytes, keys and values together.
    public static let annotationLimit = 256 << 10

    /// What is wrong with the metadata of an object to be created, in upstream's order.
    public static func validate(
        _ object: JSON, isNamespaced: Bool, validateName: (String, _ isPrefix: Bool) -> [String]
    ) -> [FieldError] {
        let path = FieldPath("metadata")
        let metadata = object["metadata"] ?? .null
        var errors: [FieldError] = []
        if let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
            errors += FieldRules.check(prefix, path.child("generateName")) { validateName($0, true) }
        }
        let name = metadata["name"]?.string ?? ""
        if name.isEmpty {
            errors.append(.required(path.child("name"), "name or generateName is required"))
        } else {
            errors += FieldRules.check(name, path.child("name")) { validateName($0, false) }
        }
        let namespace = metadata["namespace"]?.string ?? ""
        if isNamespaced {
            if namespace.isEmpty {
                errors.append(.required(path.child("namespace")))
            } else {
                errors += FieldRules.check(namespace, path.child("namespace")) { NameRules.dns1123Label($0) }
            }
        } else if !namespace.isEmpty {
            errors.append(.forbidden(path.child("namespace"), "not allowed on this type"))
        }
        errors += FieldRules.nonnegative(metadata["generation"], path.child("generation"))
        errors += common(metadata, path)
        errors += finalizers(metadata["finalizers"], path.child("finalizers"))
        errors += managedFields(metadata["managedFields"], path.child("managedFields"))
        return errors
    }

    /// What is wrong with the metadata of an object that replaces another, in upstream's order.
    public static func validateUpdate(_ object: JSON, old oldObject: JSON) -> [FieldError] {
        let path = FieldPath("metadata")
        let new = object["metadata"] ?? .null
        let old = oldObject["metadata"] ?? .null
        var errors: [FieldError] = []
        if old["deletionTimestamp"] != nil {
            let before = Set((old["finalizers"]?.array ?? []).compactMap(\.string))
            let added = Set((new["finalizers"]?.array ?? []).compactMap(\.string)).subtracting(before)
            if !added.isEmpty {
                let list = added.sorted(by: utf8Less).map { JSONWriter.string(.string($0)) }
                errors.append(
                    .forbidden(
                        path.child("finalizers"),
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                            + "[]string{\(list.joined(separator: ", "))}"))
            }
        }
        if (new["resourceVersion"]?.string ?? "").isEmpty {
            errors.append(.invalid(path.child("resourceVersion"), "", "must be specified for an update"))
        }
        errors += FieldRules.nonnegative(new["generation"], path.child("generation"))
        let generation = new["generation"]?.integer ?? 0
        if generation < old["generation"]?.integer ?? 0 {
            errors.append(
                .invalid(path.child("generation"), .integer(generation), "must not be decremented"))
        }
        for field in ["name", "namespace", "uid"] where new[field]?.string ?? "" != old[field]?.string ?? "" {
            errors.append(
                .invalid(path.child(field), .string(new[field]?.string ?? ""), FieldRules.immutableWords))
        }
        for field in ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            errors += FieldRules.immutable(new[field], old[field], path.child(field))
        }
        errors += common(new, path)
        errors += managedFields(new["managedFields"], path.child("managedFields"))
        return errors
    }

    private static func common(_ metadata: JSON, _ path: FieldPath) -> [FieldError] {
        var errors = FieldRules.labels(metadata["labels"], path.child("labels"))
        errors += annotations(metadata["annotations"], path.child("annotations"))
        errors += ownerReferences(metadata["ownerReferences"], path.child("ownerReferences"))
        return errors
    }

    /// Keys are label keys in any case; the whole has a limit.
    public static func annotations(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let annotations = value?.object else { return [] }
        var errors: [FieldError] = []
        var size = 0
        for (key, value) in annotations {
            size += key.utf8.count + (value.string?.utf8.count ?? 0)
            // A prefix in capitals is the only thing that lower case makes right.
            let words =
                key.utf8.contains(where: ByteRules.isUpper)
                ? NameRules.qualifiedName(key.lowercased()) : NameRules.qualifiedName(key)
            if !words.isEmpty { errors += words.map { .invalid(path, .string(key), $0) } }
        }
        if size > annotationLimit { errors.append(.tooLong(path, annotationLimit)) }
        return errors
    }

    public static func ownerReferences(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let references = value?.array, !references.isEmpty else { return [] }
        var errors: [FieldError] = []
        var controller: String?
        for (index, reference) in references.enumerated() {
            let path = path.index(index)
            let apiVersion = reference["apiVersion"]?.string ?? ""
            let kind = reference["kind"]?.string ?? ""
            let name = reference["name"]?.string ?? ""
            if apiVersion.isEmpty {
                errors.append(.required(path.child("apiVersion"), "must not be empty"))
            } else if !isGroupVersion(apiVersion) {
                errors.append(
                    .invalid(
                        path.child("apiVersion"), .string(apiVersion),
                        "must be <group>/<version> or <version>"))
            }
            if kind.isEmpty { errors.append(.required(path.child("kind"), "must not be empty")) }
            if name.isEmpty { errors.append(.required(path.child("name"), "must not be empty")) }
            if (reference["uid"]?.string ?? "").isEmpty {
                errors.append(.required(path.child("uid"), "must not be empty"))
            }
            if apiVersion == "v1", kind == "Event" {
                errors.append(
                    .invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"))
            }
            if reference["controller"]?.bool == true {
                let current = kind + "/" + name
                if let first = controller {
                    errors.append(
                        .invalid(
                            FieldPath("metadata", "ownerReferences"), .array(references),
                            "Only one reference can have Controller set to true. Found \"true\" in references "
                                + "for \(first) and \(current)"))
                } else {
                    controller = current
                }
            }
        }
        return errors
    }

    private static func isGroupVersion(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.last?.isEmpty == false
    }

    public static func finalizers(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let finalizers = value?.array else { return [] }
        var errors: [FieldError] = []
        for finalizer in finalizers {
            errors += FieldRules.check(finalizer.string ?? "", path, NameRules.qualifiedName)
        }
        if finalizers.contains("orphan"), finalizers.contains("foregroundDeletion") {
            errors.append(
                .invalid(
                    path, .array(finalizers),
                    "finalizer orphan and foregroundDeletion cannot be both set"))
        }
        return errors
    }

    private static func managedFields(_ value: JSON?, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        for (index, entry) in (value?.array ?? []).enumerated() {
            let path = path.index(index)
            switch entry["operation"]?.string ?? "" {
            case "Apply", "Update": break
            case "": errors.append(.required(path.child("operation"), "must not be empty"))
            case let other:
                errors.append(.notSupported(path.child("operation"), .string(other), ["Apply", "Update"]))
            }
            if let type = entry["fieldsType"]?.string, !type.isEmpty, type != "FieldsV1" {
                errors.append(
                    .invalid(path.child("fieldsType"), .string(type), "must be `FieldsV1`"))
            }
            errors += fieldManager(entry["manager"]?.string ?? "", path.child("manager"))
            if let subresource = entry["subresource"]?.string, subresource.utf8.count > 256 {
                errors.append(.tooLong(path.child("subresource"), 256))
            }
        }
        return errors
    }

    /// A field manager's name: at most 128 bytes, printable.
    public static func fieldManager(_ name: String, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        if name.utf8.count > 128 { errors.append(.tooLong(path, 128)) }
        var position = 0
        for scalar in name.unicodeScalars {
            defer { position += scalar.utf8.count }
            if isPrintable(scalar) { continue }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            errors.append(
                .invalid(path, .string(name), "invalid character \(code) (at position \(position))"))
        }
        return errors
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
