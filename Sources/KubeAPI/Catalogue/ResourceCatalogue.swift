import KubeJSON

/// The resources that a server serves at one moment: an immutable value, replaced when
/// CustomResourceDefinitions come and go.
public struct ResourceCatalogue: Sendable {
    /// An API group with its versions, the preferred one first.
    public struct Group: Sendable, Equatable {
        /// Empty for the core group.
        public let name: String
        public let versions: [String]
        public let isCustom: Bool
        public var preferredVersion: String { versions.first ?? "" }
    }

    private struct ResourceKey: Hashable {
        let group: String
        let version: String
        let plural: String
    }

    private struct GroupVersion: Hashable {
        let group: String
        let version: String
    }

    /// In discovery order: core, the built-in groups by priority, then custom groups by name.
    public let resources: [ResourceInfo]
    /// In discovery order, the core group first.
    public let groups: [Group]
    private let byKey: [ResourceKey: Int]
    private let byKind: [GroupVersionKind: Int]
    private let byGroupVersion: [GroupVersion: [Int]]

    init(builtin: [ResourceInfo]) { self.init(resources: builtin) }

    private init(resources: [ResourceInfo]) {
        self.resources = resources
        var groups: [(name: String, versions: [String], isCustom: Bool)] = []
        var positions: [String: Int] = [:]
        var byKey: [ResourceKey: Int] = [:]
        var byKind: [GroupVersionKind: Int] = [:]
        var byGroupVersion: [GroupVersion: [Int]] = [:]
        for (position, info) in resources.enumerated() {
            byKey[ResourceKey(group: info.group, version: info.version, plural: info.plural)] = position
            if byKind[info.groupVersionKind] == nil { byKind[info.groupVersionKind] = position }
            byGroupVersion[GroupVersion(group: info.group, version: info.version), default: []]
                .append(position)
            if let group = positions[info.group] {
                if groups[group].versions.last != info.version { groups[group].versions.append(info.version) }
            } else {
                positions[info.group] = groups.count
                groups.append((info.group, [info.version], info.isCustom))
            }
        }
        self.groups = groups.map { Group(name: $0.name, versions: $0.versions, isCustom: $0.isCustom) }
        self.byKey = byKey
        self.byKind = byKind
        self.byGroupVersion = byGroupVersion
    }

    public func resource(group: String, version: String, plural: String) -> ResourceInfo? {
        byKey[ResourceKey(group: group, version: version, plural: plural)].map { resources[$0] }
    }

    public func resource(for kind: GroupVersionKind) -> ResourceInfo? {
        byKind[kind].map { resources[$0] }
    }

    public func group(_ name: String) -> Group? { groups.first { $0.name == name } }

    /// The resources of one version of a group; empty when it is not served.
    public func resources(group: String, version: String) -> [ResourceInfo] {
        (byGroupVersion[GroupVersion(group: group, version: version)] ?? []).map { resources[$0] }
    }

    /// The resource in the version that its group prefers.
    public func preferredResource(group: String, plural: String) -> ResourceInfo? {
        for version in self.group(group)?.versions ?? [] {
            if let info = resource(group: group, version: version, plural: plural) { return info }
        }
        return nil
    }

    /// A copy that serves these as well; what it has of the same group, version and plural is replaced.
    public func adding(_ infos: [ResourceInfo]) -> ResourceCatalogue {
        let keys = Set(infos.map { ResourceKey(group: $0.group, version: $0.version, plural: $0.plural) })
        let kept = resources.filter {
            !keys.contains(ResourceKey(group: $0.group, version: $0.version, plural: $0.plural))
        }
        return ResourceCatalogue(resources: Self.ordered(kept + infos))
    }

    /// A copy without any version of a resource.
    public func removing(group: String, plural: String) -> ResourceCatalogue {
        ResourceCatalogue(resources: resources.filter { $0.group != group || $0.plural != plural })
    }

    /// Built-in resources as they are; custom ones after them by group, version priority and name. The
    /// aggregator gives all custom groups one priority, which leaves their names to decide.
    private static func ordered(_ infos: [ResourceInfo]) -> [ResourceInfo] {
        let custom = infos.filter(\.isCustom).sorted { left, right in
            if left.group != right.group { return utf8Less(left.group, right.group) }
            if left.version != right.version { return versionPrecedes(left.version, right.version) }
            return utf8Less(left.plural, right.plural)
        }
        return infos.filter { !$0.isCustom } + custom
    }

    /// Kubernetes' order of versions: stable before beta before alpha, higher numbers first, then names.
    public static func versionPrecedes(_ left: String, _ right: String) -> Bool {
        switch (VersionRank(left), VersionRank(right)) {
        case (let a?, let b?):
            if a.stage != b.stage { return a.stage > b.stage }
            return a.major != b.major ? a.major > b.major : a.minor > b.minor
        case (_?, nil): return true
        case (nil, _?): return false
        case (nil, nil): return utf8Less(left, right)
        }
    }

    /// `v1`, `v2beta1`, `v1alpha3`; nil for any other name.
    private struct VersionRank {
        let stage: Int
        let major: Int
        let minor: Int

        init?(_ text: String) {
            var rest = text.utf8[...]
            guard rest.popFirst() == UInt8(ascii: "v"), let major = Self.number(&rest) else { return nil }
            self.major = major
            if rest.isEmpty {
                stage = 2
                minor = 0
                return
            }
            if rest.starts(with: "beta".utf8) {
                stage = 1
                rest = rest.dropFirst(4)
            } else if rest.starts(with: "alpha".utf8) {
                stage = 0
                rest = rest.dropFirst(5)
            } else {
                return nil
            }
            guard let minor = Self.number(&rest), rest.isEmpty else { return nil }
            self.minor = minor
        }

        private static func number(_ rest: inout Substring.UTF8View) -> Int? {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard digits.first != UInt8(ascii: "0"), let value = Int(Substring(digits)) else { return nil }
            rest = rest.dropFirst(digits.count)
            return value
        }
    }
}
