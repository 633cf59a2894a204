import KubeAPI
import KubeJSON

/// One webhook of a configuration, read once.
struct AdmissionHook: Sendable {
    struct Rule: Sendable {
        let groups: [String]
        let versions: [String]
        let operations: [String]
        let resources: [(plural: String, subresource: String)]
        let scope: String

        init(_ rule: JSON) {
            func texts(_ key: String) -> [String] { (rule[key]?.array ?? []).compactMap(\.string) }
            groups = texts("apiGroups")
            versions = texts("apiVersions")
            operations = texts("operations")
            resources = texts("resources").map { text in
                let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            }
            scope = rule["scope"]?.string ?? "*"
        }

        func fits(_ attributes: AdmissionAttributes, as resource: ResourceInfo) -> Bool {
            func lists(_ list: [String], _ wanted: String) -> Bool {
                list.contains { $0 == "*" || $0 == wanted }
            }
            // A namespace lies in no namespace.
            let isInside = !attributes.namespace.isEmpty && !attributes.isNamespace
            switch scope {
            case "Namespaced": if !isInside { return false }
            case "Cluster": if isInside { return false }
            default: break
            }
            return lists(operations, attributes.operation.rawValue) && lists(groups, resource.group)
                && lists(versions, resource.version)
                && resources.contains {
                    ($0.plural == "*" || $0.plural == resource.plural)
                        && ($0.subresource == "*" || $0.subresource == attributes.subresource)
                }
        }
    }

    /// Configuration, name, and which of several with that name.
    let id: String
    let configuration: String
    let name: String
    let rules: [Rule]
    let matchesEquivalents: Bool
    /// nil where everything is selected.
    let namespaceSelector: LabelSelector?
    let objectSelector: LabelSelector?
    /// nil where there are none.
    let conditions: CompiledAdmissionPolicy?
    let ignoresFailure: Bool
    let isReinvoked: Bool
    /// Seconds.
    let timeout: Int
    let sideEffects: String?
    /// The first version of AdmissionReview that both sides know.
    let reviewVersion: String?
    /// nil where the configuration names neither a URL nor a Service.
    let place: WebhookCall.Place?
    /// PEM; empty for those that the machine trusts.
    let authorities: [UInt8]

    init(_ hook: JSON, configuration: String, index: Int) {
        name = hook["name"]?.string ?? ""
        id = "\(configuration)/\(name)/\(index)"
        self.configuration = configuration
        rules = (hook["rules"]?.array ?? []).map(Rule.init)
        matchesEquivalents = hook["matchPolicy"]?.string != "Exact"
        namespaceSelector = Self.selector(hook["namespaceSelector"])
        objectSelector = Self.selector(hook["objectSelector"])
        let conditions = hook["matchConditions"]?.array ?? []
        let failurePolicy = hook["failurePolicy"]?.string ?? "Fail"
        self.conditions =
            conditions.isEmpty
            ? nil
            : CompiledAdmissionPolicy(
                ["spec": ["matchConditions": .array(conditions), "failurePolicy": .string(failurePolicy)]],
                isMutating: false)
        ignoresFailure = failurePolicy == "Ignore"
        isReinvoked = hook["reinvocationPolicy"]?.string == "IfNeeded"
        timeout = hook["timeoutSeconds"]?.int ?? 10
        sideEffects = hook["sideEffects"]?.string
        reviewVersion = (hook["admissionReviewVersions"]?.array ?? []).lazy.compactMap(\.string).first {
            $0 == "v1" || $0 == "v1beta1"
        }
        let client = hook["clientConfig"] ?? [:]
        place = WebhookCall.Place(clientConfig: client)
        authorities = client["caBundle"]?.string.flatMap(Base64.decode) ?? []
    }

    private static func selector(_ document: JSON?) -> LabelSelector? {
        guard let members = document?.object, !members.isEmpty else { return nil }
        return try? LabelSelector(object: document)
    }
}

extension WebhookCall.Place {
    /// - Returns: nil where neither a URL nor a Service is named.
    init?(clientConfig: JSON) {
        if let service = clientConfig["service"], !service.isNull {
            self = .service(
                namespace: service["namespace"]?.string ?? "", name: service["name"]?.string ?? "",
                port: service["port"]?.int ?? 443, path: service["path"]?.string ?? "")
        } else if let url = clientConfig["url"]?.string, !url.isEmpty {
            self = .url(url)
        } else {
            return nil
        }
    }
}

extension AdmissionAttributes {
    var isNamespace: Bool { resource.group.isEmpty && resource.plural == "namespaces" }

    /// What admission itself is configured by is not asked about, nor are questions that are stored nowhere:
    /// nobody could undo a mistake.
    var isExemptFromWebhooks: Bool {
        switch resource.group {
        case "admissionregistration.k8s.io":
            return isPolicyItself || resource.kind == "ValidatingWebhookConfiguration"
                || resource.kind == "MutatingWebhookConfiguration"
        case "authentication.k8s.io", "authorization.k8s.io": return true
        default: return false
        }
    }
}
