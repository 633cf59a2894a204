import KubeAPI
import KubeJSON
import KubeNetwork
import KubeNode
import KubePolicy
import KubeRegistry

/// How the Services and host ports of a cluster are reached from the machine that it runs on. A cluster of
/// hollow nodes has nothing that answers, and so nothing here.
public struct Reachability: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case loadBalancer = "LoadBalancer"
        case nodePort = "NodePort"
        case clusterIP = "ClusterIP"
        case hostPort
    }

    /// One address of one object.
    public struct Way: Sendable, Equatable {
        /// `Service`, `Pod` or what made the pod.
        public let object: String
        /// `namespace/name`.
        public let name: String
        public let kind: Kind
        public let address: String
        /// `80`, `53/udp`.
        public let ports: [String]
        /// Somebody is there to answer.
        public let isAnswered: Bool
    }

    /// By namespace and name; of one Service the way that is meant for clients outside the cluster first.
    public let ways: [Way]

    public init(_ registry: Registry) {
        self.init(
            nodes: registry.objects("", "nodes"), services: registry.objects("", "services"),
            slices: registry.objects("discovery.k8s.io", "endpointslices"),
            pods: registry.objects("", "pods"))
    }

    init(nodes: [JSON], services: [JSON], slices: [JSON], pods: [JSON]) {
        let real = nodes.filter {
            $0["metadata"]?["annotations"]?[MachineNode.annotation]?.string == "true"
        }.sorted { utf8Less($0.name, $1.name) }
        let addresses = real.compactMap { node in Self.address(of: node).map { (node.name, $0) } }
        guard let first = addresses.first?.1 else {
            ways = []
            return
        }
        var found: [Way] = []
        var slicesByService: [String: [JSON]] = [:]
        for slice in slices {
            guard let name = slice["metadata"]?["labels"]?["kubernetes.io/service-name"]?.string else {
                continue
            }
            slicesByService["\(slice.namespace)/\(name)", default: []].append(slice)
        }
        for service in services {
            let key = "\(service.namespace)/\(service.name)"
            guard let rules = ServiceRules(service: service, slices: slicesByService[key] ?? []) else {
                continue
            }
            let isExposed = ["LoadBalancer", "NodePort"].contains(service["spec"]?["type"]?.string)
            // The cluster's own are no part of the platform.
            if !isExposed, service.namespace == "kube-system" || key == "default/kubernetes" { continue }
            // Any node's address will do, but for a Service that each node answers for its own pods alone.
            let node =
                rules.ports.contains(where: \.isExternalLocal)
                ? addresses.first { name, _ in
                    rules.ports.contains { !$0.usableEndpoints(onNode: name).isEmpty }
                }?.1 : nil
            found += Self.ways(key, rules, node ?? first)
        }
        found += Self.hostPorts(pods, Dictionary(addresses) { first, _ in first })
        ways = found.enumerated().sorted { left, right in
            let names = (left.element.name, right.element.name)
            return names.0 == names.1 ? left.offset < right.offset : utf8Less(names.0, names.1)
        }.map(\.element)
    }

    private static func address(of node: JSON) -> String? {
        (node["status"]?["addresses"]?.array ?? []).first { $0["type"]?.string == "InternalIP" }?["address"]?
            .string
    }

    private static func ways(_ key: String, _ rules: ServiceRules, _ node: String) -> [Way] {
        guard let first = rules.ports.first else { return [] }
        let isAnswered = rules.ports.contains { !$0.usableEndpoints.isEmpty }
        func way(_ kind: Kind, _ address: String, _ ports: [String]) -> Way {
            Way(
                object: "Service", name: key, kind: kind, address: address, ports: ports,
                isAnswered: isAnswered)
        }
        let ports = rules.ports.map { text($0.port, $0.transport) }
        var found: [Way] = []
        for address in first.loadBalancerAddresses where !first.isSourceLimited {
            found.append(way(.loadBalancer, "\(address)", ports))
        }
        let nodePorts = rules.ports.filter { $0.nodePort != 0 }.map { text($0.nodePort, $0.transport) }
        if !nodePorts.isEmpty { found.append(way(.nodePort, node, nodePorts)) }
        found.append(way(.clusterIP, "\(first.clusterAddress)", ports))
        return found
    }

    /// Ports of nodes that lead to pods of theirs.
    /// - Parameter nodes: their addresses by name.
    private static func hostPorts(_ pods: [JSON], _ nodes: [String: String]) -> [Way] {
        var taken: Set<String> = []
        var found: [Way] = []
        for pod in pods {
            let containers = pod["spec"]?["containers"]?.array ?? []
            guard
                containers.contains(where: { $0["ports"]?.array?.contains { $0["hostPort"] != nil } ?? false }
                ),
                let node = nodes[pod["spec"]?["nodeName"]?.string ?? ""]
            else { continue }
            let own = PolicyPod(pod)
            guard !own.isFinished else { continue }
            let maker = pod["metadata"]?["ownerReferences"]?.array?.first { $0["controller"]?.bool == true }
            let isReady = (pod["status"]?["conditions"]?.array ?? []).contains {
                $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
            }
            var ports: [(address: String, ports: [String])] = []
            for port in own.hostPorts where port.address?.isIPv4 ?? true {
                // Packets from a loopback address never leave the machine for a pod.
                let address = port.address.map { "\($0)" } ?? node
                let text = Self.text(port.port, port.transport)
                guard !address.hasPrefix("127."), taken.insert("\(address):\(text)").inserted else {
                    continue
                }
                if let index = ports.firstIndex(where: { $0.address == address }) {
                    ports[index].ports.append(text)
                } else {
                    ports.append((address, [text]))
                }
            }
            for (address, ports) in ports {
                found.append(
                    Way(
                        object: maker?["kind"]?.string ?? "Pod",
                        name: "\(pod.namespace)/\(maker?["name"]?.string ?? pod.name)", kind: .hostPort,
                        address: address, ports: ports, isAnswered: isReady))
            }
        }
        return found
    }

    private static func text(_ port: Int, _ transport: TransportProtocol) -> String {
        switch transport {
        case .tcp: "\(port)"
        case .udp: "\(port)/udp"
        case .sctp: "\(port)/sctp"
        }
    }

    /// What is told in one line: all ways to a Service, of which the first is the one that is meant, and the nodes
    /// that have the same ports of what a controller put there.
    private var groups: [[Way]] {
        var groups: [[Way]] = []
        for way in ways {
            if let last = groups.last?.first, last.object == way.object, last.name == way.name,
                way.object == "Service"
                    || way.kind == last.kind && way.ports == last.ports
                        && way.object != "Pod"
            {
                groups[groups.count - 1].append(way)
            } else {
                groups.append([way])
            }
        }
        return groups
    }

    /// One line for each object, of at most `width` columns: its name, where it is reached, and what makes it so.
    public func table(width: Int = 80) -> [String] {
        var rows: [(name: String, place: String, kind: String)] = []
        for group in groups {
            // One that answers, where not all of them do.
            guard let first = group.first else { continue }
            let way = first.kind == .hostPort ? group.first(where: \.isAnswered) ?? first : first
            let nodes = way.kind == .hostPort && group.count > 1 ? " on \(group.count) nodes" : ""
            rows.append(
                (
                    way.name, Self.place(way, within: max(24, width / 3)),
                    way.kind.rawValue + nodes + (way.isAnswered ? "" : ", nobody answers")
                ))
        }
        let places = rows.map(\.place.count).max() ?? 0
        let kinds = rows.map(\.kind.count).max() ?? 0
        let names = min(rows.map(\.name.count).max() ?? 0, max(12, width - places - kinds - 6))
        return rows.map { row in
            "  " + PlatformProgress.padded(row.name, names) + "  "
                + PlatformProgress.padded(row.place, places) + "  " + row.kind
        }
    }

    /// `10.242.0.1:80,443`, with as many ports as there is room for.
    private static func place(_ way: Way, within width: Int) -> String {
        var text = "\(way.address):\(way.ports.first ?? "")"
        for (index, port) in way.ports.enumerated().dropFirst() {
            let rest = "+\(way.ports.count - index)"
            let isLast = index == way.ports.count - 1
            if text.count + 1 + port.count + (isLast ? 0 : 3) > width { return text + rest }
            text += ",\(port)"
        }
        return text
    }

    /// For scripts: every way.
    public var json: JSON {
        .array(
            ways.map { way in
                [
                    "object": .string("\(way.object) \(way.name)"), "type": .string(way.kind.rawValue),
                    "address": .string(way.address), "ports": .array(way.ports.map { .string($0) }),
                    "answered": .bool(way.isAnswered),
                ]
            })
    }

    /// Of what `json` gave; what else it holds is passed over.
    public init(json: JSON) {
        ways = (json.array ?? []).compactMap { entry in
            let words = (entry["object"]?.string ?? "").split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2, let kind = entry["type"]?.string.flatMap({ Kind(rawValue: $0) }) else {
                return nil
            }
            return Way(
                object: words[0], name: words[1], kind: kind, address: entry["address"]?.string ?? "",
                ports: (entry["ports"]?.array ?? []).compactMap(\.string),
                isAnswered: entry["answered"]?.bool ?? false)
        }
    }
}
