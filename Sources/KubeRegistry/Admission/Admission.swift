import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore

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
    /// The name was made from `generateName`, which webhooks that change objects do not see yet.
    var hasGeneratedName = false
    /// On `scale`: what others see of the object is a Scale.
    var scale: ScalePaths?
    /// What the request's options say (meta/v1 CreateOptions and the like), without their kind.
    var options: JSONObject = [:]
    /// Whether the thread may be blocked until webhooks have answered.
    var mayWait = true
    /// The server's own write, which upstream makes without admission.
    var skipsWebhooks = false
    let notes = AdmissionNotes()

    /// Whether the write is to the resource itself and not to a subresource.
    func isMain(_ group: String, _ plural: String) -> Bool {
        subresource.isEmpty && resource.plural == plural && resource.group == group
    }

    /// The kind of the object that is admitted: on some subresources another than the resource's.
    func kind(of resource: ResourceInfo) -> GroupVersionKind {
        if subresource.isEmpty { return resource.groupVersionKind }
        return resource.subresources.first { $0.name == subresource }?.kind ?? resource.groupVersionKind
    }

    var hasOwnKind: Bool { kind(of: resource) != resource.groupVersionKind }

    /// The stored object as webhooks see it.
    var shownOld: JSON? { old.map { old in scale.map { $0.scale(of: old) } ?? old } }
}

/// One admission plug-in: first all change, then all judge, each in the order of the chain
/// (k8s.io/apiserver/pkg/admission).
public protocol AdmissionPlugin: Sendable {
    /// Whether it is also asked about objects that are no resource's own: a Binding, the options of `exec`.
    var takesAnyObject: Bool { get }
    func admit(_ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry)
        throws(APIStatus)
    func validate(_ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry) throws(APIStatus)
}

extension AdmissionPlugin {
    public var takesAnyObject: Bool { false }
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
        guard attributes.notes.beginReinvocation() else { return }
        for plugin in plugins { try plugin.admit(&object, attributes, in: registry) }
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        for plugin in plugins { try plugin.validate(object, attributes, in: registry) }
    }

    /// Asks only those that look at any object.
    func admitAny(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        let chain = AdmissionChain(plugins.filter(\.takesAnyObject))
        try chain.admit(&object, attributes, in: registry)
        try chain.validate(object, attributes, in: registry)
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
