import Testing

extension PodStreamsTests {
    /// Port-forward by the channels of a WebSocket, as clients without SPDY ask for it, and a token among the
    /// protocols, as browsers send it.
    func webSockets(_ cluster: Containers) throws {
        let outcome = try run(cluster.tool("python"), ["-c", Self.script, cluster.kubeconfig])
        let wanted = """
            port-forward v4.channel.k8s.io [8080, 8080] True
            refused 400
            token True
            token 401

            """
        #expect(outcome.output == wanted, "\(outcome.output)\(outcome.errors)\(cluster.end)")
    }

    private static let script = """
        import base64, ssl, sys, websocket
        from kubernetes import client, config
        config.load_kube_config(sys.argv[1])
        settings = client.Configuration.get_default_copy()
        def connect(path, protocols, certificate=True):
            options = {"ca_certs": settings.ssl_ca_cert}
            if certificate:
                options.update(certfile=settings.cert_file, keyfile=settings.key_file)
            url = settings.host.replace("https://", "wss://") + path
            return websocket.create_connection(url, subprotocols=protocols, sslopt=options, timeout=20)
        def messages(peer):
            while True:
                kind, data = peer.recv_data()
                if kind == websocket.ABNF.OPCODE_CLOSE:
                    return
                yield data
        def refusal(path, protocols, certificate=True):
            try:
                connect(path, protocols, certificate)
            except websocket.WebSocketBadStatusException as error:
                return error.status_code
        pods = "/api/v1/namespaces/demo/pods"
        echo = f"{pods}/web/exec?stdout=1&stderr=1&container=web&command=echo&command=remote+execution+test"
        peer = connect(f"{pods}/web/portforward?ports=8080", ["v4.channel.k8s.io"])
        ports = []
        said = b""
        for data in messages(peer):
            if len(ports) < 2:
                assert data[0] == len(ports), data
                ports.append(int.from_bytes(data[1:], "little"))
                if len(ports) == 2:
                    peer.send_binary(b"\\0GET / HTTP/1.0\\r\\n\\r\\n")
            else:
                said += data[1:] if data[:1] == b"\\0" else b""
                if b"a page" in said:
                    break
        print("port-forward", "v4.channel.k8s.io", ports, b"200 OK" in said)
        print("refused", refusal(f"{pods}/web/portforward", ["v4.channel.k8s.io"]))
        core = client.CoreV1Api()
        token = core.create_namespaced_service_account_token(
            "default", "demo", client.AuthenticationV1TokenRequest(
                spec=client.V1TokenRequestSpec(audiences=[]))).status.token
        client.RbacAuthorizationV1Api().create_namespaced_role_binding("demo", {
            "metadata": {"name": "streams"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
            "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "demo"}]})
        def offer(token):
            text = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
            return ["base64url.bearer.authorization.k8s.io." + text, "v4.channel.k8s.io"]
        peer = connect(echo, offer(token), certificate=False)
        said = b"".join(data[1:] for data in messages(peer) if data[:1] == b"\\1")
        print("token", peer.getsubprotocol() == "v4.channel.k8s.io" and said == b"remote execution test\\n")
        print("token", refusal(echo, offer(token + "x"), certificate=False))
        """
}
