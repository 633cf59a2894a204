import KubeJSON

public struct GroupKind: Hashable, Sendable, CustomStringConvertible {
    public let group: String
    public let kind: String
    public init(_ group: String, _ kind: String) {
        self.group = group
        self.kind = kind
    }
    /// As upstream writes it in messages: `Deployment.apps`, `Pod`.
    public var description: String { group.isEmpty ? kind : "\(kind).\(group)" }
}

public struct GroupResource: Hashable, Sendable, CustomStringConvertible {
    public let group: String
    public let resource: String
    public init(_ group: String, _ resource: String) {
        self.group = group
        self.resource = resource
    }
    /// As upstream writes it in messages: `deployments.apps`, `pods`.
    public var description: String { group.isEmpty ? resource : "\(resource).\(group)" }
}

public struct GroupVersionKind: Hashable, Sendable {
    public let group: String
    public let version: String
    public let kind: String
    public init(_ group: String, _ version: String, _ kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }
    public init(apiVersion: String, kind: String) {
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        group = parts.count == 2 ? String(parts[0]) : ""
        version = parts.last.map(String.init) ?? ""
        self.kind = kind
    }
    /// `apps/v1`, or `v1` for the core group.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// One resource of one API version: what discovery says of it, and its schema.
public struct ResourceInfo: Sendable {
    public struct Subresource: Sendable {
        /// Without the parent: `status`, `scale`, `token`.
        public let name: String
        public let kind: GroupVersionKind
        public let verbs: [String]
        public init(name: String, kind: GroupVersionKind, verbs: [String]) {
            self.name = name
            self.kind = kind
            self.verbs = verbs
        }
    }

    public let group: String
    public let version: String
    public let kind: String
    public let listKind: String
    public let plural: String
    public let singular: String
    public let isNamespaced: Bool
    public let shortNames: [String]
    public let categories: [String]
    public let verbs: [String]
    public let subresources: [Subresource]
    public let storageVersionHash: String
    public let schema: Schema
    /// Unstructured: list items carry kind and apiVersion, unknown fields follow the CRD's schema.
    public let isCustom: Bool
    /// For custom resources: the version in which objects are stored; nil: this one.
    public var storageVersion: String?
    /// For custom resources with a scale subresource.
    public var scalePaths: ScalePaths?
    /// For custom resources: JSON paths that field selectors may name, without the leading dot.
    public var selectableFields: [String] = []
    /// For custom resources: the columns of tables after the name; nil: only the age.
    public var printerColumns: [CustomColumn]?
    /// For custom resources: their schema and rules.
    public var custom: CustomResource?

    public init(
        group: String, version: String, kind: String, listKind: String, plural: String, singular: String,
        isNamespaced: Bool, shortNames: [String], categories: [String], verbs: [String],
        subresources: [Subresource], storageVersionHash: String, schema: Schema, isCustom: Bool = false
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.listKind = listKind
        self.plural = plural
        self.singular = singular
        self.isNamespaced = isNamespaced
        self.shortNames = shortNames
        self.categories = categories
        self.verbs = verbs
        self.subresources = subresources
        self.storageVersionHash = storageVersionHash
        self.schema = schema
        self.isCustom = isCustom
    }

    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    public var groupVersionKind: GroupVersionKind { GroupVersionKind(group, version, kind) }
    /// What every answer about this resource warns of; empty when there is nothing.
    public var deprecationWarning: String {
        group.isEmpty && plural == "endpoints"
            ? "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice" : ""
    }
    public var groupKind: GroupKind { GroupKind(group, kind) }
    public var groupResource: GroupResource { GroupResource(group, plural) }
}
