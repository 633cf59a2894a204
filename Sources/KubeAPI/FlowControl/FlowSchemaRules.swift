import KubeJSON

/// FlowSchemas (pkg/apis/flowcontrol/validation).
enum FlowSchemaRules {
    private static let verbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch",
    ]
    private static let maxPrecedence: Int64 = 10_000

    static func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = object["spec"] ?? [:]
        let precedence = spec.number("matchingPrecedence")
        func precedenceError(_ words: String) {
            errors.append(.invalid(path.child("matchingPrecedence"), .integer(precedence), words))
        }
        if precedence <= 0 { precedenceError("must be a positive value") }
        if precedence > maxPrecedence { precedenceError("must not be greater than \(maxPrecedence)") }
        if precedence == 1, object.name != "exempt" {
            precedenceError("only the schema named 'exempt' may have matchingPrecedence 1")
        }
        if let method = spec["distinguisherMethod"] {
            let known = ["ByNamespace", "ByUser"]
            let type = method.text("type")
            if !known.contains(type) {
                errors.append(
                    .notSupported(
                        path.child("distinguisherMethod", "type"), ["Type": .string(type)], known))
            }
        }
        let level = spec.at("priorityLevelConfiguration", "name")?.string ?? ""
        let levelPath = path.child("priorityLevelConfiguration", "name")
        if level.isEmpty {
            errors.append(.required(levelPath, "must reference a priority level"))
        } else {
            errors.subdomain(level, levelPath)
        }
        for (index, rule) in spec.items("rules").enumerated() {
            Self.rule(rule, path.child("rules").index(index), &errors)
        }
        if let fixed = FlowControlBootstrap.mandatory(schema: object.name), !FieldRules.same(spec, fixed) {
            errors.append(
                .invalid(path, FlowControlForm.schema(spec), FlowControlForm.fixedWords(object.name)))
        }
        return errors + status(object)
    }

    /// Conditions of either kind.
    static func status(_ object: JSON) -> Errors {
        var errors: Errors = []
        var seen: Set<String> = []
        for (index, condition) in (object["status"] ?? [:]).items("conditions").enumerated() {
            let path = FieldPath("status", "conditions").index(index).child("type")
            let type = condition.text("type")
            if !seen.insert(type).inserted { errors.append(.duplicate(path, .string(type))) }
            if type.isEmpty { errors.append(.required(path, "must not be empty")) }
        }
        return errors
    }

    private static func rule(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let subjects = rule.items("subjects")
        if subjects.isEmpty {
            errors.append(.required(path.child("subjects"), "subjects must contain at least one value"))
        }
        for (index, subject) in subjects.enumerated() {
            Self.subject(subject, path.child("subjects").index(index), &errors)
        }
        if rule.items("resourceRules").isEmpty, rule.items("nonResourceRules").isEmpty {
            errors.append(
                .required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"))
        }
        for (index, item) in rule.items("resourceRules").enumerated() {
            resourceRule(item, path.child("resourceRules").index(index), &errors)
        }
        for (index, item) in rule.items("nonResourceRules").enumerated() {
            let path = path.child("nonResourceRules").index(index)
            verbs(item, path, &errors)
            urls(item, path.child("nonResourceURLs"), &errors)
        }
    }

    private static let subjectFields = [
        (kind: "User", field: "user"), (kind: "Group", field: "group"),
        (kind: "ServiceAccount", field: "serviceAccount"),
    ]

    private static func subject(_ subject: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let kind = subject.text("kind")
        guard let own = subjectFields.first(where: { $0.kind == kind })?.field else {
            errors.append(
                .notSupported(path.child("kind"), .string(kind), ["Group", "ServiceAccount", "User"]))
            return
        }
        if let body = subject[own] {
            let path = path.child(own)
            let name = body.text("name")
            if name.isEmpty {
                errors.append(.required(path.child("name")))
            } else if own == "serviceAccount", name != "*" {
                errors.subdomain(name, path.child("name"))
            }
            if own == "serviceAccount" {
                let namespace = body.text("namespace")
                if namespace.isEmpty {
                    errors.append(
                        .required(path.child("namespace"), "must specify namespace for service account"))
                } else {
                    errors.label(namespace, path.child("namespace"))
                }
            }
        } else {
            errors.append(
                .required(path.child(own), "\(own) is required when subject kind is '\(kind)'"))
        }
        // Upstream looks at the service account before the user, and at the group last.
        for (other, field) in [subjectFields[2], subjectFields[0], subjectFields[1]]
        where field != own && subject[field] != nil {
            errors.append(
                .forbidden(
                    path.child(field), "\(field) is forbidden when subject kind is not '\(other)'"))
        }
    }

    private static func verbs(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let asked = rule.texts("verbs")
        let path = path.child("verbs")
        if asked.isEmpty {
            errors.append(.required(path, "verbs must contain at least one value"))
        } else if !asked.contains("*") {
            if !asked.allSatisfy(verbs.contains) {
                errors.append(.notSupported(path, rule["verbs"] ?? [], verbs))
            }
        } else if asked.count > 1 {
            errors.append(
                .invalid(path, rule["verbs"] ?? [], "if '*' is present, must not specify other verbs"))
        }
    }

    private static func resourceRule(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        verbs(rule, path, &errors)
        for (key, one, others) in [
            ("apiGroups", "api group", "api groups"), ("resources", "resource", "resources"),
        ] {
            let values = rule.texts(key)
            if values.isEmpty {
                errors.append(
                    .required(path.child(key), "resource rules must supply at least one \(one)"))
            } else if values.count > 1, values.contains("*") {
                errors.append(
                    .invalid(
                        path.child(key), rule[key] ?? [],
                        "if '*' is present, must not specify other \(others)"))
            }
        }
        let namespaces = rule.texts("namespaces")
        let path = path.child("namespaces")
        if namespaces.isEmpty, !rule.flag("clusterScope") {
            errors.append(
                .required(
                    path,
                    "resource rules that are not cluster scoped must supply at least one namespace"))
        } else if namespaces.contains("*") {
            if namespaces.count > 1 {
                errors.append(
                    .invalid(
                        path, rule["namespaces"] ?? [],
                        "if '*' is present, must not specify other namespaces"))
            }
        } else {
            for (index, namespace) in namespaces.enumerated() {
                for words in NameRules.dns1123Label(namespace) {
                    errors.append(
                        .invalid(
                            path.index(index), .string(namespace),
                            "each member of this list must be '*' or a DNS-1123 label; " + words))
                }
            }
        }
    }

    private static func urls(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let urls = rule.texts("nonResourceURLs")
        if urls.isEmpty {
            errors.append(.required(path, "nonResourceURLs must contain at least one value"))
        } else if urls.contains("*") {
            if urls.count > 1 {
                errors.append(
                    .invalid(
                        path, rule["nonResourceURLs"] ?? [],
                        "if '*' is present, must not specify other non-resource URLs"))
            }
        } else {
            for (index, url) in urls.enumerated() {
                guard let words = problem(withURL: url) else { continue }
                errors.append(.invalid(path.index(index), .string(url), words))
            }
        }
    }

    private static func problem(withURL url: String) -> String? {
        if url.isEmpty { return "must not be empty" }
        if url == "/" { return nil }
        let bytes = Array(url.utf8)
        let slash = UInt8(ascii: "/")
        if bytes[0] != slash { return "must start with slash" }
        if bytes.contains(UInt8(ascii: " ")) { return "must not contain white-space" }
        if zip(bytes, bytes.dropFirst()).contains(where: { $0 == slash && $1 == slash }) {
            return "must not contain double slash"
        }
        let stars = bytes.count { $0 == UInt8(ascii: "*") }
        if stars > 1 || (stars == 1 && !url.hasSuffix("/*")) { return "wildcard can only do suffix matching" }
        return nil
    }

}
