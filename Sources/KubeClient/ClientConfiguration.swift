/// How a cluster is reached: its address, whom to trust, and who we are.
public struct ClientConfiguration: Sendable, Equatable {
    /// What vouches for the server.
    public enum Trust: Sendable, Equatable {
        /// The system's authorities.
        case system
        /// These authorities alone (PEM).
        case authority(String)
        /// Nobody: any certificate will do.
        case nothing
    }

    /// What is sent in the Authorization header.
    public enum Credential: Sendable, Equatable {
        case none
        case token(String)
        /// Read again as it is replaced: the kubelet renews projected tokens.
        case tokenFile(String)
        case basic(user: String, password: String)
    }

    /// Scheme, host, port and path, without a slash at the end.
    public let server: String
    public var trust = Trust.system
    public var tlsServerName: String?
    public var credential = Credential.none
    public var certificate: ClientCertificate?
    public var impersonatedUser: String?
    public var impersonatedGroups: [String] = []
    /// Where objects are looked for when a request names no namespace.
    public var namespace = "default"

    public init(server: String) throws(ConfigurationError) {
        var address = server
        // As client-go: a bare address means http.
        if !address.contains("://") { address = "http://" + address }
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw ConfigurationError("server \(server): only http and https are supported")
        }
        while address.hasSuffix("/") { address.removeLast() }
        guard address.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true).count == 2 else {
            throw ConfigurationError("server \(server): no host")
        }
        self.server = address
    }
}

/// A client certificate with its key, both PEM.
public struct ClientCertificate: Sendable, Equatable {
    public let certificatePEM: String
    public let keyPEM: String

    public init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }
}

extension ClientConfiguration {
    public static let accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// What a pod is given: the API server's address in the environment, token and authority in files.
    /// - Parameter folder: where the service account's files are.
    public static func inCluster(
        environment: [String: String], folder: String = accountFolder, readFile: (String) -> String?
    ) throws(ConfigurationError) -> ClientConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw ConfigurationError(
                "not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
        }
        let address = host.contains(":") ? "[\(host)]" : host
        var configuration = try ClientConfiguration(server: "https://\(address):\(port)")
        guard readFile(folder + "/token") != nil else {
            throw ConfigurationError("in a cluster, but \(folder)/token cannot be read")
        }
        configuration.credential = .tokenFile(folder + "/token")
        if let authority = readFile(folder + "/ca.crt") { configuration.trust = .authority(authority) }
        if let namespace = readFile(folder + "/namespace") {
            let name = String(namespace.filter { !$0.isWhitespace })
            if !name.isEmpty { configuration.namespace = name }
        }
        return configuration
    }

    /// The way that kubectl and other clients find: the kubeconfig files of `KUBECONFIG`, else the cluster in
    /// which this runs, else `~/.kube/config`.
    public static func find(
        environment: [String: String], context: String? = nil, readFile: (String) -> String? = readTextFile
    ) throws(ConfigurationError) -> ClientConfiguration {
        if let paths = environment["KUBECONFIG"], !paths.isEmpty {
            var merged = Kubeconfig()
            var found = false
            for path in paths.split(separator: ":").map(String.init) {
                guard let text = readFile(path) else { continue }
                found = true
                try merged.merge(text, path: path)
            }
            guard found else { throw ConfigurationError("KUBECONFIG: cannot read \(paths)") }
            return try merged.configuration(context: context, readFile: readFile)
        }
        if context == nil, environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false {
            return try inCluster(environment: environment, readFile: readFile)
        }
        if let home = environment["HOME"], let text = readFile(home + "/.kube/config") {
            return try Kubeconfig(text, path: home + "/.kube/config").configuration(
                context: context, readFile: readFile)
        }
        throw ConfigurationError(
            "no way to a cluster: KUBECONFIG is not set, this is no pod, and there is no ~/.kube/config")
    }
}
