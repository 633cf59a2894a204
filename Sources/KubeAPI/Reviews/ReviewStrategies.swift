import KubeJSON

/// The questions of authorization.k8s.io and authentication.k8s.io: created, answered, never stored.
enum ReviewStrategies {
    static let subjectAccess = Strategy { strategy in
        strategy.validate = { review in
            var errors = attributes(review)
            subject(review, &errors)
            emptyMetadata(review, besides: [], "must be empty", &errors)
            return errors
        }
    }

    static let selfSubjectAccess = Strategy { strategy in
        strategy.validate = { review in
            var errors = attributes(review)
            emptyMetadata(review, besides: [], "must be empty", &errors)
            return errors
        }
    }

    static let localSubjectAccess = Strategy { strategy in
        strategy.validate = { review in
            var errors = attributes(review)
            subject(review, &errors)
            emptyMetadata(review, besides: ["namespace"], "must be empty except for namespace", &errors)
            let spec = review["spec"] ?? .object([:])
            if case .object = spec["resourceAttributes"] {
                let namespace = spec["resourceAttributes"]?.text("namespace") ?? ""
                if namespace != review["metadata"]?.text("namespace") ?? "" {
                    errors.append(
                        .invalid(
                            FieldPath("spec.resourceAttributes.namespace"), .string(namespace),
                            "must match metadata.namespace"))
                }
            }
            if case .object = spec["nonResourceAttributes"], let value = spec["nonResourceAttributes"] {
                errors.append(
                    .invalid(
                        FieldPath("spec.nonResourceAttributes"), value,
                        "disallowed on this kind of request"))
            }
            return errors
        }
    }

    private static func attributes(_ review: JSON) -> Errors {
        let path = FieldPath("spec")
        let spec = review["spec"] ?? .object([:])
        let isResource = spec["resourceAttributes"]?.object != nil
        let urls = spec["nonResourceAttributes"]
        let isURL = urls?.object != nil
        if isResource, isURL, let urls {
            return [
                .invalid(
                    path.child("nonResourceAttributes"), urls,
                    "cannot be specified in combination with resourceAttributes")
            ]
        }
        if !isResource, !isURL {
            return [
                .invalid(
                    path.child("resourceAttributes"), .null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified")
            ]
        }
        return []
    }

    private static func subject(_ review: JSON, _ errors: inout Errors) {
        let spec = review["spec"] ?? .object([:])
        if spec.text("user").isEmpty, spec.items("groups").isEmpty {
            errors.append(
                .invalid(
                    FieldPath("spec", "user"), "", "at least one of user or group must be specified"))
        }
    }

    /// Fields that the server itself fills on create do not count.
    private static func emptyMetadata(
        _ review: JSON, besides: Set<String>, _ words: String, _ errors: inout Errors
    ) {
        let ignored = besides.union(["managedFields", "creationTimestamp", "uid"])
        guard let metadata = review["metadata"]?.object else { return }
        let isEmpty = metadata.allSatisfy { key, value in
            ignored.contains(key) || FieldRules.same(value, nil) || value == ""
        }
        if !isEmpty { errors.append(.invalid(FieldPath("metadata"), .object(metadata), words)) }
    }

    static let tokenReview = Strategy { strategy in
        strategy.validate = { review in
            review["spec"]?.text("token").isEmpty ?? true
                ? [.required(FieldPath("spec", "token"))] : []
        }
    }
}
