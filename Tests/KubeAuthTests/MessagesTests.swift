import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct MessagesTests {
    static let ann = UserInfo(name: "ann")

    @Test(arguments: [
        (
            Attributes(user: ann, verb: "list", apiGroup: "", resource: "pods", namespace: "y"), "",
            #"pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "y""#
        ),
        (
            Attributes(
                user: ann, verb: "get", apiGroup: "apps", resource: "deployments", subresource: "scale",
                namespace: "y", name: "web"), "",
            #"deployments.apps "web" is forbidden: User "ann" cannot get resource "deployments/scale""#
                + #" in API group "apps" in the namespace "y""#
        ),
        (
            Attributes(user: ann, verb: "list", apiGroup: "", resource: "nodes"), "because",
            #"nodes is forbidden: User "ann" cannot list resource "nodes" in API group "" at the cluster scope: because"#
        ),
        (
            Attributes(user: UserInfo(name: "<b>"), verb: "get", path: "/metrics"), "",
            #"forbidden: User "&lt;b&gt;" cannot get path "/metrics""#
        ),
    ])
    func forbidden(attributes: Attributes, reason: String, message: String) {
        #expect(Messages.forbidden(attributes, reason: reason) == message)
        let status = Messages.forbiddenStatus(attributes, reason: reason)
        #expect(status["message"]?.string == message && status["code"] == 403)
    }

    @Test func unauthorized() {
        #expect(Messages.unauthorizedStatus["message"] == "Unauthorized")
        #expect(Messages.unauthorizedStatus["code"] == 401)
    }
}

@Suite struct AuditEventTests {
    @Test func oneLine() throws {
        var event = AuditEvent(
            id: "a-1", stage: .responseComplete, requestURI: "/api/v1/namespaces/n/secrets/s", verb: "get",
            user: UserInfo(name: "ann", groups: ["g"], extra: ["k": ["v"]]), received: 1_700_000_000_123_456,
            staged: 1_700_000_000_200_000, sourceIPs: ["127.0.0.1"], userAgent: "kubectl",
            object: .init(resource: "secrets", namespace: "n", name: "s", apiVersion: "v1"),
            responseCode: 404, responseReason: "NotFound", responseMessage: #"secrets "s" not found"#)
        event.note(.noOpinion(reason: ""))
        var line: [UInt8] = []
        event.write(into: &line)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
        #expect(
            try JSONParser.parse(line.dropLast()) == [
                "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "a-1",
                "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/n/secrets/s", "verb": "get",
                "user": ["username": "ann", "groups": ["g"], "extra": ["k": ["v"]]],
                "sourceIPs": ["127.0.0.1"], "userAgent": "kubectl",
                "objectRef": ["resource": "secrets", "namespace": "n", "name": "s", "apiVersion": "v1"],
                "responseStatus": [
                    "metadata": [:], "status": "Failure", "message": #"secrets "s" not found"#,
                    "reason": "NotFound", "code": 404,
                ], "requestReceivedTimestamp": "2023-11-14T22:13:20.123456Z",
                "stageTimestamp": "2023-11-14T22:13:20.200000Z",
                "annotations": [
                    "authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": "",
                ],
            ])
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"), (-1, "1969-12-31T23:59:59.999999Z"),
    ])
    func timestamps(microseconds: Int64, text: String) {
        #expect(Timestamp.micro(microseconds) == text)
    }
}
