import KubeAPI
import KubeAuth
import KubeJSON

/// Why a policy or binding cannot be applied to a request.
struct PolicyConfigurationError: Error {
    let message: String
}

extension Registry {
    /// The resource that a policy's `paramKind` names.
    func parameterResource(_ kind: JSON) -> ResourceInfo? {
        let apiVersion = kind["apiVersion"]?.string ?? ""
        let name = kind["kind"]?.string ?? ""
        return resources.resources.first { $0.apiVersion == apiVersion && $0.kind == name }
    }

    /// The objects that a binding's `paramRef` refers to: one nil when the policy takes none.
    func parameters(
        _ policy: JSON, _ binding: JSON, namespace: String
    ) throws(PolicyConfigurationError) -> [JSON?] {
        guard let kind = policy["spec"]?["paramKind"], !kind.isNull,
            let reference = binding["spec"]?["paramRef"], !reference.isNull
        else { return [nil] }
        guard let resource = parameterResource(kind) else {
            throw PolicyConfigurationError(
                message:
                    "paramKind kind `\(kind["apiVersion"]?.string ?? ""), Kind=\(kind["kind"]?.string ?? "")` not known"
            )
        }
        let given = reference["namespace"]?.string ?? ""
        var place = ""
        if resource.isNamespaced {
            place = given.isEmpty ? namespace : given
            if place.isEmpty {
                throw PolicyConfigurationError(
                    message:
                        "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"
                )
            }
        } else if !given.isEmpty {
            throw PolicyConfigurationError(
                message: "paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
        }
        let location = StorageLocation(resource)
        var found: [JSON?] = []
        func present(_ value: JSON) throws(PolicyConfigurationError) -> JSON {
            do {
                return location.needsConversion ? try shown([value], as: resource)[0] : value
            } catch {
                throw PolicyConfigurationError(message: error.message)
            }
        }
        if let name = reference["name"]?.string, !name.isEmpty {
            if let stored = store.get(location.collection, key: Self.key(resource, place, name)) {
                found.append(try present(stored.value))
            }
        } else {
            let selector: LabelSelector
            do { selector = try LabelSelector(object: reference["selector"]) } catch {
                throw PolicyConfigurationError(message: "\(error)")
            }
            let page = store.snapshot(location.collection).page(
                prefix: resource.isNamespaced ? place + "/" : "")
            for stored in page.items where selector.matches(stored.value) {
                found.append(try present(stored.value))
            }
        }
        if found.isEmpty, reference["parameterNotFoundAction"]?.string == "Deny" {
            throw PolicyConfigurationError(
                message: "no params found for policy binding with `Deny` parameterNotFoundAction")
        }
        return found
    }
}
