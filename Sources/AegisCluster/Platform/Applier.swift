import AegisPlatform
import KubeAPI
import KubeAuth
import KubeControllers
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Brings a platform's objects into a cluster by server-side apply, all of them or none.
public struct Applier: Sendable {
    public static let manager = "aegis-up"
    static let user = UserInfo(name: "kubernetes-admin", groups: [Group.masters, Group.authenticated])

    /// One object that was applied.
    public struct Applied: Sendable {
        public let manifest: Manifest
        public let group: String
        public let plural: String
        /// `namespace/name` or `name`.
        public let key: String
        public let isCreated: Bool
        public let warnings: [String]
    }

    private let registry: Registry

    public init(_ registry: Registry) { self.registry = registry }

    /// Tries every object on a copy of the cluster, so that what refers to an object of the same platform
    /// finds it there.
    /// - Returns: everything that the cluster would refuse, with the line of the field that is wrong.
    public func problems(of manifests: [Manifest]) throws -> [ManifestProblem] {
        let registry = try registry.copy()
        let copy = Applier(registry)
        // The accounts of new namespaces, without which the cluster would refuse pods.
        let loop = try ControllerLoop([ServiceAccountController()], registry: registry)
        defer { loop.stop() }
        var problems: [ManifestProblem] = []
        for manifest in Self.ordered(manifests) {
            do throws(APIStatus) { _ = try copy.apply(manifest) } catch {
                problems += Self.problems(manifest, error)
            }
            if manifest.kind == "Namespace" { loop.pump(now: Timestamp(seconds: 0), limit: 100) }
        }
        return problems
    }

    /// Applies the objects: namespaces and definitions first, the rest as written.
    /// - Throws: `ManifestProblem`, or what ended the waiting for a namespace's account.
    public func apply(_ manifests: [Manifest], changes: StoreChanges) async throws -> [Applied] {
        var applied: [Applied] = []
        for manifest in Self.ordered(manifests) {
            do throws(APIStatus) {
                applied.append(try apply(manifest))
            } catch {
                throw Self.problems(manifest, error)[0]
            }
            if manifest.group.isEmpty, manifest.kind == "Namespace" {
                let account = manifest.object.name + "/default"
                try await changes.wait(until: { registry.lookup("", "serviceaccounts", account) != nil })
            }
        }
        return applied
    }

    package static func ordered(_ manifests: [Manifest]) -> [Manifest] {
        func rank(_ manifest: Manifest) -> Int {
            switch (manifest.group, manifest.kind) {
            case ("", "Namespace"): 0
            case ("apiextensions.k8s.io", "CustomResourceDefinition"): 1
            case ("scheduling.k8s.io", "PriorityClass"), ("storage.k8s.io", "StorageClass"): 2
            case ("", "ServiceAccount"), ("", "ConfigMap"), ("", "Secret"), ("", "LimitRange"): 3
            default: 4
            }
        }
        return manifests.enumerated().sorted {
            (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
        }.map(\.element)
    }

    package func apply(_ manifest: Manifest) throws(APIStatus) -> Applied {
        guard
            let resource = registry.resources.resources.first(where: {
                $0.group == manifest.group && $0.version == manifest.version && $0.kind == manifest.kind
            })
        else {
            throw .badRequest(
                "no matches for kind \"\(manifest.kind)\" in version \"\(manifest.apiVersion)\"")
        }
        var object = manifest.object
        guard !object.name.isEmpty else {
            throw .badRequest("the object has no metadata.name: it could not be found again")
        }
        let namespace =
            !resource.isNamespaced ? "" : object.namespace.isEmpty ? "default" : object.namespace
        if resource.isNamespaced { object.setMetadata("namespace", .string(namespace)) }
        var request = RegistryRequest(
            resource: resource, namespace: namespace, name: object.name, user: Self.user,
            manager: Self.manager)
        request.fieldValidation = .strict
        let written = try registry.patch(&request, .apply(object, force: true))
        return Applied(
            manifest: manifest, group: StorageLocation(resource).group, plural: resource.plural,
            key: namespace.isEmpty ? object.name : "\(namespace)/\(object.name)",
            isCreated: written.isCreated, warnings: request.warnings)
    }

    /// One problem for each cause that the server names.
    package static func problems(_ manifest: Manifest, _ error: APIStatus) -> [ManifestProblem] {
        let causes = error.details?["causes"]?.array ?? []
        let found = causes.compactMap { cause -> ManifestProblem? in
            guard let field = cause["field"]?.string, !field.isEmpty, let message = cause["message"]?.string
            else { return nil }
            return ManifestProblem(manifest, field: field, "\(field): \(message)")
        }
        return found.isEmpty ? [ManifestProblem(manifest, error.message)] : found
    }
}

extension Registry {
    /// A cluster of its own in memory with the same objects and the same rules.
    func copy() throws -> Registry {
        let copy = try Store()
        for (collection, _) in store.counts {
            for object in store.snapshot(collection).page().items {
                try copy.create(collection, key: object.key, EncodedObject(object.value))
            }
        }
        let (authorizer, policy) = (authorizer, policy)
        return Registry(
            store: copy, environment: environment, allocators: ServiceAllocators(range: allocators.range),
            authorizer: authorizer, policy: policy)
    }
}
