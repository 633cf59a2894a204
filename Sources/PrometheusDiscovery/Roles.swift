import KubeJSON

/// What Prometheus' discovery in Kubernetes looks for.
public enum Role: String, Sendable, CaseIterable {
    case node, pod, service, endpoints, endpointslice
}

/// The objects that targets are made of. Keys are `NAMESPACE/NAME`, or the name of what has no namespace.
public struct DiscoveryView: Sendable {
    public var nodes: [String: JSON] = [:]
    public var pods: [String: JSON] = [:]
    public var services: [String: JSON] = [:]
    public var endpoints: [String: JSON] = [:]
    public var slices: [String: JSON] = [:]

    public init() {}
}

extension DiscoveryView {
    /// All targets of a role, in the order of their objects' names.
    /// - Parameter attachesNode: whether labels of the node are added (`attach_metadata: {node: true}`).
    public func groups(_ role: Role, attachesNode: Bool = false) -> [TargetGroup] {
        func all(_ objects: [String: JSON], _ group: (JSON) -> TargetGroup?) -> [TargetGroup] {
            objects.keys.sorted(by: utf8Less).compactMap { key in objects[key].flatMap(group) }
                .filter { !$0.targets.isEmpty }
        }
        switch role {
        case .node: return all(nodes, node)
        case .pod: return all(pods) { pod($0, attachesNode: attachesNode) }
        case .service: return all(services, service)
        case .endpoints: return all(endpoints) { endpoints($0, attachesNode: attachesNode) }
        case .endpointslice: return all(slices) { slice($0, attachesNode: attachesNode) }
        }
    }

    // MARK: Nodes

    private func node(_ node: JSON) -> TargetGroup? {
        var addresses: [String: String] = [:]
        for address in node.at("status", "addresses")?.array ?? [] {
            guard let type = address["type"]?.string, addresses[type] == nil else { continue }
            addresses[type] = address["address"]?.string ?? ""
        }
        let order = ["InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname"]
        guard let host = order.compactMap({ addresses[$0] }).first else { return nil }
        let port = node.at("status", "daemonEndpoints", "kubeletEndpoint", "Port")?.int ?? 0
        var labels = Meta.metadata(of: node, "node")
        labels[Meta.prefix + "node_name"] = Meta.name(of: node)
        labels[Meta.prefix + "node_provider_id"] = node.at("spec", "providerID")?.string ?? ""
        var target: Labels = ["__address__": Meta.address(host, port), "instance": Meta.name(of: node)]
        for (type, address) in addresses {
            target[Meta.prefix + "node_address_" + Meta.sanitized(type)] = address
        }
        return TargetGroup(labels: labels, targets: [target])
    }

    private func attached(_ node: String?) -> Labels {
        guard let node, let object = nodes[node] else { return [:] }
        var labels = Meta.metadata(of: object, "node", annotations: false)
        labels[Meta.prefix + "node_name"] = node
        return labels
    }

    // MARK: Pods

    static func podLabels(_ pod: JSON) -> Labels {
        let status = pod["status"] ?? .null
        let ready = status["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        var labels = Meta.metadata(of: pod, "pod")
        for (name, value) in [
            ("name", Meta.name(of: pod)), ("ip", status["podIP"]?.string ?? ""),
            ("ready", (ready?["status"]?.string ?? "Unknown").lowercased()),
            ("phase", status["phase"]?.string ?? ""), ("node_name", pod.at("spec", "nodeName")?.string ?? ""),
            ("host_ip", status["hostIP"]?.string ?? ""), ("uid", pod.at("metadata", "uid")?.string ?? ""),
        ] {
            labels[Meta.prefix + "pod_" + name] = value
        }
        let owner = pod.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }
        for (member, name) in [("kind", "controller_kind"), ("name", "controller_name")] {
            if let value = owner?[member]?.string, !value.isEmpty {
                labels[Meta.prefix + "pod_" + name] = value
            }
        }
        return labels
    }

    private static func container(_ container: JSON, port: JSON?, of pod: JSON, isInit: Bool?) -> Labels {
        let name = container["name"]?.string ?? ""
        var labels: Labels = [
            Meta.prefix + "pod_container_name": name,
            Meta.prefix + "pod_container_image": container["image"]?.string ?? "",
        ]
        if let isInit {
            let statuses =
                pod.at("status", isInit ? "initContainerStatuses" : "containerStatuses")?.array ?? []
            let own = statuses.first { $0["name"]?.string == name }
            labels[Meta.prefix + "pod_container_id"] = own?["containerID"]?.string ?? ""
            labels[Meta.prefix + "pod_container_init"] = isInit ? "true" : "false"
        }
        if let port {
            labels[Meta.prefix + "pod_container_port_name"] = port["name"]?.string ?? ""
            labels[Meta.prefix + "pod_container_port_number"] = String(port["containerPort"]?.int ?? 0)
            labels[Meta.prefix + "pod_container_port_protocol"] = port["protocol"]?.string ?? "TCP"
        }
        return labels
    }

    private func pod(_ pod: JSON, attachesNode: Bool) -> TargetGroup? {
        // A pod that is starting has no address yet.
        guard let address = pod.at("status", "podIP")?.string, !address.isEmpty else { return nil }
        var labels = Self.podLabels(pod)
        labels[Meta.prefix + "namespace"] = Meta.namespace(of: pod)
        if attachesNode { labels.merge(attached(pod.at("spec", "nodeName")?.string)) { $1 } }
        var targets: [Labels] = []
        for (list, isInit) in [("containers", false), ("initContainers", true)] {
            for container in pod.at("spec", list)?.array ?? [] {
                let ports = container["ports"]?.array ?? []
                for port in ports {
                    var target = Self.container(container, port: port, of: pod, isInit: isInit)
                    target["__address__"] = Meta.address(address, port["containerPort"]?.int ?? 0)
                    targets.append(target)
                }
                // Without ports the address alone: whoever wants it adds the port by relabelling.
                if ports.isEmpty {
                    var target = Self.container(container, port: nil, of: pod, isInit: isInit)
                    target["__address__"] = address
                    targets.append(target)
                }
            }
        }
        return TargetGroup(labels: labels, targets: targets)
    }

    // MARK: Services

    private static func serviceLabels(_ service: JSON) -> Labels {
        var labels = Meta.metadata(of: service, "service")
        labels[Meta.prefix + "service_name"] = Meta.name(of: service)
        labels[Meta.prefix + "namespace"] = Meta.namespace(of: service)
        return labels
    }

    private func service(_ service: JSON) -> TargetGroup? {
        let host = "\(Meta.name(of: service)).\(Meta.namespace(of: service)).svc"
        let type = service.at("spec", "type")?.string ?? "ClusterIP"
        let targets = (service.at("spec", "ports")?.array ?? []).map { port -> Labels in
            let number = port["port"]?.int ?? 0
            var target: Labels = [
                "__address__": Meta.address(host, number),
                Meta.prefix + "service_port_name": port["name"]?.string ?? "",
                Meta.prefix + "service_port_number": String(number),
                Meta.prefix + "service_port_protocol": port["protocol"]?.string ?? "TCP",
                Meta.prefix + "service_type": type,
            ]
            if type == "ExternalName" {
                target[Meta.prefix + "service_external_name"] =
                    service.at("spec", "externalName")?.string ?? ""
            } else {
                target[Meta.prefix + "service_cluster_ip"] = service.at("spec", "clusterIP")?.string ?? ""
            }
            if type == "LoadBalancer" {
                target[Meta.prefix + "service_loadbalancer_ip"] =
                    service.at("spec", "loadBalancerIP")?.string ?? ""
            }
            return target
        }
        return TargetGroup(labels: Self.serviceLabels(service), targets: targets)
    }

    // MARK: Endpoints

    /// Pods that endpoints lead to, with the ports that they were found by.
    private struct SeenPods {
        var order: [String] = []
        var ports: [String: Set<Int>] = [:]

        mutating func see(_ key: String, _ port: Int?) {
            if ports[key] == nil {
                order.append(key)
                ports[key] = []
            }
            if let port { ports[key]?.insert(port) }
        }
    }

    private func podKey(_ reference: JSON?) -> String? {
        guard reference?["kind"]?.string == "Pod", let name = reference?["name"]?.string else { return nil }
        let key = (reference?["namespace"]?.string ?? "") + "/" + name
        return pods[key] == nil ? nil : key
    }

    /// Labels of the pod behind an endpoint, and of its container that has the port.
    private func podPart(_ pod: JSON, port: Int?) -> Labels {
        var labels = Self.podLabels(pod)
        guard let port else { return labels }
        for container in pod.at("spec", "containers")?.array ?? [] {
            guard
                let own = (container["ports"]?.array ?? []).first(where: { $0["containerPort"]?.int == port })
            else { continue }
            labels.merge(Self.container(container, port: own, of: pod, isInit: nil)) { $1 }
        }
        return labels
    }

    /// Ports of the pods that no endpoint leads to.
    private func remaining(_ seen: SeenPods) -> [Labels] {
        var targets: [Labels] = []
        for key in seen.order {
            guard let pod = pods[key], let address = pod.at("status", "podIP")?.string, !address.isEmpty
            else {
                continue
            }
            for container in pod.at("spec", "containers")?.array ?? [] {
                for port in container["ports"]?.array ?? [] {
                    let number = port["containerPort"]?.int ?? 0
                    if seen.ports[key]?.contains(number) == true { continue }
                    var target = Self.podLabels(pod)
                    target.merge(Self.container(container, port: port, of: pod, isInit: nil)) { $1 }
                    target["__address__"] = Meta.address(address, number)
                    targets.append(target)
                }
            }
        }
        return targets
    }

    private func endpoints(_ endpoints: JSON, attachesNode: Bool) -> TargetGroup? {
        var labels = Meta.metadata(of: endpoints, "endpoints")
        labels[Meta.prefix + "namespace"] = Meta.namespace(of: endpoints)
        labels[Meta.prefix + "endpoints_name"] = Meta.name(of: endpoints)
        if let service = services[Meta.namespace(of: endpoints) + "/" + Meta.name(of: endpoints)] {
            labels.merge(Self.serviceLabels(service)) { $1 }
        }
        var targets: [Labels] = []
        var seen = SeenPods()
        for subset in endpoints["subsets"]?.array ?? [] {
            for port in subset["ports"]?.array ?? [] {
                for (list, ready) in [("addresses", "true"), ("notReadyAddresses", "false")] {
                    for address in subset[list]?.array ?? [] {
                        let number = port["port"]?.int ?? 0
                        var target: Labels = [
                            "__address__": Meta.address(address["ip"]?.string ?? "", number),
                            Meta.prefix + "endpoint_port_name": port["name"]?.string ?? "",
                            Meta.prefix + "endpoint_port_protocol": port["protocol"]?.string ?? "TCP",
                            Meta.prefix + "endpoint_ready": ready,
                        ]
                        if let reference = address["targetRef"] {
                            target[Meta.prefix + "endpoint_address_target_kind"] =
                                reference["kind"]?.string ?? ""
                            target[Meta.prefix + "endpoint_address_target_name"] =
                                reference["name"]?.string ?? ""
                        }
                        if let node = address["nodeName"]?.string {
                            target[Meta.prefix + "endpoint_node_name"] = node
                        }
                        if let host = address["hostname"]?.string, !host.isEmpty {
                            target[Meta.prefix + "endpoint_hostname"] = host
                        }
                        if attachesNode { target.merge(attached(address["nodeName"]?.string)) { $1 } }
                        if let key = podKey(address["targetRef"]), let pod = pods[key] {
                            seen.see(key, number)
                            target.merge(podPart(pod, port: number)) { $1 }
                        }
                        targets.append(target)
                    }
                }
            }
        }
        return TargetGroup(labels: labels, targets: targets + remaining(seen))
    }

    private func slice(_ slice: JSON, attachesNode: Bool) -> TargetGroup? {
        let prefix = Meta.prefix + "endpointslice_"
        var labels = Meta.metadata(of: slice, "endpointslice")
        labels[Meta.prefix + "namespace"] = Meta.namespace(of: slice)
        labels[prefix + "name"] = Meta.name(of: slice)
        labels[prefix + "address_type"] = slice["addressType"]?.string ?? ""
        if let name = slice.at("metadata", "labels", "kubernetes.io/service-name")?.string,
            let service = services[Meta.namespace(of: slice) + "/" + name]
        {
            labels.merge(Self.serviceLabels(service)) { $1 }
        }
        var targets: [Labels] = []
        var seen = SeenPods()
        for endpoint in slice["endpoints"]?.array ?? [] {
            for port in slice["ports"]?.array ?? [] {
                for address in endpoint["addresses"]?.array ?? [] {
                    let number = port["port"]?.int
                    let host = address.string ?? ""
                    var target: Labels = ["__address__": number.map { Meta.address(host, $0) } ?? host]
                    func put(_ name: String, _ value: String?) {
                        if let value { target[prefix + name] = value }
                    }
                    put("port_name", port["name"]?.string)
                    put("port_protocol", port["protocol"]?.string)
                    put("port", number.map(String.init))
                    put("port_app_protocol", port["appProtocol"]?.string)
                    for condition in ["ready", "serving", "terminating"] {
                        put(
                            "endpoint_conditions_" + condition,
                            endpoint.at("conditions", condition)?.bool.map { $0 ? "true" : "false" })
                    }
                    put("endpoint_hostname", endpoint["hostname"]?.string)
                    put("endpoint_node_name", endpoint["nodeName"]?.string)
                    put("endpoint_zone", endpoint["zone"]?.string)
                    let reference = endpoint["targetRef"]
                    put("address_target_kind", reference?["kind"]?.string)
                    put("address_target_name", reference?["name"]?.string)
                    for (key, value) in endpoint["deprecatedTopology"]?.object ?? [:] {
                        put("endpoint_topology_" + Meta.sanitized(key), value.string)
                        put("endpoint_topology_present_" + Meta.sanitized(key), "true")
                    }
                    if attachesNode {
                        let isNode = reference?["kind"]?.string == "Node"
                        target.merge(
                            attached(isNode ? reference?["name"]?.string : endpoint["nodeName"]?.string)
                        ) { $1 }
                    }
                    if let key = podKey(reference), let pod = pods[key] {
                        seen.see(key, number)
                        target.merge(podPart(pod, port: number)) { $1 }
                    }
                    targets.append(target)
                }
            }
        }
        return TargetGroup(labels: labels, targets: targets + remaining(seen))
    }
}
