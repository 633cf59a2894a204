import KubeJSON

/// Services (pkg/registry/core/service/strategy.go and storage.go, defaults of pkg/apis/core/v1).
enum ServiceStrategies {
    static let service = Strategy { strategy in
        strategy.setDefaults = { setDefaults(&$0) }
        strategy.prepareForCreate = { service in
            Preparing.dropStatus(&service)
            ServiceAllocation.normalizeClusterIPs(&service, old: nil)
        }
        strategy.prepareForUpdate = { service, old in
            Preparing.keepStatus(&service, old)
            ServiceAllocation.patchAllocated(&service, old: old)
            ServiceAllocation.normalizeClusterIPs(&service, old: old)
            ServiceAllocation.dropTypeDependent(&service, old: old)
        }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { KubeFinalizers.validate($0) + ServiceRules.validate($0) }
        strategy.validateUpdate = {
            ServiceRules.validateUpdate($0, $1) + KubeFinalizers.validate($0) + ServiceRules.validate($0)
        }
        strategy.validateStatusUpdate = { service, _ in ServiceRules.validateStatus(service) }
        strategy.validateName = { NameRules.dns1035Label($0, isPrefix: $1) }
        strategy.warnings = { service, _ in warnings(service) }
    }

    private static func setDefaults(_ service: inout JSON) {
        if service["spec"] == nil { service["spec"] = .object([:]) }
        service.change("spec") { spec in
            spec.fill("sessionAffinity", "None")
            if spec.text("sessionAffinity") == "None" { spec.drop("sessionAffinityConfig") }
            if spec.text("sessionAffinity") == "ClientIP",
                spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds") == nil
            {
                spec["sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": 10800]]
            }
            spec.fill("type", "ClusterIP")
            spec.changeItems("ports") { port in
                port.fill("protocol", "TCP")
                switch port["targetPort"] {
                case nil, .some(.integer(0)), .some(.string("")): port["targetPort"] = port["port"] ?? 0
                default: break
                }
            }
            let type = spec.text("type")
            if ServiceRules.isExternallyAccessible(spec) { spec.fill("externalTrafficPolicy", "Cluster") }
            if type != "ExternalName", ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) {
                if spec["internalTrafficPolicy"] == nil { spec["internalTrafficPolicy"] = "Cluster" }
            }
            if type == "LoadBalancer", spec["allocateLoadBalancerNodePorts"] == nil {
                spec["allocateLoadBalancerNodePorts"] = true
            }
        }
        guard service.at("spec", "type") == "LoadBalancer",
            service.at("status", "loadBalancer", "ingress") != nil
        else { return }
        service.change("status") { status in
            status.change("loadBalancer") { balancer in
                balancer.changeItems("ingress") { ingress in
                    if !ingress.text("ip").isEmpty, ingress["ipMode"] == nil { ingress["ipMode"] = "VIP" }
                }
            }
        }
    }

    private static func warnings(_ service: JSON) -> [String] {
        var warnings: [String] = []
        let spec = service["spec"] ?? .null
        if spec.text("type") == "ExternalName", !spec.items("externalIPs").isEmpty {
            warnings.append("spec.externalIPs is ignored when spec.type is \"ExternalName\"")
        }
        if spec.text("type") != "LoadBalancer", !spec.text("loadBalancerIP").isEmpty {
            warnings.append("spec.loadBalancerIP is ignored when spec.type is not \"LoadBalancer\"")
        }
        if spec.text("clusterIP") == "None" {
            if !spec.text("loadBalancerIP").isEmpty {
                warnings.append("spec.loadBalancerIP is ignored for headless services")
            }
            if !spec.items("externalIPs").isEmpty {
                warnings.append("spec.externalIPs is ignored for headless services")
            }
            if spec.text("sessionAffinity") != "None", !spec.text("sessionAffinity").isEmpty {
                warnings.append("spec.SessionAffinity is ignored for headless services")
            }
        }
        return warnings
    }
}
