import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore
import Synchronization

public enum AdmissionOperation: String, Sendable {
    case create = "CREATE"
    case update = "UPDATE"
    case delete = "DELETE"
    case connect = "CONNECT"
}

/// What a plug-in may know of the write that it judges.
public struct AdmissionAttributes: Sendable {
    public var operation: AdmissionOperation
    public var resource: ResourceInfo
    public var namespace: String
    public var name: String
    public var subresource: String
    public var user: UserInfo
    public var dryRun: Bool
    /// The stored object on update and delete.
    public var old: JSON?
    /// Texts for `Warning` headers of the answer.
    let warnings = AdmissionWarnings()
    let reinvocation = AdmissionReinvocation()

    /// Whether the write is to the resource itself and not to a subresource.
    func isMain(_ group: String, _ plural: String) -> Bool {
        subresource.isEmpty && resource.plural == plural && resource.group == group
    }
}

/// What plug-ins have to say to the client although the write goes on.
final class AdmissionWarnings: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}

/// One admission plug-in: first all change, then all judge, each in the order of the chain
/// (k8s.io/apiserver/pkg/admission).
public protocol AdmissionPlugin: Sendable {
    func admit(_ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry)
        throws(APIStatus)
    func validate(_ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry) throws(APIStatus)
}

extension AdmissionPlugin {
    public func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {}
    public func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {}
}

/// The plug-ins that are on by default, in upstream's order (pkg/kubeapiserver/options/plugins.go).
public struct AdmissionChain: Sendable {
    public let plugins: [any AdmissionPlugin]
    /// Whether writes are charged to the quotas of their namespace.
    let chargesQuota: Bool

    public init(_ plugins: [any AdmissionPlugin]) {
        self.plugins = plugins
        chargesQuota = plugins.contains { $0 is ResourceQuotaAdmission }
    }

    public static let standard = AdmissionChain([
        NamespaceLifecycle(),
        LimitRanger(),
        ServiceAccountAdmission(),
        TaintNodesByCondition(),
        PodSecurityAdmission(),
        PriorityAdmission(),
        DefaultTolerationSeconds(),
        DefaultStorageClass(),
        StorageObjectInUseProtection(),
        OwnerReferencesPermissionEnforcement(),
        PersistentVolumeClaimResize(),
        RuntimeClassAdmission(),
        CertificateRequester(),
        CertificateApproval(),
        CertificateSigningAdmission(),
        CertificateSubjectRestriction(),
        DefaultIngressClass(),
        MutatingPolicyAdmission(),
        MutatingWebhookAdmission(),
        // Upstream checks escalation where objects enter storage: after every plug-in that changes them.
        RBACEscalation(),
        ValidatingPolicyAdmission(),
        ValidatingWebhookAdmission(),
        ResourceQuotaAdmission(),
    ])

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        for plugin in plugins { try plugin.admit(&object, attributes, in: registry) }
        let isChanged = attributes.reinvocation.state.withLock { state in
            state.isSecondRound = state.isWanted
            return state.isWanted
        }
        guard isChanged else { return }
        for plugin in plugins { try plugin.admit(&object, attributes, in: registry) }
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        for plugin in plugins { try plugin.validate(object, attributes, in: registry) }
    }
}

extension Registry {
    /// The object of a built-in kind, for plug-ins that look at others.
    public func lookup(_ group: String, _ plural: String, _ key: String) -> JSON? {
        store.get(CollectionID(group: group, resource: plural), key: key)?.value
    }

    /// All objects of a built-in kind, of one namespace when one is named.
    public func objects(_ group: String, _ plural: String, in namespace: String? = nil) -> [JSON] {
        let snapshot = store.snapshot(CollectionID(group: group, resource: plural))
        // Most clusters have none of most kinds: asking costs next to nothing then.
        if snapshot.objects.isEmpty { return [] }
        return snapshot.page(prefix: namespace.map { $0 + "/" } ?? "").items.map(\.value)
    }
}
