import KubeAPI
import KubeJSON

/// Holds pods to the Pod Security Standards that their namespace's labels ask for
/// (k8s.io/pod-security-admission/admission). Nothing is exempt and nothing is asked for by default.
struct PodSecurityAdmission: AdmissionPlugin {
    private static let ignoredSubresources: Set<String> = [
        "exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status",
    ]
    /// How many pods of a namespace are looked at when its labels change.
    private static let mostPods = 3_000

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create || attributes.operation == .update else { return }
        let resource = attributes.resource
        switch (resource.group, resource.plural) {
        case ("", "pods"): try validatePod(object, attributes, registry)
        case ("", "namespaces"): try validateNamespace(object, attributes, registry)
        case ("", "podtemplates"): validateTemplate(object["template"], attributes, registry)
        case ("", "replicationcontrollers"), ("apps", "deployments"), ("apps", "replicasets"),
            ("apps", "statefulsets"), ("apps", "daemonsets"), ("batch", "jobs"):
            validateTemplate(object["spec"]?["template"], attributes, registry)
        case ("batch", "cronjobs"):
            validateTemplate(object.at("spec", "jobTemplate", "spec", "template"), attributes, registry)
        default: return
        }
    }

    private func policy(
        _ attributes: AdmissionAttributes, _ registry: Registry
    ) -> (policy: PodSecurityPolicy, errors: [FieldError]) {
        let namespace = registry.lookup("", "namespaces", attributes.namespace)
        return PodSecurityPolicy.read(labels: namespace?["metadata"]?["labels"]?.object)
    }

    private func validatePod(
        _ pod: JSON, _ attributes: AdmissionAttributes, _ registry: Registry
    ) throws(APIStatus) {
        if Self.ignoredSubresources.contains(attributes.subresource) { return }
        let (policy, errors) = policy(attributes, registry)
        if errors.isEmpty, policy.isPrivileged { return }
        if attributes.operation == .update, let old = attributes.old, !isSignificant(pod, old) { return }
        let spec = pod["spec"] ?? [:]
        let found = PodSecurityStandards.violations(
            of: policy.enforce, metadata: pod["metadata"], spec: spec)
        if !found.isEmpty {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "violates PodSecurity \"\(policy.enforce)\": \(PodSecurityStandards.details(found))")
        }
        if policy.warn != policy.enforce { warn(policy, pod["metadata"], spec, attributes) }
    }

    private func validateTemplate(
        _ template: JSON?, _ attributes: AdmissionAttributes, _ registry: Registry
    ) {
        guard attributes.subresource.isEmpty, let spec = template?["spec"] else { return }
        warn(policy(attributes, registry).policy, template?["metadata"], spec, attributes)
    }

    private func warn(
        _ policy: PodSecurityPolicy, _ metadata: JSON?, _ spec: JSON, _ attributes: AdmissionAttributes
    ) {
        let found = PodSecurityStandards.violations(of: policy.warn, metadata: metadata, spec: spec)
        if found.isEmpty { return }
        attributes.notes.warn(
            "would violate PodSecurity \"\(policy.warn)\": \(PodSecurityStandards.details(found))")
    }

    /// Whether an update runs something else than before: other images, or containers that were not there.
    private func isSignificant(_ new: JSON, _ old: JSON) -> Bool {
        func images(_ pod: JSON, _ list: String) -> [JSON?] {
            (pod["spec"]?[list]?.array ?? []).map { $0["image"] }
        }
        for list in ["containers", "initContainers"] where images(new, list) != images(old, list) {
            return true
        }
        let before = old["spec"]?["ephemeralContainers"]?.array ?? []
        return (new["spec"]?["ephemeralContainers"]?.array ?? []).contains { container in
            guard let known = before.first(where: { $0["name"] == container["name"] }) else { return true }
            return known["image"] != container["image"]
        }
    }

    // MARK: Namespaces

    private func validateNamespace(
        _ namespace: JSON, _ attributes: AdmissionAttributes, _ registry: Registry
    ) throws(APIStatus) {
        guard attributes.subresource.isEmpty else { return }
        let labels = namespace["metadata"]?["labels"]
        let oldLabels = attributes.old?["metadata"]?["labels"]
        if attributes.operation == .update, labels == oldLabels { return }
        let new = PodSecurityPolicy.read(labels: labels?.object)
        let old = PodSecurityPolicy.read(labels: oldLabels?.object)
        if !new.errors.isEmpty,
            attributes.operation == .create
                || new.errors.map(\.description) != old.errors.map(\.description)
        {
            throw .invalid(attributes.resource.groupKind, attributes.name, new.errors)
        }
        guard attributes.operation == .update else { return }
        let standard = new.policy.enforce
        let before = old.policy.enforce
        if standard == before || standard.level == .privileged { return }
        if standard.minor == before.minor, standard.level <= before.level { return }
        warnOfPods(in: namespace.name, standard, attributes, registry)
    }

    /// Says which pods would not be let in any more.
    private func warnOfPods(
        in namespace: String, _ standard: PodSecurityStandard, _ attributes: AdmissionAttributes,
        _ registry: Registry
    ) {
        let pods = prioritized(registry.objects("", "pods", in: namespace))
        var found: [String: (first: String, count: Int)] = [:]
        for pod in pods.prefix(Self.mostPods) {
            let violations = PodSecurityStandards.violations(
                of: standard, metadata: pod["metadata"], spec: pod["spec"] ?? [:])
            if violations.isEmpty { continue }
            let reasons = PodSecurityStandards.reasons(violations)
            let known = found[reasons]
            let name = pod.name
            found[reasons] = (
                known.map { utf8Less(name, $0.first) ? name : $0.first } ?? name, (known?.count ?? 0) + 1
            )
        }
        if pods.count > Self.mostPods {
            attributes.notes.warn(
                "new PodSecurity enforce level only checked against the first \(Self.mostPods) of \(pods.count) existing pods"
            )
        }
        if found.isEmpty { return }
        attributes.notes.warn(
            "existing pods in namespace \"\(namespace)\" violate the new PodSecurity enforce level \"\(standard)\""
        )
        let lines = found.map { reasons, pods in
            switch pods.count {
            case 1: "\(pods.first): \(reasons)"
            case 2: "\(pods.first) (and 1 other pod): \(reasons)"
            default: "\(pods.first) (and \(pods.count - 1) other pods): \(reasons)"
            }
        }
        for line in lines.sorted(by: utf8Less) { attributes.notes.warn(line) }
    }

    /// One pod of each controller first: its others are alike.
    private func prioritized(_ pods: [JSON]) -> [JSON] {
        var seen: Set<String> = []
        var first: [JSON] = []
        var others: [JSON] = []
        for pod in pods {
            let owners = pod["metadata"]?["ownerReferences"]?.array
            let owner = owners?.first { $0["controller"]?.bool == true }?["uid"]?.string
            if let owner, !seen.insert(owner).inserted { others.append(pod) } else { first.append(pod) }
        }
        return first + others
    }
}
