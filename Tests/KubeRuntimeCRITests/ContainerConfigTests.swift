import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode
import Testing

@testable import KubeRuntimeCRI

@Suite struct ContainerConfigTests {
    static let pod: JSON = [
        "metadata": [
            "name": "web-0", "namespace": "shop", "uid": "u1", "labels": ["app": "web"],
            "annotations": ["note": "a b"],
        ],
        "spec": [
            "serviceAccountName": "robot", "subdomain": "web",
            "containers": [["name": "main", "resources": ["requests": ["memory": "1Gi"]]]],
        ],
        "status": ["qosClass": "Burstable"],
    ]

    func facts(_ pod: JSON = Self.pod) -> PodFacts {
        PodFacts(
            pod: pod, identity: PodIdentity(uid: "u1", namespace: "shop", name: "web-0", node: "n1"),
            addresses: ["10.0.0.7", "fd00::7"], hostAddresses: ["192.168.0.2"],
            allocatable: ResourceAmounts(["cpu": "1900m", "memory": "7Gi"] as JSON),
            capacity: ResourceAmounts(["cpu": "2", "memory": "8Gi"] as JSON))
    }

    func image(user: Int64? = nil, name: String = "") -> RuntimeImage {
        var image = CRIImage()
        image.id = "sha256:1"
        image.username = name
        if let user { image.uid.value = user }
        return RuntimeImage(image)
    }

    func environment(_ container: JSON, _ objects: TestObjects = TestObjects()) throws -> ContainerEnvironment
    {
        try ContainerEnvironment(container, facts(), objects: objects)
    }

    // MARK: Expansion

    @Test(arguments: [
        ("$(A)", "1"), ("$$(A)", "$(A)"), ("$(B)", "$(B)"), ("$A", "$A"), ("x$(A)y$(A)", "x1y1"),
        ("$(A", "$(A"), ("$", "$"), ("$$", "$"), ("$$$(A)", "$1"), ("$()", "$()"), ("a$", "a$"),
    ])
    func expandsAsUpstreamDoes(_ text: String, _ wanted: String) {
        #expect(VariableExpansion.expand(text) { $0 == "A" ? "1" : nil } == wanted)
    }

    // MARK: Environment

    @Test func takesValuesFromEverywhere() throws {
        let objects = TestObjects()
        objects.put(
            .configMaps,
            [
                "metadata": ["name": "c", "namespace": "shop"],
                "data": ["k": "v", "bad=": "x", "n": "from-map"],
            ])
        objects.put(.secrets, ["metadata": ["name": "s", "namespace": "shop"], "data": ["p": "c2VjcmV0"]])
        let container: JSON = [
            "name": "main", "resources": ["limits": ["cpu": "1500m"], "requests": ["memory": "1Gi"]],
            "envFrom": [
                ["prefix": "C_", "configMapRef": ["name": "c"]],
                ["configMapRef": ["name": "absent", "optional": true]],
            ],
            "env": [
                ["name": "NODE", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]],
                ["name": "IPS", "valueFrom": ["fieldRef": ["fieldPath": "status.podIPs"]]],
                ["name": "NOTE", "valueFrom": ["fieldRef": ["fieldPath": "metadata.annotations['note']"]]],
                ["name": "CPU", "valueFrom": ["resourceFieldRef": ["resource": "limits.cpu"]]],
                [
                    "name": "CPU_M",
                    "valueFrom": ["resourceFieldRef": ["resource": "limits.cpu", "divisor": "1m"]],
                ],
                [
                    "name": "MEM",
                    "valueFrom": ["resourceFieldRef": ["resource": "limits.memory", "divisor": "1Mi"]],
                ],
                ["name": "PASSWORD", "valueFrom": ["secretKeyRef": ["name": "s", "key": "p"]]],
                [
                    "name": "MISSING",
                    "valueFrom": ["secretKeyRef": ["name": "s", "key": "q", "optional": true]],
                ],
                ["name": "URL", "value": "//$(PASSWORD)@$(DB_SERVICE_HOST)/$(LATER)"],
                ["name": "LATER", "value": "x"], ["name": "C_n", "value": "own"],
            ],
        ]
        objects.put(
            .services,
            [
                "metadata": ["name": "db", "namespace": "shop"],
                "spec": ["clusterIP": "10.96.1.1", "ports": [["name": "sql", "port": 5432]]],
            ])
        let environment = try environment(container, objects)
        #expect(environment["C_k"] == "v")
        #expect(environment["C_bad="] == nil)
        #expect(environment["C_n"] == "own")
        #expect(environment["NODE"] == "n1")
        #expect(environment["IPS"] == "10.0.0.7,fd00::7")
        #expect(environment["NOTE"] == "a b")
        #expect(environment["CPU"] == "2")
        #expect(environment["CPU_M"] == "1500")
        #expect(environment["MEM"] == "7168")
        #expect(environment["PASSWORD"] == "secret")
        #expect(environment["MISSING"] == nil)
        #expect(environment["URL"] == "//secret@10.96.1.1/$(LATER)")
    }

    @Test func saysWhatIsMissing() {
        #expect(throws: ContainerFailure(.configuration, "secret \"s\" not found")) {
            try environment([
                "env": [["name": "A", "valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]]]
            ])
        }
        let objects = TestObjects()
        objects.put(.configMaps, ["metadata": ["name": "c", "namespace": "shop"], "data": [:]])
        #expect(
            throws: ContainerFailure(.configuration, "couldn't find key k in ConfigMap shop/c")
        ) {
            try environment(
                ["env": [["name": "A", "valueFrom": ["configMapKeyRef": ["name": "c", "key": "k"]]]]], objects
            )
        }
    }

    @Test func tellsOfServicesAsUpstreamDoes() {
        let service: JSON = [
            "metadata": ["name": "my-db"],
            "spec": [
                "clusterIP": "10.96.0.9",
                "ports": [["name": "sql-x", "port": 5432], ["port": 53, "protocol": "UDP"]],
            ],
        ]
        let headless: JSON = [
            "metadata": ["name": "h"], "spec": ["clusterIP": "None", "ports": [["port": 1]]],
        ]
        let variables = ServiceVariables.variables(
            services: [service, headless], kubernetes: nil, links: true
        ).map { "\($0.name)=\($0.value)" }
        #expect(
            variables == [
                "MY_DB_SERVICE_HOST=10.96.0.9", "MY_DB_SERVICE_PORT=5432", "MY_DB_SERVICE_PORT_SQL_X=5432",
                "MY_DB_PORT=tcp://10.96.0.9:5432", "MY_DB_PORT_5432_TCP=tcp://10.96.0.9:5432",
                "MY_DB_PORT_5432_TCP_PROTO=tcp", "MY_DB_PORT_5432_TCP_PORT=5432",
                "MY_DB_PORT_5432_TCP_ADDR=10.96.0.9", "MY_DB_PORT_53_UDP=udp://10.96.0.9:53",
                "MY_DB_PORT_53_UDP_PROTO=udp", "MY_DB_PORT_53_UDP_PORT=53",
                "MY_DB_PORT_53_UDP_ADDR=10.96.0.9",
            ])
        #expect(ServiceVariables.variables(services: [service], kubernetes: nil, links: false).isEmpty)
    }

    // MARK: Security

    @Test func takesFromThePodWhatTheContainerLeavesOpen() throws {
        var pod = Self.pod
        pod.set(
            [
                "runAsUser": 1000, "runAsGroup": 2000, "fsGroup": 3000, "supplementalGroups": [4000],
                "seccompProfile": ["type": "RuntimeDefault"],
            ], at: "spec", "securityContext")
        let container: JSON = [
            "name": "main",
            "securityContext": [
                "runAsUser": 7, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                "capabilities": ["add": ["NET_ADMIN"], "drop": ["ALL"]],
            ],
        ]
        let context = try ContainerSecurity.context(container, facts(pod), image: image(), target: nil)
        #expect(context.runAsUser.value == 7)
        #expect(context.runAsGroup.value == 2000)
        #expect(context.supplementalGroups == [3000, 4000])
        #expect(context.noNewPrivs && context.readonlyRootfs && !context.privileged)
        #expect(context.capabilities.addCapabilities == ["NET_ADMIN"])
        #expect(context.capabilities.dropCapabilities == ["ALL"])
        #expect(context.seccomp.profileType == .runtimeDefault)
        #expect(context.maskedPaths.contains("/proc/kcore"))
        #expect(context.namespaceOptions.pid == .container)
        let plain = try ContainerSecurity.context(["name": "main"], facts(), image: image(), target: "abc")
        #expect(plain.seccomp.profileType == .unconfined)
        #expect(plain.namespaceOptions.pid == .target && plain.namespaceOptions.targetID == "abc")
    }

    @Test func refusesRootWhereItMustNotBe() {
        func failure(_ context: JSON, _ image: RuntimeImage) -> String? {
            do {
                _ = try ContainerSecurity.context(
                    ["name": "main", "securityContext": context], facts(), image: image, target: nil)
                return nil
            } catch { return "\(error)" }
        }
        let whom = "(pod: \"web-0_shop(u1)\", container: main)"
        let must: JSON = ["runAsNonRoot": true]
        #expect(
            failure(must, image(user: 0)) == "container has runAsNonRoot and image will run as root \(whom)")
        #expect(failure(must, image(user: 5)) == nil)
        #expect(
            failure(must, image(name: "postgres"))
                == "container has runAsNonRoot and image has non-numeric user (postgres), cannot verify user is "
                + "non-root \(whom)")
        #expect(
            failure(["runAsNonRoot": true, "runAsUser": 0], image(user: 5))
                == "container's runAsUser breaks non-root policy \(whom)")
        #expect(failure(["runAsNonRoot": true, "runAsUser": 9], image(user: 0)) == nil)
    }

    // MARK: Resources

    @Test func reckonsResourcesAsUpstreamDoes() {
        func resources(_ requests: JSON, _ limits: JSON) -> LinuxResources {
            LinuxResources(requests: ResourceAmounts(requests), limits: ResourceAmounts(limits))
        }
        let both = resources(["cpu": "250m"], ["cpu": "1500m", "memory": "64Mi"])
        #expect(both.cpuShares == 256 && both.cpuQuota == 150_000 && both.memoryLimit == 67_108_864)
        #expect(resources([:], ["cpu": "2"]).cpuShares == 2_048)
        #expect(resources([:], [:]).cpuShares == 2)
        #expect(resources([:], ["cpu": "1m"]).cpuQuota == 1_000)
        let facts = facts()
        let container = facts.spec["containers"]?[0] ?? .null
        #expect(LinuxResources.oomScore(container, facts) == 875)
        #expect(LinuxResources.oomScore([:], facts) == 999)
        var best = facts
        best.pod.set("BestEffort", at: "status", "qosClass")
        #expect(LinuxResources.oomScore(container, best) == 1_000)
    }

    @Test func namesControlGroupsByClass() {
        let groups = PodCgroups(root: "/aegis")
        #expect(groups.pod(facts()) == "/aegis/n1/kubepods/burstable/podu1")
        var sure = facts()
        sure.pod.set("Guaranteed", at: "status", "qosClass")
        #expect(groups.pod(sure) == "/aegis/n1/kubepods/podu1")
        #expect(PodCgroups.resources(facts()).memoryLimit == 0)
    }

    // MARK: Names

    @Test func resolvesNamesAsThePodSays() {
        let settings = ResolverSettings(
            clusterServers: ["10.96.0.10"], servers: ["1.1.1.1"], searches: ["corp"], options: ["edns0"])
        let first = PodDNS(["dnsPolicy": "ClusterFirst"], namespace: "shop", settings)
        #expect(first.servers == ["10.96.0.10"])
        #expect(first.searches == ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "corp"])
        #expect(first.options == ["ndots:5"])
        let host = PodDNS(["dnsPolicy": "ClusterFirst", "hostNetwork": true], namespace: "shop", settings)
        #expect(host.servers == ["1.1.1.1"] && host.options == ["edns0"])
        let own = PodDNS(
            [
                "dnsPolicy": "None",
                "dnsConfig": [
                    "nameservers": ["9.9.9.9"], "searches": ["x"],
                    "options": [["name": "ndots", "value": "2"]],
                ],
            ], namespace: "shop", settings)
        #expect(own.servers == ["9.9.9.9"] && own.searches == ["x"] && own.options == ["ndots:2"])
        let merged = PodDNS(
            ["dnsConfig": ["options": [["name": "ndots", "value": "1"], ["name": "debug"]]]],
            namespace: "shop", settings)
        #expect(merged.options == ["ndots:1", "debug"])
    }

    @Test func writesHostsAndNames() {
        let name = PodHostName(Self.pod, clusterDomain: "cluster.local")
        #expect(name.name == "web-0" && name.full == "web-0.web.shop.svc.cluster.local")
        let text = HostsFile.text(
            addresses: ["10.0.0.7"], hostName: name.name, domain: name.full,
            aliases: [["ip": "1.2.3.4", "hostnames": ["a", "b"]]], machine: nil)
        #expect(text.contains("10.0.0.7\tweb-0.web.shop.svc.cluster.local\tweb-0\n"))
        #expect(text.hasSuffix("1.2.3.4\ta\tb\n"))
        var long = Self.pod
        long.set(.string(String(repeating: "a", count: 62) + "-b"), at: "metadata", "name")
        #expect(PodHostName(long, clusterDomain: "c").name == String(repeating: "a", count: 62))
    }

    @Test func buildsTheWholeContainer() throws {
        let container: JSON = [
            "name": "main", "command": ["run", "$(NAME)"], "args": ["$(NOT)"], "tty": true,
            "env": [["name": "NAME", "value": "x"]],
            "volumeMounts": [
                ["name": "v", "mountPath": "data", "readOnly": true, "subPathExpr": "$(NAME)/y"],
                ["name": "secret", "mountPath": "/s"],
            ],
            "terminationMessagePath": "/dev/termination-log",
        ]
        var pod = Self.pod
        pod.set([["name": "secret", "secret": ["secretName": "s"]]], at: "spec", "volumes")
        let environment = try environment(container)
        let mounts = try ContainerMounts(
            container, facts(pod), volumes: ["v": "/host/v", "secret": "/host/s"], environment: environment,
            hosts: "/h", terminationMessage: "/t")
        #expect(
            mounts.wanted.map(\.mount.containerPath) == ["/data", "/s", "/etc/hosts", "/dev/termination-log"])
        #expect(mounts.wanted.map(\.mount.isReadOnly) == [true, true, false, false])
        #expect(mounts.wanted[0].subPath == "x/y")
        let config = try ContainerConfigBuilder(
            facts: facts(pod), container: container, image: image(), environment: environment,
            mounts: mounts.wanted.map(\.mount), cluster: "c"
        ).build(attempt: 4)
        #expect(config.command == ["run", "x"] && config.args == ["$(NOT)"] && config.tty)
        #expect(config.metadata.attempt == 4 && config.logPath == "main/4.log")
        #expect(config.labels["io.kubernetes.pod.uid"] == "u1")
        #expect(throws: ContainerFailure.self) {
            try ContainerMounts(
                container, facts(), volumes: [:], environment: environment, hosts: nil,
                terminationMessage: nil)
        }
    }

    // MARK: Images

    @Test(arguments: [
        ("busybox", "docker.io/library/busybox:latest"), ("a/b:1", "docker.io/a/b:1"),
        ("localhost/x", "localhost/x:latest"), ("r.io:5000/x:2", "r.io:5000/x:2"),
        ("x@sha256:ab", "docker.io/library/x@sha256:ab"), ("x:1@sha256:ab", "docker.io/library/x@sha256:ab"),
        ("index.docker.io/library/x", "docker.io/library/x:latest"),
    ])
    func namesImagesInFull(_ name: String, _ full: String) {
        #expect(ImageName.normalized(name) == full)
    }

    @Test func findsCredentialsOfTheRegistry() {
        // {"auths":{"https://r.io/v1/":{"auth":"dTpw"},"r.io/team":{"username":"t","password":"q"}}}
        let text =
            "eyJhdXRocyI6eyJodHRwczovL3IuaW8vdjEvIjp7ImF1dGgiOiJkVHB3In0sInIuaW8vdGVhbSI6eyJ1c2VybmFtZSI6InQi"
            + "LCJwYXNzd29yZCI6InEifX19"
        let secret: JSON = ["data": [".dockerconfigjson": .string(text)]]
        let all = PullCredentials.auths(for: "r.io/team/app:1", secrets: [secret])
        #expect(all.map(\.username) == ["t", "u"])
        #expect(all.map(\.password) == ["q", "p"])
        #expect(PullCredentials.auths(for: "r.io/other/app", secrets: [secret]).map(\.username) == ["u"])
        #expect(PullCredentials.auths(for: "other.io/app", secrets: [secret]).isEmpty)
    }
}
