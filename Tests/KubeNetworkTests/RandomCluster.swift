import KubeAPI
import KubeJSON

@testable import KubeNetwork

/// A generator whose numbers are the same for a seed everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Objects that come, change and go at random.
struct RandomCluster {
    enum Kind: CaseIterable { case service, slice, pod, policy, namespace, node }

    var random: SplitMix
    private(set) var objects: [Kind: [String: JSON]] = [:]

    static let configuration = NetworkConfiguration(
        podRange: CIDR("10.244.0.0/16")!, serviceRange: CIDR("10.96.0.0/16")!,
        loadBalancerRange: CIDR("172.31.255.0/24")!, resolver: IPAddress("10.243.255.10")!,
        nodeAddresses: [IPAddress("192.0.2.2")!])

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func step(_ model: inout NetworkModel) {
        let kind = Kind.allCases.randomElement(using: &random) ?? .pod
        let index = Int.random(in: 0..<4, using: &random)
        let namespace = index % 2 == 0 ? "a" : "b"
        let key =
            kind == .namespace || kind == .node
            ? (kind == .node ? "n\(index)" : namespace) : "\(namespace)/o\(index)"
        let present = objects[kind]?[key] != nil
        let object = present && Int.random(in: 0..<3, using: &random) == 0 ? nil : make(kind, key, index)
        objects[kind, default: [:]][key] = object
        Self.set(kind, key, object, &model)
    }

    static func set(_ kind: Kind, _ key: String, _ object: JSON?, _ model: inout NetworkModel) {
        switch kind {
        case .service: model.setService(key, object)
        case .slice: model.setEndpointSlice(key, object)
        case .pod: model.setPod(key, object)
        case .policy: model.setPolicy(key, object)
        case .namespace: model.setNamespace(key, object)
        case .node: model.setNode(key, object)
        }
    }

    /// A model that was told the objects as they are now, in another order.
    mutating func fresh() -> NetworkModel {
        var model = NetworkModel(Self.configuration)
        for kind in Kind.allCases.shuffled(using: &random) {
            for (key, object) in (objects[kind] ?? [:]).shuffled(using: &random) {
                Self.set(kind, key, object, &model)
            }
        }
        return model
    }

    private mutating func flip() -> Bool { Bool.random(using: &random) }
    private mutating func pick(_ words: [JSON]) -> JSON { words.randomElement(using: &random) ?? .null }
    private mutating func metadata(_ key: String, labels: JSON = [:]) -> JSON {
        let parts = key.split(separator: "/")
        return [
            "name": .string(String(parts.last ?? "")),
            "namespace": .string(parts.count > 1 ? String(parts[0]) : ""), "labels": labels,
        ]
    }

    private mutating func make(_ kind: Kind, _ key: String, _ index: Int) -> JSON {
        switch kind {
        case .namespace: return ["metadata": metadata(key, labels: ["env": pick(["x", "y"])])]
        case .node:
            return [
                "metadata": metadata(key, labels: ["topology.kubernetes.io/zone": pick(["east", "west"])]),
                "spec": ["podCIDR": .string("10.244.\(flip() ? index : index + 4).0/24")],
                "status": [
                    "addresses": flip()
                        ? [["type": "InternalIP", "address": .string("192.0.2.\(index + 2)")]] : []
                ],
            ]
        case .pod: return pod(key, index)
        case .service: return service(key, index)
        case .slice: return slice(key)
        case .policy: return policy(key)
        }
    }

    private mutating func pod(_ key: String, _ index: Int) -> JSON {
        let hostPort: Int64 = flip() ? 30001 : 8080
        var ports: [JSON] = [["name": pick(["http", "web"]), "containerPort": pick([80, 81])]]
        if Int.random(in: 0..<3, using: &random) == 0 {
            ports.append([
                "containerPort": 90, "hostPort": .integer(hostPort), "protocol": pick(["TCP", "UDP"]),
                "hostIP": pick(["", "192.0.2.2"]),
            ])
        }
        let address: JSON = flip() || flip() ? .string("10.244.0.\(index)") : ""
        return [
            "metadata": metadata(key, labels: ["app": pick(["x", "y", "z"])]),
            "spec": [
                "hostNetwork": .bool(Int.random(in: 0..<6, using: &random) == 0),
                "containers": [["ports": .array(ports)]],
            ],
            "status": ["phase": pick(["Running", "Running", "Running", "Failed"]), "podIP": address],
        ]
    }

    private mutating func service(_ key: String, _ index: Int) -> JSON {
        var spec: JSON = [
            "type": pick(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
            "clusterIP": pick([.string("10.96.0.\(index)"), "None"]),
            "ports": [
                [
                    "name": "a", "port": pick([80, 81]), "protocol": "TCP",
                    "nodePort": pick([0, 30001, 30002]),
                ],
                ["name": "b", "port": 53, "protocol": "UDP", "nodePort": pick([0, 30001])],
            ],
            "externalTrafficPolicy": pick(["Cluster", "Local"]),
            "internalTrafficPolicy": pick(["Cluster", "Cluster", "Local"]),
        ]
        if flip() { spec["externalIPs"] = .array([pick(["198.51.100.1", "198.51.100.2"])]) }
        if flip() {
            spec["sessionAffinity"] = "ClientIP"
            spec["sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": pick([10, 20])]]
        }
        if flip() { spec["loadBalancerSourceRanges"] = ["192.0.2.0/24", "192.0.2.0/28", "203.0.113.0/24"] }
        let balancer: JSON = pick(["172.31.255.1", "172.31.255.2", "198.51.100.1"])
        return [
            "metadata": metadata(key), "spec": spec,
            "status": ["loadBalancer": ["ingress": [["ip": balancer, "ipMode": "VIP"]]]],
        ]
    }

    private mutating func slice(_ key: String) -> JSON {
        let isHinted = flip()
        let endpoints = (0..<Int.random(in: 0..<4, using: &random)).map { _ -> JSON in
            let isTerminating = flip() && flip()
            let hints: JSON = [
                "forZones": [["name": pick(["east", "west"])]],
                "forNodes": flip() ? [["name": .string("n\(Int.random(in: 0..<4, using: &random))")]] : [],
            ]
            return [
                "hints": isHinted ? hints : [:],
                "addresses": [.string("10.244.0.\(Int.random(in: 0..<4, using: &random))")],
                "conditions": [
                    "ready": .bool(!isTerminating && flip()), "serving": true,
                    "terminating": .bool(isTerminating),
                ],
                "nodeName": .string("n\(Int.random(in: 0..<4, using: &random))"),
            ]
        }
        let namespace = key.prefix { $0 != "/" }
        let target = namespace == "a" ? pick(["o0", "o2"]) : pick(["o1", "o3"])
        return [
            "metadata": metadata(key, labels: ["kubernetes.io/service-name": target]),
            "addressType": pick(["IPv4", "IPv4", "IPv4", "IPv6"]), "endpoints": .array(endpoints),
            "ports": [
                ["name": "a", "port": pick([80, 8080]), "protocol": "TCP"],
                ["name": "b", "port": 5353, "protocol": "UDP"],
            ],
        ]
    }

    private mutating func policy(_ key: String) -> JSON {
        func selector(_ cluster: inout RandomCluster, _ label: String) -> JSON {
            cluster.flip() ? [:] : ["matchLabels": [label: cluster.pick(["x", "y"])]]
        }
        let rules = (0..<Int.random(in: 0..<3, using: &random)).map { _ -> (JSON, JSON) in
            var peer: JSON = [:]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: peer["podSelector"] = selector(&self, "app")
            case 1: peer["namespaceSelector"] = selector(&self, "env")
            case 2:
                peer["podSelector"] = selector(&self, "app")
                peer["namespaceSelector"] = selector(&self, "env")
            default: peer["ipBlock"] = ["cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]]
            }
            let port: JSON = pick([
                ["port": 80], ["port": "http"], ["port": "web"], ["port": 80, "endPort": 90],
            ])
            return (peer, port)
        }
        return [
            "metadata": metadata(key),
            "spec": [
                "podSelector": selector(&self, "app"),
                "policyTypes": .array(flip() ? ["Ingress"] : ["Ingress", "Egress"]),
                "ingress": .array(rules.map { ["from": [$0.0], "ports": [$0.1]] }),
                "egress": .array(rules.map { ["to": [$0.0]] }),
            ],
        ]
    }
}
