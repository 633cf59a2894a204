import KubeJSON

/// Rules for containers of all three kinds.
enum ContainerRules {
    static func containers(_ spec: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors)
    {
        let path = path.child("containers")
        let containers = spec.items("containers")
        if containers.isEmpty {
            errors.append(.required(path))
            return
        }
        var names: [String] = []
        for (index, container) in containers.enumerated() {
            let path = path.index(index)
            common(container, path, context, &errors)
            let name = container.text("name")
            if names.contains(name) {
                errors.append(.duplicate(path.child("name"), .string(name)))
            } else {
                names.append(name)
            }
            running(container, path, context, &errors)
            if let policy = container["restartPolicy"]?.string {
                errors.oneOf(policy, path.child("restartPolicy"), ["Always", "Never", "OnFailure"])
            }
            restartRules(container, path, &errors)
        }
        var ports: Set<String> = []
        for (index, container) in containers.enumerated() {
            hostPorts(container, path.index(index), &ports, &errors)
        }
    }

    static func initContainers(
        _ spec: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        let containers = spec.items("initContainers")
        guard !containers.isEmpty else { return }
        let path = path.child("initContainers")
        var names = Set(spec.items("containers").map { $0.text("name") })
        for (index, container) in containers.enumerated() {
            let path = path.index(index)
            common(container, path, context, &errors)
            if let policy = container["restartPolicy"]?.string {
                errors.oneOf(policy, path.child("restartPolicy"), ["Always", "Never", "OnFailure"])
            }
            restartRules(container, path, &errors)
            let name = container.text("name")
            if names.contains(name) {
                errors.append(.duplicate(path.child("name"), .string(name)))
            } else if !name.isEmpty {
                names.insert(name)
            }
            var ports: Set<String> = []
            hostPorts(container, path, &ports, &errors)
            if PodResources.isRestartable(container) {
                running(container, path, context, &errors)
            } else {
                for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
                where container[field] != nil {
                    errors.append(
                        .forbidden(
                            path.child(field),
                            "may not be set for init containers without restartPolicy=Always"))
                }
            }
        }
    }

    private static let ephemeralForbidden = [
        "ports", "resources", "resizePolicy", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
        "restartPolicy", "restartPolicyRules",
    ]

    static func ephemeralContainers(
        _ spec: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        let containers = spec.items("ephemeralContainers")
        guard !containers.isEmpty else { return }
        let path = path.child("ephemeralContainers")
        let others = Set((spec.items("containers") + spec.items("initContainers")).map { $0.text("name") })
        var names = others
        for (index, container) in containers.enumerated() {
            let path = path.index(index)
            common(container, path, context, &errors)
            imageOfPod(container, path, &errors)
            let name = container.text("name")
            if !names.insert(name).inserted { errors.append(.duplicate(path.child("name"), .string(name))) }
            let target = container.text("targetContainerName")
            if !target.isEmpty, !others.contains(target) {
                errors.append(.notFound(path.child("targetContainerName"), .string(target)))
            }
            for field in ephemeralForbidden {
                guard let value = container[field], !FieldRules.same(value, nil) else { continue }
                errors.append(.forbidden(path.child(field), "cannot be set for an Ephemeral Container"))
            }
            for (index, mount) in container.items("volumeMounts").enumerated() {
                for field in ["subPath", "subPathExpr"] where !mount.text(field).isEmpty {
                    errors.append(
                        .forbidden(
                            path.child("volumeMounts").index(index).child(field),
                            "cannot be set for an Ephemeral Container"))
                }
            }
        }
    }

    /// Spaces around an image's name pass in templates, for they always did.
    static func imageOfPod(_ container: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let image = container.text("image")
        let isSpace = { (byte: UInt8?) in byte.map { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) } ?? false }
        if isSpace(image.utf8.first) || isSpace(image.utf8.last) {
            errors.append(
                .invalid(path.child("image"), .string(image), "must not have leading or trailing whitespace"))
        }
    }

    // MARK: What all containers have

    private static func common(
        _ container: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        let name = container.text("name")
        if name.isEmpty {
            errors.append(.required(path.child("name")))
        } else {
            errors.label(name, path.child("name"))
        }
        if container.text("image").isEmpty { errors.append(.required(path.child("image"))) }
        errors.oneOf(
            container.text("terminationMessagePolicy"), path.child("terminationMessagePolicy"),
            ["File", "FallbackToLogsOnError"])
        if let list = container["ports"]?.array { ports(list, path.child("ports"), &errors) }
        if let list = container["env"]?.array {
            let path = path.child("env")
            for (index, variable) in list.enumerated() {
                EnvironmentRules.variable(variable, path.index(index), context, &errors)
            }
        }
        if let list = container["envFrom"]?.array {
            EnvironmentRules.sources(list, path.child("envFrom"), &errors)
        }
        if let mounts = container["volumeMounts"]?.array {
            VolumeRules.mounts(mounts, container, path.child("volumeMounts"), context, &errors)
        }
        if let devices = container["volumeDevices"]?.array {
            VolumeRules.devices(devices, container, path.child("volumeDevices"), context, &errors)
        }
        errors.oneOf(
            container.text("imagePullPolicy"), path.child("imagePullPolicy"),
            ["Always", "IfNotPresent", "Never"])
        if let resources = container["resources"] {
            ResourceRules.requirements(
                resources, path.child("resources"), claims: context.claims,
                nameRule: ResourceRules.containerName,
                &errors)
        }
        if let policies = container["resizePolicy"]?.array {
            resizePolicies(policies, path.child("resizePolicy"), context, &errors)
        }
        if let security = container["securityContext"] {
            SecurityRules.containerContext(security, path.child("securityContext"), context, &errors)
        }
    }

    private static func ports(_ ports: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            let path = path.index(index)
            let name = port.text("name")
            if !name.isEmpty {
                let words = NameRules.portName(name)
                if !words.isEmpty {
                    errors.check(name, path.child("name"), NameRules.portName)
                } else if names.contains(name) {
                    errors.append(.duplicate(path.child("name"), .string(name)))
                } else {
                    names.append(name)
                }
            }
            if port.number("containerPort") == 0 {
                errors.append(.required(path.child("containerPort")))
            } else {
                errors.range(port["containerPort"], path.child("containerPort"), 1, 65535)
            }
            if port.number("hostPort") != 0 {
                errors.range(port["hostPort"], path.child("hostPort"), 1, 65535)
            }
            errors.oneOf(port.text("protocol"), path.child("protocol"), ["SCTP", "TCP", "UDP"])
        }
    }

    private static func hostPorts(
        _ container: JSON, _ path: FieldPath, _ seen: inout Set<String>, _ errors: inout Errors
    ) {
        guard let ports = container["ports"]?.array else { return }
        for (index, port) in ports.enumerated() where port.number("hostPort") != 0 {
            let key = "\(port.text("protocol"))/\(port.text("hostIP"))/\(port.number("hostPort"))"
            if !seen.insert(key).inserted {
                errors.append(
                    .duplicate(path.child("ports").index(index).child("hostPort"), .string(key)))
            }
        }
    }

    private static func resizePolicies(
        _ policies: [JSON], _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        var seen: Set<String> = []
        for (index, policy) in policies.enumerated() {
            let name = policy.text("resourceName")
            let restart = policy.text("restartPolicy")
            if !seen.insert(name).inserted { errors.append(.duplicate(path.index(index), .string(name))) }
            errors.oneOf(name, path, ["cpu", "memory"])
            errors.oneOf(restart, path, ["NotRequired", "RestartContainer"])
            if context.restartPolicy == "Never", restart != "NotRequired" {
                errors.append(
                    .invalid(path, .string(restart), "must be 'NotRequired' when `restartPolicy` is 'Never'"))
            }
        }
    }

    private static func restartRules(_ container: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let rules = container["restartPolicyRules"]?.array, !rules.isEmpty else { return }
        let path = path.child("restartPolicyRules")
        if container["restartPolicy"] == nil {
            errors.append(.required(path, "must specify restartPolicy when restart rules are used"))
        }
        if rules.count > 20 { errors.append(.tooLong(path, 20)) }
        for (index, rule) in rules.enumerated() {
            let path = path.index(index)
            errors.oneOf(rule.text("action"), path.child("action"), ["Restart", "RestartAllContainers"])
            guard let codes = rule["exitCodes"] else {
                errors.append(.required(path.child("exitCodes"), "must be specified"))
                continue
            }
            errors.oneOf(codes.text("operator"), path.child("exitCodes", "operator"), ["In", "NotIn"])
            if codes.items("values").count > 255 {
                errors.append(.tooLong(path.child("exitCodes", "values"), 255))
            }
        }
    }

    // MARK: What runs along: probes and hooks

    private static func running(
        _ container: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        if let lifecycle = container["lifecycle"] {
            let path = path.child("lifecycle")
            for hook in ["postStart", "preStop"] {
                guard let handler = lifecycle[hook] else { continue }
                self.handler(handler, path.child(hook), context, &errors)
            }
        }
        if let value = container["livenessProbe"] {
            probe(value, path.child("livenessProbe"), context, isReadiness: false, &errors)
        }
        if let value = container["readinessProbe"] {
            probe(value, path.child("readinessProbe"), context, isReadiness: true, &errors)
        }
        if let value = container["startupProbe"] {
            probe(value, path.child("startupProbe"), context, isReadiness: false, &errors)
        }
    }

    private static func probe(
        _ probe: JSON, _ path: FieldPath, _ context: PodRuleContext, isReadiness: Bool, _ errors: inout Errors
    ) {
        handler(probe, path, context, &errors)
        for field in [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ] {
            errors.nonnegative(probe[field], path.child(field))
        }
        let grace = probe["terminationGracePeriodSeconds"]
        if let grace, grace.integer ?? 0 <= 0 {
            errors.append(
                .invalid(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0"))
        }
        if isReadiness {
            if let grace {
                errors.append(
                    .invalid(
                        path.child("terminationGracePeriodSeconds"), grace,
                        "must not be set for readinessProbes"))
            }
        } else if probe.number("successThreshold") != 1 {
            errors.append(
                .invalid(
                    path.child("successThreshold"), .integer(probe.number("successThreshold")), "must be 1"))
        }
    }

    private static func handler(
        _ handler: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        var count = 0
        for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
            guard let action = handler[kind] else { continue }
            count += 1
            let path = path.child(kind)
            if count > 1 {
                errors.append(.forbidden(path, "may not specify more than 1 handler type"))
                continue
            }
            switch kind {
            case "exec":
                if action.items("command").isEmpty { errors.append(.required(path.child("command"))) }
            case "httpGet":
                if action.text("path").isEmpty { errors.append(.required(path.child("path"))) }
                errors.port(action["port"], path.child("port"))
                errors.optionalOneOf(.string(action.text("scheme")), path.child("scheme"), ["HTTP", "HTTPS"])
                for header in action.items("httpHeaders") {
                    errors.check(header.text("name"), path.child("httpHeaders"), NameRules.httpHeaderName)
                }
            case "sleep":
                let seconds = action.number("seconds")
                if let grace = context.gracePeriod, seconds < 0 || seconds > grace {
                    errors.append(
                        .invalid(
                            path, .integer(seconds),
                            "must be non-negative and less than terminationGracePeriodSeconds (\(grace))"))
                }
            default: errors.port(action["port"], path.child("port"))
            }
        }
        if count == 0 { errors.append(.required(path, "must specify a handler type")) }
    }
}
