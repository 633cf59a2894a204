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
        strategy.validate = { validate($0, ["FQDN", "IPv4", "IPv6"]) }
        strategy.validateUpdate = { new, old in
            // Slices of the type that was before IPv4 and IPv6 can still be there.
            validate(new, ["FQDN", "IP", "IPv4", "IPv6"])
                + FieldRules.immutable(new["addressType"], old["addressType"], FieldPath("addressType"))
        }
        strategy.hasGeneration = true
    }

    private static func validate(_ slice: JSON, _ types: [String]) -> Errors {
        var errors: Errors = []
        let type = slice.text("addressType")
        errors.oneOf(type, FieldPath("addressType"), types)
        let endpoints = slice.items("endpoints")
        if endpoints.count > 1_000 {
            errors.append(.tooMany(FieldPath("endpoints"), endpoints.count, 1_000))
        } else {
            Self.endpoints(endpoints, type, &errors)
        }
        let ports = slice.items("ports")
        if ports.count > 100 {
            errors.append(.tooMany(FieldPath("ports"), ports.count, 100))
        } else {
            Self.ports(ports, &errors)
        }
        return errors
    }

    private static func endpoints(_ endpoints: [JSON], _ type: String, _ errors: inout Errors) {
        for (index, endpoint) in endpoints.enumerated() {
            let path = FieldPath("endpoints").index(index)
            let addresses = endpoint.texts("addresses")
            if addresses.isEmpty {
                errors.append(.required(path.child("addresses"), "must contain at least 1 address"))
            } else if addresses.count > 100 {
                errors.append(.tooMany(path.child("addresses"), addresses.count, 100))
            }
            for (index, address) in addresses.enumerated() {
                Self.address(address, type, path.child("addresses").index(index), &errors)
            }
            if let topology = endpoint["deprecatedTopology"] {
                let path = path.child("deprecatedTopology")
                let count = topology.object?.count ?? 0
                if count > 16 { errors.append(.tooMany(path, count, 16)) }
                errors += FieldRules.labels(topology, path)
            }
            if let host = endpoint["hostname"]?.string { errors.label(host, path.child("hostname")) }
            if let node = endpoint["nodeName"]?.string { errors.subdomain(node, path.child("nodeName")) }
        }
    }

    private static func address(
        _ address: String, _ type: String, _ path: FieldPath, _ errors: inout Errors
    ) {
        switch type {
        case "IP":
            if IPAddress(address) == nil {
                errors.append(
                    .invalid(
                        path, .string(address),
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
            }
        case "IPv4", "IPv6":
            if IPAddress(address)?.isIPv4 != (type == "IPv4") {
                errors.append(.invalid(path, .string(address), "must be a valid \(type) address"))
            }
            errors += ServiceRules.nonSpecialIP(address, path)
        case "FQDN": errors += NameRules.fullyQualifiedDomainName(address, path)
        default: break
        }
    }

    private static func ports(_ ports: [JSON], _ errors: inout Errors) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
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
    }
}
