import AegisPlatform
import KubeAPI
import KubeJSON
import KubeRegistry

/// What `aegis up` adds to a platform so that it can run on one machine: node groups where it names none,
/// and the storage classes that its claims ask for.
public struct PlatformPlan: Sendable {
    /// What is applied first: definitions, node groups, storage classes.
    public var provided: [Manifest]
    public var manifests: [Manifest]
    /// What was added and why; for people.
    public var notes: [String]
    public var problems: [ManifestProblem]

    /// The provisioner whose volumes are directories on this machine.
    public static let provisioner = "aegis.dev/directory"

    /// - Parameter random: makes as many letters and digits, for Secrets that want to be generated.
    public init(
        _ platform: Platform, present registry: Registry,
        random: @escaping (Int) -> String = GeneratedSecrets.systemRandom
    ) {
        let secrets = GeneratedSecrets(random: random) { namespace, name in
            registry.lookup("", "secrets", namespace + "/" + name)
        }.fill(platform.manifests)
        manifests = secrets.manifests
        problems = platform.problems + secrets.problems
        notes = []
        provided = []
        serveClasses()
        keepScale(registry)
        var own: [JSON] = [NodeGroup.definition]

        let written = manifests.filter { $0.group == NodeGroup.group && $0.kind == NodeGroup.kind }
        for manifest in written {
            do throws(NodeGroup.Problem) { _ = try NodeGroup(manifest.object) } catch {
                problems.append(ManifestProblem(manifest, field: error.field, error.message))
            }
        }
        if written.isEmpty {
            if !platform.tableGroups.isEmpty {
                own += platform.tableGroups.map { Self.placed($0) }
                let names = platform.tableGroups.map(\.name).joined(separator: ", ")
                notes.append("node groups from the document's table: \(names)")
            } else if registry.objects("", "nodes").isEmpty {
                own.append(Self.placed(Self.usualGroup))
                notes.append("no node groups are given: one of three m5.xlarge nodes is used")
            }
        }
        let classes = Self.missingClasses(manifests, registry)
        for name in classes { own.append(Self.storageClass(name, isDefault: false)) }
        if !Self.hasClasses(manifests, registry) {
            own.removeAll { $0["kind"]?.string == "StorageClass" && $0.name == Self.usualClass }
            own.append(Self.storageClass(Self.usualClass, isDefault: true))
        }
        if !classes.isEmpty {
            notes.append("storage classes served by directories here: \(classes.joined(separator: ", "))")
        }
        provided = own.compactMap { object in
            ManifestReader.read(YAML.string(object), file: "aegis", format: .yaml).manifests.first
        }
    }

    /// Classes of a cloud are served by directories of this machine; of what they say of disks nothing is left.
    private mutating func serveClasses() {
        for (index, manifest) in manifests.enumerated()
        where manifest.group == "storage.k8s.io" && manifest.kind == "StorageClass" {
            let given = manifest.object["provisioner"]?.string ?? ""
            guard !given.isEmpty, given != Self.provisioner, given != "kubernetes.io/no-provisioner" else {
                continue
            }
            var object = manifest.object
            object.set(.string(Self.provisioner), at: "provisioner")
            object.removeValue(forKey: "parameters")
            manifests[index] = manifest.replacing(object)
            notes.append(
                "storage class \(object.name) is served by directories here, and not by \(given)")
        }
    }

    /// What an autoscaler made of a workload stays: the number in the manifest is where it began.
    private mutating func keepScale(_ registry: Registry) {
        func space(_ object: JSON) -> String { object.namespace.isEmpty ? "default" : object.namespace }
        let written = manifests.filter { $0.group == "autoscaling" }.map(\.object)
        let scaled = Set(
            (written + registry.objects("autoscaling", "horizontalpodautoscalers")).map { scaler in
                let target = scaler["spec"]?["scaleTargetRef"]
                return [space(scaler), target?["kind"]?.string ?? "", target?["name"]?.string ?? ""]
            })
        for (index, manifest) in manifests.enumerated()
        where scaled.contains([space(manifest.object), manifest.kind, manifest.object.name]) {
            let key = space(manifest.object) + "/" + manifest.object.name
            guard
                let plural = registry.resources.resources.first(where: {
                    $0.group == manifest.group && $0.kind == manifest.kind
                })?.plural,
                let replicas = registry.lookup(manifest.group, plural, key)?["spec"]?["replicas"]
            else { continue }
            var object = manifest.object
            object.set(replicas, at: "spec", "replicas")
            manifests[index] = manifest.replacing(object)
        }
    }

    private static func placed(_ group: JSON) -> JSON {
        var group = group
        group.setMetadata("namespace", "kube-system")
        return group
    }

    private static let usualGroup: JSON = [
        "apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": ["name": "nodes"],
        "spec": ["role": "Node", "machineType": "m5.xlarge", "minSize": 3, "maxSize": 3],
    ]

    /// Names that claims ask for and nobody defines, in order.
    private static func missingClasses(_ manifests: [Manifest], _ registry: Registry) -> [String] {
        var wanted: [String] = []
        func want(_ claim: JSON?) {
            if let name = claim?["spec"]?["storageClassName"]?.string, !name.isEmpty, !wanted.contains(name) {
                wanted.append(name)
            }
        }
        for manifest in manifests {
            switch manifest.kind {
            case "PersistentVolumeClaim": want(manifest.object)
            case "StatefulSet":
                for claim in manifest.object["spec"]?["volumeClaimTemplates"]?.array ?? [] { want(claim) }
            default: break
            }
        }
        let defined = Set(manifests.filter { $0.kind == "StorageClass" }.map(\.object.name))
        let volumes = Set(
            manifests.filter { $0.kind == "PersistentVolume" }.compactMap {
                $0.object["spec"]?["storageClassName"]?.string
            })
        return wanted.filter { name in
            !defined.contains(name) && !volumes.contains(name)
                && registry.lookup("storage.k8s.io", "storageclasses", name) == nil
        }
    }

    /// Whether somebody has thought of storage classes: then claims that name none are theirs to serve.
    private static func hasClasses(_ manifests: [Manifest], _ registry: Registry) -> Bool {
        manifests.contains { $0.group == "storage.k8s.io" && $0.kind == "StorageClass" }
            || !registry.objects("storage.k8s.io", "storageclasses").isEmpty
    }

    /// What claims get that name no class, where nobody has defined any; most tools for small clusters have it.
    private static let usualClass = "standard"

    private static func storageClass(_ name: String, isDefault: Bool) -> JSON {
        var metadata: JSON = ["name": .string(name)]
        if isDefault { metadata["annotations"] = ["storageclass.kubernetes.io/is-default-class": "true"] }
        return [
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": metadata,
            "provisioner": .string(provisioner), "reclaimPolicy": "Delete",
            "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": true,
        ]
    }
}
