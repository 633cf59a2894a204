import KubeJSON

/// RuntimeClasses.
enum RuntimeClassStrategy {
    static let runtimeClass = Strategy { strategy in
        strategy.validate = validate
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(new["handler"], old["handler"], FieldPath("handler"))
        }
    }

    @Sendable private static func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        errors.label(object.text("handler"), FieldPath("handler"))
        if let fixed = object.at("overhead", "podFixed") {
            ResourceRules.requirements(
                ["limits": fixed], FieldPath("overhead"), claims: [],
                nameRule: ResourceRules.containerName, &errors)
        }
        guard let scheduling = object["scheduling"] else { return errors }
        let path = FieldPath("scheduling")
        errors += FieldRules.labels(scheduling["nodeSelector"], path.child("nodeSelector"))
        let tolerations = scheduling.items("tolerations")
        SchedulingRules.tolerations(tolerations, path.child("tolerations"), &errors)
        for (index, toleration) in tolerations.enumerated()
        where tolerations[..<index].contains(toleration) {
            errors.append(.duplicate(path.child("tolerations").index(index), toleration))
        }
        return errors
    }
}
