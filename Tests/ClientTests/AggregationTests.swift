import Foundation
import Testing

/// Groups that a server behind this one serves, with kubectl as the client.
@Suite(.clients)
struct AggregationTests {
    private static let flunders = "/apis/example.dev/v1/namespaces/default/flunders"

    /// The steps of upstream's conformance test of its sample server, and the same with kubectl.
    @Test(arguments: [[], ["legacy"]])
    func theSampleServerIsServed(_ mode: [String]) async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let sample = try Extension(cluster, mode)
        defer { sample.stop() }
        #expect(try cluster.refusal("get", "--raw", Self.flunders).contains("NotFound"))
        try sample.serve()

        // As bytes.
        let made = try sample.curl(
            Self.flunders,
            [
                "-XPOST", "-w", " %{http_code}", "-H", "Content-Type: application/json", "-d",
                #"{"apiVersion":"example.dev/v1","kind":"Flunder","metadata":{"name":"rest","namespace":"default"}}"#,
            ])
        #expect(made.hasSuffix(" 201"), "\(made)")
        #expect(try items(cluster).map(\.0) == ["rest"])
        #expect(try sample.curl(Self.flunders + "/rest", ["-XDELETE"]).contains("Success"))
        #expect(try items(cluster).isEmpty)

        // As kubectl does it, by what discovery and the schemas say.
        try cluster.kubectl("create", "-f", "-", input: Extension.flunder("dynamic"))
        #expect(try cluster.kubectl("get", "fl").contains("dynamic"))
        #expect(
            try cluster.kubectl("get", "toys", "-A", "-o", "name").contains("flunder.example.dev/dynamic"))
        try cluster.kubectl("apply", "-f", "-", input: Extension.flunder("applied"))
        let changed = Extension.flunder("applied").replacing("red", with: "blue")
        #expect(try cluster.kubectl("apply", "-f", "-", input: changed).contains("configured"))
        #expect(try items(cluster).map(\.1) == ["blue", "red"])
        #expect(try cluster.kubectl("explain", "flunders.spec.colour").contains("How it shines."))
        try cluster.kubectl("delete", "flunder", "dynamic")
        try cluster.kubectl("delete", "flunders", "--all")
        #expect(try items(cluster).isEmpty)

        try discovery(cluster)
        try apiServiceItself(cluster, sample)

        // Gone with its APIService.
        try sample.listed(false)
        #expect(try !cluster.kubectl("get", "--raw", "/apis").contains("example.dev"))
        #expect(try !cluster.kubectl("get", "--raw", "/openapi/v3").contains("example.dev"))
        #expect(try cluster.refusal("get", "--raw", Self.flunders).contains("NotFound"))
        #expect(try sample.curl("/apis/example.dev/v1") == "404 page not found\n")
    }

    /// Names and colours of what there is in the namespace `default`.
    private func items(_ cluster: Cluster) throws -> [(String, String)] {
        let text = try cluster.kubectl("get", "--raw", Self.flunders)
        let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return (list?["items"] as? [[String: Any]] ?? []).map { item in
            let name = (item["metadata"] as? [String: Any])?["name"] as? String
            return (name ?? "", (item["spec"] as? [String: Any])?["colour"] as? String ?? "")
        }
    }

    private func discovery(_ cluster: Cluster) throws {
        let groups = try cluster.kubectl("get", "--raw", "/apis")
        #expect(groups.contains(#""groupVersion":"example.dev/v1""#))
        #expect(
            try cluster.kubectl("get", "--raw", "/apis/example.dev").contains(
                #""preferredVersion":{"groupVersion":"example.dev/v1""#))
        #expect(try cluster.kubectl("get", "--raw", "/apis/example.dev/v1").contains("APIResourceList"))
        // Schemas: the other server's own, and only of what its APIService gives it.
        let index = try cluster.kubectl("get", "--raw", "/openapi/v3")
        #expect(index.contains("/openapi/v3/apis/example.dev/v1?hash=ABC") && !index.contains("stolen"))
        #expect(
            try cluster.kubectl("get", "--raw", "/openapi/v3/apis/example.dev/v1").contains("How it shines."))
        // Everything of this server's is local.
        let services = try cluster.kubectl("get", "apiservices", "--no-headers").split(separator: "\n")
        #expect(services.count > 20)
        for line in services where !line.hasPrefix(Extension.service + " ") {
            let words = line.split(whereSeparator: \.isWhitespace)
            #expect(words[1] == "Local" && words[2] == "True", "\(line)")
        }
        #expect(services.contains { $0.contains("sample-system/sample-api") && $0.contains("True") })
    }

    /// What the conformance test does to the APIService.
    private func apiServiceItself(_ cluster: Cluster, _ sample: Extension) throws {
        let name = Extension.service
        let path = "/apis/apiregistration.k8s.io/v1/apiservices/\(name)"
        try cluster.kubectl(
            "patch", "apiservice", name, "--type=merge", "-p",
            #"{"metadata":{"labels":{"e2e-apiservice":"patched"}}}"#)
        #expect(try cluster.kubectl("get", "--raw", path + "/status").contains(#""type":"Available""#))
        #expect(
            try cluster.kubectl("get", "apiservices", "-l", "e2e-apiservice=patched", "-o", "name")
                == "apiservice.apiregistration.k8s.io/\(name)\n")
        let patch = #"[{"op":"add","path":"/status/conditions/-","value":{"type":"StatusPatched","#
        let condition = #""status":"True","reason":"E2E","message":"Set by e2e test"}}]"#
        try cluster.kubectl(
            "patch", "apiservice", name, "--subresource=status", "--type=json", "-p", patch + condition)
        let replaced = try cluster.kubectl("get", "apiservice", name, "-o", "yaml")
            .replacing("StatusPatched", with: "StatusUpdated")
        try cluster.kubectl("replace", "--subresource=status", "-f", "-", input: replaced)
        let types = try cluster.kubectl(
            "get", "apiservice", name, "-o", "jsonpath={.status.conditions[*].type}")
        #expect(types == "Available StatusUpdated")
        let updated = try cluster.kubectl("get", "apiservice", name, "-o", "yaml")
            .replacing("versionPriority: 200", with: "versionPriority: 300")
        try cluster.kubectl("replace", "-f", "-", input: updated)
        #expect(
            try cluster.kubectl("get", "apiservice", name, "-o", "jsonpath={.spec.versionPriority}") == "300")
        try cluster.kubectl("delete", "apiservices", "-l", "e2e-apiservice=patched")
        #expect(
            try cluster.kubectl("get", "apiservices", "-l", "e2e-apiservice=patched", "-o", "name").isEmpty)
        #expect(try sample.requests().contains { $0["path"] as? String == Self.flunders })
    }

    /// The condition says what is wrong, in upstream's words, and requests are answered accordingly.
    @Test func availabilityIsLookedAfter() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let sample = try Extension(cluster)
        defer { sample.stop() }
        let place = "service/sample-api in \"sample-system\""
        try sample.register()
        try sample.wait("False ServiceNotFound: \(place) is not present")
        #expect(try sample.curl(Self.flunders, ["-w", "%{http_code}"]) == "service unavailable\n503")
        // The group is there, and what is in it not known.
        #expect(try cluster.kubectl("get", "--raw", "/apis").contains("example.dev"))
        #expect(try cluster.refusal("get", "flunders").contains("doesn't have a resource type"))
        #expect(
            try cluster.kubectl("get", "apiservices", Extension.service).contains("False (ServiceNotFound)"))
        try sample.createService(port: 443)
        try sample.wait("False ServicePortError: \(place) is not listening on port 7443")
        try cluster.kubectl("-n", Extension.namespace, "delete", "service", "sample-api")
        try sample.wait("False ServiceNotFound")
        try sample.createService()
        try sample.wait("False EndpointsNotFound: cannot find endpointslices for \(place)")
        try sample.createEndpoints(isReady: false)
        try sample.wait(
            "False MissingEndpoints: endpointslices for \(place) have no addresses with port name \"https\"")
        try sample.createEndpoints()
        try sample.wait("True Passed: all checks passed")
        try sample.listed(true)

        // Whom it does not trust it does not ask.
        let other = sample.server.folder.appendingPathComponent("other.pem")
        _ = try run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout",
                other.path + ".key", "-out", other.path,
            ])
        try sample.register("caBundle: \(try Data(contentsOf: other).base64EncodedString())")
        try sample.wait("False FailedDiscoveryCheck: failing or missing response from https://")
        #expect(try sample.condition().contains("x509: certificate signed by unknown authority"))
        #expect(try sample.curl(Self.flunders) == "service unavailable\n")
        try cluster.kubectl(
            "patch", "apiservice", Extension.service, "--type=merge", "-p",
            #"{"spec":{"caBundle":null,"insecureSkipTLSVerify":true}}"#)
        try sample.wait("True Passed")
        #expect(try sample.curl(Self.flunders).contains("FlunderList"))

        // A server that breaks is found out, and found to be well again without being told.
        let plan = sample.server.folder.appendingPathComponent("plan")
        try Data(#"{"fail":["/apis/example.dev/v1"]}"#.utf8).write(to: plan)
        try cluster.kubectl("annotate", "apiservice", Extension.service, "looked=at")
        try sample.wait("False FailedDiscoveryCheck")
        #expect(try sample.condition().contains("/apis/example.dev/v1: 500"))
        try FileManager.default.removeItem(at: plan)
        try sample.wait("True Passed")

        // What leads elsewhere is not handed on.
        try Data(#"{"redirect":["\#(Self.flunders)"]}"#.utf8).write(to: plan)
        #expect(
            try sample.curl(Self.flunders, ["-w", " %{http_code}"])
                == "the backend attempted to redirect this request, which is not permitted 502")
        try FileManager.default.removeItem(at: plan)
        // It cannot be reached, and nobody has noticed yet.
        sample.stop()
        let gone = try sample.curl(Self.flunders, ["-w", "%{http_code}"])
        #expect(gone.hasSuffix("503") && gone.contains("connect: connection refused"), "\(gone)")
    }

    /// Who asks is said by the front proxy and by nobody else.
    @Test func identitiesAreHandedOn() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let sample = try Extension(cluster)
        defer { sample.stop() }
        try sample.serve()
        let spoof = ["-H", "X-Remote-User: system:admin", "-H", "X-Remote-Group: system:masters"]
        let more = [
            "-H", "x-remote-uid: 1", "-H", "X-Remote-Extra-Scopes: all", "-H", "Authorization: Bearer x",
        ]

        // The certificate's names, none of what the client says.
        #expect(try sample.curl(Self.flunders + "?a=1", spoof + more).contains("FlunderList"))
        let asked = try sample.request(Self.flunders + "?a=1")
        #expect(asked.user["by"] as? String == "proxy")
        #expect(asked.user["user"] as? String == "kubernetes-admin")
        let groups = Set(asked.user["groups"] as? [String] ?? [])
        #expect(groups == ["system:masters", "system:authenticated"])
        #expect(asked.user["uid"] as? String == "")
        #expect(
            !asked.headers.contains { $0.0 == "authorization" || $0.0.hasPrefix("x-remote-extra-scopes") })
        #expect(asked.headers.filter { $0.0 == "x-remote-user" }.map(\.1) == ["kubernetes-admin"])

        // An account: with its uid, its groups, and what its token says more.
        try cluster.kubectl("create", "serviceaccount", "asker")
        let token = try cluster.kubectl("create", "token", "asker").trimmingCharacters(in: .newlines)
        let bearer = ["-H", "Authorization: Bearer \(token)"]
        let refused = try sample.curl(Self.flunders, spoof, credentials: bearer)
        #expect(
            refused.contains(
                #"flunders.example.dev is forbidden: User \"system:serviceaccount:default:asker\" cannot list resource \"flunders\" in API group \"example.dev\" in the namespace \"default\""#
            ), "\(refused)")
        try cluster.kubectl(
            "create", "role", "readers", "--verb=get,list,watch", "--resource=flunders.example.dev")
        try cluster.kubectl(
            "create", "rolebinding", "asker", "--role=readers", "--serviceaccount=default:asker")
        _ = try poll("the right to read", within: 20) {
            try sample.curl(Self.flunders + "?b=1", spoof, credentials: bearer).contains("FlunderList")
                ? true : nil
        }
        let account = try sample.request(Self.flunders + "?b=1")
        #expect(account.user["user"] as? String == "system:serviceaccount:default:asker")
        #expect((account.user["uid"] as? String ?? "").count == 36)
        #expect((account.user["groups"] as? [String] ?? []).contains("system:serviceaccounts:default"))
        let extra = account.user["extra"] as? [String: [String]] ?? [:]
        #expect(
            extra["authentication.kubernetes.io/credential-id"]?.first?.hasPrefix("JTI=") == true, "\(extra)")
        // Impersonation ends here; whether the one whom it made may ask is asked by both servers.
        let denied = try cluster.refusal("get", "flunders", "--as=jane", "--as-group=readers")
        #expect(denied.contains(#"User "jane" cannot list resource "flunders""#), "\(denied)")
        try cluster.kubectl("get", "flunders", "--as=jane", "--as-group=system:masters")
        let jane = try #require(
            try sample.requests().last { ($0["path"] as? String ?? "").hasPrefix(Self.flunders) })
        #expect((jane["user"] as? [String: Any])?["user"] as? String == "jane")
        #expect(!"\(jane)".lowercased().contains("impersonate"))

        // Asked directly, the server believes what the API server says of tokens and certificates.
        let direct = "https://127.0.0.1:\(sample.server.port)"
        func ask(_ words: [String]) throws -> String {
            try sample.curl(direct + Self.flunders, spoof, credentials: words)
        }
        #expect(try ask([]).contains(#"User \"system:anonymous\""#))
        #expect(try ask(["-H", "Authorization: Bearer nonsense"]).contains("Unauthorized"))
        #expect(try ask(bearer).contains("FlunderList"))
        let (certificate, key) = try cluster.credentials()
        #expect(try ask(["--cert", certificate, "--key", key]).contains("FlunderList"))
        let last = try #require(try sample.requests().last?["user"] as? [String: Any])
        #expect(last["user"] as? String == "kubernetes-admin" && last["by"] as? String == "certificate")
        try frontProxy(cluster, sample, spoof)
    }

    /// This server believes a front proxy too, one with the right certificate.
    private func frontProxy(_ cluster: Cluster, _ sample: Extension, _ spoof: [String]) throws {
        func who(_ words: [String], _ credentials: [String]) throws -> String {
            try sample.curl(
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                words + [
                    "-XPOST", "-H", "Content-Type: application/json", "-d",
                    #"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#,
                ], credentials: credentials)
        }
        let pki = cluster.directory.appendingPathComponent("pki").path
        let proxy = ["--cert", pki + "/front-proxy-client.crt", "--key", pki + "/front-proxy-client.key"]
        let said = ["-H", "X-Remote-User: jane", "-H", "X-Remote-Group: a", "-H", "X-Remote-Group: b"]
        let whole = try who(
            said + ["-H", "X-Remote-Uid: 7", "-H", "X-Remote-Extra-Example.com%2fScopes: all"], proxy)
        let user = try #require(
            (try JSONSerialization.jsonObject(with: Data(whole.utf8)) as? [String: Any]).flatMap {
                ($0["status"] as? [String: Any])?["userInfo"] as? [String: Any]
            }, "\(whole)")
        #expect(user["username"] as? String == "jane" && user["uid"] as? String == "7")
        #expect(user["groups"] as? [String] == ["a", "b", "system:authenticated"])
        #expect((user["extra"] as? [String: [String]]) == ["example.com/scopes": ["all"]])
        // Without a name it is nobody: the certificate itself is nobody's.
        #expect(try who([], proxy).contains(#""code":401"#))
        let (certificate, key) = try cluster.credentials()
        let admin = try who(spoof, ["--cert", certificate, "--key", key])
        #expect(admin.contains("kubernetes-admin") && !admin.contains("system:admin"))
        // Of the proxies' authority, and not one that may speak for others.
        let other = sample.server.folder.appendingPathComponent("impostor").path
        _ = try run(
            "/usr/bin/env",
            [
                "bash", "-c",
                """
                openssl req -newkey rsa:2048 -nodes -subj /CN=impostor -keyout \(other).key -out \(other).csr &&
                openssl x509 -req -in \(other).csr -CA \(pki)/front-proxy-ca.crt -CAkey \(pki)/front-proxy-ca.key \
                  -CAcreateserial -extfile <(echo extendedKeyUsage=clientAuth) -out \(other).crt
                """,
            ])
        let impostor = try who(said, ["--cert", other + ".crt", "--key", other + ".key"])
        #expect(!impostor.contains("jane") && impostor.contains(#""code":401"#), "\(impostor)")
    }

    /// Events come as they happen, watches that are left are left, and bytes pass after an upgrade.
    @Test func whatLastsIsHandedOn() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let sample = try Extension(cluster)
        defer { sample.stop() }
        try sample.serve()
        let watch = try Background(
            cluster.programs.tools + "/kubectl",
            [
                "--kubeconfig", cluster.kubeconfig, "get", "flunders", "--watch", "--output-watch-events",
                "-o",
                "jsonpath={.type} {.object.metadata.name} {.object.spec.colour}\n",
            ], in: cluster.directory)
        defer { watch.stop() }
        func wait(_ line: String) throws {
            _ = try poll(
                "'\(line)'", within: 20, { watch.text.contains(line) ? true : nil }, or: { watch.text })
        }
        try cluster.kubectl("create", "-f", "-", input: Extension.flunder("one"))
        try wait("ADDED one red")
        try cluster.kubectl(
            "patch", "flunder", "one", "--type=merge", "-p", #"{"spec":{"colour":"green"}}"#)
        try wait("MODIFIED one green")
        try cluster.kubectl("delete", "flunder", "one", "--wait=false")
        try wait("DELETED one green")
        watch.stop()
        _ = try poll("the watch's end at the other server", within: 20) {
            (try? sample.server.text("left"))?.contains("flunders") == true ? true : nil
        }

        try cluster.kubectl("create", "-f", "-", input: Extension.flunder("two"))
        let (certificate, key) = try cluster.credentials()
        let script = Self.upgradeScript
        let answer = try cluster.tool(
            "python", ["-c", script, "\(cluster.port)", certificate, key, Self.flunders + "/two/echo"])
        #expect(answer == "101 HELLO, 200000\n")
        // Whoever asked for another protocol is not left with none.
        let plain = try sample.curl(
            Self.flunders,
            ["--http1.1", "-w", "%{http_code}", "-H", "Connection: Upgrade", "-H", "Upgrade: echo"])
        #expect(plain == "invalid upgrade response: status code 200\n503")
    }

    /// A namespace goes with what other servers have in it, and not before.
    @Test func namespacesAreEmptiedThere() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let sample = try Extension(cluster)
        defer { sample.stop() }
        try sample.serve()
        try cluster.kubectl("create", "namespace", "going")
        try cluster.kubectl("create", "-f", "-", input: Extension.flunder("free", "going"))
        try cluster.kubectl("create", "-f", "-", input: Extension.flunder("stays"))
        try cluster.kubectl(
            "create", "-f", "-", input: Extension.flunder("held", "going", ", finalizers: [example.dev/held]")
        )
        try cluster.kubectl("delete", "namespace", "going", "--wait=false")
        func condition(_ type: String) throws -> String {
            try cluster.kubectl(
                "get", "namespace", "going", "-o",
                "jsonpath={range .status.conditions[?(@.type==\"\(type)\")]}{.status} {.message}{end}")
        }
        func wait(_ type: String, _ words: String) throws {
            var last = ""
            _ = try poll(
                words, within: 40,
                {
                    last = try condition(type)
                    return last.contains(words) ? true : nil
                }, or: { last })
        }
        try wait(
            "NamespaceContentRemaining",
            "True Some resources are remaining: flunders.example.dev has 1 resource instances")
        try wait(
            "NamespaceFinalizersRemaining",
            "True Some content in the namespace has finalizers remaining: example.dev/held in 1 resource instances"
        )
        let asked = try #require(
            try sample.requests().last {
                $0["path"] as? String == "/apis/example.dev/v1/namespaces/going/flunders"
            }?["user"] as? [String: Any])
        #expect(asked["user"] as? String == "system:serviceaccount:kube-system:namespace-controller")

        // Nobody knows what is there while the server is not.
        try cluster.kubectl(
            "-n", Extension.namespace, "patch", "endpointslice", "sample-api-1", "--type=merge", "-p",
            #"{"endpoints":[]}"#)
        try sample.wait("MissingEndpoints")
        try wait("NamespaceDeletionDiscoveryFailure", "True Discovery failed for some groups, 1 failing: ")
        #expect(try cluster.kubectl("get", "namespace", "going").contains("Terminating"))
        try sample.createEndpoints()
        try sample.wait("Passed")
        try sample.listed(true)
        try cluster.kubectl(
            "-n", "going", "patch", "flunder", "held", "--type=merge", "-p",
            #"{"metadata":{"finalizers":null}}"#)
        try cluster.kubectl("wait", "--for=delete", "namespace/going", "--timeout=60s")
        #expect(try cluster.kubectl("get", "flunders", "-A", "-o", "name") == "flunder.example.dev/stays\n")
        // Without the APIService nobody is asked.
        try cluster.kubectl("delete", "apiservice", Extension.service)
        try cluster.kubectl("delete", "namespace", Extension.namespace, "--timeout=30s")
    }

    private static let upgradeScript = """
        import socket, ssl, sys
        port, certificate, key, path = sys.argv[1:]
        context = ssl._create_unverified_context()
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["http/1.1"])
        server = context.wrap_socket(socket.create_connection(("127.0.0.1", int(port)), 20))
        server.sendall(("GET %s HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n" % path).encode())
        head = b""
        while b"\\r\\n\\r\\n" not in head:
            more = server.recv(1)
            if not more: break
            head += more
        def exactly(count):
            data = b""
            while len(data) < count:
                more = server.recv(count - len(data))
                if not more: break
                data += more
            return data
        server.sendall(b"hello")
        first = exactly(5).decode()
        count = 0
        for _ in range(20):
            server.sendall(b"x" * 10000)
            count += exactly(10000).count(b"X")
        print(head.split()[1].decode(), first + ",", count)
        """
}
