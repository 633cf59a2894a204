import KubeJSON

/// A version of a group that another server serves, as it stands in discovery.
public struct RemoteVersion: Sendable, Equatable {
    public let service: APIServiceSummary
    /// Its resources, as aggregated discovery lists them; what was known last where the server does not
    /// answer.
    public var resources: [JSON]
    /// Whether the server did not answer when it was asked last.
    public var isStale: Bool

    public init(_ service: APIServiceSummary, resources: [JSON] = [], isStale: Bool = true) {
        (self.service, self.resources, self.isStale) = (service, resources, isStale)
    }

    /// `group/version`.
    public var groupVersion: String { "\(service.group)/\(service.version)" }

    /// As it stands among the versions of its group.
    var json: JSON {
        var json: JSON = ["version": .string(service.version)]
        if !resources.isEmpty { json["resources"] = .array(resources) }
        json["freshness"] = isStale ? "Stale" : "Current"
        return json
    }

    /// A resource that is served elsewhere, as far as control loops go.
    public struct Resource: Sendable, Hashable {
        public let group: String
        public let version: String
        public let plural: String
        public let kind: String
        public let isNamespaced: Bool
        public let verbs: Set<String>

        public init(
            group: String, version: String, plural: String, kind: String, isNamespaced: Bool,
            verbs: Set<String>
        ) {
            (self.group, self.version, self.plural, self.kind) = (group, version, plural, kind)
            (self.isNamespaced, self.verbs) = (isNamespaced, verbs)
        }
    }

    public var served: [Resource] {
        resources.map { resource in
            Resource(
                group: service.group, version: service.version,
                plural: resource["resource"]?.string ?? "",
                kind: resource["responseKind"]?["kind"]?.string ?? "",
                isNamespaced: resource["scope"]?.string == "Namespaced",
                verbs: Set((resource["verbs"]?.array ?? []).compactMap(\.string)))
        }
    }

    // MARK: What servers answer

    /// What is wrong with an answer.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The resources of one version in an APIGroupDiscoveryList; none where the server does not list it.
    public static func resources(
        of group: String, _ version: String, in list: JSON
    ) throws(Failure) -> [JSON] {
        guard list["kind"]?.string == "APIGroupDiscoveryList" else {
            throw Failure(description: "the answer is no APIGroupDiscoveryList")
        }
        for item in list["items"]?.array ?? [] where item["metadata"]?["name"]?.string == group {
            for entry in item["versions"]?.array ?? [] where entry["version"]?.string == version {
                return (entry["resources"]?.array ?? []).compactMap(cleaned)
            }
        }
        return []
    }

    /// What counts of an entry; nil where it names no resource.
    private static func cleaned(_ resource: JSON) -> JSON? {
        guard let name = resource["resource"]?.string, !name.isEmpty else { return nil }
        var entry: JSON = ["resource": .string(name), "responseKind": kind(resource["responseKind"])]
        entry["scope"] = resource["scope"]?.string == "Namespaced" ? "Namespaced" : "Cluster"
        entry["singularResource"] = .string(resource["singularResource"]?.string ?? "")
        entry["verbs"] = texts(resource["verbs"])
        for key in ["shortNames", "categories"] where !(resource[key]?.array ?? []).isEmpty {
            entry[key] = texts(resource[key])
        }
        let subresources = (resource["subresources"]?.array ?? []).compactMap { subresource -> JSON? in
            guard let name = subresource["subresource"]?.string, !name.isEmpty else { return nil }
            return [
                "subresource": .string(name), "responseKind": kind(subresource["responseKind"]),
                "verbs": texts(subresource["verbs"]),
            ]
        }
        if !subresources.isEmpty { entry["subresources"] = .array(subresources) }
        return entry
    }

    /// The same from the older APIResourceList.
    public static func resources(inList list: JSON) throws(Failure) -> [JSON] {
        guard list["kind"]?.string == "APIResourceList" else {
            throw Failure(description: "the answer is no APIResourceList")
        }
        var order: [String] = []
        var entries: [String: JSON] = [:]
        var subresources: [String: [JSON]] = [:]
        let resources = list["resources"]?.array ?? []
        for resource in resources {
            let name = resource["name"]?.string ?? ""
            guard !name.isEmpty, !name.contains("/"), entries[name] == nil else { continue }
            var entry = resource
            entry["resource"] = .string(name)
            entry["responseKind"] = resource
            entry["scope"] = resource["namespaced"]?.bool == true ? "Namespaced" : "Cluster"
            entry["singularResource"] = resource["singularName"]
            order.append(name)
            entries[name] = cleaned(entry)
        }
        for resource in resources {
            let parts = (resource["name"]?.string ?? "").split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let scope: JSON = resource["namespaced"]?.bool == true ? "Namespaced" : "Cluster"
            if entries[parts[0]] == nil {
                order.append(parts[0])
                entries[parts[0]] = cleaned(["resource": .string(parts[0]), "scope": scope])
            }
            guard entries[parts[0]]?["scope"] == scope else {
                throw Failure(
                    description: "the scopes of \(parts[0]) and its subresource \(parts[1]) do not match")
            }
            subresources[parts[0], default: []].append([
                "subresource": .string(parts[1]), "responseKind": kind(resource),
                "verbs": texts(resource["verbs"]),
            ])
        }
        return order.compactMap { name in
            var entry = entries[name]
            if let all = subresources[name] { entry?["subresources"] = .array(all) }
            return entry
        }
    }

    /// Never left out: there are clients that read what it names without looking whether it is there.
    private static func kind(_ value: JSON?) -> JSON {
        func text(_ key: String) -> JSON { .string(value?[key]?.string ?? "") }
        return ["group": text("group"), "version": text("version"), "kind": text("kind")]
    }

    private static func texts(_ value: JSON?) -> JSON {
        .array((value?.array ?? []).compactMap(\.string).map { .string($0) })
    }
}
