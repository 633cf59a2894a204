/// Every selector combination, both directions, blocks with exceptions, named ports, ranges, and what adds up.
public enum PolicyCases {
    private static let web = "podSelector: {matchLabels: {app: web}}"
    private static let client = "podSelector: {matchLabels: {app: client}}"
    private static let api = "podSelector: {matchLabels: {app: api}}"
    private static let all = "podSelector: {}"

    public static let cases: [PolicyCase] =
        isolation + ingressPeers + egressPeers + blocks + ports + sums + names

    private static let isolation: [PolicyCase] = [
        PolicyCase(
            "no policy at all", [], "client>web:8080+ outside>web:8080+ web>outside:7000+ tool>db:7000+"),
        PolicyCase(
            "default deny ingress of a namespace", [("default", "\(all), policyTypes: [Ingress]")],
            "client>web:8080- api>web:8080- outside>web:8080- client>api:9090+ web>outside:7000+ node>web:8080+"
        ),
        PolicyCase(
            "default deny egress of a namespace", [("default", "\(all), policyTypes: [Egress]")],
            "client>web:8080- client>api:9090- client>outside:7000- api>web:8080+ outside>web:8080+ client>node:7000+"
        ),
        PolicyCase(
            "default deny both", [("prod", "\(all), policyTypes: [Ingress, Egress]")],
            "api>db:7000- client>api:9090- api>client:7000- client>web:8080+ node>api:9090+ api>node:7000+"),
        PolicyCase(
            "policyTypes are Ingress when there are no egress rules", [("default", all)],
            "client>web:8080- client>api:9090+"),
        PolicyCase(
            "policyTypes are both when there are egress rules", [("default", "\(all), egress: [{}]")],
            "client>web:8080- client>api:9090+ api>client:7000-"),
        PolicyCase(
            "egress rules do nothing when policyTypes has Ingress alone",
            [("default", "\(all), policyTypes: [Ingress], egress: []")], "client>api:9090+ client>web:8080-"),
        PolicyCase(
            "ingress rules do nothing when policyTypes has Egress alone",
            [("default", "\(all), policyTypes: [Egress], ingress: [{}], egress: []")],
            "api>web:8080+ web>api:9090-"),
        PolicyCase(
            "only selected pods are isolated", [("default", "\(web), policyTypes: [Ingress]")],
            "client>web:8080- web>client:7000+ api>client:7000+"),
        PolicyCase(
            "a policy of another namespace isolates nobody here",
            [("dev", "\(web), policyTypes: [Ingress]")], "client>web:8080+ api>web:8080+"),
        PolicyCase(
            "a selector that matches nothing isolates nobody",
            [("default", "podSelector: {matchLabels: {app: none}}, policyTypes: [Ingress, Egress]")],
            "client>web:8080+ web>client:7000+"),
        PolicyCase(
            "an empty rule lets everybody in", [("default", "\(web), ingress: [{}]")],
            "client>web:8080+ outside>web:9090+ tool>web:u5353+"),
        PolicyCase(
            "an empty rule lets everything out",
            [("default", "\(client), policyTypes: [Egress], egress: [{}]")],
            "client>web:8080+ client>outside:7000+ client>db:u5353+"),
        PolicyCase(
            "a pod reaches itself through its own denial",
            [("default", "\(all), policyTypes: [Ingress, Egress]")],
            "web>web:8080+ client>client:7000+ web>web:u5353+ web>client:7000-"),
        PolicyCase(
            "isolating by expression",
            [
                (
                    "prod",
                    "podSelector: {matchExpressions: [{key: tier, operator: In, values: [data, cache]}]}, policyTypes: [Ingress]"
                )
            ], "api>db:7000- client>api:9090+ client>db:7000-"),
        PolicyCase(
            "isolating by a label's absence",
            [
                (
                    "default",
                    "podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [server]}]}, policyTypes: [Ingress]"
                )
            ], "web>client:7000- client>web:8080+"),
    ]

    private static let ingressPeers: [PolicyCase] = [
        PolicyCase(
            "from pods of the own namespace",
            [("default", "\(web), ingress: [{from: [{\(client)}]}]")],
            "client>web:8080+ tool>web:8080- api>web:8080- outside>web:8080-"),
        PolicyCase(
            "from all pods of the own namespace", [("prod", "\(api), ingress: [{from: [{\(all)}]}]")],
            "db>api:9090+ client>api:9090- outside>api:9090-"),
        PolicyCase(
            "from a namespace by label",
            [("default", "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]")],
            "api>web:8080+ db>web:7000+ client>web:8080- tool>web:8080-"),
        PolicyCase(
            "from a namespace by its name's label",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}}]}]"
                )
            ], "tool>web:8080+ api>web:8080- client>web:8080-"),
        PolicyCase(
            "from all namespaces",
            [("default", "\(web), ingress: [{from: [{namespaceSelector: {}}]}]")],
            "tool>web:8080+ api>web:8080+ client>web:8080+ outside>web:8080-"),
        PolicyCase(
            "from some pods of some namespaces",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}, \(client)}]}]"
                )
            ], "tool>web:8080+ client>web:8080- api>web:8080-"),
        PolicyCase(
            "from some pods, or some namespaces",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}, {\(client)}]}]"
                )
            ], "client>web:8080+ api>web:8080+ db>web:8080+ tool>web:8080-"),
        PolicyCase(
            "from some pods of all namespaces",
            [("prod", "\(api), ingress: [{from: [{namespaceSelector: {}, \(client)}]}]")],
            "client>api:9090+ tool>api:9090+ web>api:9090- db>api:9090-"),
        PolicyCase(
            "from namespaces by expression",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: Exists}]}}]}]"
                )
            ], "api>web:8080+ tool>web:8080+ client>web:8080-"),
        PolicyCase(
            "from namespaces without a label",
            [
                (
                    "prod",
                    "\(api), ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]}]"
                )
            ], "client>api:9090+ web>api:9090+ tool>api:9090- db>api:9090-"),
        PolicyCase(
            "from pods by expression of a namespace by expression",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: In, values: [prod, dev]}]}, podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]}]"
                )
            ], "tool>web:8080+ api>web:8080- client>web:8080-"),
        PolicyCase(
            "from a namespace that is not there",
            [("default", "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {env: none}}}]}]")],
            "api>web:8080- client>web:8080-"),
        PolicyCase(
            "an empty list of rules is none", [("default", "\(web), ingress: []")],
            "client>web:8080- outside>web:8080- node>web:8080+"),
        PolicyCase(
            "an empty list of peers is everybody",
            [("default", "\(web), ingress: [{from: [], ports: [{port: 8080}]}]")],
            "client>web:8080+ outside>web:8080+ client>web:9090-"),
        PolicyCase(
            "labels of pods are those of the own namespace's pods alone",
            [("prod", "\(api), ingress: [{from: [{\(web)}]}]")],
            "web>api:9090- twin>api:9090- db>api:9090-"),
    ]

    private static let egressPeers: [PolicyCase] = [
        PolicyCase(
            "to pods of the own namespace",
            [
                (
                    "prod",
                    "\(api), policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]"
                )
            ],
            "api>db:7000+ api>web:8080- api>outside:7000- client>api:9090+"),
        PolicyCase(
            "to a namespace",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {env: prod}}}]}]"
                )
            ], "client>api:9090+ client>db:7000+ client>web:8080- client>tool:7000-"),
        PolicyCase(
            "to some pods of some namespaces",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchLabels: {app: api}}}]}]"
                )
            ], "client>api:9090+ client>db:7000- client>tool:7000-"),
        PolicyCase(
            "to all namespaces, not outside",
            [("default", "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]")],
            "client>api:9090+ client>web:8080+ client>outside:7000-"),
        PolicyCase(
            "to some pods or some namespaces",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{\(web)}, {namespaceSelector: {matchLabels: {env: dev}}}]}]"
                )
            ], "client>web:8080+ client>tool:7000+ client>api:9090-"),
        PolicyCase(
            "an empty list of egress rules is none",
            [("default", "\(client), policyTypes: [Egress], egress: []")],
            "client>web:8080- client>outside:7000- web>client:7000+"),
        PolicyCase(
            "both ends must agree: egress lets out, ingress does not let in",
            [
                ("default", "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]"),
                ("prod", "\(api), policyTypes: [Ingress]"),
            ], "client>api:9090- client>db:7000+"),
        PolicyCase(
            "both ends must agree: ingress lets in, egress does not let out",
            [
                ("default", "\(client), policyTypes: [Egress]"),
                ("prod", "\(api), ingress: [{from: [{namespaceSelector: {}}]}]"),
            ], "client>api:9090- web>api:9090+"),
        PolicyCase(
            "both ends agree",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]"
                ),
                ("prod", "\(api), ingress: [{from: [{namespaceSelector: {}, \(client)}]}]"),
            ], "client>api:9090+ client>db:7000- web>api:9090- tool>api:9090+"),
        PolicyCase(
            "answers come back to a pod that may not connect itself",
            [("prod", "\(api), policyTypes: [Egress]")], "client>api:9090+ api>client:7000-"),
        PolicyCase(
            "to pods of the own namespace, not to their twins in another",
            [("default", "\(client), policyTypes: [Egress], egress: [{to: [{\(web)}]}]")],
            "client>web:8080+ client>twin:7000- twin>client:7000+"),
        PolicyCase(
            "an empty list of peers of egress is everybody",
            [("default", "\(client), policyTypes: [Egress], egress: [{to: [], ports: [{port: 7000}]}]")],
            "client>web:7000+ client>outside:7000+ client>web:8080-"),
    ]

    private static let blocks: [PolicyCase] = [
        PolicyCase(
            "from a block outside",
            [("default", "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]")],
            "outside>web:8080+ client>web:8080- node>web:8080+"),
        PolicyCase(
            "from one address",
            [("default", "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.10/32}}]}]")],
            "outside>web:8080+ client>web:8080-"),
        PolicyCase(
            "from another address",
            [("default", "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.11/32}}]}]")],
            "outside>web:8080- client>web:8080-"),
        PolicyCase(
            "from a block but a part of it",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}}]}]"
                )
            ], "outside>web:8080-"),
        PolicyCase(
            "from a block but parts that do not matter",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25, 203.0.113.0/29]}}]}]"
                )
            ], "outside>web:8080+"),
        PolicyCase(
            "from anywhere but a block",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.0.0/16]}}]}]"
                )
            ],
            "outside>web:8080+ client>web:8080- api>web:8080-"),
        PolicyCase(
            "exceptions within exceptions",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 10.244.0.0/16, 10.244.1.11/32]}}]}]"
                )
            ], "outside>web:8080+ client>web:8080- api>web:8080-"),
        PolicyCase(
            "blocks mean pods too",
            [("default", "\(web), ingress: [{from: [{ipBlock: {cidr: 10.244.1.0/24}}]}]")],
            "api>web:8080+ db>web:8080+ tool>web:8080- outside>web:8080-"),
        PolicyCase(
            "an exception of one block is let in by another",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/28]}}, {ipBlock: {cidr: 203.0.113.8/29}}]}]"
                )
            ], "outside>web:8080+ client>web:8080-"),
        PolicyCase(
            "an exception of a block is let in by a selector",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16, except: [10.244.0.0/24]}}, {\(client)}]}]"
                )
            ], "api>web:8080+ tool>web:8080+ client>web:8080+ outside>web:8080-"),
        PolicyCase(
            "to a block outside",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]"
                )
            ],
            "client>outside:7000+ client>web:8080- client>api:9090-"),
        PolicyCase(
            "to anywhere but a block",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.1.0/24, 203.0.113.10/32]}}]}]"
                )
            ], "client>web:8080+ client>tool:7000+ client>api:9090- client>outside:7000-"),
        PolicyCase(
            "to a block on a port",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 7000}]}]"
                )
            ], "client>outside:7000+ client>outside:8080- client>outside:u5353-"),
        PolicyCase(
            "a block of IPv6 lets no IPv4 in",
            [("default", "\(web), ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]")],
            "client>web:8080- outside>web:8080-"),
    ]

    private static let ports: [PolicyCase] = [
        PolicyCase(
            "one port", [("default", "\(web), ingress: [{ports: [{protocol: TCP, port: 8080}]}]")],
            "client>web:8080+ client>web:9090- client>web:u5353- outside>web:8080+"),
        PolicyCase(
            "TCP is the default", [("default", "\(web), ingress: [{ports: [{port: 5353}]}]")],
            "client>web:u5353- client>web:8080-"),
        PolicyCase(
            "UDP", [("default", "\(web), ingress: [{ports: [{protocol: UDP, port: 5353}]}]")],
            "client>web:u5353+ client>web:8080-"),
        PolicyCase(
            "a whole protocol", [("default", "\(web), ingress: [{ports: [{protocol: TCP}]}]")],
            "client>web:7000+ client>web:8080+ client>web:u5353-"),
        PolicyCase(
            "a range", [("default", "\(web), ingress: [{ports: [{port: 8000, endPort: 9089}]}]")],
            "client>web:8080+ client>web:9090- client>web:7000-"),
        PolicyCase(
            "ranges that overlap, and a single port",
            [
                (
                    "default",
                    "\(web), ingress: [{ports: [{port: 6000, endPort: 7500}, {port: 7000, endPort: 8000}, {port: 9090}, {protocol: UDP, port: 1, endPort: 65535}]}]"
                )
            ], "client>web:7000+ client>web:8080- client>web:9090+ client>web:u5353+"),
        PolicyCase(
            "a named port", [("default", "\(web), ingress: [{ports: [{port: http}]}]")],
            "client>web:8080+ client>web:9090-"),
        PolicyCase(
            "a named port of UDP", [("default", "\(web), ingress: [{ports: [{protocol: UDP, port: dns}]}]")],
            "client>web:u5353+ client>web:8080-"),
        PolicyCase(
            "a named port that is there with another protocol",
            [("default", "\(web), ingress: [{ports: [{protocol: TCP, port: dns}]}]")],
            "client>web:u5353- client>web:8080-"),
        PolicyCase(
            "a name that no container gives", [("default", "\(web), ingress: [{ports: [{port: metrics}]}]")],
            "client>web:8080- client>web:7000-"),
        PolicyCase(
            "a named port of egress is the target's",
            [("default", "\(client), policyTypes: [Egress], egress: [{ports: [{port: http}]}]")],
            "client>web:8080+ client>web:9090- client>api:9090+ client>api:8080- client>outside:8080-"),
        PolicyCase(
            "a named port is another number on another pod",
            [
                ("default", "\(all), policyTypes: [Egress], egress: [{ports: [{port: http}]}]"),
                ("dev", "\(web), ingress: [{ports: [{port: http}]}]"),
            ],
            "client>web:8080+ client>twin:7000+ client>twin:8080- client>web:7000- outside>twin:7000+ outside>twin:8080-"
        ),
        PolicyCase(
            "a range of UDP, and one of a whole protocol of egress",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: 5000, endPort: 6000}]}]"
                ),
                ("prod", "\(api), ingress: [{ports: [{protocol: UDP}]}]"),
            ],
            "client>api:u5353+ client>api:u53- web>api:u53+ web>api:9090- client>web:8080-"),
        PolicyCase(
            "a named port of egress with a peer",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {env: prod}}}], ports: [{port: http}]}]"
                )
            ], "client>api:9090+ client>web:8080- client>db:9090-"),
        PolicyCase(
            "peers and ports of one rule belong together",
            [
                (
                    "default",
                    "\(web), ingress: [{from: [{\(client)}], ports: [{port: 8080}]}, {from: [{namespaceSelector: {matchLabels: {env: prod}}}], ports: [{port: 9090}]}]"
                )
            ], "client>web:8080+ client>web:9090- api>web:9090+ api>web:8080-"),
        PolicyCase(
            "ports of egress",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{ports: [{port: 7000}, {protocol: UDP, port: 5353}]}]"
                )
            ],
            "client>web:7000+ client>web:8080- client>db:u5353+ client>outside:7000+"),
        PolicyCase(
            "a port and its name", [("default", "\(web), ingress: [{ports: [{port: 7000}, {port: http}]}]")],
            "client>web:7000+ client>web:8080+ client>web:9090-"),
    ]

    private static let dns = "podSelector: {matchLabels: {k8s-app: kube-dns}}"

    /// The cluster's DNS is reached as the pods would be that it has elsewhere.
    private static let names: [PolicyCase] = [
        PolicyCase(
            "names are asked for without a policy", [], "client>dns:u53+ client>dns:53+ outside>dns:u53+"),
        PolicyCase(
            "default deny egress stops names too", [("default", "\(all), policyTypes: [Egress]")],
            "client>dns:u53- client>dns:53- api>dns:u53+ node>dns:u53+"),
        PolicyCase(
            "egress to the DNS pods of kube-system",
            [
                (
                    "default",
                    "\(all), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, \(dns)}], ports: [{protocol: UDP, port: 53}]}]"
                )
            ], "client>dns:u53+ client>dns:53- client>web:8080- web>dns:u53+"),
        PolicyCase(
            "egress to port 53 of anybody",
            [
                (
                    "default",
                    "\(all), policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: 53}, {port: 53}]}]"
                )
            ], "client>dns:u53+ client>dns:53+ client>dns:7000- client>web:53+ client>web:8080-"),
        PolicyCase(
            "egress to the DNS' named port",
            [("default", "\(all), policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: dns}]}]")],
            "client>dns:u53+ client>dns:53- client>web:u5353+ client>web:u53-"),
        PolicyCase(
            "egress to all namespaces' pods includes the DNS",
            [("default", "\(client), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]")],
            "client>dns:u53+ client>dns:53+ client>outside:7000-"),
        PolicyCase(
            "egress to other pods does not",
            [("default", "\(client), policyTypes: [Egress], egress: [{to: [{\(all)}]}]")],
            "client>dns:u53- client>web:8080+"),
        PolicyCase(
            "egress to a block with the DNS' address",
            [
                (
                    "default",
                    "\(client), policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.243.0.0/16}}]}]"
                )
            ], "client>dns:u53+ client>dns:53+ client>web:8080-"),
        PolicyCase(
            "ingress of the DNS pods",
            [("kube-system", "\(dns), ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]")],
            "api>dns:u53+ db>dns:53+ client>dns:u53- tool>dns:53- outside>dns:u53- node>dns:u53+"),
    ]

    private static let sums: [PolicyCase] = [
        PolicyCase(
            "policies add up",
            [
                ("default", "\(web), policyTypes: [Ingress]"),
                ("default", "\(web), ingress: [{from: [{\(client)}], ports: [{port: 8080}]}]"),
                ("default", "\(web), ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}]}]"),
            ], "client>web:8080+ client>web:9090- tool>web:9090+ api>web:8080-"),
        PolicyCase(
            "a policy for all and one for some",
            [
                ("default", "\(all), policyTypes: [Ingress]"),
                ("default", "\(web), ingress: [{from: [{namespaceSelector: {}}]}]"),
            ], "api>web:8080+ api>client:7000- outside>web:8080-"),
        PolicyCase(
            "directions of different policies",
            [
                ("default", "\(all), policyTypes: [Ingress]"),
                (
                    "default",
                    "\(all), policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {env: prod}}}]}]"
                ),
            ], "client>api:9090+ client>web:8080- client>outside:7000- api>client:7000-"),
        PolicyCase(
            "the same policy in two namespaces",
            [
                ("default", "\(all), ingress: [{from: [{\(all)}]}]"),
                ("prod", "\(all), ingress: [{from: [{\(all)}]}]"),
            ], "client>web:8080+ api>db:7000+ client>api:9090- db>web:8080- tool>api:9090-"),
        PolicyCase(
            "a three-tier platform",
            [
                ("prod", "\(all), policyTypes: [Ingress, Egress]"),
                (
                    "prod",
                    "\(api), policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {}, \(client)}], ports: [{port: http}]}], egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 7000}]}]"
                ),
                (
                    "prod",
                    "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{\(api)}], ports: [{port: 7000}]}]"
                ),
            ],
            "client>api:9090+ client>api:8080- tool>api:9090+ web>api:9090- api>db:7000+ api>db:8080- client>db:7000- db>api:9090- api>outside:7000-"
        ),
        PolicyCase(
            "only from the same namespace, and the world on one port",
            [
                ("default", "\(all), ingress: [{from: [{\(all)}]}]"),
                (
                    "default",
                    "\(web), ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 8080}]}]"
                ),
            ], "client>web:9090+ outside>web:8080+ outside>web:9090- api>web:8080+ api>client:7000-"),
    ]
}
