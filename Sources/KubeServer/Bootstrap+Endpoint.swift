import KubeAPI
import KubeJSON
import KubeRegistry
import NIOCore

/// Where the Service `kubernetes` leads to (upstream's pkg/controlplane/controller/kubernetesservice).
extension Bootstrap {
    /// Points the Service of the API at this server.
    ///
    /// A loopback address may not be an endpoint; a server that listens on one is published at the host's
    /// own address, as upstream does, or not at all when the host has none.
    func publishEndpoint(host: String, port: Int) throws(APIStatus) {
        try pointService(to: port)
        guard let address = Self.advertised(host) else { return }
        let ports: JSON = [["name": "https", "port": .integer(Int64(port)), "protocol": "TCP"]]
        try put(
            "", "endpoints",
            [
                "metadata": [
                    "name": "kubernetes", "namespace": "default",
                    "labels": ["endpointslice.kubernetes.io/skip-mirror": "true"],
                ],
                "subsets": [["addresses": [["ip": .string(address.text)]], "ports": ports]],
            ], fields: ["subsets"])
        try put(
            "discovery.k8s.io", "endpointslices",
            [
                "metadata": [
                    "name": "kubernetes", "namespace": "default",
                    "labels": ["kubernetes.io/service-name": "kubernetes"],
                ],
                "addressType": address.isV6 ? "IPv6" : "IPv4",
                "endpoints": [["addresses": [.string(address.text)], "conditions": ["ready": true]]],
                "ports": ports,
            ], fields: ["endpoints", "ports"])
    }

    private func pointService(to port: Int) throws(APIStatus) {
        guard let resource = registry.resources.resource(group: "", version: "v1", plural: "services"),
            let service = registry.lookup("", "services", "default/kubernetes"),
            var ports = service["spec"]?["ports"]?.array,
            let index = ports.firstIndex(where: { $0["name"]?.string == "https" }),
            ports[index]["targetPort"]?.int != port
        else { return }
        ports[index]["targetPort"] = .integer(Int64(port))
        var request = RegistryRequest(
            resource: resource, namespace: "default", name: "kubernetes", user: Self.user,
            manager: "kube-apiserver")
        _ = try registry.patch(&request, .merge(["spec": ["ports": .array(ports)]]))
    }

    /// Makes an object of the namespace `default`, or sets these fields of the one that is there.
    private func put(
        _ group: String, _ plural: String, _ object: JSON, fields: [String]
    ) throws(APIStatus) {
        guard let resource = registry.resources.resource(group: group, version: "v1", plural: plural),
            let name = object["metadata"]?["name"]?.string
        else { return }
        let present = registry.lookup(group, plural, "default/\(name)")
        guard present != nil else {
            return try ensure(group, "v1", plural, object, namespace: "default")
        }
        var patch: JSON = [:]
        for field in fields { patch[field] = object[field] }
        var request = RegistryRequest(
            resource: resource, namespace: "default", name: name, user: Self.user, manager: "kube-apiserver")
        _ = try registry.patch(&request, .merge(patch))
    }

    /// The address at which others reach a server that listens on a host.
    private static func advertised(_ host: String) -> (text: String, isV6: Bool)? {
        if let own = try? SocketAddress(ipAddress: host, port: 0), let text = own.ipAddress,
            !isLoopback(text), text != "0.0.0.0", text != "::"
        {
            return (text, own.protocol == .inet6)
        }
        let addresses = ((try? System.enumerateDevices()) ?? []).compactMap { device -> String? in
            guard let address = device.address, address.protocol == .inet else { return nil }
            return address.ipAddress
        }
        return addresses.first { !isLoopback($0) && !$0.hasPrefix("169.254.") }.map { ($0, false) }
    }

    private static func isLoopback(_ address: String) -> Bool {
        address.hasPrefix("127.") || address == "::1"
    }
}
