/// A kind of object as the API's paths name it.
public struct Resource: Sendable, Hashable {
    /// Empty for the core group.
    public let group: String
    public let version: String
    /// Lower case and plural: `deployments`.
    public let name: String
    public let isNamespaced: Bool

    public init(group: String = "", version: String = "v1", _ name: String, namespaced: Bool = true) {
        self.group = group
        self.version = version
        self.name = name
        isNamespaced = namespaced
    }

    public static let pods = Resource("pods")
    public static let services = Resource("services")
    public static let endpoints = Resource("endpoints")
    public static let events = Resource("events")
    public static let configMaps = Resource("configmaps")
    public static let secrets = Resource("secrets")
    public static let nodes = Resource("nodes", namespaced: false)
    public static let namespaces = Resource("namespaces", namespaced: false)
    public static let deployments = Resource(group: "apps", "deployments")
    public static let replicaSets = Resource(group: "apps", "replicasets")
    public static let endpointSlices = Resource(group: "discovery.k8s.io", "endpointslices")
    public static let horizontalPodAutoscalers = Resource(
        group: "autoscaling", version: "v2", "horizontalpodautoscalers")
    public static let tokenReviews = Resource(
        group: "authentication.k8s.io", "tokenreviews", namespaced: false)
    public static let subjectAccessReviews = Resource(
        group: "authorization.k8s.io", "subjectaccessreviews", namespaced: false)

    /// The path of the collection, of an object in it, or of a subresource.
    /// - Parameter namespace: nil for all namespaces; without meaning for cluster-wide kinds.
    public func path(namespace: String?, name object: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/" + percentEncoded(namespace) }
        path += "/" + name
        if let object { path += "/" + percentEncoded(object) }
        if let subresource { path += "/" + subresource }
        return path
    }
}

/// Text as one segment of a path or one value of a query: everything but unreserved letters is escaped.
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.append(Character(Unicode.Scalar(byte)))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
        }
    }
    return encoded
}

/// What a list or a watch is narrowed to.
public struct Selection: Sendable, Equatable {
    public var labels: String?
    public var fields: String?

    public init(labels: String? = nil, fields: String? = nil) {
        self.labels = labels
        self.fields = fields
    }

    var query: [(String, String)] {
        var query: [(String, String)] = []
        if let labels, !labels.isEmpty { query.append(("labelSelector", labels)) }
        if let fields, !fields.isEmpty { query.append(("fieldSelector", fields)) }
        return query
    }
}

func target(_ path: String, _ query: [(String, String)]) -> String {
    guard !query.isEmpty else { return path }
    return path + "?" + query.map { $0 + "=" + percentEncoded($1) }.joined(separator: "&")
}
