import KubeAPI
import KubeJSON

/// The environment variables that tell a container of the Services in its namespace
/// (pkg/kubelet/envvars, kubelet_pods.go: getServiceEnvVarMap).
enum ServiceVariables {
    /// - Parameters:
    ///   - services: of the pod's namespace.
    ///   - kubernetes: the API server's own Service, of which every pod is told.
    ///   - links: the pod's `enableServiceLinks`.
    static func variables(
        services: [JSON], kubernetes: JSON?, links: Bool
    ) -> [(name: String, value: String)] {
        var chosen: [String: JSON] = [:]
        if let kubernetes, isAddressed(kubernetes) { chosen[kubernetes.name] = kubernetes }
        if links {
            for service in services where isAddressed(service) { chosen[service.name] = service }
        }
        return chosen.keys.sorted(by: utf8Less).flatMap { name in
            chosen[name].map(variables(of:)) ?? []
        }
    }

    private static func isAddressed(_ service: JSON) -> Bool {
        let address = service["spec"]?["clusterIP"]?.string ?? ""
        return !address.isEmpty && address != "None"
    }

    private static func variables(of service: JSON) -> [(name: String, value: String)] {
        let ports = service["spec"]?["ports"]?.array ?? []
        guard let address = service["spec"]?["clusterIP"]?.string, let first = ports.first else { return [] }
        let name = variableName(service.name)
        var result = [
            (name: name + "_SERVICE_HOST", value: address),
            (name: name + "_SERVICE_PORT", value: "\(first["port"]?.int ?? 0)"),
        ]
        for port in ports {
            guard let portName = port["name"]?.string, !portName.isEmpty else { continue }
            result.append((name + "_SERVICE_PORT_" + variableName(portName), "\(port["port"]?.int ?? 0)"))
        }
        let host = address.contains(":") ? "[\(address)]" : address
        for (index, port) in ports.enumerated() {
            let number = port["port"]?.int ?? 0
            let networkProtocol = port["protocol"]?.string ?? "TCP"
            let url = "\(networkProtocol.lowercased())://\(host):\(number)"
            if index == 0 { result.append((name + "_PORT", url)) }
            let prefix = "\(name)_PORT_\(number)_\(networkProtocol.uppercased())"
            result.append((prefix, url))
            result.append((prefix + "_PROTO", networkProtocol.lowercased()))
            result.append((prefix + "_PORT", "\(number)"))
            result.append((prefix + "_ADDR", address))
        }
        return result
    }

    private static func variableName(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
            .uppercased()
    }
}
