/// The part of the table that never changes: chains at the kernel's hooks, and the maps and sets that the
/// rest fills.
///
/// A Service is elements of maps, not chains: from address, protocol and port to the number of endpoints
/// (`service-sizes`), and with a random number below it to the endpoint (`service-endpoints`). So a change
/// costs the same with ten Services and with ten thousand. With a chain for each, as kube-proxy has them, both
/// `nft` and the kernel look at every chain in every transaction. Only what maps cannot say has chains: session
/// affinity, and what differs from node to node (traffic policies that are `Local`, hints of endpoints).
///
/// What is masqueraded is what kube-proxy's nftables mode masquerades (KEP-3866); it is found by the original
/// destination of the connection rather than by a packet mark. The mark carries the random number from one rule
/// to the next, on the first packet of a connection to a Service.
///
/// Policies look at connections, not at packets: `ct original ip saddr` is who connected, `ct reply ip saddr`
/// is who was reached after DNAT, in either direction. No rule accepts a connection because it is established,
/// so every packet of one that is no longer allowed is refused, with a reset where there is one to send:
/// nothing has to be deleted from the connection table for a policy to take effect, and nothing else is cut.
struct BaseTable {
    let configuration: NetworkConfiguration

    private static let tuple = "ip daddr . meta l4proto . th dport"
    private static let transports = "meta l4proto { tcp, udp, sctp }"

    /// Commands that make the table new, in one transaction with what follows.
    var commands: String {
        let table = configuration.table
        return """
            add table ip \(table)
            delete table ip \(table)
            table ip \(table) {
            \(sets)
            \(services)
            \(masquerading)
            \(filters)
            \(policies)
            }

            """
    }

    private var sets: String {
        let maps: [(String, String)] = [
            ("service-sizes", "ipv4_addr . inet_proto . inet_service : mark"),
            ("service-endpoints", "ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service"),
            ("service-chains", "ipv4_addr . inet_proto . inet_service : verdict"),
            ("node-port-sizes", "inet_proto . inet_service : mark"),
            ("node-port-endpoints", "inet_proto . inet_service . mark : ipv4_addr . inet_service"),
            ("node-port-chains", "inet_proto . inet_service : verdict"),
            ("picks", "mark : verdict"),
            ("isolated-ingress", "ipv4_addr : verdict"),
            ("isolated-egress", "ipv4_addr : verdict"),
        ]
        let sets: [(String, String)] = [
            ("services-without-endpoints", "ipv4_addr . inet_proto . inet_service"),
            ("services-without-local", "ipv4_addr . inet_proto . inet_service"),
            ("node-ports-without-endpoints", "inet_proto . inet_service"),
            ("cluster-ips", "ipv4_addr"),
            ("source-limited", "ipv4_addr . inet_proto . inet_service"),
            // Each address with itself: a pod that reaches itself.
            ("itself", "ipv4_addr . ipv4_addr"),
        ]
        var lines =
            maps.map { "map \($0.0) { type \($0.1); }" } + sets.map { "set \($0.0) { type \($0.1); }" }
        lines.append(
            "set source-ranges { type ipv4_addr . inet_proto . inet_service . ipv4_addr; flags interval; }")
        // Pods, and the address of their own node.
        lines.append("set own-node { type ipv4_addr . ipv4_addr; flags interval; }")
        for transport in ["tcp", "udp", "sctp"] {
            lines.append("set external-\(transport) { type ipv4_addr . inet_service; }")
            lines.append("set external-node-ports-\(transport) { type inet_service; }")
        }
        return lines.joined(separator: "\n")
    }

    private var services: String {
        func picker(_ name: String, _ tuple: String, _ map: String) -> String {
            // `dnat` to an address and a port wants to know the protocol.
            let rules = ["tcp", "udp", "sctp"].map {
                "meta l4proto \($0) dnat to \(tuple) . meta mark map @\(map)"
            }
            return """
                chain \(name) {
                meta mark vmap @picks
                \(rules.joined(separator: "\n"))
                }
                """
        }
        return """
            \(picker("service-pick", Self.tuple, "service-endpoints"))
            \(picker("node-port-pick", "meta l4proto . th dport", "node-port-endpoints"))
            chain node-ports {
            meta l4proto . th dport vmap @node-port-chains
            meta mark set meta l4proto . th dport map @node-port-sizes goto node-port-pick
            }
            chain services {
            \(Self.tuple) vmap @service-chains
            meta mark set \(Self.tuple) map @service-sizes goto service-pick
            \(foreign)
            fib daddr type local ip daddr != 127.0.0.0/8 goto node-ports
            }
            chain nat-prerouting {
            type nat hook prerouting priority -100; policy accept;
            \(Self.transports) jump services
            }
            chain nat-output {
            type nat hook output priority -100; policy accept;
            \(Self.transports) jump services
            }
            """
    }

    /// A chain has no more to say about addresses of other clusters.
    private var foreign: String {
        let ranges = configuration.foreignRanges.map(\.description)
        return ranges.isEmpty ? "" : "ip daddr { \(ranges.joined(separator: ", ")) } return"
    }

    private var masquerading: String {
        let pods = configuration.podRange.description
        var external: [String] = []
        for transport in ["tcp", "udp", "sctp"] {
            let original = "meta l4proto \(transport) ct original"
            external.append(
                "\(original) ip daddr . ct original proto-dst @external-\(transport) masquerade fully-random")
            external.append(
                "\(original) proto-dst @external-node-ports-\(transport) masquerade fully-random")
        }
        return """
            chain masquerade-services {
            ip saddr . ip daddr @itself masquerade fully-random
            ip saddr != \(pods) ct original ip daddr \(configuration.serviceRange) masquerade fully-random
            ct original ip daddr \(configuration.serviceRange) return
            \(external.joined(separator: "\n"))
            }
            chain nat-postrouting {
            type nat hook postrouting priority 100; policy accept;
            ct status dnat jump masquerade-services
            ip saddr \(pods) ip daddr != \(pods) masquerade fully-random
            }
            """
    }

    /// Upstream refuses with ICMP. Client and machine are one kernel here, which takes such a message for a passing
    /// trouble when it comes while `connect` still holds the socket, and has a blocking client wait a second.
    private var filters: String {
        """
        chain source-check {
        \(Self.tuple) . ip saddr @source-ranges return
        drop
        }
        chain filter-prerouting {
        type filter hook prerouting priority -110; policy accept;
        ct state new \(Self.transports) \(Self.tuple) @source-limited jump source-check
        }
        chain filter-raw-output {
        type filter hook output priority -110; policy accept;
        ct state new \(Self.transports) \(Self.tuple) @source-limited jump source-check
        }
        chain reject-it {
        meta l4proto tcp reject with tcp reset
        reject
        }
        chain no-endpoints {
        \(Self.tuple) @services-without-endpoints goto reject-it
        \(Self.tuple) @services-without-local drop
        fib daddr type local return
        ip daddr @cluster-ips goto reject-it
        ip daddr \(configuration.serviceRange) drop
        }
        chain filter-input {
        type filter hook input priority 0; policy accept;
        ct state new \(Self.transports) \(Self.tuple) @services-without-endpoints goto reject-it
        ct state new \(Self.transports) \(Self.tuple) @services-without-local drop
        \(foreign)
        ct state new \(Self.transports) ip daddr != 127.0.0.0/8 meta l4proto . th dport @node-ports-without-endpoints goto reject-it
        }
        chain filter-forward {
        type filter hook forward priority 0; policy accept;
        ct state new jump no-endpoints
        }
        chain filter-output {
        type filter hook output priority 0; policy accept;
        ct state new jump no-endpoints
        }
        """
    }

    private var policies: String {
        let pods = configuration.podRange.description
        return """
            chain policy-deny {
            ct state established meta l4proto tcp reject with tcp reset
            drop
            }
            chain policy-egress {
            type filter hook forward priority 1; policy accept;
            ct state invalid ip saddr \(pods) drop
            ct state invalid ip daddr \(pods) drop
            ct state related meta l4proto icmp accept
            ct original ip saddr . ct reply ip saddr @itself accept
            ct original ip saddr vmap @isolated-egress
            }
            chain policy-ingress {
            type filter hook forward priority 2; policy accept;
            ct state related meta l4proto icmp accept
            ct original ip saddr . ct reply ip saddr @itself accept
            ct reply ip saddr vmap @isolated-ingress
            }
            \(resolverPolicies)
            """
    }

    /// What is sent to our own DNS is not forwarded: it comes in. The machine itself always gets through.
    private var resolverPolicies: String {
        guard let resolver = configuration.resolver else { return "" }
        return """
            chain policy-resolver-egress {
            type filter hook input priority 1; policy accept;
            ct reply ip saddr != \(resolver) accept
            fib saddr type local accept
            ct original ip saddr vmap @isolated-egress
            }
            chain policy-resolver-ingress {
            type filter hook input priority 2; policy accept;
            ct reply ip saddr != \(resolver) accept
            fib saddr type local accept
            ct reply ip saddr vmap @isolated-ingress
            }
            """
    }
}
