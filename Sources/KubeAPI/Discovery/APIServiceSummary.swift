import KubeJSON

/// What an APIService says about one version of a group: who serves it, and where it stands in discovery.
public struct APIServiceSummary: Sendable, Equatable {
    public struct Reference: Sendable, Hashable {
        public let namespace: String
        public let name: String
        public let port: Int

        public init(namespace: String, name: String, port: Int = 443) {
            (self.namespace, self.name, self.port) = (namespace, name, port)
        }

        /// Whom the server's certificate must name.
        public var serverName: String { "\(name).\(namespace).svc" }
    }

    public let name: String
    public let group: String
    public let version: String
    public let priority: GroupPriority
    /// nil: served by the server itself.
    public let service: Reference?
    /// Certificates in PEM; empty for those of the system.
    public let authorities: [UInt8]
    public let skipsVerification: Bool
    public let isAvailable: Bool

    public init(_ object: JSON) {
        let spec = object["spec"]
        name = object.name
        group = spec?["group"]?.string ?? ""
        version = spec?["version"]?.string ?? ""
        priority = GroupPriority(
            group: spec?["groupPriorityMinimum"]?.int ?? 0, version: spec?["versionPriority"]?.int ?? 0)
        if let place = spec?["service"], place.object != nil {
            service = Reference(
                namespace: place["namespace"]?.string ?? "", name: place["name"]?.string ?? "",
                port: place["port"]?.int ?? 443)
        } else {
            service = nil
        }
        authorities = spec?["caBundle"]?.string.flatMap(Base64.decode) ?? []
        skipsVerification = spec?["insecureSkipTLSVerify"]?.bool ?? false
        isAvailable = Self.available(object)?["status"]?.string == "True"
    }

    /// The condition `Available` of an APIService.
    public static func available(_ object: JSON) -> JSON? {
        object["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Available" }
    }

    /// The name of the APIService of a version of a group.
    public static func name(group: String, version: String) -> String { "\(version).\(group)" }
}

/// Where a version of a group stands in discovery: higher goes first.
public struct GroupPriority: Sendable, Hashable {
    public var group: Int
    public var version: Int

    public init(group: Int, version: Int) { (self.group, self.version) = (group, version) }

    /// Of custom resources: below what is built in; their versions are ordered by their names.
    public static let custom = GroupPriority(group: 1_000, version: 100)
    /// Of the group of APIServices itself: above all that a client may ask for.
    public static let registration = GroupPriority(group: 20_001, version: 0)
    public static let registrationGroup = "apiregistration.k8s.io"

    /// Of a version that is built in; nil for one that is not listed among APIServices.
    public static func builtin(group: String, version: String) -> GroupPriority? {
        guard let minimum = groups[group] else { return nil }
        return GroupPriority(group: minimum, version: versions["\(group)/\(version)"] ?? 15)
    }

    private static let groups: [String: Int] = [
        "": 18_000, "apps": 17_800, "events.k8s.io": 17_750, "authentication.k8s.io": 17_700,
        "authorization.k8s.io": 17_600, "autoscaling": 17_500, "batch": 17_400, "certificates.k8s.io": 17_300,
        "networking.k8s.io": 17_200, "policy": 17_100, "rbac.authorization.k8s.io": 17_000,
        "storage.k8s.io": 16_800, "apiextensions.k8s.io": 16_700, "admissionregistration.k8s.io": 16_700,
        "scheduling.k8s.io": 16_600, "coordination.k8s.io": 16_500, "node.k8s.io": 16_300,
        "discovery.k8s.io": 16_200, "resource.k8s.io": 16_200, "flowcontrol.apiserver.k8s.io": 16_100,
    ]

    /// Those that are not 15.
    private static let versions: [String: Int] = [
        "/v1": 1, "autoscaling/v2": 30, "flowcontrol.apiserver.k8s.io/v1": 21, "resource.k8s.io/v1": 20,
    ]
}
