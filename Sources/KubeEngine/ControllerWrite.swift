import KubeAPI
import KubeJSON
import KubeRegistry

/// One write that a controller asks for, by the API's own names.
public struct ControllerWrite: Sendable {
    public enum Operation: Sendable {
        case create(JSON)
        /// The whole object; with a resourceVersion it must still be at that version.
        case update(JSON)
        /// A JSON merge patch (RFC 7386); with a resourceVersion likewise.
        case patch(JSON)
        case delete(DeleteOptions)
        /// Gives a pod to a node (pods/binding).
        case bind(node: String)
        /// Deletes a pod if its disruption budget allows (pods/eviction).
        case evict(DeleteOptions)

        var isBinding: Bool {
            if case .bind = self { true } else { false }
        }

        public var verb: String {
            switch self {
            case .create: "create"
            case .update: "update"
            case .patch: "patch"
            case .delete: "delete"
            case .bind: "bind"
            case .evict: "evict"
            }
        }
    }

    public var group: String
    public var version: String
    public var plural: String
    public var namespace: String
    public var name: String
    /// Empty for the object itself; `status`, `finalize`, `scale` otherwise.
    public var subresource = ""
    public var operation: Operation
    /// The writes after this one are made even when it fails; the key is tried again all the same.
    public var letsOthersGoOn = false
    /// A create that finds the object there has done its work.
    public var existingIsDone = false
    /// Recorded when the write succeeds.
    public var onSuccess: RecordedEvent?
    /// Recorded when the write is refused.
    public var onFailure: RecordedEvent?

    public init(
        group: String, version: String, plural: String, namespace: String = "", name: String,
        subresource: String = "", _ operation: Operation
    ) {
        self.group = group
        self.version = version
        self.plural = plural
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
        self.operation = operation
    }

    public init(
        _ resource: ResourceInfo, namespace: String, name: String, subresource: String = "",
        _ operation: Operation
    ) {
        self.init(
            group: resource.group, version: resource.version, plural: resource.plural, namespace: namespace,
            name: name, subresource: subresource, operation)
    }

    /// The same write, which says what came of it.
    public func recording(_ success: RecordedEvent?, orFailure failure: RecordedEvent? = nil)
        -> ControllerWrite
    {
        var write = self
        write.onSuccess = success
        write.onFailure = failure
        return write
    }

    /// Deletes an object if it is still the one with this uid.
    public static func delete(
        _ resource: (group: String, version: String, plural: String), namespace: String, name: String,
        uid: String,
        propagation: String? = nil, gracePeriodSeconds: Int? = nil
    ) -> ControllerWrite {
        var options = DeleteOptions()
        options.preconditionUID = uid.isEmpty ? nil : uid
        options.propagationPolicy = propagation
        options.gracePeriodSeconds = gracePeriodSeconds
        return ControllerWrite(
            group: resource.group, version: resource.version, plural: resource.plural, namespace: namespace,
            name: name, .delete(options))
    }

    /// Replaces the status of an object.
    public static func updateStatus(
        _ resource: ResourceInfo, namespace: String = "", name: String, _ object: JSON
    ) -> ControllerWrite {
        ControllerWrite(resource, namespace: namespace, name: name, subresource: "status", .update(object))
    }
}

extension ControllerWrite: CustomStringConvertible {
    /// The verb and the object's path, and what is written: one line of a trace.
    public var description: String {
        var path = group.isEmpty ? "\(plural)/\(version)" : "\(plural).\(group)/\(version)"
        if !namespace.isEmpty { path += " \(namespace)" }
        path += " \(name)"
        if !subresource.isEmpty { path += " \(subresource)" }
        switch operation {
        case .create(let body), .update(let body), .patch(let body):
            return "\(operation.verb) \(path) \(JSONWriter.string(body))"
        case .delete(let options):
            return "delete \(path) \(options.propagationPolicy ?? "")"
        case .bind(let node): return "bind \(path) \(node)"
        case .evict: return "evict \(path)"
        }
    }
}
