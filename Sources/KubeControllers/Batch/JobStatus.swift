import KubeAPI
import KubeJSON

/// The status of a Job while it is being worked out.
struct JobStatus {
    private(set) var object: JSONObject
    private let now: Timestamp

    init(_ job: JSON, now: Timestamp) {
        object = job["status"]?.object ?? [:]
        self.now = now
    }

    func int(_ key: String) -> Int { object[key]?.int ?? 0 }
    func string(_ key: String) -> String? { object[key]?.string }

    /// A count that is not written when it is zero.
    mutating func set(_ key: String, count: Int) {
        if count == 0 { object.removeValue(forKey: key) } else { object[key] = .integer(Int64(count)) }
    }
    /// A count that is always written.
    mutating func set(_ key: String, always count: Int) { object[key] = .integer(Int64(count)) }
    mutating func set(_ key: String, _ text: String?) {
        if let text { object[key] = .string(text) } else { object.removeValue(forKey: key) }
    }

    // MARK: Pods that ended and are not counted

    func uncounted(_ list: String) -> [String] {
        object["uncountedTerminatedPods"]?[list]?.array?.compactMap(\.string) ?? []
    }
    mutating func setUncounted(succeeded: [String], failed: [String]) {
        var lists: JSONObject = [:]
        if !succeeded.isEmpty { lists["succeeded"] = .array(succeeded.map { .string($0) }) }
        if !failed.isEmpty { lists["failed"] = .array(failed.map { .string($0) }) }
        object["uncountedTerminatedPods"] = .object(lists)
    }

    // MARK: Conditions

    func condition(_ type: String) -> JSON? {
        object["conditions"]?.array?.first { $0["type"]?.string == type }
    }
    /// The condition, when it is true.
    func met(_ type: String) -> JSON? {
        condition(type).flatMap { $0["status"]?.string == "True" ? $0 : nil }
    }

    /// Puts a condition in the place of the one of its type, or at the end; one that is false is not added.
    /// - Returns: whether something changed.
    mutating func ensure(_ type: String, _ isMet: Bool, _ reason: String, _ message: String) -> Bool {
        var conditions = object["conditions"]?.array ?? []
        let condition = Self.condition(type, isMet, reason, message, now)
        if let place = conditions.firstIndex(where: { $0["type"]?.string == type }) {
            let old = conditions[place]
            if old["status"] == condition["status"], (old["reason"]?.string ?? "") == reason,
                (old["message"]?.string ?? "") == message
            {
                return false
            }
            conditions[place] = condition
        } else if isMet {
            conditions.append(condition)
        } else {
            return false
        }
        object["conditions"] = .array(conditions)
        return true
    }

    private static func condition(
        _ type: String, _ isMet: Bool, _ reason: String, _ message: String, _ now: Timestamp
    ) -> JSON {
        let time = JSON.string(now.rfc3339)
        var condition: JSONObject = [
            "type": .string(type), "status": isMet ? "True" : "False", "lastProbeTime": time,
            "lastTransitionTime": time,
        ]
        if !reason.isEmpty { condition["reason"] = .string(reason) }
        if !message.isEmpty { condition["message"] = .string(message) }
        return .object(condition)
    }
}
