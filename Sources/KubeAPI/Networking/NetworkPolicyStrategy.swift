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
        strategy.validate = validate
        strategy.validateUpdate = { new, _ in validate(new) }
        strategy.hasGeneration = true
    }

    @Sendable private static func validate(_ policy: JSON) -> Errors {
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
                    validate(peer: peer, path.child(peers).index(index), &errors)
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
                .notSupported(path.child("policyTypes").index(index), type, ["Egress", "Ingress"]))
        }
        return errors
    }

    private static func validate(port: JSON, _ path: FieldPath, _ errors: inout Errors) {
        errors.optionalOneOf(port["protocol"], path.child("protocol"), ["SCTP", "TCP", "UDP"])
        guard let number = port["port"] else {
            if port["endPort"] != nil {
                errors.append(
                    .required(path.child("port"), "must be specified when `endPort` is specified"))
            }
            return
        }
        errors.port(number, path.child("port"))
        guard let end = port["endPort"] else { return }
        if let first = number.integer {
            if let last = end.integer, last < first {
                errors.append(
                    .invalid(path.child("endPort"), end, "must be greater than or equal to `port`"))
            }
        } else {
            errors.append(
                .required(path.child("endPort"), "may not be specified when `port` is non-numeric"))
        }
        errors.range(end, path.child("endPort"), 1, 65535)
    }

    private static func validate(peer: JSON, _ path: FieldPath, _ errors: inout Errors) {
        for key in ["podSelector", "namespaceSelector"] {
            errors += FieldRules.labelSelector(peer[key], path.child(key))
        }
        let hasSelector = peer["podSelector"] != nil || peer["namespaceSelector"] != nil
        guard let block = peer["ipBlock"] else {
            if !hasSelector { errors.append(.required(path, "must specify a peer")) }
            return
        }
        let blockPath = path.child("ipBlock")
        let cidr = block.text("cidr")
        if cidr.isEmpty {
            errors.append(.required(blockPath.child("cidr")))
        } else {
            errors += IPRules.legacyCIDR(cidr, blockPath.child("cidr"))
        }
        for (index, exception) in block.texts("except").enumerated() {
            errors += IPRules.legacyCIDR(exception, blockPath.child("except").index(index))
        }
        if hasSelector {
            errors.append(
                .forbidden(path, "may not specify both ipBlock and another peer"))
        }
    }
}
