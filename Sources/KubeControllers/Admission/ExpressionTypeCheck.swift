import KubeAPI

extension AdmissionPolicyStatusController {
    /// Checks expressions against the types of the resources that are served.
    public static let checkingTypes = AdmissionPolicyStatusController { policy, resources in
        PolicyTypeCheck(policy, resources).warnings().map {
            ExpressionWarning(fieldRef: $0.fieldRef, warning: $0.warning)
        }
    }
}
