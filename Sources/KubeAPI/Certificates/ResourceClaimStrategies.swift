import KubeJSON

/// ResourceClaims and their templates (resource.k8s.io): what is asked for never changes. What a request
/// may say is not checked yet.
enum ResourceClaimStrategies {
    static let claim = Strategy { strategy in
        strategy.splitStatus()
        strategy.prepareForStatusUpdate = { object, old in
            Preparing.keepSpec(&object, old)
            Preparing.keepMetadata(
                &object, old, keys: ["labels", "annotations", "finalizers", "ownerReferences"])
        }
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(new["spec"], old["spec"], FieldPath("spec"))
        }
        strategy.validateStatusUpdate = { new, old in
            var errors: Errors = []
            let path = FieldPath("status")
            let (now, before) = (new["status"] ?? [:], old["status"] ?? [:])
            for (index, user) in now.items("reservedFor").enumerated() {
                for key in ["resource", "name", "uid"] where user.text(key).isEmpty {
                    errors.append(.required(path.child("reservedFor").index(index).child(key)))
                }
            }
            if !now.items("reservedFor").isEmpty, now["allocation"] == nil {
                errors.append(
                    .forbidden(
                        path.child("reservedFor"), "may not be specified when `allocated` is not set"))
            }
            if let allocation = now["allocation"], let allocated = before["allocation"] {
                errors += FieldRules.immutable(allocation, allocated, path.child("allocation"))
            }
            return errors
        }
    }

    static let template = Strategy { strategy in
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(new["spec"], old["spec"], FieldPath("spec"))
        }
    }
}
