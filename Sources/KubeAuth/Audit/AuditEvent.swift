import KubeJSON

/// One line of the audit log (audit.k8s.io/v1 Event) at level Metadata: who did what, and how it ended.
///
/// There is no place here for a request or response body, so no secret and no token can reach the log.
public struct AuditEvent: Sendable {
    public enum Stage: String, Sendable {
        case requestReceived = "RequestReceived"
        case responseStarted = "ResponseStarted"
        case responseComplete = "ResponseComplete"
        case panic = "Panic"
    }

    public struct ObjectReference: Sendable {
        public var resource: String
        public var subresource: String
        public var namespace: String
        public var name: String
        public var uid: String
        public var apiGroup: String
        public var apiVersion: String
        public var resourceVersion: String

        public init(
            resource: String, subresource: String = "", namespace: String = "", name: String = "",
            uid: String = "", apiGroup: String = "", apiVersion: String = "", resourceVersion: String = ""
        ) {
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
            self.uid = uid
            self.apiGroup = apiGroup
            self.apiVersion = apiVersion
            self.resourceVersion = resourceVersion
        }
    }

    public var id: String
    public var stage: Stage
    public var requestURI: String
    public var verb: String
    public var user: UserInfo
    public var impersonatedUser: UserInfo?
    public var sourceIPs: [String]
    public var userAgent: String
    public var object: ObjectReference?
    /// 0 when there is none yet.
    public var responseCode: Int
    /// Of a failed request: `NotFound`, `Forbidden`, …
    public var responseReason: String
    public var responseMessage: String
    /// Microseconds since 1970.
    public var received: Int64
    /// Microseconds since 1970.
    public var staged: Int64
    /// In the order given; `authorization.k8s.io/decision` and the like.
    public var annotations: [(key: String, value: String)]

    public init(
        id: String, stage: Stage, requestURI: String, verb: String, user: UserInfo, received: Int64,
        staged: Int64, impersonatedUser: UserInfo? = nil, sourceIPs: [String] = [], userAgent: String = "",
        object: ObjectReference? = nil, responseCode: Int = 0, responseReason: String = "",
        responseMessage: String = "", annotations: [(key: String, value: String)] = []
    ) {
        self.id = id
        self.stage = stage
        self.requestURI = requestURI
        self.verb = verb
        self.user = user
        self.impersonatedUser = impersonatedUser
        self.sourceIPs = sourceIPs
        self.userAgent = userAgent
        self.object = object
        self.responseCode = responseCode
        self.responseReason = responseReason
        self.responseMessage = responseMessage
        self.received = received
        self.staged = staged
        self.annotations = annotations
    }

    /// Notes what the authoriser said, as upstream's filter does.
    public mutating func note(_ decision: Decision) {
        annotations.append(("authorization.k8s.io/decision", decision.isAllowed ? "allow" : "forbid"))
        annotations.append(("authorization.k8s.io/reason", decision.reason))
    }

    /// The event as one line of JSON, with its line feed.
    public func write(into output: inout [UInt8]) {
        JSONWriter.write(json, into: &output)
        output.append(UInt8(ascii: "\n"))
    }

    public var json: JSON {
        var event = JSONObject()
        event["kind"] = "Event"
        event["apiVersion"] = "audit.k8s.io/v1"
        event["level"] = "Metadata"
        event["auditID"] = .string(id)
        event["stage"] = .string(stage.rawValue)
        event["requestURI"] = .string(requestURI)
        event["verb"] = .string(verb)
        event["user"] = user.json
        if let impersonatedUser { event["impersonatedUser"] = impersonatedUser.json }
        if !sourceIPs.isEmpty { event["sourceIPs"] = .array(sourceIPs.map(JSON.string)) }
        if !userAgent.isEmpty { event["userAgent"] = .string(userAgent) }
        if let object { event["objectRef"] = object.json }
        if responseCode != 0 {
            var status: JSON = ["metadata": [:]]
            if responseCode >= 400 {
                status["status"] = "Failure"
                if !responseMessage.isEmpty { status["message"] = .string(responseMessage) }
                if !responseReason.isEmpty { status["reason"] = .string(responseReason) }
            }
            status["code"] = .integer(Int64(responseCode))
            event["responseStatus"] = status
        }
        event["requestReceivedTimestamp"] = .string(Timestamp.micro(received))
        event["stageTimestamp"] = .string(Timestamp.micro(staged))
        if !annotations.isEmpty {
            event["annotations"] = .object(JSONObject(annotations.map { ($0.key, JSON.string($0.value)) }))
        }
        return .object(event)
    }
}

extension AuditEvent.ObjectReference {
    var json: JSON {
        var value = JSONObject()
        for (key, text) in [
            ("resource", resource), ("namespace", namespace), ("name", name), ("uid", uid),
            ("apiGroup", apiGroup), ("apiVersion", apiVersion), ("resourceVersion", resourceVersion),
            ("subresource", subresource),
        ] where !text.isEmpty {
            value[key] = .string(text)
        }
        return .object(value)
    }
}

/// Times as text, without Foundation.
enum Timestamp {
    /// RFC 3339 in UTC with six decimals, from microseconds since 1970.
    static func micro(_ microseconds: Int64) -> String {
        let (seconds, fraction) = divided(microseconds, 1_000_000)
        let (days, second) = divided(seconds, 86_400)
        let (year, month, day) = civil(days)
        var text: [UInt8] = []
        func put(_ value: Int64, _ width: Int) {
            let digits = String(value).utf8
            text += repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.count))
            text += digits
        }
        put(year, 4)
        text.append(UInt8(ascii: "-"))
        put(month, 2)
        text.append(UInt8(ascii: "-"))
        put(day, 2)
        text.append(UInt8(ascii: "T"))
        put(second / 3600, 2)
        text.append(UInt8(ascii: ":"))
        put(second / 60 % 60, 2)
        text.append(UInt8(ascii: ":"))
        put(second % 60, 2)
        text.append(UInt8(ascii: "."))
        put(fraction, 6)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private static func divided(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: by)
        return remainder < 0 ? (quotient - 1, remainder + by) : (quotient, remainder)
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap
    /// day is a year's last.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = divided(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
