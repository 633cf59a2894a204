import Foundation
import Testing

/// Admission webhooks: a real HTTPS server that judges and changes what kubectl writes.
@Suite(.clients)
struct WebhookTests {
    @Test func webhooksJudgeAndChangeWrites() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let webhook = try WebhookServer(cluster)
        defer { webhook.stop() }
        try cluster.kubectl("create", "namespace", "judged")
        try cluster.kubectl("label", "namespace", "judged", "judged=yes")
        func apply(_ configuration: String) throws {
            try cluster.kubectl("apply", "-f", "-", input: configuration)
        }
        func create(_ name: String, _ words: String...) throws -> String {
            let outcome = try run(
                cluster.programs.tools + "/kubectl",
                [
                    "--kubeconfig", cluster.kubeconfig, "-n", "judged", "create", "configmap", name,
                    "--from-literal=a=b",
                ] + words)
            return outcome.output + outcome.errors
        }

        // Denials, in the webhook's words and with its code.
        try apply(
            webhook.configuration(
                "Validating", "deny", "/deny",
                "matchConditions: [{name: c, expression: \"request.operation == 'DELETE' || object.metadata.name != 'exempt'\"}]"
            ))
        #expect(
            try create("one").contains(
                "admission webhook \"deny.aegis.dev\" denied the request: not in this house"))
        #expect(try create("exempt").contains("configmap/exempt created"))
        // Other namespaces are not judged.
        try cluster.kubectl("create", "configmap", "free", "--from-literal=a=b")
        let seen = try webhook.request("/deny")
        let request = try #require(seen["request"] as? [String: Any])
        #expect(seen["apiVersion"] as? String == "admission.k8s.io/v1")
        #expect(request["operation"] as? String == "CREATE")
        #expect(request["namespace"] as? String == "judged" && request["name"] as? String == "one")
        #expect(
            (request["kind"] as? [String: String]) == ["group": "", "version": "v1", "kind": "ConfigMap"])
        #expect(
            (request["resource"] as? [String: String])
                == ["group": "", "version": "v1", "resource": "configmaps"])
        let object = try #require(request["object"] as? [String: Any])
        #expect(object["kind"] as? String == "ConfigMap" && object["apiVersion"] as? String == "v1")
        #expect(request["oldObject"] is NSNull)
        #expect((request["userInfo"] as? [String: Any])?["username"] as? String == "kubernetes-admin")
        #expect((request["options"] as? [String: Any])?["kind"] as? String == "CreateOptions")
        #expect(try webhook.query("/deny") == "timeout=10s")
        // Deletes are judged with the old object.
        #expect(
            try cluster.refusal("-n", "judged", "delete", "configmap", "exempt").contains("not in this house")
        )
        // The configuration itself may always go.
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "deny")
        #expect(try create("one").contains("created"))

        // Changes, in the order of names; one that wants it sees what those after it did.
        try apply(webhook.configuration("Mutating", "m1", "/count", "reinvocationPolicy: IfNeeded"))
        try apply(webhook.configuration("Mutating", "m2", "/label", "reinvocationPolicy: Never"))
        #expect(try create("two").contains("created"))
        let two = try cluster.kubectl(
            "-n", "judged", "get", "configmap", "two", "-o",
            "jsonpath={.metadata.annotations.count} {.metadata.labels.mutated}")
        #expect(two == "2 yes")
        // Controllers' writes are changed too.
        try cluster.kubectl("create", "namespace", "late")
        try cluster.kubectl("label", "namespace", "late", "judged=yes")
        try cluster.kubectl("-n", "late", "delete", "configmap", "kube-root-ca.crt")
        let late = try poll("the root certificates", within: 20) {
            let text = try? cluster.kubectl(
                "-n", "late", "get", "configmap", "kube-root-ca.crt", "-o",
                "jsonpath={.metadata.labels.mutated}")
            return text == "yes" ? true : nil
        }
        #expect(late)
        try cluster.kubectl("delete", "mutatingwebhookconfiguration", "m1", "m2")

        // Warnings reach the client.
        try apply(webhook.configuration("Validating", "warn", "/warn", ""))
        #expect(try create("three").contains("Warning: this will not do for ever"))
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "warn")

        // A token that is asked for is judged as well, and changed.
        try apply(
            webhook.configuration("Validating", "token", "/warn", "").replacing(
                "resources: [configmaps]", with: "resources: [serviceaccounts/token]"))
        let issued = try run(
            cluster.programs.tools + "/kubectl",
            ["--kubeconfig", cluster.kubeconfig, "-n", "judged", "create", "token", "default"])
        #expect(issued.status == 0 && issued.errors.contains("Warning: this will not do for ever"))
        let wish = try #require(try webhook.request("/warn")["request"] as? [String: Any])
        #expect(wish["subResource"] as? String == "token" && wish["name"] as? String == "default")
        #expect(
            (wish["kind"] as? [String: String])
                == ["group": "authentication.k8s.io", "version": "v1", "kind": "TokenRequest"])
        try apply(
            webhook.configuration("Validating", "token", "/deny", "").replacing(
                "resources: [configmaps]", with: "resources: [serviceaccounts/token]"))
        #expect(
            try cluster.refusal("-n", "judged", "create", "token", "default").contains("not in this house"))
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "token")

        // No answer: fails closed or open, within its time.
        try apply(webhook.configuration("Validating", "slow", "/slow", "timeoutSeconds: 1"))
        let slow = try create("four")
        #expect(slow.contains("failed calling webhook \"slow.aegis.dev\": failed to call webhook: Post"))
        #expect(slow.contains("context deadline exceeded"), "\(slow)")
        try apply(
            webhook.configuration("Validating", "slow", "/slow", "timeoutSeconds: 1\n  failurePolicy: Ignore")
        )
        #expect(try create("four").contains("created"))
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "slow")
        for (path, words) in [
            ("/absent", "the server could not find the requested resource"),
            ("/broken", "an error on the server (\"it broke\") has prevented the request from succeeding"),
            ("/uid", "received invalid webhook response: expected response.uid="),
            ("/patch", "received invalid webhook response: validating webhook may not return response.patch"),
        ] {
            try apply(webhook.configuration("Validating", "odd", path, ""))
            #expect(try create("five").contains(words), "\(path)")
        }
        try apply(webhook.configuration("Validating", "odd", "/warn", "", port: 1))
        #expect(try create("five").contains("connect: connection refused"))
        try apply(webhook.configuration("Validating", "odd", "/warn", "", authority: false))
        #expect(try create("five").contains("tls: failed to verify certificate"))
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "odd")

        // What controllers write waits without holding up other writes of theirs.
        try apply(
            webhook.configuration("Validating", "gate", "/gate", "timeoutSeconds: 30").replacing(
                "resources: [configmaps]", with: "resources: [pods]"))
        for namespace in ["judged", "default"] {
            try cluster.kubectl(
                "-n", namespace, "create", "deployment", "web", "--image=web", "--replicas=2")
            if namespace == "judged" {
                _ = try poll("the question", within: 60) { try? webhook.request("/gate") }
            }
        }
        try cluster.kubectl("wait", "deployment/web", "--for=jsonpath={.status.replicas}=2", "--timeout=20s")
        #expect(try cluster.kubectl("-n", "judged", "get", "pods", "-o", "name").isEmpty)
        try webhook.open()
        try cluster.kubectl(
            "-n", "judged", "wait", "deployment/web", "--for=jsonpath={.status.replicas}=2",
            "--timeout=60s")
        try cluster.kubectl("delete", "validatingwebhookconfiguration", "gate")

        // Many writes wait at a time, and reads do not wait for them.
        try apply(webhook.configuration("Validating", "slow", "/together", "timeoutSeconds: 30"))
        let waiting = try (0..<4).map { number in
            try Background(
                cluster.programs.tools + "/kubectl",
                [
                    "--kubeconfig", cluster.kubeconfig, "-n", "judged", "create", "configmap", "w\(number)",
                    "--from-literal=a=b",
                ], in: FileManager.default.temporaryDirectory)
        }
        try cluster.kubectl("-n", "judged", "get", "configmaps")
        for program in waiting {
            _ = try poll("a write", within: 60) { program.isRunning ? nil : true }
        }
        let names = try cluster.kubectl("-n", "judged", "get", "configmaps", "-o", "name")
        for number in 0..<4 { #expect(names.contains("configmap/w\(number)\n"), "\(names)") }
    }
}

/// A webhook in Python, whose paths each behave in their own way; it keeps the last question of each.
private final class WebhookServer {
    private let server: SecureServer

    init(_ cluster: Cluster) throws {
        let script = cluster.directory.appendingPathComponent("webhook.py")
        try Data(Self.script.utf8).write(to: script)
        server = try SecureServer(cluster, "webhook", script: script)
    }

    func stop() { server.stop() }

    func request(_ path: String) throws -> [String: Any] {
        let data = Data(try server.text(path.dropFirst() + ".json").utf8)
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// Lets through whoever waits at the gate, and all after.
    func open() throws { try Data().write(to: server.folder.appendingPathComponent("open")) }

    func query(_ path: String) throws -> String {
        try server.text(path.dropFirst() + ".query")
    }

    func configuration(
        _ kind: String, _ name: String, _ path: String, _ more: String, port: Int? = nil,
        authority: Bool = true
    ) -> String {
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: \(kind)WebhookConfiguration
        metadata: {name: \(name)}
        webhooks:
        - name: \(name).aegis.dev
          admissionReviewVersions: [v1]
          sideEffects: None
          clientConfig:
            url: https://localhost:\(port ?? server.port)\(path)
            \(authority ? "caBundle: \(server.certificate)" : "")
          namespaceSelector: {matchLabels: {judged: "yes"}}
          rules:
          - {apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps]}
          \(more)
        """
    }

    private static let script = """
        import base64, http.server, json, os, ssl, sys, threading, time
        folder = sys.argv[2]
        four = threading.Barrier(4)

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def do_GET(self): self.send(200, b"ok")
            def send(self, code, body):
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                path, _, query = self.path.partition("?")
                open(folder + path + ".json", "wb").write(body)
                open(folder + path + ".query", "w").write(query)
                review = json.loads(body)
                request = review["request"]
                answer = {"uid": request["uid"], "allowed": True}
                def patch(*operations):
                    answer["patchType"] = "JSONPatch"
                    answer["patch"] = base64.b64encode(json.dumps(operations).encode()).decode()
                metadata = (request["object"] or {}).get("metadata", {})
                if path == "/deny":
                    answer["allowed"] = False
                    answer["status"] = {"code": 403, "message": "not in this house"}
                elif path == "/count" and request["object"]:
                    count = int(metadata.get("annotations", {}).get("count", "0")) + 1
                    patch({"op": "add", "path": "/metadata/annotations",
                           "value": {**metadata.get("annotations", {}), "count": str(count)}})
                elif path == "/label" and request["object"]:
                    patch({"op": "add", "path": "/metadata/labels",
                           "value": {**metadata.get("labels", {}), "mutated": "yes"}})
                elif path == "/warn":
                    answer["warnings"] = ["this will not do for ever"]
                elif path == "/slow": time.sleep(8)
                elif path == "/gate":
                    for _ in range(600):
                        if os.path.exists(folder + "/open"): break
                        time.sleep(0.05)
                elif path == "/together":
                    # Only four at a time are let through.
                    try: four.wait(25)
                    except threading.BrokenBarrierError: answer["allowed"] = False
                elif path == "/absent": return self.send(404, b"not here")
                elif path == "/broken": return self.send(500, b"it broke")
                elif path == "/uid": answer["uid"] = "another"
                elif path == "/patch": patch({"op": "test", "path": "/a", "value": 1})
                self.send(200, json.dumps({"apiVersion": review["apiVersion"], "kind": "AdmissionReview",
                                           "response": answer}).encode())

        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.serve_forever()
        """
}
