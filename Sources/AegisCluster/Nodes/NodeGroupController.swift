import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode
import KubeStore

/// Keeps as many nodes of each node group as its `InstanceGroup` says: `status.targetSize`, which the
/// node autoscaler sets, within `minSize` and `maxSize`.
///
/// A node's number is the least that is free. When there are too many, those go first that the autoscaler has
/// emptied, and then the last ones.
public struct NodeGroupController: Controller {
    public let name = "node-group-controller"
    public let alias = "nodegroup"
    public let account = "node-group-controller"

    /// On a Node: the `namespace/name` of its InstanceGroup.
    public static let annotation = "aegis.dev/instance-group"
    /// On a Node whose pods are gone and which is to go itself.
    public static let removalAnnotation = "aegis.dev/remove-node"
    public static let collection = CollectionID(group: NodeGroup.group, resource: "instancegroups")

    private let kind: any NodeKind

    /// - Parameter kind: of the nodes that it makes.
    public init(kind: any NodeKind = HollowNode()) { self.kind = kind }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case Self.collection: return [event.object.key]
        case .nodes where event.kind != .modified:
            guard let group = Self.group(of: event.object.value) else { return [] }
            return [group]
        default: return []
        }
    }

    static func isToGo(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[removalAnnotation] != nil
    }

    static func group(of node: JSON) -> String? {
        node["metadata"]?["annotations"]?[annotation]?.string
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        let object = view.object(Self.collection, key)
        let nodes = view.objects(.nodes).filter { Self.group(of: $0.value) == key }
        guard let object, object.deletionTimestamp == nil else {
            return Reconciliation(writes: nodes.map { Self.delete($0) })
        }
        let group: NodeGroup
        do {
            group = try NodeGroup(object)
        } catch {
            // Nothing but another spec can help.
            return Reconciliation(events: [
                RecordedEvent(
                    .warning, "InvalidInstanceGroup", "\(error.field): \(error.message)", of: object,
                    component: name)
            ])
        }
        let target = Self.targetSize(object, group)
        var writes: [ControllerWrite] = []
        var numbers: [Int: StoredObject] = [:]
        for node in nodes {
            numbers[Self.number(of: node)] = node
        }
        for number in Self.freeNumbers(target - nodes.count, besides: Set(numbers.keys)) {
            var write = ControllerWrite(
                group: "", version: "v1", plural: "nodes", name: "\(group.name)-\(number)",
                .create(Self.template(group, number, key, kind: kind)))
            write.existingIsDone = true
            write.letsOthersGoOn = true
            writes.append(write)
        }
        let order = numbers.sorted { left, right in
            let (leftGoes, rightGoes) = (Self.isToGo(left.value.value), Self.isToGo(right.value.value))
            return leftGoes == rightGoes ? left.key > right.key : leftGoes
        }
        for (_, node) in order.prefix(max(nodes.count - target, 0)) { writes.append(Self.delete(node)) }
        if let status = Self.status(object, size: nodes.count, target: target) {
            var next = object
            next["status"] = status
            writes.append(
                ControllerWrite(
                    group: NodeGroup.group, version: "v1alpha2", plural: "instancegroups",
                    namespace: object.namespace, name: object.name, subresource: "status", .update(next)))
        }
        return Reconciliation(writes: writes)
    }

    /// The numbers of the next nodes of a group.
    static func freeNumbers(_ count: Int, besides taken: Set<Int>) -> [Int] {
        var numbers: [Int] = []
        var number = 1
        while numbers.count < count {
            if !taken.contains(number) { numbers.append(number) }
            number += 1
        }
        return numbers
    }

    /// The Node of a number, as it is made.
    static func template(
        _ group: NodeGroup, _ number: Int, _ key: String, kind: any NodeKind = HollowNode()
    ) -> JSON {
        var template = NodeTemplate(
            name: "\(group.name)-\(number)", labels: group.labels(ofNode: number - 1),
            taints: group.taints.map(\.json), capacity: group.instanceType.capacity,
            allocatable: group.instanceType.allocatable)
        template.annotations = [annotation: .string(key)]
        return kind.object(template)
    }

    static func number(of node: StoredObject) -> Int {
        node.name.split(separator: "-").last.flatMap { Int($0) } ?? 0
    }

    /// How many nodes a group is to have now.
    static func targetSize(_ object: JSON, _ group: NodeGroup) -> Int {
        min(max(object["status"]?["targetSize"]?.int ?? group.minimum, group.minimum), group.maximum)
    }

    private static func status(_ object: JSON, size: Int, target: Int) -> JSON? {
        var status = object["status"]?.object ?? [:]
        status["currentSize"] = .integer(Int64(size))
        status["targetSize"] = .integer(Int64(target))
        return .object(status) == object["status"] ? nil : .object(status)
    }

    private static func delete(_ node: StoredObject) -> ControllerWrite {
        .delete(("", "v1", "nodes"), namespace: "", name: node.name, uid: node.value.uid)
    }
}

extension NodeGroup {
    /// The definition under which a cluster keeps InstanceGroups: the fields that mean something here, and
    /// room for the rest of kOps'.
    public static let definition: JSON = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": [
            "name": "instancegroups.kops.k8s.io",
            // Asked of every definition in a group below k8s.io.
            "annotations": [
                "api-approved.kubernetes.io": "https://github.com/kubernetes/enhancements/pull/1111"
            ],
        ],
        "spec": [
            "group": "kops.k8s.io", "scope": "Namespaced",
            "names": [
                "kind": "InstanceGroup", "listKind": "InstanceGroupList", "plural": "instancegroups",
                "singular": "instancegroup", "shortNames": ["ig"],
            ],
            "versions": [
                [
                    "name": "v1alpha2", "served": true, "storage": true,
                    "subresources": ["status": [:]],
                    "additionalPrinterColumns": [
                        ["name": "Role", "type": "string", "jsonPath": ".spec.role"],
                        ["name": "MachineType", "type": "string", "jsonPath": ".spec.machineType"],
                        ["name": "Min", "type": "integer", "jsonPath": ".spec.minSize"],
                        ["name": "Max", "type": "integer", "jsonPath": ".spec.maxSize"],
                        ["name": "Nodes", "type": "integer", "jsonPath": ".status.currentSize"],
                    ],
                    "schema": [
                        "openAPIV3Schema": [
                            "type": "object",
                            "properties": [
                                "spec": [
                                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                    "properties": [
                                        "role": ["type": "string"], "machineType": ["type": "string"],
                                        "minSize": ["type": "integer", "format": "int32", "minimum": 0],
                                        "maxSize": ["type": "integer", "format": "int32", "minimum": 0],
                                        "nodeLabels": [
                                            "type": "object", "additionalProperties": ["type": "string"],
                                        ],
                                        "taints": ["type": "array", "items": ["type": "string"]],
                                        "zones": ["type": "array", "items": ["type": "string"]],
                                        "subnets": ["type": "array", "items": ["type": "string"]],
                                    ],
                                ],
                                "status": [
                                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                    "properties": [
                                        "currentSize": ["type": "integer"],
                                        "targetSize": ["type": "integer"],
                                    ],
                                ],
                            ],
                        ]
                    ],
                ]
            ],
        ],
    ]
}
