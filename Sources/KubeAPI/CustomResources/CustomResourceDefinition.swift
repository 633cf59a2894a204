import KubeJSON

/// Reading a stored CustomResourceDefinition (apiextensions.k8s.io/v1).
public struct CustomResourceDefinition: Sendable {
    public static let groupKind = GroupKind("apiextensions.k8s.io", "CustomResourceDefinition")
    public static let plural = "customresourcedefinitions"
    public static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

    public let object: JSON

    public init(_ object: JSON) { self.object = object }

    public var group: String { object["spec"]?["group"]?.string ?? "" }
    public var names: JSON { object["spec"]?["names"] ?? [:] }
    public var plural: String { names["plural"]?.string ?? "" }
    public var kind: String { names["kind"]?.string ?? "" }
    public var versions: [JSON] { object["spec"]?["versions"]?.array ?? [] }
    public var isNamespaced: Bool { object["spec"]?["scope"]?.string == "Namespaced" }
    public var storageVersion: String? { versions.first { $0["storage"]?.bool == true }?["name"]?.string }

    public func condition(_ type: String) -> Bool {
        (object["status"]?["conditions"]?.array ?? [])
            .contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
    }

    /// The served versions as resources, under the accepted names.
    /// - Parameter hash: of `group/version/kind`, which discovery shows of stored versions.
    public func resources(storageVersionHash: String) -> [ResourceInfo] {
        let conversion = ConversionWebhook(self)
        return versions.filter { $0["served"]?.bool == true }
            .map { resource($0, storageVersionHash, conversion) }
    }

    private func resource(
        _ version: JSON, _ hash: String, _ conversion: ConversionWebhook?
    ) -> ResourceInfo {
        let name = version["name"]?.string ?? ""
        let accepted = object["status"]?["acceptedNames"] ?? [:]
        func texts(_ value: JSON?) -> [String] { (value?.array ?? []).compactMap(\.string) }
        let kind = self.kind
        let verbs = ["get", "patch", "update"]
        var subresources: [ResourceInfo.Subresource] = []
        let hasStatus = version["subresources"]?["status"] != nil
        if hasStatus {
            subresources.append(
                ResourceInfo.Subresource(
                    name: "status", kind: GroupVersionKind(group, name, kind), verbs: verbs))
        }
        var scale: ScalePaths?
        if let paths = version["subresources"]?["scale"] {
            subresources.append(
                ResourceInfo.Subresource(
                    name: "scale", kind: GroupVersionKind("autoscaling", "v1", "Scale"), verbs: verbs))
            scale = ScalePaths(
                specReplicas: Self.path(paths["specReplicasPath"]) ?? ["spec", "replicas"],
                statusReplicas: Self.path(paths["statusReplicasPath"]) ?? ["status", "replicas"],
                selector: Self.path(paths["labelSelectorPath"]))
        }
        let structural = StructuralSchema(version["schema"]?["openAPIV3Schema"] ?? [:])
        var info = ResourceInfo(
            group: group, version: name, kind: kind,
            listKind: names["listKind"]?.string ?? kind + "List", plural: plural,
            singular: names["singular"]?.string ?? kind.lowercased(), isNamespaced: isNamespaced,
            shortNames: texts(accepted["shortNames"]), categories: texts(accepted["categories"]),
            verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
            subresources: subresources, storageVersionHash: hash,
            schema: structural.typeTree(isRoot: true), isCustom: true)
        info.storageVersion = storageVersion
        info.scalePaths = scale
        info.selectableFields = (version["selectableFields"]?.array ?? []).compactMap {
            $0["jsonPath"]?.string.map { String($0.drop { $0 == "." }) }
        }
        info.printerColumns = version["additionalPrinterColumns"]?.array?.map {
            CustomColumn(
                name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "",
                format: $0["format"]?.string ?? "", description: $0["description"]?.string ?? "",
                priority: $0["priority"]?.int ?? 0, jsonPath: $0["jsonPath"]?.string ?? "")
        }
        let deprecation = deprecation(version, name)
        info.custom = CustomResource(
            structural: structural,
            strategy: CustomResourceStrategy.make(
                structural, hasStatus: hasStatus, scale: scale, deprecation: deprecation),
            apiVersion: info.apiVersion,
            isTerminating: object.deletionTimestamp != nil || condition("Terminating"),
            deprecation: deprecation,
            changesOnRead: name != storageVersion || object.generation > 1
                || (object["status"]?["storedVersions"]?.array?.count ?? 1) > 1,
            conversion: conversion)
        return info
    }

    /// `.spec.replicas` as its parts; nil when there is no path.
    private static func path(_ text: JSON?) -> [String]? {
        guard let text = text?.string, !text.isEmpty else { return nil }
        return text.split(separator: ".").map(String.init)
    }

    private func deprecation(_ version: JSON, _ name: String) -> String? {
        guard version["deprecated"]?.bool == true else { return nil }
        if let text = version["deprecationWarning"]?.string { return text }
        let newer = versions.compactMap { other -> String? in
            guard other["served"]?.bool == true, other["deprecated"]?.bool != true,
                let otherName = other["name"]?.string, ResourceCatalogue.versionPrecedes(otherName, name)
            else { return nil }
            return otherName
        }.sorted(by: ResourceCatalogue.versionPrecedes)
        let text = "\(group)/\(name) \(kind) is deprecated"
        return newer.first.map { "\(text); use \(group)/\($0) \(kind)" } ?? text
    }
}

/// What becomes of a definition's names: upstream's naming and establishing controllers as one function.
public enum DefinitionNaming {
    /// The definition with its accepted names and conditions.
    /// - Parameters:
    ///   - others: the other definitions of the same group.
    ///   - now: for the transition times, RFC 3339.
    public static func settled(_ definition: JSON, others: [JSON], now: String) -> JSON {
        var resources: Set<String> = []
        var kinds: Set<String> = []
        for other in others {
            let names = other["status"]?["acceptedNames"] ?? [:]
            for key in ["plural", "singular"] { names[key]?.string.map { _ = resources.insert($0) } }
            for name in names["shortNames"]?.array ?? [] { name.string.map { _ = resources.insert($0) } }
            for key in ["kind", "listKind"] { names[key]?.string.map { _ = kinds.insert($0) } }
        }
        let wanted = definition["spec"]?["names"] ?? [:]
        var accepted = definition["status"]?["acceptedNames"] ?? [:]
        let before = accepted
        var conflict: (reason: String, message: String)?
        func inUse(_ name: String) -> String { "\(JSONWriter.string(.string(name))) is already in use" }
        func settle(_ key: String, _ reason: String, _ used: Set<String>) {
            let name = wanted[key]?.string ?? ""
            if name != before[key]?.string ?? "", used.contains(name) {
                conflict = (reason, inUse(name))
            } else {
                accepted[key] = .string(name)
            }
        }
        settle("plural", "PluralConflict", resources)
        settle("singular", "SingularConflict", resources)
        let own = before["shortNames"]?.array ?? []
        let taken = (wanted["shortNames"]?.array ?? []).filter { !own.contains($0) }.compactMap(\.string)
            .filter(resources.contains)
        if taken.isEmpty {
            accepted["shortNames"] = wanted["shortNames"]
        } else {
            let words = taken.map(inUse).joined(separator: ", ")
            conflict = ("ShortNamesConflict", taken.count > 1 ? "[\(words)]" : words)
        }
        settle("kind", "KindConflict", kinds)
        settle("listKind", "ListKindConflict", kinds)
        accepted["categories"] = wanted["categories"]

        var settled = definition
        settled.set(accepted, at: "status", "acceptedNames")
        let isAccepted = conflict == nil
        settled.setCondition(
            condition(
                "NamesAccepted", isAccepted, conflict?.reason ?? "NoConflicts",
                conflict?.message ?? "no conflicts found", now))
        if isAccepted {
            settled.setCondition(
                condition(
                    "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now))
        } else if !CustomResourceDefinition(definition).condition("Established") {
            settled.setCondition(
                condition("Established", false, "NotAccepted", "not all names are accepted", now))
        }
        return settled
    }

    public static func condition(
        _ type: String, _ holds: Bool, _ reason: String, _ message: String, _ now: String
    ) -> JSON {
        [
            "lastTransitionTime": .string(now), "message": .string(message), "reason": .string(reason),
            "status": holds ? "True" : "False", "type": .string(type),
        ]
    }
}
