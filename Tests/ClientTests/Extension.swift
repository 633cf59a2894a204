import Foundation
import Testing

/// A real extension server behind an API server: its namespace, its account, its Service and its endpoint,
/// which is a process of this machine.
final class Extension {
    static let namespace = "sample-system"
    static let service = "v1.example.dev"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/extension-server.py")

    let cluster: Cluster
    let server: SecureServer
    /// Of this machine, as no endpoint may be at 127.0.0.1.
    private let address: String

    init(_ cluster: Cluster, _ more: [String] = []) throws {
        self.cluster = cluster
        let listed = try run("/usr/bin/hostname", ["-I"]).output
        address = try #require(listed.split(whereSeparator: \.isWhitespace).first.map(String.init))
        try cluster.kubectl("create", "-f", "-", input: Self.account)
        let config = try String(contentsOfFile: cluster.kubeconfig, encoding: .utf8)
        let authority = try #require(
            config.split(separator: "\n").first { $0.contains("certificate-authority-data:") }?
                .split(separator: ":").last.map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
                }
                .flatMap { Data(base64Encoded: $0) })
        let token = try cluster.kubectl("-n", Self.namespace, "create", "token", "sample-apiserver")
            .trimmingCharacters(in: .newlines)
        let access = [
            "server": cluster.address, "ca": String(decoding: authority, as: UTF8.self), "token": token,
        ]
        server = try SecureServer(
            cluster, "extension", script: Self.script, more, names: ["sample-api.\(Self.namespace).svc"],
            files: ["api.json": String(decoding: try JSONEncoder().encode(access), as: UTF8.self)])
    }

    func stop() { server.stop() }

    // MARK: Objects

    /// What upstream's manual asks an extension server to be given: tokens and rights are looked up by the
    /// API server.
    private static let account = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: \(namespace)}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: sample-apiserver, namespace: \(namespace)}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "wardler:auth-delegator"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:auth-delegator"}
        subjects: [{kind: ServiceAccount, name: sample-apiserver, namespace: \(namespace)}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: wardler-auth-reader, namespace: kube-system}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: extension-apiserver-authentication-reader
        subjects: [{kind: ServiceAccount, name: sample-apiserver, namespace: \(namespace)}]
        """

    func createService(port: Int = 7443) throws {
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: v1
                kind: Service
                metadata: {name: sample-api, namespace: \(Self.namespace)}
                spec: {ports: [{name: https, port: \(port), targetPort: \(server.port)}]}
                """)
    }

    func createEndpoints(isReady: Bool = true) throws {
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: sample-api-1
                  namespace: \(Self.namespace)
                  labels: {kubernetes.io/service-name: sample-api}
                addressType: IPv4
                ports: [{name: https, port: \(server.port), protocol: TCP}]
                endpoints: [{addresses: ["\(address)"], conditions: {ready: \(isReady)}}]
                """)
    }

    func register(_ trust: String? = nil) throws {
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: \(Self.service)}
                spec:
                  group: example.dev
                  version: v1
                  groupPriorityMinimum: 2000
                  versionPriority: 200
                  service: {namespace: \(Self.namespace), name: sample-api, port: 7443}
                  \(trust ?? "caBundle: \(server.certificate)")
                """)
    }

    /// All of it, until clients find its resources.
    func serve() throws {
        try createService()
        try createEndpoints()
        try register()
        try cluster.kubectl(
            "wait", "--for=condition=Available", "apiservice/" + Self.service, "--timeout=30s")
        try listed(true)
    }

    /// Waits until discovery tells of its resources, or no more.
    func listed(_ isListed: Bool) throws {
        _ = try poll("flunders \(isListed ? "" : "not ")among the resources", within: 30) {
            let names = try? cluster.kubectl("api-resources", "--api-group=example.dev", "-o", "name")
            return names?.contains("flunders.example.dev") == isListed ? true : nil
        }
    }

    /// The reason of the condition Available, and its message.
    func condition() throws -> String {
        try cluster.kubectl(
            "get", "apiservice", Self.service, "-o",
            #"jsonpath={range .status.conditions[?(@.type=="Available")]}{.status} {.reason}: {.message}{end}"#
        )
    }

    func wait(_ words: String) throws {
        var last = ""
        _ = try poll(
            "the condition '\(words)'", within: 40,
            {
                last = try condition()
                return last.contains(words) ? true : nil
            }, or: { last })
    }

    static func flunder(_ name: String, _ namespace: String = "default", _ metadata: String = "") -> String {
        """
        apiVersion: example.dev/v1
        kind: Flunder
        metadata: {name: \(name), namespace: \(namespace), labels: {sample-label: "true"}\(metadata)}
        spec: {colour: red}
        """
    }

    /// What the server was asked, as it was asked.
    func requests() throws -> [[String: Any]] {
        // The last line may not be whole yet.
        try server.text("requests").split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .compactMap {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
    }

    /// The last question for a path.
    func request(_ path: String) throws -> (user: [String: Any], headers: [(String, String)]) {
        let found = try #require(try requests().last { ($0["path"] as? String) == path })
        let headers = (found["headers"] as? [[String]] ?? []).map { ($0[0].lowercased(), $0[1]) }
        return (found["user"] as? [String: Any] ?? [:], headers)
    }

    /// curl with the administrator's certificate, or with other words in its place.
    func curl(_ path: String, _ words: [String] = [], credentials: [String]? = nil) throws -> String {
        let (certificate, key) = try cluster.credentials()
        return try run(
            "/usr/bin/env",
            ["curl", "-sk", "--noproxy", "*", "-m", "20"]
                + (credentials ?? ["--cert", certificate, "--key", key]) + words
                + [path.hasPrefix("https:") ? path : cluster.address + path]
        ).output
    }
}
