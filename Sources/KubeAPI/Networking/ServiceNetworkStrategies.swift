import KubeJSON

/// IPAddresses and ServiceCIDRs (pkg/apis/networking/validation).
enum ServiceNetworkStrategies {
    static let address = Strategy { strategy in
        // The name is the address, in its canonical form.
        strategy.validateName = { name, _ in IPRules.ip(name, .root).map(\.detail) }
        strategy.validate = { value in
            var errors: Errors = []
            let path = FieldPath("spec", "parentRef")
            guard let parent = value.at("spec", "parentRef"), parent.object != nil else {
                return [.required(path)]
            }
            let group = parent.text("group")
            if !group.isEmpty { errors.subdomain(group, path.child("group")) }
            for key in ["resource", "name", "namespace"] {
                let text = parent.text(key)
                if !text.isEmpty {
                    errors.check(text, path.child(key)) { NameRules.pathSegment($0) }
                } else if key != "namespace" {
                    errors.append(.required(path.child(key)))
                }
            }
            return errors
        }
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(
                new.at("spec", "parentRef"), old.at("spec", "parentRef"), FieldPath("spec", "parentRef"))
        }
    }

    static let serviceCIDR = Strategy { strategy in
        strategy.splitStatus()
        strategy.validate = { value in
            let path = FieldPath("spec", "cidrs")
            let texts = value["spec"]?.texts("cidrs") ?? []
            // Upstream prints its internal structure, whose member is capitalised.
            let shown: JSON = ["CIDRs": .array(texts.map { .string($0) })]
            switch texts.count {
            case 0: return [.required(path, "at least one CIDR required")]
            case 1: break
            case 2:
                let parsed = texts.compactMap { CIDR($0) }
                guard parsed.count == 2, parsed[0].address.isIPv4 != parsed[1].address.isIPv4 else {
                    return [
                        .invalid(
                            path, shown,
                            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and "
                                + "2001:db8::/64")
                    ]
                }
            default: return [.invalid(path, shown, "may only hold up to 2 values")]
            }
            var errors: Errors = []
            for (index, text) in texts.enumerated() { errors += IPRules.cidr(text, path.index(index)) }
            return errors
        }
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(
                new.at("spec", "cidrs"), old.at("spec", "cidrs"), FieldPath("spec", "cidrs"))
        }
    }
}
