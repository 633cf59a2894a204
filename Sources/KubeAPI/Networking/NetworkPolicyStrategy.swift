import KubeJSON

/// NetworkPolicies.
enum NetworkPolicyStrategy {
    static let policy = Strategy { strategy in
        strategy.setDefaults = { policy in
            policy.fillAbsent("spec", .object([:]))
            policy.change("spec") { spec in
                for direction in ["ingress", "egress"] {
                    spec.changeItems(direction) { rule in
                        rule.changeItems("ports") { $0.fill("protocol", "TCP") }
                    }
                }
                guard spec.items("policyTypes").isEmpty else { return }
                let hasEgress = !spec.items("egress").isEmpty
                spec["policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"]
            }
        }
        strategy.validate = { validate($0, known: []) }
        strategy.validateUpdate = { new, old in validate(new, known: networks(old)) }
        strategy.warnings = { new, _ in blocks(new).flatMap(IPWarnings.cidr) }
        strategy.hasGeneration = true
    }

    /// All networks that a policy names, with their paths.
    private static func blocks(_ policy: JSON) -> [(path: FieldPath, text: String)] {
        var found: [(FieldPath, String)] = []
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (policy["spec"]?.items(direction) ?? []).enumerated() {
                let path = FieldPath("spec", direction).index(index).child(peers)
                for (index, peer) in rule.items(peers).enumerated() {
                    guard let block = peer["ipBlock"] else { continue }
                    let path = path.index(index).child("ipBlock")
                    found.append((path.child("cidr"), block.text("cidr")))
                    for (index, text) in block.texts("except").enumerated() {
                        found.append((path.child("except").index(index), text))
                    }
                }
            }
        }
        return found
    }

    private static func networks(_ policy: JSON) -> [String] { blocks(policy).map(\.text) }

    /// `known` are networks of the old object, which pass as they are.
    private static func validate(_ policy: JSON, known: [String]) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = policy["spec"] ?? .object([:])
        errors += FieldRules.labelSelector(spec["podSelector"], path.child("podSelector"))
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in spec.items(direction).enumerated() {
                let path = path.child(direction).index(index)
                for (index, port) in rule.items("ports").enumerated() {
                    validate(port: port, path.child("ports").index(index), &errors)
                }
                for (index, peer) in rule.items(peers).enumerated() {
                    validate(peer: peer, path.child(peers).index(index), known, &errors)
                }
            }
        }
        let types = spec.items("policyTypes")
        if types.count > 2 {
            errors.append(
                .invalid(
                    path.child("policyTypes"), .array(types), "may not specify more than two policyTypes"))
            return errors
        }
        for (index, type) in types.enumerated() where type != "Ingress" && type != "Egress" {
            errors.append(
                .notSupported(path.child("policyTypes").index(index), type, ["Ingress", "Egress"]))
        }
        return errors
    }

    private static func validate(port: JSON, _ path: FieldPath, _ errors: inout Errors) {
        errors.optionalOneOf(port["protocol"], path.child("protocol"), ["TCP", "UDP", "SCTP"])
        let end = port["endPort"]
        let endPath = path.child("endPort")
        guard let number = port["port"] else {
            if let end {
                errors.append(.invalid(endPath, end, "may not be specified when `port` is not specified"))
            }
            return
        }
        guard let first = number.integer else {
            if let end {
                errors.append(.invalid(endPath, end, "may not be specified when `port` is non-numeric"))
            }
            errors.port(number, path.child("port"))
            return
        }
        errors.port(number, path.child("port"))
        guard let end, let last = end.integer else { return }
        // Upstream shows the port here, not the end.
        if last < first {
            errors.append(.invalid(endPath, number, "must be greater than or equal to `port`"))
        }
        errors.range(end, endPath, 1, 65535)
    }

    private static func validate(
        peer: JSON, _ path: FieldPath, _ known: [String], _ errors: inout Errors
    ) {
        for key in ["podSelector", "namespaceSelector"] {
            errors += FieldRules.labelSelector(peer[key], path.child(key))
        }
        let hasSelector = peer["podSelector"] != nil || peer["namespaceSelector"] != nil
        guard let block = peer["ipBlock"] else {
            if !hasSelector { errors.append(.required(path, "must specify a peer")) }
            return
        }
        validate(block: block, path.child("ipBlock"), known, &errors)
        if hasSelector {
            errors.append(.forbidden(path, "may not specify both ipBlock and another peer"))
        }
    }

    private static func validate(
        block: JSON, _ path: FieldPath, _ known: [String], _ errors: inout Errors
    ) {
        let text = block.text("cidr")
        if text.isEmpty {
            errors.append(.required(path.child("cidr")))
            return
        }
        errors += IPRules.legacyCIDR(text, path.child("cidr"), allowed: known)
        guard let outer = CIDR(text) else { return }
        for (index, text) in block.texts("except").enumerated() {
            let path = path.child("except").index(index)
            errors += IPRules.legacyCIDR(text, path, allowed: known)
            guard let inner = CIDR(text) else { continue }
            if !outer.contains(inner.network) || outer.prefix >= inner.prefix {
                errors.append(.invalid(path, .string(text), "must be a strict subset of `cidr`"))
            }
        }
    }
}
