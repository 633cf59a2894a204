import KubeJSON

/// Namespaces, Nodes, Events, Endpoints, Bindings.
enum ClusterStrategies {
    static let namespace = Strategy { strategy in
        strategy.setDefaults = { namespace in
            if let name = namespace["metadata"]?.text("name"), !name.isEmpty {
                namespace.set(.string(name), at: "metadata", "labels", "kubernetes.io/metadata.name")
            }
            if namespace.at("status", "phase") == nil { namespace.set("Active", at: "status", "phase") }
        }
        strategy.prepareForCreate = { namespace in
            namespace["status"] = ["phase": "Active"]
            var finalizers = namespace["spec"]?.items("finalizers") ?? []
            if !finalizers.contains("kubernetes") { finalizers.append("kubernetes") }
            namespace.set(.array(finalizers), at: "spec", "finalizers")
            // A generated name is known only now.
            if let name = namespace.at("metadata", "name") {
                namespace.set(name, at: "metadata", "labels", "kubernetes.io/metadata.name")
            }
        }
        strategy.prepareForUpdate = { namespace, old in
            namespace.set(old.at("spec", "finalizers"), at: "spec", "finalizers")
            Preparing.keepStatus(&namespace, old)
        }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { namespace in
            var errors = KubeFinalizers.validate(namespace)
            for finalizer in namespace["spec"]?.texts("finalizers") ?? [] {
                let path = FieldPath("spec", "finalizers")
                errors.check(finalizer, path, NameRules.qualifiedName)
                errors += KubeFinalizers.validate(finalizer, path)
            }
            return errors
        }
        strategy.validateUpdate = { new, _ in KubeFinalizers.validate(new) }
        strategy.validateStatusUpdate = { new, _ in
            let phase = new["status"]?.text("phase") ?? ""
            let isDeleted = new.at("metadata", "deletionTimestamp") != nil
            if phase == (isDeleted ? "Terminating" : "Active") { return [] }
            return [
                .invalid(
                    FieldPath("status", "Phase"), .string(phase),
                    isDeleted
                        ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
                        : "may only be 'Active' if `deletionTimestamp` is empty")
            ]
        }
        strategy.validateName = { NameRules.dns1123Label($0, isPrefix: $1) }
    }

    // MARK: Nodes

    static let node = Strategy { strategy in
        strategy.setDefaults = { node in
            node.change("spec") { spec in
                let single = spec.text("podCIDR")
                if !single.isEmpty, spec.texts("podCIDRs").first != single {
                    spec["podCIDRs"] = [.string(single)]
                } else if single.isEmpty, let first = spec.items("podCIDRs").first {
                    spec["podCIDR"] = first
                }
            }
            node.change("status") { status in
                status.change("capacity", PodSpecRules.roundResources)
                status.change("allocatable", PodSpecRules.roundResources)
                if status["allocatable"] == nil, let capacity = status["capacity"] {
                    status["allocatable"] = capacity
                }
            }
        }
        strategy.prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { KubeFinalizers.validate($0) + validateNode($0) }
        strategy.validateUpdate = { validateNodeUpdate($0, $1) }
        strategy.validateStatusUpdate = { validateNodeUpdate($0, $1) }
        strategy.warnings = { node, _ in
            var warnings: [String] = []
            if node.at("spec", "configSource") != nil {
                warnings.append("spec.configSource: the feature is no longer supported")
            }
            if node["spec"]?.text("externalID").isEmpty == false {
                warnings.append("spec.externalID: deprecated in v1.24, unused")
            }
            return warnings
        }
    }

    private static func validateNode(_ node: JSON) -> Errors {
        var errors: Errors = []
        SchedulingRules.taints(node["spec"]?.items("taints") ?? [], FieldPath("metadata", "taints"), &errors)
        nodeResources(node, &errors)
        let ranges = node["spec"]?.texts("podCIDRs") ?? []
        let path = FieldPath("spec", "podCIDRs")
        for (index, range) in ranges.enumerated() { errors += IPRules.legacyCIDR(range, path.index(index)) }
        if ranges.count > 1 {
            let families = Set(ranges.compactMap { CIDR($0)?.address.isIPv4 })
            if families.count < 2 || ranges.count > 2 {
                errors.append(
                    .invalid(
                        path, .array(ranges.map { .string($0) }),
                        "may specify no more than one CIDR for each IP family"))
            }
            for (index, range) in ranges.enumerated() where ranges[..<index].contains(range) {
                errors.append(.duplicate(path.index(index), .string(range)))
            }
        }
        return errors
    }

    private static func nodeResources(_ node: JSON, _ errors: inout Errors) {
        for list in ["capacity", "allocatable"] {
            for (name, value) in node.at("status", list)?.object ?? [:] {
                errors += ResourceRules.quantity(name, value, FieldPath("status", list, name))
            }
        }
    }

    private static func validateNodeUpdate(_ node: JSON, _ old: JSON) -> Errors {
        var errors = KubeFinalizers.validate(node)
        nodeResources(node, &errors)
        let addresses = node["status"]?.items("addresses") ?? []
        for (index, address) in addresses.enumerated() where addresses[..<index].contains(address) {
            errors.append(.duplicate(FieldPath("status", "addresses").index(index), address))
        }
        let spec = node["spec"] ?? .null
        let before = old["spec"] ?? .null
        let ranges = before.texts("podCIDRs")
        if !ranges.isEmpty {
            let changes =
                ranges.count != spec.texts("podCIDRs").count
                ? 1 : zip(ranges, spec.texts("podCIDRs")).filter { $0 != $1 }.count
            for _ in 0..<changes {
                errors.append(
                    .forbidden(
                        FieldPath("spec", "podCIDRs"),
                        "node updates may not change podCIDR except from \"\" to valid"))
            }
        }
        if !before.text("providerID").isEmpty, before.text("providerID") != spec.text("providerID") {
            errors.append(
                .forbidden(
                    FieldPath("spec", "providerID"),
                    "node updates may not change providerID except from \"\" to valid"))
        }
        SchedulingRules.taints(spec.items("taints"), FieldPath("metadata", "taints"), &errors)
        if spec.text("externalID") != before.text("externalID") {
            errors.append(.forbidden(FieldPath("spec", "externalID"), "may not be updated"))
        }
        return errors
    }

    // MARK: Endpoints

    static let endpoints = Strategy { strategy in
        strategy.setDefaults = { endpoints in
            endpoints.changeItems("subsets") { subset in
                subset.changeItems("ports") { $0.fill("protocol", "TCP") }
            }
        }
        strategy.validate = { KubeFinalizers.validate($0) + validateEndpoints($0) }
        strategy.validateUpdate = { new, _ in KubeFinalizers.validate(new) + validateEndpoints(new) }
        strategy.warnings = { _, old in
            old == nil ? ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"] : []
        }
    }

    private static func validateEndpoints(_ endpoints: JSON) -> Errors {
        var errors: Errors = []
        for (index, subset) in endpoints.items("subsets").enumerated() {
            let path = FieldPath("subsets").index(index)
            if subset.items("addresses").isEmpty, subset.items("notReadyAddresses").isEmpty {
                errors.append(.required(path, "must specify `addresses` or `notReadyAddresses`"))
            }
            for list in ["addresses", "notReadyAddresses"] {
                for (index, address) in subset.items(list).enumerated() {
                    let path = path.child(list).index(index)
                    let text = address.text("ip")
                    errors += IPRules.legacyIP(text, path.child("ip"))
                    let host = address.text("hostname")
                    if !host.isEmpty { errors.label(host, path.child("hostname")) }
                    if let node = address["nodeName"]?.string {
                        errors.subdomain(node, path.child("nodeName"))
                    }
                    errors += ServiceRules.nonSpecialIP(text, path.child("ip"))
                }
            }
            let ports = subset.items("ports")
            for (index, port) in ports.enumerated() {
                let path = path.child("ports").index(index)
                let name = port.text("name")
                if !name.isEmpty {
                    errors.label(name, path.child("name"))
                } else if ports.count > 1 {
                    errors.append(.required(path.child("name")))
                }
                errors.range(.integer(port.number("port")), path.child("port"), 1, 65535)
                errors.oneOf(port.text("protocol"), path.child("protocol"), ["SCTP", "TCP", "UDP"])
                if let name = port["appProtocol"]?.string {
                    errors.check(name, path.child("appProtocol"), NameRules.qualifiedName)
                }
            }
        }
        return errors
    }

    // MARK: Events and bindings

    /// Events have no finalizers and no rules for names beyond being a segment of a path.
    static let event = Strategy { strategy in
        strategy.validate = validateEvent
        strategy.validateUpdate = { new, _ in validateEvent(new) }
        strategy.validateName = { NameRules.pathSegment($0, isPrefix: $1) }
        strategy.allowsCreateOnUpdate = true
    }

    /// Events of either group keep to the same; here the reporter's field has its old name.
    @Sendable private static func validateEvent(_ event: JSON) -> [FieldError] {
        EventStrategy.common(
            event, involved: "involvedObject", message: "message", controller: "reportingComponent")
    }

    static let binding = Strategy { strategy in
        strategy.validate = { PodBinding.validate($0) }
        strategy.validateName = { NameRules.pathSegment($0, isPrefix: $1) }
    }
}

/// Bodies of `pods/binding`, `pods/eviction` and `serviceaccounts/token`.
public enum PodBinding {
    /// What is wrong with a Binding: only nodes can be targets.
    public static func validate(_ binding: JSON) -> [FieldError] {
        var errors: [FieldError] = []
        let kind = binding["target"]?.text("kind") ?? ""
        if !kind.isEmpty, kind != "Node" {
            errors.append(
                .notSupported(FieldPath("target", "kind"), .string(kind), ["Node", "<empty>"]))
        }
        if binding["target"]?.text("name").isEmpty ?? true {
            errors.append(.required(FieldPath("target", "name")))
        }
        return errors
    }

    /// Writes a binding into its pod: the node, what the binding annotates and labels, and that it is
    /// scheduled at `time` (RFC 3339). Returns why it cannot be, nil when it was.
    public static func bind(_ pod: inout JSON, _ binding: JSON, time: String) -> String? {
        let name = pod["metadata"]?.text("name") ?? ""
        if pod.at("metadata", "deletionTimestamp") != nil {
            return "pod \(name) is being deleted, cannot be assigned to a host"
        }
        let current = pod["spec"]?.text("nodeName") ?? ""
        if !current.isEmpty { return "pod \(name) is already assigned to node \"\(current)\"" }
        if pod["spec"]?.items("schedulingGates").isEmpty == false {
            return "pod \(name) has non-empty .spec.schedulingGates"
        }
        pod.set(binding.at("target", "name"), at: "spec", "nodeName")
        for list in ["annotations", "labels"] {
            for (key, value) in binding.at("metadata", list)?.object ?? [:] {
                pod.set(value, at: "metadata", list, key)
            }
        }
        var conditions = pod["status"]?.items("conditions") ?? []
        conditions.removeAll { $0.text("type") == "PodScheduled" }
        var condition: JSON = [
            "type": "PodScheduled", "status": "True", "lastProbeTime": .null,
            "lastTransitionTime": .string(time),
        ]
        if let generation = pod.at("metadata", "generation") { condition["observedGeneration"] = generation }
        conditions.append(condition)
        pod.set(.array(conditions), at: "status", "conditions")
        return nil
    }
}

/// TokenRequests of `serviceaccounts/token` (pkg/apis/authentication/validation).
public enum TokenRequestRules {
    public static func setDefaults(_ request: inout JSON) {
        if request.at("spec", "expirationSeconds") == nil {
            request.set(3600, at: "spec", "expirationSeconds")
        }
    }

    public static func validate(_ request: JSON) -> [FieldError] {
        let path = FieldPath("spec", "expirationSeconds")
        let seconds = request["spec"]?.number("expirationSeconds") ?? 0
        var errors: [FieldError] = []
        if seconds < 600 {
            errors.append(
                .invalid(path, .integer(seconds), "may not specify a duration less than 10 minutes"))
        }
        if seconds > 1 << 32 {
            errors.append(
                .invalid(path, .integer(seconds), "may not specify a duration larger than 2^32 seconds"))
        }
        return errors
    }
}
