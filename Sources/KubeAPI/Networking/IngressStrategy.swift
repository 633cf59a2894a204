import KubeJSON

/// Ingresses and IngressClasses (pkg/apis/networking/validation).
enum IngressStrategies {
    private static let classAnnotation = "kubernetes.io/ingress.class"

    static let ingress = Strategy { strategy in
        strategy.splitStatus()
        strategy.validate = { ingress in
            var errors = validate(ingress, allowsSecretNames: false, allowsWildcardRules: false)
            let annotation = ingress.at("metadata", "annotations", classAnnotation)?.string
            let name = ingress.at("spec", "ingressClassName")?.string
            if let annotation, let name, annotation != name {
                errors.append(
                    .invalid(
                        FieldPath("annotations", classAnnotation), .string(annotation),
                        "must match `ingressClassName` when both are specified"))
            }
            return errors
        }
        strategy.validateUpdate = { new, old in
            let spec = old["spec"] ?? .null
            let hadSecretNames = spec.items("tls").contains { !isSecretName($0.text("secretName")) }
            let hadWildcardRules = spec.items("rules").contains { rule in
                var errors: Errors = []
                ruleValue(rule, .root, &errors)
                return rule.text("host").contains("*") && !errors.isEmpty
            }
            return validate(new, allowsSecretNames: hadSecretNames, allowsWildcardRules: hadWildcardRules)
        }
        strategy.validateStatusUpdate = { new, old in
            var errors: Errors = []
            let path = FieldPath("status", "loadBalancer", "ingress")
            let known = points(old).map { $0.text("ip") }
            for (index, point) in points(new).enumerated() {
                let path = path.index(index)
                let ip = point.text("ip")
                if !ip.isEmpty { errors += IPRules.legacyIP(ip, path.child("ip"), allowed: known) }
                let host = point.text("hostname")
                guard !host.isEmpty else { continue }
                errors.subdomain(host, path.child("hostname"))
                notAddress(host, path.child("hostname"), &errors)
            }
            return errors
        }
        strategy.warnings = { new, old in
            let annotations = new.at("metadata", "annotations")
            guard old == nil, annotations?[classAnnotation] != nil,
                new.at("spec", "ingressClassName") == nil
            else { return [] }
            return [
                "annotation \"\(classAnnotation)\" is deprecated, please use 'spec.ingressClassName' instead"
            ]
        }
        strategy.hasGeneration = true
    }

    private static func points(_ ingress: JSON) -> [JSON] {
        ingress.at("status", "loadBalancer")?.items("ingress") ?? []
    }

    private static func isSecretName(_ name: String) -> Bool {
        name.isEmpty || NameRules.dns1123Subdomain(name).isEmpty
    }

    private static func validate(
        _ ingress: JSON, allowsSecretNames: Bool, allowsWildcardRules: Bool
    ) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = ingress["spec"] ?? .object([:])
        let rules = spec.items("rules")
        if rules.isEmpty, spec["defaultBackend"] == nil {
            errors.append(
                .invalid(
                    path, spec["rules"] ?? .null, "either `defaultBackend` or `rules` must be specified"))
        }
        if let backend = spec["defaultBackend"] {
            validate(backend: backend, path.child("defaultBackend"), &errors)
        }
        for (index, rule) in rules.enumerated() {
            let path = path.child("rules").index(index)
            let host = rule.text("host")
            if !host.isEmpty {
                notAddress(host, path.child("host"), &errors)
                hostName(host, path.child("host"), &errors)
            }
            if allowsWildcardRules, host.contains("*") { continue }
            ruleValue(rule, path, &errors)
        }
        for (index, tls) in spec.items("tls").enumerated() {
            let path = path.child("tls").index(index)
            for (index, host) in tls.texts("hosts").enumerated() {
                hostName(host, path.child("hosts").index(index), &errors)
            }
            let secret = tls.text("secretName")
            if !allowsSecretNames, !secret.isEmpty { errors.subdomain(secret, path.child("secretName")) }
        }
        if let name = spec["ingressClassName"]?.string {
            errors.subdomain(name, path.child("ingressClassName"))
        }
        return errors
    }

    private static func notAddress(_ host: String, _ path: FieldPath, _ errors: inout Errors) {
        if IPAddress(host) == nil { return }
        errors.append(.invalid(path, .string(host), "must be a DNS name, not an IP address"))
    }

    private static func hostName(_ host: String, _ path: FieldPath, _ errors: inout Errors) {
        if host.contains("*") {
            errors.check(host, path) { NameRules.wildcardDNS1123Subdomain($0) }
        } else {
            errors.subdomain(host, path)
        }
    }

    private static func ruleValue(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let http = rule["http"] else { return }
        let path = path.child("http", "paths")
        if http.items("paths").isEmpty { errors.append(.required(path)) }
        for (index, item) in http.items("paths").enumerated() {
            validate(httpPath: item, path.index(index), &errors)
        }
    }

    private static let badSequences = ["//", "/./", "/../", "%2f", "%2F"]
    private static let badEnds = ["/..", "/."]

    private static func validate(httpPath item: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let type = item["pathType"]?.string else {
            errors.append(.required(path.child("pathType"), "pathType must be specified"))
            return
        }
        let text = item.text("path")
        let mustBeAbsolute = { (errors: inout Errors) in
            if text.hasPrefix("/") { return }
            errors.append(.invalid(path.child("path"), .string(text), "must be an absolute path"))
        }
        switch type {
        case "Exact", "Prefix":
            mustBeAbsolute(&errors)
            for part in badSequences where text.contains(part) {
                errors.append(.invalid(path.child("path"), .string(text), "must not contain '\(part)'"))
            }
            for end in badEnds where text.hasSuffix(end) {
                errors.append(.invalid(path.child("path"), .string(text), "cannot end with '\(end)'"))
            }
        case "ImplementationSpecific":
            if !text.isEmpty { mustBeAbsolute(&errors) }
        default:
            errors.append(
                .notSupported(
                    path.child("pathType"), .string(type), ["Exact", "ImplementationSpecific", "Prefix"]))
        }
        validate(backend: item["backend"] ?? .object([:]), path.child("backend"), &errors)
    }

    private static func validate(backend: JSON, _ path: FieldPath, _ errors: inout Errors) {
        switch (backend["resource"], backend["service"]) {
        case (.some, .some):
            errors.append(.invalid(path, "", "cannot set both resource and service backends"))
        case (let resource?, nil):
            reference(resource, path.child("resource"), &errors)
        case (nil, let service?):
            let name = service.text("name")
            if name.isEmpty {
                errors.append(.required(path.child("service", "name")))
            } else {
                errors.check(name, path.child("service", "name")) { NameRules.dns1035Label($0) }
            }
            let port = service["port"] ?? .object([:])
            let portPath = path.child("service", "port")
            switch (port.text("name"), port.number("number")) {
            case ("", 0): errors.append(.required(path, "port name or number is required"))
            case ("", _): errors.range(port["number"], portPath.child("number"), 1, 65535)
            case (let name, 0): errors.check(name, portPath.child("name"), NameRules.portName)
            default: errors.append(.invalid(path, "", "cannot set both port name & port number"))
            }
        case (nil, nil):
            errors.append(.invalid(path, "", "resource or service backend is required"))
        }
    }

    /// A TypedLocalObjectReference.
    private static func reference(_ value: JSON, _ path: FieldPath, _ errors: inout Errors) {
        if let group = value["apiGroup"]?.string { errors.subdomain(group, path.child("apiGroup")) }
        for key in ["kind", "name"] {
            let text = value.text(key)
            if text.isEmpty {
                errors.append(.required(path.child(key), "\(key) is required"))
            } else {
                errors.check(text, path.child(key)) { NameRules.pathSegment($0) }
            }
        }
    }

    // MARK: Classes

    static let ingressClass = Strategy { strategy in
        strategy.setDefaults = { value in
            value.change("spec") { spec in
                spec.change("parameters") { $0.fillAbsent("scope", "Cluster") }
            }
        }
        strategy.validate = validateClass
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(
                .string(new["spec"]?.text("controller") ?? ""),
                .string(old["spec"]?.text("controller") ?? ""), FieldPath("spec", "controller"))
                + validateClass(new)
        }
        strategy.hasGeneration = true
    }

    @Sendable private static func validateClass(_ value: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = value["spec"] ?? .object([:])
        let controller = spec.text("controller")
        if controller.utf8.count > 250 { errors.append(.tooLong(path.child("controller"), 250)) }
        errors += NameRules.domainPrefixedPath(controller, path.child("controller"))
        guard let parameters = spec["parameters"] else { return errors }
        let parametersPath = path.child("parameters")
        reference(parameters, parametersPath, &errors)
        let namespace = parameters["namespace"]?.string
        let namespacePath = parametersPath.child("namespace")
        switch parameters["scope"]?.string {
        case nil: errors.append(.required(parametersPath.child("scope")))
        case "Namespace":
            if let namespace {
                errors.label(namespace, namespacePath)
            } else {
                errors.append(.required(namespacePath, "`parameters.scope` is set to 'Namespace'"))
            }
        case "Cluster":
            if namespace != nil {
                errors.append(.forbidden(namespacePath, "`parameters.scope` is set to 'Cluster'"))
            }
        case let scope?:
            errors.append(
                .notSupported(parametersPath.child("scope"), .string(scope), ["Cluster", "Namespace"]))
        }
        return errors
    }
}
