import KubeClient
import KubeJSON

/// One `kubernetes_sd_configs` entry, and the file that stands for it.
public struct DiscoveryJob: Sendable, Equatable {
    /// How the cluster is reached.
    public enum Access: Sendable, Equatable {
        /// As a pod is.
        case inCluster
        case kubeconfig(String)
        case server(String, tokenFile: String?, token: String?, authorityFile: String?, isInsecure: Bool)
    }

    public var role: Role
    /// Empty for all.
    public var namespaces: [String] = []
    public var includesOwnNamespace = false
    public var attachesNode = false
    public var selections: [Role: Selection] = [:]
    public var access = Access.inCluster
    public var file: String

    /// Which kinds of objects it needs.
    var roles: [Role] {
        var roles: [Role]
        switch role {
        case .node: roles = [.node]
        case .pod: roles = [.pod]
        case .service: roles = [.service]
        case .endpoints: roles = [.endpoints, .service, .pod]
        case .endpointslice: roles = [.endpointslice, .service, .pod]
        }
        if attachesNode, role != .node { roles.append(.node) }
        return roles
    }
}

/// A Prometheus configuration with its discovery in Kubernetes taken out: files stand in its place.
public struct DiscoveryPlan: Sendable {
    public let configuration: JSON
    public let jobs: [DiscoveryJob]

    /// - Parameters:
    ///   - text: of the configuration, YAML.
    ///   - directory: where it is; relative paths in it are relative to that.
    ///   - targets: the folder for the files.
    public init(_ text: String, directory: String, targets: String) throws(ConfigurationError) {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.parse(text)
        } catch {
            throw ConfigurationError("\(error)")
        }
        guard let value = documents.first?.value, value.object != nil else {
            throw ConfigurationError("the configuration is no mapping")
        }
        var jobs: [DiscoveryJob] = []
        configuration = try Self.rewritten(value, directory, targets, &jobs)
        self.jobs = jobs
    }

    private static let discovery = "kubernetes_sd_configs"

    private static func rewritten(
        _ value: JSON, _ directory: String, _ targets: String, _ jobs: inout [DiscoveryJob]
    ) throws(ConfigurationError) -> JSON {
        switch value {
        case .array(let values):
            var all: [JSON] = []
            for value in values { all.append(try rewritten(value, directory, targets, &jobs)) }
            return .array(all)
        case .object(let object):
            var result = JSONObject()
            var files: [JSON] = []
            for (key, member) in object {
                switch key {
                case discovery:
                    for entry in member.array ?? [] {
                        let job = try job(entry, file: "\(targets)/\(jobs.count).json", directory)
                        jobs.append(job)
                        files.append(["files": [.string(job.file)], "refresh_interval": "30s"])
                    }
                case "rule_files", "scrape_config_files", "files":
                    result[key] = .array((member.array ?? []).map { absolute($0, directory) })
                case _ where key.hasSuffix("_file"): result[key] = absolute(member, directory)
                default: result[key] = try rewritten(member, directory, targets, &jobs)
                }
            }
            if !files.isEmpty {
                result["file_sd_configs"] = .array((result["file_sd_configs"]?.array ?? []) + files)
            }
            return .object(result)
        default: return value
        }
    }

    private static func absolute(_ value: JSON, _ directory: String) -> JSON {
        guard let path = value.string, !path.isEmpty, !path.hasPrefix("/") else { return value }
        return .string(directory + "/" + path)
    }

    private static func job(_ entry: JSON, file: String, _ directory: String) throws(ConfigurationError)
        -> DiscoveryJob
    {
        let name = entry["role"]?.string ?? ""
        guard let role = Role(rawValue: name) else {
            throw ConfigurationError(
                "\(discovery): role \"\(name)\" is not supported; one of "
                    + Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let known = [
            "role", "namespaces", "selectors", "attach_metadata", "api_server", "kubeconfig_file",
            "authorization", "bearer_token", "bearer_token_file", "tls_config", "follow_redirects",
            "enable_http2",
        ]
        for key in entry.object?.keys.map({ $0 }) ?? [] where !known.contains(key) {
            throw ConfigurationError("\(discovery): \(key) is not supported")
        }
        var job = DiscoveryJob(role: role, file: file)
        job.namespaces = (entry.at("namespaces", "names")?.array ?? []).compactMap(\.string)
        job.includesOwnNamespace = entry.at("namespaces", "own_namespace")?.bool ?? false
        job.attachesNode = entry.at("attach_metadata", "node")?.bool ?? false
        for selector in entry["selectors"]?.array ?? [] {
            let name = selector["role"]?.string ?? ""
            guard let role = Role(rawValue: name), job.roles.contains(role), job.selections[role] == nil
            else {
                throw ConfigurationError("\(discovery): a selector of role \"\(name)\" does not fit")
            }
            job.selections[role] = Selection(
                labels: selector["label"]?.string, fields: selector["field"]?.string)
        }
        func path(_ value: JSON?) -> String? { value.flatMap { absolute($0, directory).string } }
        if let file = path(entry["kubeconfig_file"]), !file.isEmpty {
            job.access = .kubeconfig(file)
        } else if let server = entry["api_server"]?.string {
            job.access = .server(
                server,
                tokenFile: path(entry.at("authorization", "credentials_file"))
                    ?? path(entry["bearer_token_file"]),
                token: entry.at("authorization", "credentials")?.string ?? entry["bearer_token"]?.string,
                authorityFile: path(entry.at("tls_config", "ca_file")),
                isInsecure: entry.at("tls_config", "insecure_skip_verify")?.bool ?? false)
        }
        return job
    }
}

extension TargetGroup {
    /// As `file_sd_configs` reads them: every target with all its labels.
    public static func document(_ groups: [TargetGroup]) -> JSON {
        .array(
            groups.flatMap { group in
                group.targets.map { target in
                    let address = target["__address__"] ?? ""
                    var labels = group.labels.merging(target) { $1 }
                    labels["__address__"] = nil
                    return [
                        "targets": [.string(address)],
                        "labels": .object(
                            JSONObject(
                                labels.keys.sorted(by: utf8Less).map { ($0, .string(labels[$0] ?? "")) })),
                    ]
                }
            })
    }
}
