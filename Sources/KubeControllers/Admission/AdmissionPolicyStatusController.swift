import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Says which generation of a ValidatingAdmissionPolicy has been looked at, and what its expressions get
/// wrong about the types that they judge (pkg/controller/validatingadmissionpolicystatus).
public struct AdmissionPolicyStatusController: Controller {
    /// What is wrong with an expression: a warning, no refusal.
    public struct ExpressionWarning: Sendable, Equatable {
        /// Where it stands, such as `spec.validations[0].expression`.
        public var fieldRef: String
        public var warning: String

        public init(fieldRef: String, warning: String) {
            self.fieldRef = fieldRef
            self.warning = warning
        }
    }

    /// Checks a policy's expressions against the schemas of what it matches; nil where nothing can.
    public typealias TypeCheck =
        @Sendable (_ policy: JSON, _ resources: ResourceCatalogue) -> [ExpressionWarning]

    public let name = "validatingadmissionpolicy-status-controller"
    public let alias = "validatingadmissionpolicy-status"
    public let account = "validatingadmissionpolicy-status-controller"
    private static let collection = CollectionID(
        group: "admissionregistration.k8s.io", resource: "validatingadmissionpolicies")
    private let check: TypeCheck?

    public init(check: TypeCheck? = nil) { self.check = check }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == Self.collection, event.kind != .deleted else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let policy = view.object(Self.collection, key),
            let resource = view.resource(of: Self.collection),
            policy.generation > policy["status"]?["observedGeneration"]?.integer ?? 0
        else { return .nothing }
        var next = policy
        next.set(.integer(policy.generation), at: "status", "observedGeneration")
        if let check {
            let warnings = check(policy, view.resources).map { warning -> JSON in
                ["fieldRef": .string(warning.fieldRef), "warning": .string(warning.warning)]
            }
            next.set(
                warnings.isEmpty ? [:] : ["expressionWarnings": .array(warnings)], at: "status",
                "typeChecking")
        }
        return Reconciliation(writes: [.updateStatus(resource, name: key, next)])
    }
}
