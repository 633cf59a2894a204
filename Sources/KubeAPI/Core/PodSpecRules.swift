import KubeJSON

/// What the rules of one PodSpec need to know of their surroundings.
struct PodRuleContext {
    /// A Pod itself, not a template: some rules hold only there.
    var isPod = false
    /// The pod's name, where it is known: names of claims for ephemeral volumes are made of it.
    var podName = ""
    var volumes: [(name: String, volume: JSON)] = []
    var claims: [String] = []
    var restartPolicy = ""
    var gracePeriod: Int64?
    var usesHostUsers = true

    func volume(_ name: String) -> JSON? { volumes.first { $0.name == name }?.volume }
}

// MARK: - Validation

extension PodSpecRules {
    /// What is wrong with a PodTemplateSpec; `path` is the template's.
    public static func validateTemplate(_ template: JSON, _ path: FieldPath) -> [FieldError] {
        let metadata = template["metadata"]
        let spec = template["spec"] ?? .object([:])
        var errors = FieldRules.labels(metadata?["labels"], path.child("labels"))
        errors += ObjectMetaValidation.annotations(metadata?["annotations"], path.child("annotations"))
        annotations(metadata?["annotations"], spec, path.child("annotations"), &errors)
        let specPath = path.child("spec")
        validate(spec, specPath, PodRuleContext(), &errors)
        if !spec.items("ephemeralContainers").isEmpty {
            errors.append(
                .forbidden(
                    specPath.child("ephemeralContainers"), "ephemeral containers not allowed in pod template")
            )
        }
        return errors
    }

    /// What is wrong with a PodSpec.
    static func validate(_ spec: JSON, _ path: FieldPath, _ given: PodRuleContext, _ errors: inout Errors) {
        var context = given
        context.gracePeriod = spec["terminationGracePeriodSeconds"]?.integer
        context.restartPolicy = spec.text("restartPolicy")
        context.usesHostUsers = spec["hostUsers"]?.bool ?? true
        context.claims = spec.items("resourceClaims").map { $0.text("name") }.filter { !$0.isEmpty }
        if context.gracePeriod == nil {
            errors.append(.required(path.child("terminationGracePeriodSeconds")))
        }
        context.volumes = VolumeRules.volumes(spec.items("volumes"), path.child("volumes"), context, &errors)
        resourceClaims(spec.items("resourceClaims"), path.child("resourceClaims"), &errors)
        ContainerRules.containers(spec, path, context, &errors)
        ContainerRules.initContainers(spec, path, context, &errors)
        ContainerRules.ephemeralContainers(spec, path, context, &errors)
        podResources(spec, path.child("resources"), context, &errors)
        hostNetwork(spec, path, context, &errors)
        errors.oneOf(context.restartPolicy, path.child("restartPolicy"), ["Always", "OnFailure", "Never"])
        errors.oneOf(
            spec.text("dnsPolicy"), path.child("dnsPolicy"),
            ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
        if let selector = spec["nodeSelector"] {
            errors += FieldRules.labels(selector, path.child("nodeSelector"))
        }
        SecurityRules.podContext(spec, path.child("securityContext"), &errors)
        if let affinity = spec["affinity"] {
            SchedulingRules.affinity(affinity, path.child("affinity"), &errors)
        }
        dns(spec, path.child("dnsConfig"), &errors)
        for (index, gate) in spec.items("readinessGates").enumerated() {
            errors.check(
                gate.text("conditionType"), path.child("readinessGates").index(index).child("conditionType"),
                NameRules.qualifiedName)
        }
        schedulingGates(spec.items("schedulingGates"), path.child("schedulingGates"), &errors)
        SchedulingRules.topologySpread(
            spec.items("topologySpreadConstraints"), path.child("topologySpreadConstraints"), &errors)
        SecurityRules.hostProcess(spec, path, &errors)
        if !context.usesHostUsers {
            for (field, name) in [
                ("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC"),
            ]
            where spec.flag(field) {
                errors.append(.forbidden(path.child(name), "when `pod.Spec.HostUsers` is false"))
            }
        }
        names(spec, path, &errors)
        if let tolerations = spec["tolerations"]?.array {
            SchedulingRules.tolerations(tolerations, path.child("tolerations"), &errors)
        }
        for (index, alias) in spec.items("hostAliases").enumerated() {
            let path = path.child("hostAliases").index(index)
            errors += IPRules.legacyIP(alias.text("ip"), path.child("ip"))
            for (index, name) in alias.texts("hostnames").enumerated() {
                errors.subdomain(name, path.child("hostnames").index(index))
            }
        }
        if let name = spec["priorityClassName"]?.string, !name.isEmpty {
            errors.subdomain(name, path.child("priorityClassName"))
        }
        if let name = spec["runtimeClassName"]?.string {
            errors.subdomain(name, path.child("runtimeClassName"))
        }
        if let policy = spec["preemptionPolicy"]?.string {
            errors.oneOf(policy, path.child("preemptionPolicy"), ["PreemptLowerPriority", "Never"])
        }
        if let overhead = spec["overhead"] {
            ResourceRules.requirements(
                ["limits": overhead], path.child("overhead"), claims: [],
                nameRule: ResourceRules.containerName,
                &errors)
        }
        SecurityRules.operatingSystem(spec, path, &errors)
    }

    private static func names(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        if let name = spec["serviceAccountName"]?.string, !name.isEmpty {
            errors.subdomain(name, path.child("serviceAccountName"))
        }
        if let name = spec["nodeName"]?.string, !name.isEmpty {
            errors.subdomain(name, path.child("nodeName"))
        }
        errors.range(spec["activeDeadlineSeconds"], path.child("activeDeadlineSeconds"), 1, Int(Int32.max))
        if let name = spec["hostname"]?.string, !name.isEmpty { errors.label(name, path.child("hostname")) }
        if let name = spec["subdomain"]?.string, !name.isEmpty { errors.label(name, path.child("subdomain")) }
    }

    private static func resourceClaims(_ claims: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var names: Set<String> = []
        for (index, claim) in claims.enumerated() {
            let path = path.index(index)
            let name = claim.text("name")
            if name.isEmpty {
                errors.append(.required(path.child("name")))
            } else if names.contains(name) {
                errors.append(.duplicate(path.child("name"), .string(name)))
            } else {
                errors.label(name, path.child("name"))
                names.insert(name)
            }
            let byName = claim["resourceClaimName"]?.string
            let byTemplate = claim["resourceClaimTemplateName"]?.string
            if byName != nil, byTemplate != nil {
                errors.append(
                    .invalid(
                        path, claim,
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"))
            }
            if byName == nil, byTemplate == nil {
                errors.append(
                    .invalid(
                        path, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"))
            }
            if let byName { errors.subdomain(byName, path.child("resourceClaimName")) }
            if let byTemplate { errors.subdomain(byTemplate, path.child("resourceClaimTemplateName")) }
        }
    }

    private static func podResources(
        _ spec: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        guard let resources = spec["resources"] else { return }
        if resources["claims"] != nil {
            errors.append(.forbidden(path.child("claims"), "claims cannot be set for Resources at pod-level"))
        }
        ResourceRules.requirements(
            resources, path, claims: context.claims, nameRule: ResourceRules.podName, &errors)
        for (name, need) in PodResources.aggregateRequests(spec).sorted(by: { utf8Less($0.key, $1.key) }) {
            let given = resources["requests"]?[name]?.string ?? "0"
            guard let quantity = Quantity(given), need > quantity else { continue }
            errors.append(
                .invalid(
                    path.child("requests").key(name), .string(given),
                    "must be greater than or equal to aggregate container requests of \(need.description)"))
        }
        for (index, container) in spec.items("containers").enumerated() {
            for (name, value) in container["resources"]?["limits"]?.object ?? [:] {
                guard let most = resources["limits"]?[name]?.string, let limit = Quantity(most),
                    let text = value.string, let quantity = Quantity(text), quantity > limit
                else { continue }
                errors.append(
                    .invalid(
                        path.child("containers").index(index).key(name).child("limits"), value,
                        "must be less than or equal to pod limits of \(most)"))
            }
        }
    }

    private static func hostNetwork(
        _ spec: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        guard spec.flag("hostNetwork") else { return }
        for (index, container) in spec.items("containers").enumerated() {
            for (portIndex, port) in container.items("ports").enumerated() {
                let hostPort = port.number("hostPort")
                if context.isPod || hostPort != 0, hostPort != port.number("containerPort") {
                    let path = path.child("containers").index(index).child("ports").index(portIndex)
                    errors.append(
                        .invalid(
                            path.child("hostPort"), .integer(hostPort),
                            "must match `containerPort` when `hostNetwork` is true"))
                }
            }
        }
    }

    private static func dns(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let config = spec["dnsConfig"]
        let servers = config?.texts("nameservers") ?? []
        if spec.text("dnsPolicy") == "None" {
            if config == nil {
                errors.append(.required(path, "must provide `dnsConfig` when `dnsPolicy` is None"))
                return
            }
            if servers.isEmpty {
                errors.append(
                    .required(
                        path.child("nameservers"),
                        "must provide at least one DNS nameserver when `dnsPolicy` is None"))
                return
            }
        }
        guard let config else { return }
        if servers.count > 3 {
            errors.append(
                .invalid(
                    path.child("nameservers"), config["nameservers"] ?? [],
                    "must not have more than 3 nameservers"))
        }
        for (index, server) in servers.enumerated() {
            errors += IPRules.legacyIP(server, path.child("nameservers").index(index))
        }
        let searches = config.texts("searches")
        let searchPath = path.child("searches")
        if searches.count > 32 {
            errors.append(
                .invalid(searchPath, config["searches"] ?? [], "must not have more than 32 search paths"))
        }
        if searches.reduce(searches.count - 1, { $0 + $1.utf8.count }) > 2048 {
            errors.append(
                .invalid(
                    searchPath, config["searches"] ?? [],
                    "must not have more than 2048 characters (including spaces) in the search list"))
        }
        for (index, search) in searches.enumerated() where search != "." {
            let name = search.hasSuffix(".") ? String(search.dropLast()) : search
            errors.check(name, searchPath.index(index), NameRules.dns1123SubdomainWithUnderscore)
        }
        for (index, option) in config.items("options").enumerated() where option.text("name").isEmpty {
            errors.append(.required(path.child("options").index(index), "must not be empty"))
        }
    }

    private static func schedulingGates(_ gates: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var seen: Set<String> = []
        for (index, gate) in gates.enumerated() {
            let name = gate.text("name")
            errors.check(name, path.index(index), NameRules.qualifiedName)
            if !seen.insert(name).inserted { errors.append(.duplicate(path.index(index), .string(name))) }
        }
    }

    /// The annotations that say something of the pod.
    static func annotations(_ value: JSON?, _ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let annotations = value?.object, !annotations.isEmpty else { return }
        let mirror = "kubernetes.io/config.mirror"
        if let value = annotations[mirror], spec.text("nodeName").isEmpty {
            errors.append(
                .invalid(path.key(mirror), value, "must set spec.nodeName if mirror pod annotation is set"))
        }
        let cost = "controller.kubernetes.io/pod-deletion-cost"
        if let value = annotations[cost]?.string, !isDeletionCost(value) {
            errors.append(.invalid(path.key(cost), .string(value), "must be a 32bit integer"))
        }
        let names = ["initContainers", "containers", "ephemeralContainers"].flatMap { spec.items($0) }
            .map { $0.text("name") }
        let prefix = "container.apparmor.security.beta.kubernetes.io/"
        for (key, value) in annotations where key.hasPrefix(prefix) {
            let container = String(key.dropFirst(prefix.count))
            if !names.contains(container) {
                errors.append(.invalid(path.key(key), .string(container), "container not found"))
            }
            let profile = value.string ?? ""
            if !["", "runtime/default", "unconfined"].contains(profile), !profile.hasPrefix("localhost/") {
                errors.append(
                    .invalid(
                        path.key(key), value,
                        "invalid AppArmor profile name: \(JSONWriter.string(.string(profile)))"))
            }
        }
    }

    /// A 32-bit integer without a plus sign or leading zeros.
    private static func isDeletionCost(_ text: String) -> Bool {
        if text.isEmpty || text.hasPrefix("+") { return text.isEmpty }
        if text.hasPrefix("0"), text.utf8.count > 1 { return false }
        return Int32(text) != nil
    }
}
