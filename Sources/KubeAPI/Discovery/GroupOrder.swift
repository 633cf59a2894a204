import KubeJSON

/// The groups and versions that a server tells of, its own and those of servers behind it, in the order in
/// which clients are to prefer them (kube-aggregator's pkg/apis/apiregistration/v1/helper).
struct GroupOrder: Sendable {
    struct Version: Sendable {
        let group: String
        let version: String
        let priority: GroupPriority
        /// Whether there is anything to ask the server for.
        let isServed: Bool

        /// Of the APIService, by which groups of one priority are ordered.
        var name: String { APIServiceSummary.name(group: group, version: version) }
    }

    /// All but the core group and the group of APIServices itself.
    private let versions: [Version]
    private let hasRegistration: Bool

    init(_ catalogue: ResourceCatalogue, services: [APIServiceSummary]) {
        var said: [String: APIServiceSummary] = [:]
        for service in services { said[service.name] = service }
        var versions: [Version] = []
        var hasRegistration = false
        for group in catalogue.groups where !group.name.isEmpty {
            if group.name == GroupPriority.registrationGroup {
                hasRegistration = true
                continue
            }
            for version in group.versions {
                let name = APIServiceSummary.name(group: group.name, version: version)
                let priority =
                    said.removeValue(forKey: name)?.priority
                    ?? (group.isCustom
                        ? nil : GroupPriority.builtin(group: group.name, version: version))
                versions.append(
                    Version(
                        group: group.name, version: version, priority: priority ?? .custom, isServed: true))
            }
        }
        for service in said.values.sorted(by: { utf8Less($0.name, $1.name) })
        where !service.group.isEmpty && service.group != GroupPriority.registrationGroup {
            versions.append(
                Version(
                    group: service.group, version: service.version, priority: service.priority,
                    isServed: service.service != nil))
        }
        self.versions = versions
        self.hasRegistration = hasRegistration
    }

    struct Group: Sendable {
        let name: String
        var versions: [String]
    }

    /// As the list of groups has them: by the priority of the APIServices and then by their names.
    var listed: [Group] {
        let sorted = versions.sorted { left, right in
            if left.priority.group != right.priority.group {
                return left.priority.group > right.priority.group
            }
            return utf8Less(left.name, right.name)
        }
        return registration + grouped(sorted)
    }

    /// As aggregated discovery has them: by the highest priority of the group and then by its name, without
    /// what nobody serves.
    var aggregated: [Group] {
        var highest: [String: Int] = [:]
        for version in versions where version.isServed {
            highest[version.group] = max(highest[version.group] ?? 0, version.priority.group)
        }
        let sorted = versions.filter(\.isServed).sorted { left, right in
            let (first, second) = (highest[left.group] ?? 0, highest[right.group] ?? 0)
            return first == second ? utf8Less(left.group, right.group) : first > second
        }
        return registration + grouped(sorted)
    }

    private var registration: [Group] {
        hasRegistration ? [Group(name: GroupPriority.registrationGroup, versions: ["v1"])] : []
    }

    private func grouped(_ sorted: [Version]) -> [Group] {
        var order: [String] = []
        var members: [String: [Version]] = [:]
        for version in sorted {
            if members[version.group] == nil { order.append(version.group) }
            members[version.group, default: []].append(version)
        }
        return order.map { name in
            let versions = (members[name] ?? []).sorted { left, right in
                if left.priority.version != right.priority.version {
                    return left.priority.version > right.priority.version
                }
                return ResourceCatalogue.versionPrecedes(left.version, right.version)
            }
            return Group(name: name, versions: versions.map(\.version))
        }
    }
}
