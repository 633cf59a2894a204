import KubeAPI
import KubeJSON
import KubeStore

/// What an Event says and of what: the part that a controller knows.
public struct RecordedEvent: Sendable {
    public enum Kind: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// kind, apiVersion, namespace, name, uid, resourceVersion, perhaps fieldPath.
    public var regarding: JSON
    public var kind: Kind
    public var reason: String
    /// In that of a write, `{name}` stands for the name of the object that was written, `{error}` for why
    /// it was refused.
    public var message: String
    /// As upstream names the reporter: `replicaset-controller`, `kubelet`, `default-scheduler`.
    public var component: String
    /// The node of a node's agent.
    public var host: String = ""
    /// Events of the scheduler name an action, and are counted as a series.
    public var action: String = ""

    public init(
        _ kind: Kind, _ reason: String, _ message: String, of object: JSON, component: String,
        host: String = "", action: String = "", fieldPath: String? = nil
    ) {
        self.kind = kind
        self.reason = reason
        self.message = message
        self.component = component
        self.host = host
        self.action = action
        regarding = Self.reference(object, fieldPath: fieldPath)
    }

    /// The reference to an object that Events hold.
    public static func reference(_ object: JSON, fieldPath: String? = nil) -> JSON {
        var reference: JSONObject = ["kind": object["kind"] ?? ""]
        if !object.namespace.isEmpty { reference["namespace"] = .string(object.namespace) }
        reference["name"] = .string(object.name)
        reference["uid"] = .string(object.uid)
        reference["apiVersion"] = object["apiVersion"] ?? ""
        if !object.resourceVersion.isEmpty { reference["resourceVersion"] = .string(object.resourceVersion) }
        if let fieldPath { reference["fieldPath"] = .string(fieldPath) }
        return .object(reference)
    }
}

/// Turns what happened into Event objects as client-go's correlator does: the same again is counted, much of
/// a kind is summed up, and one object's flood is cut (tools/record/events_cache.go).
struct EventRecorder: Sendable {
    /// Distinct messages of one reason before they are summed up, and for how many seconds they count.
    private static let similar = 10
    private static let window = 600.0
    /// Events of one object by one reporter at once, and seconds until one more is let through.
    private static let burst = 25.0
    private static let refill = 300.0
    /// What is remembered at most.
    private static let remembered = 4_096

    private struct Seen: Sendable {
        var name: String
        var namespace: String
        var count: Int
        var first: String
    }
    private struct Bucket: Sendable {
        var tokens: Double
        var last: Timestamp
    }
    private struct Group: Sendable {
        var messages: Set<String>
        var last: Timestamp
    }

    private var seen = BoundedCache<Seen>(limit: remembered)
    private var buckets = BoundedCache<Bucket>(limit: remembered)
    private var groups = BoundedCache<Group>(limit: remembered)
    private var sequence: Int64 = 0

    /// - Returns: the write of the Event; nil for one too many.
    mutating func record(_ event: RecordedEvent, now: Timestamp) -> ControllerWrite? {
        let object = event.regarding
        let namespace = object["namespace"]?.string ?? ""
        let place = namespace.isEmpty ? "default" : namespace
        let target =
            "\(event.component)\u{1}\(event.host)\u{1}\(object["kind"]?.string ?? "")\u{1}\(place)\u{1}"
            + "\(object["name"]?.string ?? "")\u{1}\(object["uid"]?.string ?? "")"
        let isSeries = !event.action.isEmpty
        if !isSeries, !take(target, now) { return nil }

        var message = event.message
        var identity = "\(target)\u{1}\(event.kind.rawValue)\u{1}\(event.reason)"
        identity += "\u{1}\(object["fieldPath"]?.string ?? "")"
        if !isSeries, isCommon(identity, message, now) {
            message = "(combined from similar events): " + message
        } else {
            identity += "\u{1}" + message
        }
        let time = now.rfc3339
        if var known = seen[identity] {
            known.count += 1
            seen[identity] = known
            // One patch of a series says enough for a while.
            if isSeries, known.count & (known.count - 1) != 0 { return nil }
            let patch: JSON =
                isSeries
                ? [
                    "series": [
                        "count": .integer(Int64(known.count)), "lastObservedTime": .string(now.rfc3339Micro),
                    ]
                ]
                : [
                    "count": .integer(Int64(known.count)), "lastTimestamp": .string(time),
                    "message": .string(message),
                ]
            return ControllerWrite(
                group: "", version: "v1", plural: "events", namespace: known.namespace, name: known.name,
                .patch(patch))
        }
        sequence += 1
        let stamp = now.seconds &* 1_000_000_000 &+ Int64(now.nanoseconds) &+ sequence
        let name = "\(object["name"]?.string ?? "").\(String(stamp, radix: 16))"
        seen[identity] = Seen(name: name, namespace: place, count: 1, first: time)
        var body: JSONObject = [
            "kind": "Event", "apiVersion": "v1",
            "metadata": ["name": .string(name), "namespace": .string(place)],
            "involvedObject": object, "reason": .string(event.reason), "message": .string(message),
            "type": .string(event.kind.rawValue), "reportingComponent": .string(event.component),
        ]
        if isSeries {
            body["eventTime"] = .string(now.rfc3339Micro)
            body["action"] = .string(event.action)
            body["reportingInstance"] = .string("\(event.component)-aegis")
        } else {
            var source: JSONObject = ["component": .string(event.component)]
            if !event.host.isEmpty {
                source["host"] = .string(event.host)
                body["reportingInstance"] = .string(event.host)
            }
            body["source"] = .object(source)
            body["firstTimestamp"] = .string(time)
            body["lastTimestamp"] = .string(time)
            body["count"] = 1
        }
        return ControllerWrite(
            group: "", version: "v1", plural: "events", namespace: place, name: name, .create(.object(body)))
    }

    /// The Event was deleted meanwhile, or never came to be: the next one is made anew.
    mutating func forget(name: String) { seen.removeAll { $0.name == name } }

    private mutating func take(_ target: String, _ now: Timestamp) -> Bool {
        var bucket = buckets[target] ?? Bucket(tokens: Self.burst, last: now)
        bucket.tokens = min(Self.burst, bucket.tokens + max(0, now.since(bucket.last)) / Self.refill)
        bucket.last = now
        let isOpen = bucket.tokens >= 1
        if isOpen { bucket.tokens -= 1 }
        buckets[target] = bucket
        return isOpen
    }

    private mutating func isCommon(_ identity: String, _ message: String, _ now: Timestamp) -> Bool {
        var group = groups[identity] ?? Group(messages: [], last: now)
        if now.since(group.last) > Self.window { group.messages = [] }
        group.last = now
        group.messages.insert(message)
        let isCommon = group.messages.count >= Self.similar
        if isCommon, group.messages.count > Self.similar { group.messages.remove(message) }
        groups[identity] = group
        return isCommon
    }
}

/// Forgets the oldest half when it is full: bounded, and the same on every run.
struct BoundedCache<Value: Sendable>: Sendable {
    private var values: [String: Value] = [:]
    private var order: [String] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    subscript(key: String) -> Value? {
        get { values[key] }
        set {
            if newValue != nil, values[key] == nil {
                order.append(key)
                if order.count > limit {
                    for old in order.prefix(limit / 2) { values[old] = nil }
                    order.removeFirst(limit / 2)
                }
            }
            values[key] = newValue
        }
    }

    mutating func removeAll(where condition: (Value) -> Bool) {
        order.removeAll { key in
            guard let value = values[key], condition(value) else { return false }
            values[key] = nil
            return true
        }
    }
}
