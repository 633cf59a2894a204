import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import Synchronization

/// The state of a cluster's objects as Prometheus' text, under the names that kube-state-metrics gives them
/// (github.com/kubernetes/kube-state-metrics, docs/metrics).
///
/// What an object says is made once a revision of it: a scrape costs as much as there is to send.
public final class StateMetrics: Sendable {
    /// The lines of one object, by the families of its kind.
    private struct Kept: Sendable {
        var revision: UInt64
        var lines: [String]
    }

    private let store: Store
    /// By kind, then by key.
    private let kept = Mutex<[[String: Kept]]>(Array(repeating: [:], count: StateKind.all.count))

    public init(_ store: Store) { self.store = store }

    public var text: String {
        kept.withLock { kept in
            var output = ""
            for (index, kind) in StateKind.all.enumerated() {
                let objects = store.snapshot(kind.collection).page().items
                var present: [String: Kept] = [:]
                present.reserveCapacity(objects.count)
                for object in objects {
                    let old = kept[index][object.key]
                    present[object.key] =
                        old?.revision == object.revision
                        ? old : Kept(revision: object.revision, lines: kind.lines(of: object.value))
                }
                kept[index] = present
                for (family, definition) in kind.families.enumerated() {
                    output += definition.head
                    for object in objects { output += present[object.key]?.lines[family] ?? "" }
                }
            }
            return output
        }
    }
}

/// One object's value of one family.
struct StateSample {
    var labels: [(name: String, value: String)]
    var value: Double

    init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
        self.value = value
        self.labels = labels
    }

    init(_ holds: Bool, _ labels: [(name: String, value: String)] = []) { self.init(holds ? 1 : 0, labels) }
}

/// A metric, and what objects of a kind say of it.
struct StateFamily: Sendable {
    enum Form: String, Sendable { case gauge, counter }

    var name: String
    var form: Form
    var samples: @Sendable (JSON) -> [StateSample]

    init(
        _ name: String, _ form: Form = .gauge, _ samples: @escaping @Sendable (JSON) -> [StateSample]
    ) {
        (self.name, self.form, self.samples) = (name, form, samples)
    }

    /// Of a number in the object; absent where it is.
    init(_ name: String, at path: String..., otherwise: Double? = nil) {
        self.init(name) { object in
            var value: JSON? = object
            for field in path { value = value?[field] }
            let number = value?.int.map(Double.init) ?? otherwise
            return number.map { [StateSample($0)] } ?? []
        }
    }

    var head: String { "# TYPE \(name) \(form.rawValue)\n" }
}

/// A kind of object, and its families.
struct StateKind: Sendable {
    var collection: CollectionID
    /// The label that holds the object's name; the namespace's is `namespace`.
    var label: String
    var families: [StateFamily]

    static let all: [StateKind] =
        [nodes, namespaces, pods] + workloads + [services, autoscalers, budgets, claims, volumes, quotas]

    func lines(of object: JSON) -> [String] {
        let metadata = object["metadata"]
        var own: [(name: String, value: String)] = []
        if let namespace = metadata?["namespace"]?.string { own.append(("namespace", namespace)) }
        own.append((label, metadata?["name"]?.string ?? ""))
        if label == "pod" { own.append(("uid", metadata?["uid"]?.string ?? "")) }
        return families.map { family in
            family.samples(object).map { sample in
                let labels = (own + sample.labels).map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
                return "\(family.name){\(labels.joined(separator: ","))} \(Self.number(sample.value))\n"
            }.joined()
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 == 0x0A }) else { return text }
        return text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

// MARK: What many kinds have

extension StateFamily {
    /// When the object was created, in seconds.
    static func created(_ name: String) -> StateFamily {
        StateFamily(name) { object in time(object["metadata"]?["creationTimestamp"]) }
    }

    static func time(_ value: JSON?) -> [StateSample] {
        guard let time = value?.string.flatMap({ Timestamp($0) }) else { return [] }
        return [StateSample(Double(time.seconds))]
    }

    /// One sample for each of the phases; the object's own is 1.
    static func phase(_ name: String, of phases: [String]) -> StateFamily {
        StateFamily(name) { object in
            let own = object["status"]?["phase"]?.string ?? ""
            return own.isEmpty ? [] : phases.map { StateSample($0 == own, [("phase", $0)]) }
        }
    }

    /// One sample for each of the object's conditions and each status that they can have.
    static func conditions(_ name: String) -> StateFamily {
        StateFamily(name) { object in
            (object["status"]?["conditions"]?.array ?? []).flatMap { condition in
                ["True", "False", "Unknown"].map { status in
                    StateSample(
                        condition["status"]?.string == status,
                        [("condition", condition["type"]?.string ?? ""), ("status", status.lowercased())])
                }
            }
        }
    }

    /// Quantities by resource, in the units of kube-state-metrics.
    static func resources(_ quantities: JSON?, _ labels: [(name: String, value: String)] = [])
        -> [StateSample]
    {
        (quantities?.object?.sortedKeys ?? []).compactMap { name in
            guard let quantity = quantities?[name]?.string.flatMap({ Quantity($0) }) else { return nil }
            let unit =
                name == "cpu"
                ? "core" : name.contains("memory") || name.contains("storage") ? "byte" : "integer"
            let value = name == "cpu" ? Double(quantity.milliValue) / 1_000 : Double(quantity.wholeValue)
            return StateSample(
                value,
                labels + [
                    (
                        "resource",
                        name.replacing("-", with: "_").replacing(".", with: "_").replacing("/", with: "_")
                    ), ("unit", unit),
                ])
        }
    }
}
