import KubeAPI
import KubeJSON

/// What a DeleteOptions may say. All that is wrong with one is told at once.
enum DeleteOptionsRules {
    static let policies = ["Foreground", "Background", "Orphan"]

    static func errors(propagationPolicy: String?, orphanDependents: Bool?, dryRun: [String]) -> [FieldError]
    {
        var errors: [FieldError] = []
        if let policy = propagationPolicy {
            let path = FieldPath("propagationPolicy")
            if orphanDependents != nil {
                errors.append(
                    .invalid(
                        path, .string(policy), "orphanDependents and deletionPropagation cannot be both set"))
            }
            if !policies.contains(policy) {
                errors.append(.notSupported(path, .string(policy), policies + ["nil"]))
            }
        }
        if dryRun.contains(where: { $0 != "All" }) {
            errors.append(
                .notSupported(FieldPath("dryRun"), .array(dryRun.map { JSON.string($0) }), ["All"]))
        }
        return errors
    }
}
