import KubeJSON

/// EndpointSlices: defaults and what an update may not change.
enum EndpointSliceStrategy {
    static let slice = Strategy { strategy in
        strategy.setDefaults = { slice in
            slice.changeItems("ports") { port in
                port.fillAbsent("name", "")
                port.fillAbsent("protocol", "TCP")
            }
        }
        strategy.validate = validate
        strategy.validateUpdate = { new, old in
            validate(new)
                + FieldRules.immutable(new["addressType"], old["addressType"], FieldPath("addressType"))
        }
        strategy.hasGeneration = true
    }

    @Sendable private static func validate(_ slice: JSON) -> Errors {
        var errors: Errors = []
        let type = slice.text("addressType")
        errors.oneOf(type, FieldPath("addressType"), ["FQDN", "IPv4", "IPv6"])
        for (index, endpoint) in slice.items("endpoints").enumerated() {
            let path = FieldPath("endpoints").index(index)
            let addresses = endpoint.texts("addresses")
            if addresses.isEmpty {
                errors.append(.required(path.child("addresses"), "must contain at least 1 address"))
            } else if addresses.count > 100 {
                errors.append(.tooMany(path.child("addresses"), addresses.count, 100))
            }
            if let host = endpoint["hostname"]?.string { errors.label(host, path.child("hostname")) }
            if let node = endpoint["nodeName"]?.string { errors.subdomain(node, path.child("nodeName")) }
        }
        var names: Set<String> = []
        for (index, port) in slice.items("ports").enumerated() {
            let path = FieldPath("ports").index(index)
            let name = port.text("name")
            if !name.isEmpty { errors.label(name, path.child("name")) }
            if !names.insert(name).inserted {
                errors.append(.duplicate(path.child("name"), .string(name)))
            }
            errors.oneOf(port.text("protocol"), path.child("protocol"), ["SCTP", "TCP", "UDP"])
            errors.range(port["port"], path.child("port"), 1, 65535)
            if let name = port["appProtocol"]?.string {
                errors.check(name, path.child("appProtocol"), NameRules.qualifiedName)
            }
        }
        return errors
    }
}
