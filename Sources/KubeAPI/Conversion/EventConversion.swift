import KubeJSON

/// Events of the core group and of events.k8s.io: the same object under different field names.
enum EventConversion {
    private static let names: [(core: String, events: String)] = [
        ("message", "note"), ("involvedObject", "regarding"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ]
    private static let toEvents = Dictionary(uniqueKeysWithValues: names.map { ($0.core, $0.events) })
    private static let toCoreNames = Dictionary(uniqueKeysWithValues: names.map { ($0.events, $0.core) })
    /// Texts that one group writes even when they are empty and the other leaves out.
    private static let writtenByCore = ["reportingComponent", "reportingInstance"]

    static func toEventsGroup(_ event: inout JSON) {
        event = renamed(event, toEvents)
        for key in ["reportingController", "reportingInstance"] where event[key] == "" { event.drop(key) }
        event.fillAbsent("eventTime", .null)
    }

    static func toCore(_ event: inout JSON) {
        event = renamed(event, toCoreNames)
        event.fillAbsent("involvedObject", .object([:]))
        for key in writtenByCore { event.fillAbsent(key, "") }
        event.fillAbsent("eventTime", .null)
    }

    private static func renamed(_ event: JSON, _ names: [String: String]) -> JSON {
        var result = JSONObject()
        for (key, value) in event.object ?? [:] { result[names[key] ?? key] = value }
        return .object(result)
    }
}
