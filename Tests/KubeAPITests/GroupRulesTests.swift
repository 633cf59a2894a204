import KubeJSON
import Testing

@testable import KubeAPI

/// One rule a row: an object that is right, a change to it, and the errors that the change earns.
@Suite struct GroupRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let change: String
        let errors: [String]
        var isUpdate = false
        var testDescription: String { "\(kind) \(change)" }
    }

    private static let pod = """
        {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
        """
    private static let oncePod = """
        {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}
        """
    private static let bases: [String: (GroupKind, String)] = [
        "deployment": (
            GroupKind("apps", "Deployment"),
            #"{"spec": {"selector": {"matchLabels": {"app": "a"}}, "template": \#(pod)}}"#
        ),
        "statefulset": (
            GroupKind("apps", "StatefulSet"),
            #"{"spec": {"selector": {"matchLabels": {"app": "a"}}, "template": \#(pod)}}"#
        ),
        "job": (GroupKind("batch", "Job"), #"{"spec": {"template": \#(oncePod)}}"#),
        "indexed": (
            GroupKind("batch", "Job"),
            #"{"spec": {"completionMode": "Indexed", "completions": 5, "parallelism": 5, "template": \#(oncePod)}}"#
        ),
        "cronjob": (
            GroupKind("batch", "CronJob"),
            #"{"spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": \#(oncePod)}}}}"#
        ),
        "hpa": (
            GroupKind("autoscaling", "HorizontalPodAutoscaler"),
            """
            {"apiVersion": "autoscaling/v2", "spec": {"maxReplicas": 3, "scaleTargetRef":
             {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}}}
            """
        ),
        "networkpolicy": (
            GroupKind("networking.k8s.io", "NetworkPolicy"), #"{"spec": {"podSelector": {}}}"#
        ),
        "ingress": (
            GroupKind("networking.k8s.io", "Ingress"),
            #"{"spec": {"defaultBackend": {"service": {"name": "s", "port": {"number": 80}}}}}"#
        ),
        "rolebinding": (
            GroupKind("rbac.authorization.k8s.io", "RoleBinding"),
            #"{"roleRef": {"kind": "Role", "name": "r"}}"#
        ),
    ]

    static let cases = [
        Case(kind: "deployment", change: #"{"spec": {"replicas": 2}}"#, errors: []),
        Case(
            kind: "deployment", change: #"{"spec": {"strategy": {"type": "Foo", "rollingUpdate": null}}}"#,
            errors: [
                #"spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate""#
            ]),
        Case(
            kind: "deployment",
            change:
                #"{"spec": {"selector": {"matchLabels": {"app": "b"}}, "template": {"metadata": {"labels": {"app": "b"}}}}}"#,
            errors: [#"spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable"#],
            isUpdate: true),
        Case(
            kind: "statefulset", change: #"{"spec": {"serviceName": "other"}}"#,
            errors: [
                "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                    + "'template', 'updateStrategy', 'revisionHistoryLimit', "
                    + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            ], isUpdate: true),
        Case(kind: "statefulset", change: #"{"spec": {"replicas": 9}}"#, errors: [], isUpdate: true),
        Case(
            kind: "job", change: #"{"spec": {"completions": 4}}"#,
            errors: ["spec.completions: Invalid value: 4: field is immutable"], isUpdate: true),
        Case(kind: "job", change: #"{"spec": {"parallelism": 4}}"#, errors: [], isUpdate: true),
        Case(
            kind: "indexed", change: #"{"spec": {"completions": 4, "parallelism": 4}}"#, errors: [],
            isUpdate: true),
        Case(
            kind: "indexed", change: #"{"spec": {"completions": 4}}"#,
            errors: [
                "spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism"
            ], isUpdate: true),
        Case(
            kind: "job", change: #"{"spec": {"maxFailedIndexes": 1}}"#,
            errors: [
                "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
                "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
            ]),
        Case(
            kind: "indexed",
            change: #"{"spec": {"successPolicy": {"rules": [{"succeededIndexes": "1-3,2"}]}}}"#,
            errors: [
                #"spec.successPolicy.rules[0].succeededIndexes: Invalid value: "1-3,2": error parsing succeededIndexes: non-increasing order, previous: 3, current: 2"#
            ]),
        Case(
            kind: "job",
            change:
                #"{"spec": {"podReplacementPolicy": "Failed", "podFailurePolicy": {"rules": [{"action": "Ignore"}]}}}"#,
            errors: [
                "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"
            ]),
        Case(kind: "cronjob", change: #"{"spec": {"timeZone": "Asia/Seoul"}}"#, errors: []),
        Case(
            kind: "cronjob", change: #"{"spec": {"timeZone": "Asia/Atlantis"}}"#,
            errors: [#"spec.timeZone: Invalid value: "Asia/Atlantis": unknown time zone Asia/Atlantis"#]),
        Case(
            kind: "cronjob", change: #"{"spec": {"schedule": "TZ=UTC 0 0 * * *"}}"#,
            errors: [
                #"spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead"#
            ]),
        Case(
            kind: "cronjob", change: #"{"spec": {"schedule": "0 25 * * *"}}"#,
            errors: [#"spec.schedule: Invalid value: "0 25 * * *": end of range (25) above maximum (23): 25"#]
        ),
        Case(
            kind: "hpa", change: #"{"spec": {"behavior": {"scaleDown": {"policies": []}}}}"#,
            errors: ["spec.behavior.scaleDown.policies: Required value: must specify at least one Policy"]),
        Case(
            kind: "hpa",
            change:
                #"{"spec": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]}}"#,
            errors: [
                "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization"
            ]),
        Case(
            kind: "networkpolicy",
            change:
                #"{"spec": {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.1.0.0/24"]}}]}]}}"#,
            errors: [
                #"spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.1.0.0/24": must be a strict subset of `cidr`"#
            ]),
        Case(
            kind: "ingress",
            change: #"{"spec": {"rules": [{"host": "10.0.0.1", "http": {"paths": [{"path": "/"}]}}]}}"#,
            errors: [
                #"spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address"#,
                "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
            ]),
        Case(
            kind: "rolebinding", change: #"{"roleRef": {"name": "other"}}"#,
            errors: [
                #"roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: cannot change roleRef"#
            ], isUpdate: true),
    ]

    private static func parse(_ text: String) throws -> JSON { try JSONParser.parse([UInt8](text.utf8)) }

    /// Objects merge, other values replace, null removes.
    private static func merge(_ base: JSON, _ change: JSON) -> JSON {
        guard base.object != nil, let members = change.object else { return change }
        var result = base
        for (key, value) in members {
            if value == .null { result.drop(key) } else { result[key] = merge(base[key] ?? [:], value) }
        }
        return result
    }

    @Test(arguments: cases) func rule(_ row: Case) throws {
        let (kind, text) = try #require(Self.bases[row.kind])
        let strategy = Strategies.strategy(for: kind)
        var base = try Self.parse(text)
        base.set("x", at: "metadata", "name")
        base.set("0a1b", at: "metadata", "uid")
        let change = try Self.parse(row.change)
        var old = base
        strategy.setDefaults(&old)
        strategy.prepareForCreate(&old)
        #expect(strategy.validate(old).isEmpty)
        let errors: [FieldError]
        if row.isUpdate {
            var new = Self.merge(old, change)
            strategy.setDefaults(&new)
            strategy.prepareForUpdate(&new, old)
            errors = strategy.validateUpdate(new, old)
        } else {
            var new = Self.merge(base, change)
            strategy.setDefaults(&new)
            strategy.prepareForCreate(&new)
            errors = strategy.validate(new)
        }
        #expect(errors.map(\.description) == row.errors)
    }

    @Test func aFinishedJobStaysFinished() {
        let done: JSON = [
            "conditions": [
                ["type": "SuccessCriteriaMet", "status": "True"], ["type": "Complete", "status": "True"],
            ], "startTime": "2026-01-01T00:00:00Z", "completionTime": "2026-01-01T00:01:00Z",
        ]
        let old: JSON = ["spec": [:], "status": done]
        #expect(JobStatusRules.validate(old, old).isEmpty)
        var new = old
        new.set([], at: "status", "conditions")
        #expect(JobStatusRules.validate(new, old).contains { $0.detail.contains("cannot disable") })
    }
}
