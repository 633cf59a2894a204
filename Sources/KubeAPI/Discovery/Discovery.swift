import KubeJSON

/// The discovery documents of a server, from what its catalogue holds at the moment and what servers behind
/// it serve.
public struct Discovery: Sendable {
    public enum Aggregated: String, Sendable {
        case v2
        case v2beta1
    }

    public let catalogue: ResourceCatalogue
    private let order: GroupOrder
    /// By `group/version`.
    private let remote: [String: RemoteVersion]

    /// - Parameters:
    ///   - services: all APIServices.
    ///   - remote: what is known of those that other servers serve.
    public init(
        _ catalogue: ResourceCatalogue, services: [APIServiceSummary] = [], remote: [RemoteVersion] = []
    ) {
        self.catalogue = catalogue
        order = GroupOrder(catalogue, services: services)
        self.remote = Dictionary(remote.map { ($0.groupVersion, $0) }) { first, _ in first }
    }

    /// Every group but the core one, with its versions, in the order in which they are listed.
    public var listedGroups: [(name: String, versions: [String])] {
        order.listed.map { ($0.name, $0.versions) }
    }

    // MARK: - One document a group

    /// `/api`: APIVersions. The address (`192.0.2.1:6443`) is the one clients are told to use.
    public func coreVersions(serverAddress: String) -> JSON {
        let versions = catalogue.group("")?.versions ?? []
        return [
            "kind": "APIVersions",
            "versions": .array(versions.map { .string($0) }),
            "serverAddressByClientCIDRs": [
                ["clientCIDR": "0.0.0.0/0", "serverAddress": .string(serverAddress)]
            ],
        ]
    }

    /// `/apis`: APIGroupList.
    public func groupList() -> JSON {
        let groups = order.listed.map { JSON.object(JSONObject(members(of: $0))) }
        return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups)]
    }

    /// `/apis/G`: APIGroup; nil when the group is not served.
    public func group(_ name: String) -> JSON? {
        guard !name.isEmpty, let group = order.listed.first(where: { $0.name == name }) else { return nil }
        return .object(JSONObject([("kind", "APIGroup"), ("apiVersion", "v1")] + members(of: group)))
    }

    private func members(of group: GroupOrder.Group) -> [(String, JSON)] {
        func entry(_ version: String) -> JSON {
            ["groupVersion": .string("\(group.name)/\(version)"), "version": .string(version)]
        }
        return [
            ("name", .string(group.name)), ("versions", .array(group.versions.map(entry))),
            ("preferredVersion", entry(group.versions.first ?? "")),
        ]
    }

    /// `/api/V` and `/apis/G/V`: APIResourceList; nil when the version is not served.
    public func resourceList(group: String, version: String) -> JSON? {
        let infos = catalogue.resources(group: group, version: version)
        guard !infos.isEmpty else { return nil }
        var entries: [JSON] = []
        for info in infos {
            entries.append(entry(info))
            entries += info.subresources.map { entry($0, of: info) }
        }
        var list: JSON = ["kind": "APIResourceList"]
        // The core group's document carries no apiVersion, for clients older than that field.
        if !group.isEmpty { list["apiVersion"] = "v1" }
        list["groupVersion"] = .string(group.isEmpty ? version : "\(group)/\(version)")
        list["resources"] = .array(entries)
        return list
    }

    private func entry(_ info: ResourceInfo) -> JSON {
        var entry: JSON = [
            "name": .string(info.plural), "singularName": .string(info.singular),
            "namespaced": .bool(info.isNamespaced), "kind": .string(info.kind), "verbs": strings(info.verbs),
        ]
        addNames(info, to: &entry)
        if !info.storageVersionHash.isEmpty { entry["storageVersionHash"] = .string(info.storageVersionHash) }
        return entry
    }

    private func entry(_ subresource: ResourceInfo.Subresource, of info: ResourceInfo) -> JSON {
        var entry: JSON = [
            "name": .string("\(info.plural)/\(subresource.name)"), "singularName": "",
            "namespaced": .bool(info.isNamespaced),
        ]
        if !isOwn(subresource.kind, info) {
            entry["group"] = .string(subresource.kind.group)
            entry["version"] = .string(subresource.kind.version)
        }
        entry["kind"] = .string(subresource.kind.kind)
        entry["verbs"] = strings(subresource.verbs)
        return entry
    }

    // MARK: - Aggregated

    /// The aggregated document of `/api` (`core`) or `/apis`: APIGroupDiscoveryList.
    public func aggregated(core: Bool, _ form: Aggregated = .v2) -> JSON {
        let groups =
            core
            ? catalogue.groups.filter { $0.name.isEmpty }
                .map { GroupOrder.Group(name: "", versions: $0.versions) }
            : order.aggregated
        return [
            "kind": "APIGroupDiscoveryList",
            "apiVersion": .string("apidiscovery.k8s.io/\(form.rawValue)"),
            "metadata": [:],
            "items": .array(groups.map(aggregatedGroup)),
        ]
    }

    private func aggregatedGroup(_ group: GroupOrder.Group) -> JSON {
        let versions = group.versions.map { version -> JSON in
            if let remote = remote["\(group.name)/\(version)"] { return remote.json }
            let infos = catalogue.resources(group: group.name, version: version)
            return [
                "version": .string(version), "resources": .array(infos.map(aggregatedResource)),
                "freshness": "Current",
            ]
        }
        let metadata: JSON = group.name.isEmpty ? [:] : ["name": .string(group.name)]
        return ["metadata": metadata, "versions": .array(versions)]
    }

    private func aggregatedResource(_ info: ResourceInfo) -> JSON {
        var entry: JSON = [
            "resource": .string(info.plural), "responseKind": responseKind(info.groupVersionKind, info),
            "scope": info.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(info.singular),
            "verbs": strings(info.verbs),
        ]
        addNames(info, to: &entry)
        if !info.subresources.isEmpty {
            entry["subresources"] = .array(
                info.subresources.map { subresource in
                    [
                        "subresource": .string(subresource.name),
                        "responseKind": responseKind(subresource.kind, info),
                        "verbs": strings(subresource.verbs),
                    ]
                })
        }
        return entry
    }

    /// Built-in resources leave out the group and version of their own kinds; custom ones name them.
    private func responseKind(_ kind: GroupVersionKind, _ info: ResourceInfo) -> JSON {
        let isLeftOut = !info.isCustom && isOwn(kind, info)
        return [
            "group": .string(isLeftOut ? "" : kind.group), "version": .string(isLeftOut ? "" : kind.version),
            "kind": .string(kind.kind),
        ]
    }

    // MARK: - Parts

    private func isOwn(_ kind: GroupVersionKind, _ info: ResourceInfo) -> Bool {
        kind.group == info.group && kind.version == info.version
    }

    private func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

    private func addNames(_ info: ResourceInfo, to entry: inout JSON) {
        if !info.shortNames.isEmpty { entry["shortNames"] = strings(info.shortNames) }
        if !info.categories.isEmpty { entry["categories"] = strings(info.categories) }
    }
}
