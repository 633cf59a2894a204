import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore
import Synchronization

/// The resource metrics API (metrics.k8s.io/v1beta1) as metrics-server answers it: what nodes and pods used
/// when they were measured last. Nothing is stored: an answer is made from the pods that are there.
final class MetricsAPI: Sendable {
    static let group = "metrics.k8s.io"
    static let version = "v1beta1"

    private static func resource(_ kind: String, _ plural: String, namespaced: Bool) -> ResourceInfo {
        ResourceInfo(
            group: group, version: version, kind: kind, listKind: kind + "List", plural: plural,
            singular: "", isNamespaced: namespaced, shortNames: [], categories: [], verbs: ["get", "list"],
            subresources: [], storageVersionHash: "", schema: .any, isCustom: true)
    }
    static let resources = [
        resource("NodeMetrics", "nodes", namespaced: false),
        resource("PodMetrics", "pods", namespaced: true),
    ]

    private let source: any MetricsSource
    private let store: Store
    private let kept = Mutex<(catalogue: ResourceCatalogue, generation: Int)?>(nil)

    init(_ source: any MetricsSource, store: Store) {
        self.source = source
        self.store = store
    }

    /// What is served, with these resources among them.
    func adding(to served: (ResourceCatalogue, Int)) -> (ResourceCatalogue, Int) {
        kept.withLock { kept in
            if let kept, kept.generation == served.1 { return (kept.catalogue, kept.generation) }
            let catalogue = served.0.adding(Self.resources)
            kept = (catalogue, served.1)
            return (catalogue, served.1)
        }
    }

    // MARK: Answers

    /// A get or list below `/apis/metrics.k8s.io/v1beta1`.
    func answer(_ call: Call, now: Timestamp) throws(APIStatus) {
        let info = call.info
        guard info.version == Self.version,
            let resource = Self.resources.first(where: { $0.plural == info.resource }),
            info.subresource.isEmpty,
            resource.isNamespaced ? info.name.isEmpty || !info.namespace.isEmpty : info.namespace.isEmpty
        else { throw .unknownResource }
        guard resource.verbs.contains(info.verb) else {
            throw info.verb == "watch"
                ? .methodNotAllowed(resource.groupResource, verb: "watch") : .methodNotAllowed()
        }
        if info.verb == "get" {
            let found =
                resource.isNamespaced
                ? pods(in: info.namespace, now) { $0.name == info.name }
                : nodes(now) { $0.name == info.name }
            guard let object = found.first else {
                let key = resource.isNamespaced ? "\(info.namespace)/\(info.name)" : info.name
                let collection: CollectionID = resource.isNamespaced ? .pods : .nodes
                guard store.get(collection, key: key) != nil else {
                    throw .notFound(GroupResource("", resource.plural), info.name)
                }
                throw .notFound(
                    GroupResource(Self.group, resource.kind.lowercased()), key)
            }
            return respond(call, resource, [object], isList: false)
        }
        let options = try ListOptions(call, resource)
        let objects =
            resource.isNamespaced
            ? pods(in: info.namespace, now) { options.matches($0) }
            : nodes(now) { options.matches($0) }
        respond(call, resource, objects, isList: true)
    }

    /// What the pods of a node used when they were measured last, and when that was.
    func usages(onNode name: String, _ now: Timestamp) -> (taken: Timestamp, usages: [PodUsage]) {
        let all = summaries(in: "")
        return source.measurements(of: all.filter { $0.nodeName == name }, among: all, at: now)
    }

    private func summaries(in namespace: String) -> [PodSummary] {
        store.snapshot(.pods).page(prefix: namespace.isEmpty ? "" : namespace + "/").items
            .map { PodSummary($0) }
    }

    private func pods(
        in namespace: String, _ now: Timestamp, where isWanted: (StoredObject) -> Bool
    ) -> [JSON] {
        let all = summaries(in: namespace)
        let (taken, usages) = source.measurements(
            of: all.filter { $0.phase == .running && isWanted($0.stored) }, among: all, at: now)
        return usages.map { usage in
            var metadata: JSONObject = [
                "name": .string(usage.pod.name), "namespace": .string(usage.pod.namespace),
                "creationTimestamp": .string(now.rfc3339),
            ]
            if !usage.pod.labels.isEmpty { metadata["labels"] = .object(usage.pod.labels) }
            return [
                "kind": "PodMetrics", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": .object(metadata),
                "timestamp": .string(taken.rfc3339), "window": .string("\(metricsResolution)s"),
                "containers": .array(
                    usage.containers.map { container in
                        [
                            "name": .string(container.name),
                            "usage": Self.usage(cpu: container.cpu, memory: container.memory),
                        ]
                    }),
            ]
        }
    }

    /// Of the nodes whose agents answer.
    private func nodes(_ now: Timestamp, where isWanted: (StoredObject) -> Bool) -> [JSON] {
        let all = summaries(in: "")
        let (taken, usages) = source.measurements(of: all, among: all, at: now)
        var sums: [String: (cpu: Int64, memory: Int64)] = [:]
        for usage in usages {
            for container in usage.containers {
                sums[usage.pod.nodeName, default: (0, 0)].cpu += container.cpu
                sums[usage.pod.nodeName, default: (0, 0)].memory += container.memory
            }
        }
        return store.snapshot(.nodes).page().items.compactMap { node in
            let ready = node.value.at("status", "conditions")?.array?.first { $0["type"]?.string == "Ready" }
            guard isWanted(node), ready?["status"]?.string == "True" else { return nil }
            var metadata: JSONObject = [
                "name": .string(node.name), "creationTimestamp": .string(now.rfc3339),
            ]
            if let labels = node.value.at("metadata", "labels") { metadata["labels"] = labels }
            let sum = sums[node.name] ?? (0, 0)
            return [
                "kind": "NodeMetrics", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": .object(metadata),
                "timestamp": .string(taken.rfc3339), "window": .string("\(metricsResolution)s"),
                "usage": Self.usage(cpu: sum.cpu, memory: sum.memory),
            ]
        }
    }

    private static func usage(cpu: Int64, memory: Int64) -> JSON {
        [
            "cpu": .string(Quantity(milli: cpu).description),
            "memory": .string(Quantity(memory, format: .binarySI).description),
        ]
    }

    private func respond(_ call: Call, _ resource: ResourceInfo, _ objects: [JSON], isList: Bool) {
        switch call.representation.transform {
        case .none:
            if !isList { return call.respond(objects.first ?? .null) }
            let items = objects.map { object in
                guard case .object(var fields) = object else { return object }
                fields.removeValue(forKey: "kind")
                fields.removeValue(forKey: "apiVersion")
                return JSON.object(fields)
            }
            call.respond([
                "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion),
                "metadata": [:], "items": .array(items),
            ])
        case .partialMetadata(let version):
            if isList { return call.fail(.isAList(resource)) }
            call.respond(objects.first.map { Call.partialMetadata($0, version: version) } ?? .null)
        case .partialMetadataList(let version):
            guard isList else { return call.fail(.notAList(resource)) }
            let items = objects.map { Call.partialMetadata($0, version: version) }
            call.respond([
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": [:], "items": .array(items),
            ])
        case .table(let version):
            let shown = call.info.query.first("includeObject").flatMap(TablePrinter.IncludeObject.init)
            call.respond(Self.table(objects, version: version, shown: shown ?? .metadata))
        }
    }

    private static func table(
        _ objects: [JSON], version: String, shown: TablePrinter.IncludeObject
    ) -> JSON {
        func column(_ name: String, _ format: String, _ text: String) -> JSON {
            [
                "name": .string(name), "type": "string", "format": .string(format),
                "description": .string(text), "priority": 0,
            ]
        }
        let rows = objects.map { object -> JSON in
            let usages =
                object["usage"].map { [$0] } ?? object["containers"]?.array?.compactMap { $0["usage"] }
            func sum(_ key: String, _ read: (Quantity) -> Int64?) -> Int64 {
                (usages ?? []).reduce(0) { total, usage in
                    total + (usage[key]?.string.flatMap { Quantity($0) }.flatMap(read) ?? 0)
                }
            }
            let used = usage(cpu: sum("cpu") { $0.milliValue }, memory: sum("memory") { $0.wholeValue })
            let shownObject: JSON =
                switch shown {
                case .none: .null
                case .object: object
                case .metadata: Call.partialMetadata(object, version: version)
                }
            return [
                "cells": [
                    .string(object.name), used["cpu"] ?? "", used["memory"] ?? "", object["window"] ?? "",
                ],
                "object": shownObject,
            ]
        }
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": [:],
            "columnDefinitions": [
                column("Name", "name", "Name of the resource"), column("cpu", "quantity", ""),
                column("memory", "quantity", ""), column("Window", "duration", ""),
            ],
            "rows": .array(rows),
        ]
    }
}
