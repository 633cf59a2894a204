import KubeJSON

/// The clusters, users and contexts of one or more kubeconfig files, as kubectl reads them.
///
/// Of files that are merged, the first that names a thing wins, as in the documentation of `KUBECONFIG`.
public struct Kubeconfig: Sendable {
    struct Entry: Sendable {
        let value: JSON
        /// Where the file is: paths in it are relative to that folder.
        let directory: String
    }

    public private(set) var currentContext: String?
    private var clusters: [String: Entry] = [:]
    private var users: [String: Entry] = [:]
    private var contexts: [String: Entry] = [:]

    public init() {}

    /// Reads one file's text (YAML or JSON).
    /// - Parameters:
    ///   - text: what is in the file.
    ///   - path: its name, for messages and for the relative paths in it.
    public init(_ text: String, path: String) throws(ConfigurationError) {
        try merge(text, path: path)
    }

    /// Adds what another file has and this does not.
    public mutating func merge(_ text: String, path: String) throws(ConfigurationError) {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.parse(text)
        } catch {
            throw ConfigurationError("\(path): \(error)")
        }
        guard let value = documents.first?.value, !value.isNull else { return }
        guard value.object != nil else { throw ConfigurationError("\(path): not a kubeconfig") }
        if let kind = value["kind"]?.string, kind != "Config" {
            throw ConfigurationError("\(path): kind is \(kind), not Config")
        }
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        func entries(_ list: String, _ member: String) throws(ConfigurationError) -> [String: Entry] {
            var found: [String: Entry] = [:]
            guard let listed = value[list], !listed.isNull else { return found }
            guard let items = listed.array else { throw ConfigurationError("\(path): \(list) is not a list") }
            for (position, item) in items.enumerated() {
                guard let name = item["name"]?.string else {
                    throw ConfigurationError("\(path): \(list)[\(position)] has no name")
                }
                if found[name] == nil {
                    found[name] = Entry(value: item[member] ?? .null, directory: directory)
                }
            }
            return found
        }
        clusters.merge(try entries("clusters", "cluster")) { first, _ in first }
        users.merge(try entries("users", "user")) { first, _ in first }
        contexts.merge(try entries("contexts", "context")) { first, _ in first }
        if currentContext == nil, let name = value["current-context"]?.string, !name.isEmpty {
            currentContext = name
        }
    }

    public var contextNames: [String] { contexts.keys.sorted(by: utf8Less) }

    /// What is needed to reach the cluster of a context.
    /// - Parameters:
    ///   - context: nil for the file's current one.
    ///   - readFile: gives a file's text; nil when it cannot be read.
    public func configuration(
        context name: String? = nil, readFile: (String) -> String?
    ) throws(ConfigurationError) -> ClientConfiguration {
        guard let name = name ?? currentContext else {
            throw ConfigurationError("the kubeconfig has no current-context; name one")
        }
        guard let context = contexts[name] else {
            throw ConfigurationError("the kubeconfig has no context \"\(name)\"")
        }
        let clusterName = context.value["cluster"]?.string ?? ""
        guard let cluster = clusters[clusterName] else {
            throw ConfigurationError("context \"\(name)\": the kubeconfig has no cluster \"\(clusterName)\"")
        }
        guard let server = cluster.value["server"]?.string, !server.isEmpty else {
            throw ConfigurationError("cluster \"\(clusterName)\" has no server")
        }
        if cluster.value["proxy-url"]?.string?.isEmpty == false {
            throw ConfigurationError("cluster \"\(clusterName)\": proxy-url is not supported")
        }
        var configuration = try ClientConfiguration(server: server)
        configuration.tlsServerName = cluster.value["tls-server-name"]?.string
        if let authority = try Self.material(
            "certificate-authority", in: cluster, of: "cluster \"\(clusterName)\"", readFile)
        {
            configuration.trust = .authority(authority)
        }
        if cluster.value["insecure-skip-tls-verify"]?.bool == true {
            guard configuration.trust == .system else {
                throw ConfigurationError(
                    "cluster \"\(clusterName)\": insecure-skip-tls-verify and a certificate authority exclude "
                        + "each other")
            }
            configuration.trust = .nothing
        }
        if let namespace = context.value["namespace"]?.string, !namespace.isEmpty {
            configuration.namespace = namespace
        }
        let userName = context.value["user"]?.string ?? ""
        if !userName.isEmpty {
            guard let user = users[userName] else {
                throw ConfigurationError("context \"\(name)\": the kubeconfig has no user \"\(userName)\"")
            }
            try Self.credential(of: user, named: userName, into: &configuration, readFile)
        }
        return configuration
    }

    private static func credential(
        of user: Entry, named name: String, into configuration: inout ClientConfiguration,
        _ readFile: (String) -> String?
    ) throws(ConfigurationError) {
        let owner = "user \"\(name)\""
        if let exec = user.value["exec"], !exec.isNull {
            let command = exec["command"]?.string ?? ""
            throw ConfigurationError(
                "\(owner): the credential plug-in \"\(command)\" would have to be run, which is not supported; "
                    + "use a token, a token file or a client certificate")
        }
        if let provider = user.value["auth-provider"], !provider.isNull {
            throw ConfigurationError(
                "\(owner): auth-provider is not supported (Kubernetes dropped it in 1.26)")
        }
        let certificate = try material("client-certificate", in: user, of: owner, readFile)
        let key = try material("client-key", in: user, of: owner, readFile)
        if (certificate == nil) != (key == nil) {
            throw ConfigurationError("\(owner): client-certificate and client-key go together")
        }
        if let certificate, let key {
            configuration.certificate = ClientCertificate(certificatePEM: certificate, keyPEM: key)
        }
        if let path = user.value["tokenFile"]?.string, !path.isEmpty {
            // As client-go: a token file wins over the token beside it.
            configuration.credential = .tokenFile(resolve(path, user.directory))
        } else if let token = user.value["token"]?.string, !token.isEmpty {
            configuration.credential = .token(token)
        } else if let person = user.value["username"]?.string, !person.isEmpty {
            configuration.credential = .basic(user: person, password: user.value["password"]?.string ?? "")
        }
        if let impersonated = user.value["as"]?.string, !impersonated.isEmpty {
            configuration.impersonatedUser = impersonated
            configuration.impersonatedGroups = (user.value["as-groups"]?.array ?? []).compactMap(\.string)
        }
    }

    /// PEM text that a file carries in itself (`NAME-data`, base64) or points to (`NAME`).
    private static func material(
        _ name: String, in entry: Entry, of owner: String, _ readFile: (String) -> String?
    ) throws(ConfigurationError) -> String? {
        if let data = entry.value[name + "-data"]?.string, !data.isEmpty {
            guard let text = decodeBase64(data) else {
                throw ConfigurationError("\(owner): \(name)-data is not base64")
            }
            return text
        }
        guard let path = entry.value[name]?.string, !path.isEmpty else { return nil }
        let full = resolve(path, entry.directory)
        guard let text = readFile(full) else {
            throw ConfigurationError("\(owner): \(name): cannot read \(full)")
        }
        return text
    }

    private static func resolve(_ path: String, _ directory: String) -> String {
        path.hasPrefix("/") ? path : directory + "/" + path
    }
}

/// What is wrong with the way to a cluster, in words for the person who wrote it.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
