import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What a service publishes of a pod, read once from each version of it.
final class ServicePod: Sendable {
    struct NamedPort: Equatable, Sendable {
        let name: String
        let transport: String
        let number: Int
    }

    let name: String
    let namespace: String
    let uid: String
    let nodeName: String
    let labels: JSONObject
    let isReady: Bool
    let isTerminating: Bool
    let isFinished: Bool
    /// When `Ready` last changed.
    let readySince: Timestamp?
    /// Canonical, in the pod's order.
    let addresses4: [String]
    let addresses6: [String]
    let hasAddress: Bool
    let hostname: String
    let subdomain: String
    /// Of the containers, then of the sidecars.
    let ports: [NamedPort]

    init(_ pod: PodSummary) {
        let value = pod.value
        let spec = value["spec"]
        let status = value["status"]
        name = pod.name
        namespace = pod.namespace
        uid = pod.uid
        nodeName = pod.nodeName
        labels = pod.labels
        isReady = pod.isReady
        isTerminating = pod.isTerminating
        isFinished = pod.isFinished
        readySince = pod.readySince
        hostname = spec?["hostname"]?.string ?? ""
        subdomain = spec?["subdomain"]?.string ?? ""
        var four: [String] = []
        var six: [String] = []
        let list = status?["podIPs"]?.array ?? []
        for entry in list {
            guard let address = entry["ip"]?.string.flatMap({ IPAddress($0) }) else { continue }
            if address.isIPv4 { four.append(address.description) } else { six.append(address.description) }
        }
        addresses4 = four
        addresses6 = six
        hasAddress = !list.isEmpty || !(status?["podIP"]?.string ?? "").isEmpty
        var named: [NamedPort] = []
        func add(_ container: JSON) {
            for port in container["ports"]?.array ?? [] {
                guard let name = port["name"]?.string, let number = port["containerPort"]?.int else {
                    continue
                }
                named.append(
                    NamedPort(name: name, transport: port["protocol"]?.string ?? "TCP", number: number))
            }
        }
        for container in spec?["containers"]?.array ?? [] { add(container) }
        for container in spec?["initContainers"]?.array ?? []
        where container["restartPolicy"]?.string == "Always" { add(container) }
        ports = named
    }

    /// Whether a service would publish the same of both.
    func isPublished(as other: ServicePod) -> Bool {
        uid == other.uid && isReady == other.isReady && isTerminating == other.isTerminating
            && isFinished == other.isFinished && addresses4 == other.addresses4
            && addresses6 == other.addresses6 && hasAddress == other.hasAddress
            && nodeName == other.nodeName && hostname == other.hostname && subdomain == other.subdomain
    }

    /// The number that a service's port leads to in this pod (FindPort).
    func number(of target: JSON?, transport: String) -> Int? {
        guard let name = target?.string else { return target?.int }
        return ports.first { $0.name == name && $0.transport == transport }?.number
    }
}

/// Which pods each service selects, kept up with every event: finding the services of a pod takes as long as
/// the pod has labels, and finding the pods of a service as long as it has pods.
struct ServiceMembers: Sendable {
    private struct Entry: Sendable {
        var selector: JSONObject
        var term: String
        var pods = PersistentSortedMap<ServicePod>()
    }

    private var services: [String: Entry] = [:]
    /// Services by one of the labels they ask for, `namespace/key=value`.
    private var byTerm: [String: [String]] = [:]

    /// In order of key.
    func pods(of service: String) -> [ServicePod] {
        guard let entry = services[service] else { return [] }
        var pods: [ServicePod] = []
        pods.reserveCapacity(entry.pods.count)
        entry.pods.forEach { _, pod in
            pods.append(pod)
            return true
        }
        return pods
    }

    func count(of service: String) -> Int { services[service]?.pods.count ?? 0 }

    /// A service came, changed or went (no object).
    mutating func update(_ key: String, _ service: JSON?, _ view: ClusterView) {
        let selector = service?["spec"]?["selector"]?.object ?? [:]
        if services[key]?.selector == selector { return }
        if let old = services.removeValue(forKey: key) {
            byTerm[old.term]?.removeAll { $0 == key }
            if byTerm[old.term]?.isEmpty == true { byTerm.removeValue(forKey: old.term) }
        }
        guard let service, let first = selector.first else { return }
        let namespace = service.namespace
        var entry = Entry(
            selector: selector, term: Self.term(namespace, first.key, first.value.string ?? ""))
        for pod in view.pods(in: namespace) where Self.selects(selector, pod.labels) {
            entry.pods.insert(ServicePod(pod), for: pod.key)
        }
        services[key] = entry
        var keys = byTerm[entry.term] ?? []
        keys.insert(key, at: keys.firstIndex { utf8Less(key, $0) } ?? keys.endIndex)
        byTerm[entry.term] = keys
    }

    /// A pod's event.
    /// - Returns: the services that publish something else than before.
    mutating func update(_ event: ObjectEvent) -> [String] {
        if byTerm.isEmpty { return [] }
        var changed: [String] = []
        let key = event.object.key
        let pod = event.kind == .deleted ? nil : event.pod
        var facts: ServicePod?
        let now = pod.map { selecting($0.labels, $0.namespace) } ?? []
        for service in now {
            let present = facts ?? pod.map { ServicePod($0) }
            facts = present
            guard let present else { continue }
            let old = services[service]?.pods.insert(present, for: key)
            if old.map({ !$0.isPublished(as: present) }) ?? true { changed.append(service) }
        }
        guard let before = event.previousPod else { return changed }
        if let pod, pod.labels == before.labels { return changed }
        for service in selecting(before.labels, before.namespace) where !now.contains(service) {
            if services[service]?.pods.removeValue(for: key) != nil { changed.append(service) }
        }
        return changed
    }

    private func selecting(_ labels: JSONObject, _ namespace: String) -> [String] {
        var keys: [String] = []
        for (label, value) in labels {
            guard let candidates = byTerm[Self.term(namespace, label, value.string ?? "")] else { continue }
            for key in candidates where services[key].map({ Self.selects($0.selector, labels) }) == true {
                keys.append(key)
            }
        }
        return keys
    }

    private static func term(_ namespace: String, _ label: String, _ value: String) -> String {
        "\(namespace)/\(label)=\(value)"
    }

    private static func selects(_ selector: JSONObject, _ labels: JSONObject) -> Bool {
        for (key, value) in selector where labels[key] != value { return false }
        return true
    }
}

/// When what the endpoints of a service follow from last changed (TriggerTimeTracker).
struct TriggerTimes: Sendable {
    private var ofService: Timestamp?
    private var ofPods: [String: Timestamp] = [:]

    /// The earliest change since the last call; the service's creation in the first; nil when none.
    mutating func next(service: JSON, pods: [ServicePod]) -> Timestamp? {
        let created = service["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) }
        var earliest: Timestamp?
        var present: [String: Timestamp] = [:]
        present.reserveCapacity(pods.count)
        for pod in pods {
            guard let time = pod.readySince else { continue }
            present[pod.name] = time
            if ofPods[pod.name].map({ time > $0 }) ?? true { earliest = min(earliest ?? time, time) }
        }
        defer {
            ofPods = present
            ofService = created ?? ofService
        }
        guard let known = ofService else { return created }
        if let created, created > known { earliest = min(earliest ?? created, created) }
        return earliest
    }
}

/// Large services are published at most so often: one write then carries what came meanwhile.
enum PublishingPace {
    /// Seconds between two looks at a service.
    static func interval(members: Int) -> Double {
        members <= 500 ? 0 : min(1, Double(members) / 10_000)
    }
}
