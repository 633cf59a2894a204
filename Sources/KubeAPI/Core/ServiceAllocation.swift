import KubeJSON

/// What a Service needs from the allocators of addresses and ports, and what it gives back
/// (pkg/registry/core/service/storage). Pure: the server owns the ranges and what is taken.
public enum ServiceAllocation {
    /// One port of `spec.ports` that must have a node port.
    public struct NodePortRequest: Hashable, Sendable {
        /// The index in `spec.ports`.
        public let index: Int
        public let `protocol`: String
        /// The port that the client wants; nil for any.
        public let wanted: Int?
    }

    public static func needsClusterIP(_ service: JSON) -> Bool {
        ["ClusterIP", "NodePort", "LoadBalancer"].contains(service["spec"]?.text("type") ?? "")
    }
    public static func needsNodePort(_ service: JSON) -> Bool {
        switch service["spec"]?.text("type") {
        case "NodePort": true
        case "LoadBalancer": service.at("spec", "allocateLoadBalancerNodePorts")?.bool ?? true
        default: false
        }
    }
    public static func needsHealthCheckNodePort(_ service: JSON) -> Bool {
        ServiceRules.needsHealthCheck(service["spec"] ?? .null)
    }

    /// For each of `ipFamilies`, the address that the client wants, nil for any; empty for headless Services
    /// and for those without addresses. Ask after ``initFamilies(_:old:available:)``.
    public static func addressRequests(_ service: JSON) -> [(family: String, wanted: String?)] {
        guard needsClusterIP(service), let spec = service["spec"], !ServiceRules.isHeadless(spec) else {
            return []
        }
        let addresses = spec.texts("clusterIPs")
        return spec.texts("ipFamilies").enumerated().map { index, family in
            (family, index < addresses.count && !addresses[index].isEmpty ? addresses[index] : nil)
        }
    }

    /// Writes the addresses that were allocated, in the order of `ipFamilies`.
    public static func setAddresses(_ addresses: [String], in service: inout JSON) {
        guard let first = addresses.first else { return }
        service.set(.string(first), at: "spec", "clusterIP")
        service.set(.array(addresses.map { .string($0) }), at: "spec", "clusterIPs")
    }

    public static func nodePortRequests(_ service: JSON) -> [NodePortRequest] {
        guard needsNodePort(service) else { return [] }
        return (service["spec"]?.items("ports") ?? []).enumerated().map { index, port in
            let number = port["nodePort"]?.int ?? 0
            return NodePortRequest(
                index: index, protocol: port.text("protocol"), wanted: number == 0 ? nil : number)
        }
    }

    /// Writes the node ports that were allocated, by index of `spec.ports`.
    public static func setNodePorts(_ ports: [Int: Int], in service: inout JSON) {
        service.change("spec") { spec in
            var index = 0
            spec.changeItems("ports") { port in
                if let number = ports[index] { port["nodePort"] = .integer(Int64(number)) }
                index += 1
            }
        }
    }

    /// Addresses, node ports and the health check port that a Service holds: what its deletion gives back.
    public static func held(_ service: JSON) -> (addresses: [String], nodePorts: [Int]) {
        let spec = service["spec"] ?? .null
        var ports = spec.items("ports").compactMap { $0["nodePort"]?.int }.filter { $0 != 0 }
        if let health = spec["healthCheckNodePort"]?.int, health != 0 { ports.append(health) }
        return (spec.texts("clusterIPs").filter { $0 != "None" && !$0.isEmpty }, ports)
    }

    // MARK: IP families

    /// Fills `ipFamilyPolicy` and `ipFamilies` for a cluster whose ranges are of the `available` families, the
    /// default first. Returns what cannot be had.
    public static func initFamilies(_ service: inout JSON, old: JSON?, available: [String]) -> [FieldError] {
        guard var spec = service["spec"], spec.text("type") != "ExternalName" else { return [] }
        let isSelectorless = spec.text("clusterIP") == "None" && (spec["selector"]?.object?.isEmpty ?? true)
        if spec["ipFamilyPolicy"] == nil {
            let before = old?.at("spec", "ipFamilyPolicy")
            spec["ipFamilyPolicy"] = before ?? (isSelectorless ? "RequireDualStack" : "SingleStack")
        }
        var errors: Errors = ServiceRules.clusterIPs(spec)
        if !errors.isEmpty { return errors }
        let policy = spec.text("ipFamilyPolicy")
        let policyPath = FieldPath("spec", "ipFamilyPolicy")
        let invalid = { (words: String) in FieldError.invalid(policyPath, .string(policy), words) }
        for (field, noun, nouns) in [
            ("clusterIPs", "cluster IP", "cluster IPs"), ("ipFamilies", "IP family", "IP families"),
        ] {
            let before = old?["spec"]?.texts(field) ?? []
            if policy == "SingleStack" {
                if old != nil, before == spec.texts(field), before.count > 1 {
                    spec[field] = [.string(before[0])]
                }
                if spec.items(field).count == 2 {
                    errors.append(
                        invalid(
                            "must be 'RequireDualStack' or 'PreferDualStack' when multiple \(nouns) are specified"
                        ))
                }
            } else if before.count == 2, spec.items(field).count == 1, spec.texts(field)[0] == before[0] {
                errors.append(invalid("must be 'SingleStack' to release the secondary \(noun)"))
            }
        }
        var families = spec.texts("ipFamilies")
        for (index, text) in spec.texts("clusterIPs").enumerated() where index >= families.count {
            guard let address = IPAddress(text) else { break }
            let family = address.isIPv4 ? "IPv4" : "IPv6"
            if available.contains(family) {
                families.append(family)
            } else {
                errors.append(
                    .invalid(
                        FieldPath("spec", "clusterIPs").index(index), spec["clusterIPs"] ?? [],
                        "\(family) is not configured on this cluster"))
            }
        }
        if !errors.isEmpty { return errors }
        if !isSelectorless {
            if policy == "RequireDualStack", available.count < 2 {
                errors.append(invalid("this cluster is not configured for dual-stack services"))
            }
            for (index, family) in families.enumerated() where !available.contains(family) {
                errors.append(
                    .invalid(
                        FieldPath("spec", "ipFamilies").index(index), .string(family),
                        "not configured on this cluster"))
            }
            if !errors.isEmpty { return errors }
        }
        if families.isEmpty { families = Array(available.prefix(1)) }
        if policy != "SingleStack", families.count == 1, isSelectorless || available.count == 2 {
            families.append(families[0] == "IPv4" ? "IPv6" : "IPv4")
        }
        spec["ipFamilies"] = .array(families.map { .string($0) })
        service["spec"] = spec
        return []
    }

    // MARK: Updates

    /// Keeps `clusterIP` and `clusterIPs` in step when a client knows of one only.
    static func normalizeClusterIPs(_ service: inout JSON, old: JSON?) {
        let single = service["spec"]?.text("clusterIP") ?? ""
        let list = service["spec"]?.texts("clusterIPs") ?? []
        guard let old else {
            if !single.isEmpty, list.isEmpty {
                service.set([.string(single)], at: "spec", "clusterIPs")
            }
            return
        }
        let oldSingle = old["spec"]?.text("clusterIP") ?? ""
        guard single != oldSingle, list == old["spec"]?.texts("clusterIPs") ?? [] else { return }
        service.set(single.isEmpty ? nil : [.string(single)], at: "spec", "clusterIPs")
    }

    /// Takes over what was allocated before when the client left it out.
    static func patchAllocated(_ service: inout JSON, old: JSON) {
        if needsClusterIP(old), needsClusterIP(service) {
            if service["spec"]?.text("clusterIP").isEmpty ?? true {
                service.set(old.at("spec", "clusterIP"), at: "spec", "clusterIP")
            }
            if service["spec"]?.items("clusterIPs").isEmpty ?? true,
                service.at("spec", "clusterIP") == old.at("spec", "clusterIP")
            {
                service.set(old.at("spec", "clusterIPs"), at: "spec", "clusterIPs")
            }
        }
        if needsNodePort(old), needsNodePort(service) {
            let before = old["spec"]?.items("ports") ?? []
            var used = Set(
                (service["spec"]?.items("ports") ?? []).map {
                    [$0.text("protocol"), "\($0.number("nodePort"))"]
                })
            service.change("spec") { spec in
                spec.changeItems("ports") { port in
                    guard port.number("nodePort") == 0,
                        let match = before.first(where: {
                            $0.text("protocol") == port.text("protocol")
                                && $0.number("port") == port.number("port")
                        }), match.number("nodePort") != 0,
                        used.insert([port.text("protocol"), "\(match.number("nodePort"))"]).inserted
                    else { return }
                    port["nodePort"] = match["nodePort"]
                }
            }
        }
        if needsHealthCheckNodePort(old), needsHealthCheckNodePort(service),
            service["spec"]?.number("healthCheckNodePort") ?? 0 == 0
        {
            service.set(old.at("spec", "healthCheckNodePort"), at: "spec", "healthCheckNodePort")
        }
    }

    /// Clears what the old type needed and the new one does not, unless the client changed it.
    static func dropTypeDependent(_ service: inout JSON, old: JSON) {
        let new = service
        let same = { (field: String) in
            FieldRules.same(new.at("spec", field), old.at("spec", field))
        }
        var drop: [String] = []
        if needsClusterIP(old), !needsClusterIP(service) {
            if same("clusterIPs") { drop += ["clusterIP", "clusterIPs"] }
            if same("ipFamilies") { drop.append("ipFamilies") }
            if same("ipFamilyPolicy") { drop.append("ipFamilyPolicy") }
        }
        let numbers = { (ports: [JSON]) in ports.map { $0.number("nodePort") } }
        let dropsNodePorts =
            needsNodePort(old) && !needsNodePort(service)
            && numbers(service["spec"]?.items("ports") ?? []) == numbers(old["spec"]?.items("ports") ?? [])
        if needsHealthCheckNodePort(old), !needsHealthCheckNodePort(service), same("healthCheckNodePort") {
            drop.append("healthCheckNodePort")
        }
        if old.at("spec", "type") == "LoadBalancer", service.at("spec", "type") != "LoadBalancer" {
            for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] where same(field) {
                drop.append(field)
            }
        }
        let wasExternal = ServiceRules.isExternallyAccessible(old["spec"] ?? .null)
        if wasExternal, !ServiceRules.isExternallyAccessible(service["spec"] ?? .null),
            same("externalTrafficPolicy")
        {
            drop.append("externalTrafficPolicy")
        }
        service.change("spec") { spec in
            for field in drop { spec.drop(field) }
            if dropsNodePorts { spec.changeItems("ports") { $0.drop("nodePort") } }
        }
    }
}
