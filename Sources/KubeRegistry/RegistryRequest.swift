import KubeAPI
import KubeAuth
import KubeJSON

/// What becomes of fields that the schema does not know, by the query parameter `fieldValidation`.
public enum FieldValidation: String, Sendable {
    case ignore = "Ignore"
    case warn = "Warn"
    case strict = "Strict"
}

/// Who asks for what: the part of a request that every operation needs.
public struct RegistryRequest: Sendable {
    public var resource: ResourceInfo
    public var namespace: String
    /// Empty on create and for collections.
    public var name: String
    public var subresource: String
    public var user: UserInfo
    /// The query's `fieldManager`, else the first word of the user agent.
    public var manager: String
    public var dryRun = false
    public var fieldValidation = FieldValidation.warn
    /// Texts for `Warning` headers.
    public var warnings: [String] = []
    /// The write may reach the journal later, with others: the caller tells nobody of it before it has flushed
    /// the store.
    public var isDeferred = false
    /// Whether the thread may be blocked while webhooks are asked. Where it may not be, the operation ends with
    /// an error that says so (`asksToWait`) before it has changed anything.
    public var mayWait = true
    /// What the options say that came with the request (fieldManager, fieldValidation), for webhooks.
    public var options: JSONObject = [:]
    /// Annotations for the audit event.
    public var auditAnnotations: [(key: String, value: String)] = []
    /// The server's own write, which upstream makes without admission.
    var skipsWebhooks = false
    /// The object is read and written as it is stored, in whichever version that is.
    var isRaw = false
    /// The change is made from the object as it is (a patch), so it can be made again after a lost race.
    var isRepeatable = false
    /// The server's own write of a ClusterRole that is the sum of others.
    var isAggregation = false
    /// The type of the decoded body when lists in it are empty rather than absent.
    var schemaOfEmptyLists: Schema?
    /// Repeated keys of the body, found by the parser.
    public var duplicateKeys: [String] = []

    public init(
        resource: ResourceInfo, namespace: String = "", name: String = "", subresource: String = "",
        user: UserInfo, manager: String
    ) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
        self.user = user
        self.manager = manager
    }

    public mutating func warn(_ text: String) {
        if !warnings.contains(text) { warnings.append(text) }
    }

    var groupResource: GroupResource { resource.groupResource }

    func attributes(_ operation: AdmissionOperation, name: String, old: JSON? = nil) -> AdmissionAttributes {
        var attributes = AdmissionAttributes(
            operation: operation, resource: resource, namespace: namespace, name: name,
            subresource: operation == .create ? "" : subresource, user: user, dryRun: dryRun, old: old)
        attributes.options = options
        attributes.mayWait = mayWait
        attributes.skipsWebhooks = skipsWebhooks
        return attributes
    }

    mutating func take(_ notes: AdmissionNotes) {
        for warning in notes.warnings { warn(warning) }
        auditAnnotations += notes.annotations
    }
}

/// What a delete is to do (meta/v1 DeleteOptions).
public struct DeleteOptions: Sendable {
    public var gracePeriodSeconds: Int?
    public var propagationPolicy: String?
    public var preconditionUID: String?
    public var preconditionResourceVersion: String?

    public init() {}

    /// As webhooks are told of them.
    var members: JSONObject {
        var members: JSONObject = [:]
        if let gracePeriodSeconds { members["gracePeriodSeconds"] = .integer(Int64(gracePeriodSeconds)) }
        var preconditions: JSONObject = [:]
        if let preconditionUID { preconditions["uid"] = .string(preconditionUID) }
        if let preconditionResourceVersion {
            preconditions["resourceVersion"] = .string(preconditionResourceVersion)
        }
        if !preconditions.isEmpty { members["preconditions"] = .object(preconditions) }
        if let propagationPolicy { members["propagationPolicy"] = .string(propagationPolicy) }
        return members
    }
}
