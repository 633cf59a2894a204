import KubeJSON

/// One rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1 PolicyRule), with upstream's matching.
public struct PolicyRule: Hashable, Sendable {
    public var verbs: [String]
    public var apiGroups: [String]
    public var resources: [String]
    public var resourceNames: [String]
    public var nonResourceURLs: [String]

    public init(
        verbs: [String], apiGroups: [String] = [], resources: [String] = [], resourceNames: [String] = [],
        nonResourceURLs: [String] = []
    ) {
        self.verbs = verbs
        self.apiGroups = apiGroups
        self.resources = resources
        self.resourceNames = resourceNames
        self.nonResourceURLs = nonResourceURLs
    }

    public init(_ json: JSON) {
        func strings(_ key: String) -> [String] { json[key]?.array?.compactMap(\.string) ?? [] }
        self.init(
            verbs: strings("verbs"), apiGroups: strings("apiGroups"), resources: strings("resources"),
            resourceNames: strings("resourceNames"), nonResourceURLs: strings("nonResourceURLs"))
    }

    /// The rules of a Role or ClusterRole.
    public static func rules(of role: JSON) -> [PolicyRule] {
        role["rules"]?.array?.map(PolicyRule.init) ?? []
    }

    public var json: JSON {
        var object = JSONObject()
        func put(_ key: String, _ values: [String]) {
            if !values.isEmpty { object[key] = .array(values.map(JSON.string)) }
        }
        object["verbs"] = .array(verbs.map(JSON.string))
        put("apiGroups", apiGroups)
        put("resources", resources)
        put("resourceNames", resourceNames)
        put("nonResourceURLs", nonResourceURLs)
        return .object(object)
    }

    /// Everything, as `cluster-admin` has it.
    public static let everything = [
        PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]),
        PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]),
    ]

    /// Whether this rule allows the request.
    public func allows(_ attributes: Attributes) -> Bool {
        guard Self.has(verbs, attributes.verb) else { return false }
        guard attributes.isResourceRequest else { return allows(path: attributes.path) }
        return Self.has(apiGroups, attributes.apiGroup)
            && allows(resource: attributes.resource, subresource: attributes.subresource)
            && (resourceNames.isEmpty || resourceNames.contains(attributes.name))
    }

    @inline(__always)
    static func has(_ set: [String], _ element: String) -> Bool {
        for member in set where member == element || member == "*" { return true }
        return false
    }

    private func allows(resource: String, subresource: String) -> Bool {
        for candidate in resources {
            if candidate == "*" { return true }
            if subresource.isEmpty {
                if candidate == resource { return true }
            } else if Self.matches(candidate, resource, subresource) {
                return true
            }
        }
        return false
    }

    /// `candidate` is `resource/subresource` or `*/subresource`; compared without making the joined name.
    static func matches(_ candidate: String, _ resource: String, _ subresource: String) -> Bool {
        let bytes = candidate.utf8
        let size = subresource.utf8.count
        guard bytes.count > size + 1, bytes.suffix(size).elementsEqual(subresource.utf8) else { return false }
        let head = bytes.dropLast(size)
        guard head.last == UInt8(ascii: "/") else { return false }
        let parent = head.dropLast()
        return parent.elementsEqual(resource.utf8) || parent.elementsEqual("*".utf8)
    }

    private func allows(path: String) -> Bool {
        for url in nonResourceURLs where Self.covers(url: url, path) { return true }
        return false
    }

    /// `*`, the same path, or a prefix that ends in `*`.
    static func covers(url: String, _ path: String) -> Bool {
        if url == "*" || url == path { return true }
        guard url.utf8.last == UInt8(ascii: "*") else { return false }
        var prefix = url.utf8[...]
        while prefix.last == UInt8(ascii: "*") { prefix = prefix.dropLast() }
        return path.utf8.starts(with: prefix)
    }
}
