import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Says of each FlowSchema whether the priority level that it names is there
/// (k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go).
public struct FlowSchemaController: Controller {
    public let name = "flow-control-config-controller"
    public let alias = "flow-control-config"
    public let account = "kube-apiserver"

    static let group = "flowcontrol.apiserver.k8s.io"
    static let schemas = CollectionID(group: group, resource: "flowschemas")
    static let levels = CollectionID(group: group, resource: "prioritylevelconfigurations")

    /// Seconds.
    private static let delay = 2.0

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case Self.schemas: [event.object.key]
        case Self.levels where event.kind != .modified:
            view.objects(Self.schemas).filter { Self.level(of: $0.value) == event.object.key }.map(\.key)
        default: []
        }
    }

    private static func level(of schema: JSON) -> String {
        schema.at("spec", "priorityLevelConfiguration", "name")?.string ?? ""
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard var schema = view.object(Self.schemas, key), let resource = view.resource(of: Self.schemas)
        else { return .nothing }
        let level = Self.level(of: schema)
        let isThere = view.object(Self.levels, level) != nil
        let condition: JSON = [
            "type": "Dangling", "status": isThere ? "False" : "True",
            "lastTransitionTime": .string(now.rfc3339), "reason": isThere ? "Found" : "NotFound",
            "message": .string(
                "This FlowSchema references the PriorityLevelConfiguration object named \"\(level)\" "
                    + (isThere ? "and it exists" : "but there is no such object")),
        ]
        var conditions = schema["status"]?["conditions"]?.array ?? []
        let place = conditions.firstIndex { $0["type"]?.string == "Dangling" }
        if let place {
            let known = conditions[place]
            if ["status", "reason", "message"].allSatisfy({ known[$0] == condition[$0] }) { return .nothing }
            conditions[place] = condition
        } else {
            // Upstream's server gets to it a moment after the object is made: who writes one and reads it at
            // once sees what they wrote. Creation is told in whole seconds.
            let created = Timestamp(schema["metadata"]?["creationTimestamp"]?.string ?? "")
            let rest = Self.delay - (created.map { now.since($0) } ?? Self.delay)
            if rest > 0.001, rest <= Self.delay { return Reconciliation(requeueAfter: rest) }
            conditions.append(condition)
        }
        schema.set(.array(conditions), at: "status", "conditions")
        return Reconciliation(writes: [.updateStatus(resource, name: key, schema)])
    }
}
