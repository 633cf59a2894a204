import KubeJSON

/// Rules for Services.
enum ServiceRules {
    static func isHeadless(_ spec: JSON) -> Bool { spec.texts("clusterIPs") == ["None"] }
    static func isExternallyAccessible(_ spec: JSON) -> Bool {
        switch spec.text("type") {
        case "LoadBalancer", "NodePort": true
        case "ClusterIP": !spec.items("externalIPs").isEmpty
        default: false
        }
    }
    static func needsHealthCheck(_ spec: JSON) -> Bool {
        spec.text("type") == "LoadBalancer" && spec.text("externalTrafficPolicy") == "Local"
    }

    static func validate(_ service: JSON) -> [FieldError] {
        var errors: Errors = []
        let spec = service["spec"] ?? .object([:])
        let path = FieldPath("spec")
        let type = spec.text("type")
        let ports = spec.items("ports")
        if ports.isEmpty, !isHeadless(spec), type != "ExternalName" {
            errors.append(.required(path.child("ports")))
        }
        switch type {
        case "LoadBalancer", "NodePort":
            if isHeadless(spec) {
                errors.append(
                    .invalid(
                        path.child("clusterIPs").index(0), "None",
                        "may not be set to 'None' for \(type) services"))
            }
        case "ExternalName": externalName(spec, path, &errors)
        default: break
        }
        portRules(ports, path.child("ports"), &errors)
        if let selector = spec["selector"] { errors += FieldRules.labels(selector, path.child("selector")) }
        affinity(spec, path, &errors)
        errors += clusterIPs(spec)
        for (index, address) in spec.texts("externalIPs").enumerated() {
            let path = path.child("externalIPs").index(index)
            let found = IPRules.legacyIP(address, path)
            errors += found.isEmpty ? nonSpecialIP(address, path) : found
        }
        errors.oneOf(type, path.child("type"), ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        duplicates(ports, type, path.child("ports"), &errors)
        sourceRanges(service, type, path, &errors)
        if spec["allocateLoadBalancerNodePorts"] != nil, type != "LoadBalancer" {
            errors.append(
                .forbidden(
                    path.child("allocateLoadBalancerNodePorts"),
                    "may only be used when `type` is 'LoadBalancer'"))
        }
        if type == "LoadBalancer", spec["allocateLoadBalancerNodePorts"] == nil {
            errors.append(.required(FieldPath("allocateLoadBalancerNodePorts")))
        }
        loadBalancerClass(spec, path.child("loadBalancerClass"), &errors)
        traffic(spec, path, &errors)
        return errors
    }

    private static func externalName(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        for field in ["clusterIPs", "ipFamilies"] where !spec.items(field).isEmpty {
            errors.append(.forbidden(path.child(field), "may not be set for ExternalName services"))
        }
        if spec["ipFamilyPolicy"] != nil {
            errors.append(
                .forbidden(path.child("ipFamilyPolicy"), "may not be set for ExternalName services"))
        }
        let name = spec.text("externalName")
        let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
        if bare.isEmpty {
            errors.append(.required(path.child("externalName")))
        } else {
            errors.subdomain(bare, path.child("externalName"))
        }
    }

    private static func portRules(_ ports: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = path.index(index)
            let name = port.text("name")
            if !name.isEmpty {
                errors.label(name, path.child("name"))
                if !names.insert(name).inserted {
                    errors.append(.duplicate(path.child("name"), .string(name)))
                }
            } else if ports.count > 1 {
                errors.append(.required(path.child("name")))
            }
            errors.range(.integer(port.number("port")), path.child("port"), 1, 65535)
            errors.oneOf(port.text("protocol"), path.child("protocol"), ["SCTP", "TCP", "UDP"])
            errors.port(port["targetPort"], path.child("targetPort"))
            if let name = port["appProtocol"]?.string {
                errors.check(name, path.child("appProtocol"), NameRules.qualifiedName)
            }
        }
    }

    private static func affinity(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let affinity = spec.text("sessionAffinity")
        errors.oneOf(affinity, path.child("sessionAffinity"), ["ClientIP", "None"])
        let configPath = path.child("sessionAffinityConfig")
        let config = spec["sessionAffinityConfig"]
        if affinity == "None", config != nil {
            errors.append(.forbidden(configPath, "must not be set when session affinity is None"))
        }
        guard affinity == "ClientIP" else { return }
        let words = "when session affinity type is ClientIP"
        guard let config else {
            errors.append(.required(configPath, words))
            return
        }
        guard let client = config["clientIP"] else {
            errors.append(.required(configPath.child("clientIP"), words))
            return
        }
        let timeoutPath = configPath.child("clientIP").child("timeoutSeconds")
        guard let timeout = client["timeoutSeconds"]?.integer else {
            errors.append(.required(timeoutPath, words))
            return
        }
        if timeout <= 0 || timeout > 86400 {
            errors.append(
                .invalid(timeoutPath, .integer(timeout), "must be greater than 0 and less than 86400"))
        }
    }

    private static func duplicates(
        _ ports: [JSON], _ type: String, _ path: FieldPath, _ errors: inout Errors
    ) {
        let number = { (port: JSON, field: String) in port.number(field) }
        if type == "ClusterIP" {
            for (index, port) in ports.enumerated() where number(port, "nodePort") != 0 {
                errors.append(
                    .forbidden(
                        path.index(index).child("nodePort"), "may not be used when `type` is 'ClusterIP'"))
            }
        }
        for (index, port) in ports.enumerated() where number(port, "nodePort") != 0 {
            if ports[..<index].contains(where: {
                number($0, "nodePort") == number(port, "nodePort")
                    && $0.text("protocol") == port.text("protocol")
            }) {
                errors.append(
                    .duplicate(path.index(index).child("nodePort"), .integer(number(port, "nodePort"))))
            }
        }
        for (index, port) in ports.enumerated() {
            guard
                ports[..<index].contains(where: {
                    number($0, "port") == number(port, "port") && $0.text("protocol") == port.text("protocol")
                })
            else { continue }
            // Written as upstream's internal type marshals: all fields, by their Go names.
            let key: JSON = [
                "Name": "", "Protocol": .string(port.text("protocol")), "AppProtocol": .null,
                "Port": .integer(number(port, "port")), "TargetPort": 0, "NodePort": 0,
            ]
            errors.append(.duplicate(path.index(index), key))
        }
    }

    private static func sourceRanges(
        _ service: JSON, _ type: String, _ path: FieldPath, _ errors: inout Errors
    ) {
        let words = "may only be used when `type` is 'LoadBalancer'"
        let ranges = service["spec"]?.texts("loadBalancerSourceRanges") ?? []
        let key = "service.beta.kubernetes.io/load-balancer-source-ranges"
        let trim = { (text: Substring) in
            String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        if !ranges.isEmpty {
            let path = path.child("LoadBalancerSourceRanges")
            if type != "LoadBalancer" { errors.append(.forbidden(path, words)) }
            for (index, range) in ranges.enumerated() {
                errors += IPRules.legacyCIDR(trim(range[...]), path.index(index))
            }
        } else if let text = service.at("metadata", "annotations", key)?.string {
            let path = FieldPath("metadata", "annotations").key(key)
            if type != "LoadBalancer" { errors.append(.forbidden(path, words)) }
            if trim(text[...]).isEmpty { return }
            for range in text.split(separator: ",", omittingEmptySubsequences: false) {
                errors += IPRules.legacyCIDR(trim(range), path)
            }
        }
    }

    private static func loadBalancerClass(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let name = spec["loadBalancerClass"]?.string else { return }
        if spec.text("type") == "LoadBalancer" {
            errors.check(name, path, NameRules.qualifiedName)
        } else {
            errors.append(.forbidden(path, "may only be used when `type` is 'LoadBalancer'"))
        }
    }

    private static func traffic(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let external = spec.text("externalTrafficPolicy")
        if isExternallyAccessible(spec) {
            errors.oneOf(external, path.child("externalTrafficPolicy"), ["Cluster", "Local"])
        } else if !external.isEmpty {
            errors.append(
                .invalid(
                    path.child("externalTrafficPolicy"), .string(external),
                    "may only be set for externally-accessible services"))
        }
        let health = spec.number("healthCheckNodePort")
        let healthPath = path.child("healthCheckNodePort")
        if !needsHealthCheck(spec) {
            if health != 0 {
                errors.append(
                    .invalid(
                        healthPath, .integer(health),
                        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
                    ))
            }
        } else if health != 0 {
            errors.range(.integer(health), healthPath, 1, 65535)
        }
        let internalPolicy = spec["internalTrafficPolicy"]?.string
        if internalPolicy == nil, ["ClusterIP", "NodePort", "LoadBalancer"].contains(spec.text("type")) {
            errors.append(.required(path.child("internalTrafficPolicy")))
        }
        errors.optionalOneOf(
            spec["internalTrafficPolicy"], path.child("internalTrafficPolicy"), ["Cluster", "Local"])
        errors.optionalOneOf(
            spec["trafficDistribution"], path.child("trafficDistribution"),
            ["PreferClose", "PreferSameZone", "PreferSameNode"])
    }

    /// Addresses that no traffic from elsewhere can mean.
    static func nonSpecialIP(_ text: String, _ path: FieldPath) -> [FieldError] {
        guard let address = IPAddress(text) else {
            return [.invalid(path, .string(text), "must be a valid IP address")]
        }
        var errors: Errors = []
        let add = { (words: String) in errors.append(.invalid(path, .string(text), words)) }
        if address.isUnspecified { add("may not be unspecified (\(text))") }
        if address.isLoopback { add("may not be in the loopback range (127.0.0.0/8, ::1/128)") }
        if address.isLinkLocalUnicast {
            add("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        if address.isLinkLocalMulticast {
            add("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
        return errors
    }

    /// `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy` among themselves.
    static func clusterIPs(_ spec: JSON) -> [FieldError] {
        if spec.text("type") == "ExternalName" { return [] }
        var errors: Errors = []
        let path = FieldPath("spec")
        let listPath = path.child("clusterIPs")
        let addresses = spec.texts("clusterIPs")
        let list = spec["clusterIPs"] ?? []
        let single = spec.text("clusterIP")
        if single.isEmpty {
            if !addresses.isEmpty {
                errors.append(.invalid(listPath, list, "must be empty when `clusterIP` is not specified"))
            }
        } else if addresses.isEmpty {
            errors.append(.required(listPath))
        } else if addresses[0] != single {
            errors.append(.invalid(listPath, list, "first value must match `clusterIP`"))
        }
        let families = spec.texts("ipFamilies")
        for (index, family) in families.enumerated() {
            let path = path.child("ipFamilies").index(index)
            errors.optionalOneOf(.string(family), path, ["IPv4", "IPv6"])
            if families[..<index].contains(family) { errors.append(.duplicate(path, .string(family))) }
        }
        errors.optionalOneOf(
            spec["ipFamilyPolicy"], path.child("ipFamilyPolicy"),
            ["PreferDualStack", "RequireDualStack", "SingleStack"])
        var hasInvalid = false
        for (index, address) in addresses.enumerated() {
            if index == 0, address == "None" {
                if addresses.count > 1 {
                    hasInvalid = true
                    errors.append(.invalid(listPath, list, "'None' must be the first and only value"))
                }
                continue
            }
            let found = IPRules.legacyIP(address, listPath.index(index))
            if !found.isEmpty { hasInvalid = true }
            errors += found
        }
        if addresses.count > 2 { errors.append(.invalid(listPath, list, "may only hold up to 2 values")) }
        if hasInvalid { return errors }
        let isIPv4 = addresses.map { IPAddress($0)?.isIPv4 ?? true }
        if addresses.count > 1, Set(isIPv4).count < 2 {
            errors.append(
                .invalid(listPath, list, "may specify no more than one IP for each IP family"))
        }
        guard !isHeadless(spec) else { return errors }
        for (index, address) in addresses.enumerated() where index < families.count {
            let family = families[index]
            if (family == "IPv4" && !isIPv4[index]) || (family == "IPv6" && isIPv4[index]) {
                errors.append(
                    .invalid(
                        listPath.index(index), .string(address),
                        "expected an \(family) value as indicated by `ipFamilies[\(index)]`"))
            }
        }
        return errors
    }

    // MARK: Updates

    static func validateUpdate(_ service: JSON, _ old: JSON) -> [FieldError] {
        var errors: Errors = []
        let spec = service["spec"] ?? .object([:])
        let before = old["spec"] ?? .object([:])
        if spec.text("type") != "ExternalName", before.text("type") != "ExternalName" {
            let isHeadless = isHeadless(spec)
            let wasHeadless = self.isHeadless(before)
            if !(isHeadless && wasHeadless) {
                primaryStays("clusterIPs", "clusterIP", spec, before, &errors)
            }
            if !isHeadless, !wasHeadless { primaryStays("ipFamilies", "ipFamily", spec, before, &errors) }
        }
        if spec.text("type") == "LoadBalancer", before.text("type") == "LoadBalancer",
            spec["loadBalancerClass"] != before["loadBalancerClass"]
        {
            errors.append(
                .invalid(
                    FieldPath("spec", "loadBalancerClass"), spec["loadBalancerClass"] ?? .null,
                    "may not change once set"))
        }
        if needsHealthCheck(before), needsHealthCheck(spec),
            spec.number("healthCheckNodePort") != before.number("healthCheckNodePort")
        {
            errors.append(.forbidden(FieldPath("spec", "healthCheckNodePort"), "field is immutable"))
        }
        return errors
    }

    /// The first of a Service's addresses or families never changes; the second may come and go.
    private static func primaryStays(
        _ field: String, _ noun: String, _ spec: JSON, _ before: JSON, _ errors: inout Errors
    ) {
        let new = spec.texts(field)
        let old = before.texts(field)
        let path = FieldPath("spec").child(field)
        let value = spec[field] ?? .null
        if new.count == old.count {
            for (index, item) in old.enumerated() where item != new[index] {
                errors.append(
                    .invalid(path.index(field == "clusterIPs" ? index : 0), value, "may not change once set"))
            }
            return
        }
        if old.count > new.count, spec.texts("clusterIPs").isEmpty {
            errors.append(.invalid(path.index(0), value, "primary \(noun) can not be unset"))
        }
        if let first = new.first, let oldFirst = old.first, first != oldFirst {
            errors.append(.invalid(path.index(0), spec["clusterIPs"] ?? .null, "may not change once set"))
        }
        if old.count > new.count, new.count == 1, spec.text("ipFamilyPolicy") != "SingleStack" {
            errors.append(
                .invalid(
                    FieldPath("spec", "ipFamilyPolicy"), spec["ipFamilyPolicy"] ?? .null,
                    "must be set to 'SingleStack' when releasing the secondary \(noun)"))
        }
    }

    static func validateStatus(_ service: JSON) -> [FieldError] {
        var errors: Errors = []
        let path = FieldPath("status", "loadBalancer").child("ingress")
        let list = service.at("status", "loadBalancer", "ingress")?.array ?? []
        if service.at("spec", "type") != "LoadBalancer", !list.isEmpty {
            return [.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")]
        }
        for (index, ingress) in list.enumerated() {
            let path = path.index(index)
            let address = ingress.text("ip")
            if !address.isEmpty { errors += IPRules.legacyIP(address, path.child("ip")) }
            if let mode = ingress["ipMode"] {
                if address.isEmpty {
                    errors.append(
                        .forbidden(path.child("ipMode"), "may not be specified when `ip` is not set"))
                } else {
                    errors.optionalOneOf(mode, path.child("ipMode"), ["Proxy", "VIP"])
                }
            } else if !address.isEmpty {
                errors.append(.required(path.child("ipMode"), "must be specified when `ip` is set"))
            }
            let host = ingress.text("hostname")
            if host.isEmpty { continue }
            errors.subdomain(host, path.child("hostname"))
            if IPAddress(host) != nil {
                errors.append(
                    .invalid(
                        path.child("hostname"), .string(host), "must be a DNS name, not an IP address"))
            }
        }
        return errors
    }
}
