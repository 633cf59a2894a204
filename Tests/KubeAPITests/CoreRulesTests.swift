import KubeJSON
import Testing

@testable import KubeAPI

/// One row a rule: a change to a good object, and what is then said of it.
@Suite struct CoreRulesTests {
    static func pod(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        var pod = try JSONParser.parse(
            #"{"metadata":{"name":"p","namespace":"n"},"spec":{"containers":[{"name":"c","image":"i:1"}]}}"#)
        change(&pod)
        PodStrategies.pod.setDefaults(&pod)
        return pod
    }

    static func container(_ text: String) throws -> JSON {
        let extra = try JSONParser.parse(text)
        return try pod { pod in
            pod.change("spec") { spec in
                spec.changeItems("containers") { container in
                    for (key, value) in extra.object ?? [:] { container[key] = value }
                }
            }
        }
    }

    static func spec(_ text: String) throws -> JSON {
        let extra = try JSONParser.parse(text)
        return try pod { pod in
            for (key, value) in extra.object ?? [:] { pod.set(value, at: "spec", key) }
        }
    }

    private func said(_ pod: JSON) -> [String] { PodStrategies.pod.validate(pod).map(\.description) }

    @Test func goodPodPasses() throws { #expect(said(try Self.pod()).isEmpty) }

    @Test(arguments: [
        (#"{"env":[{"name":"a=b"}]}"#, "spec.containers[0].env[0].name: Invalid value"),
        (
            #"{"env":[{"name":"a","value":"x","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}"#,
            "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"
        ),
        (
            #"{"env":[{"name":"a","valueFrom":{"fieldRef":{"fieldPath":"metadata.nam"}}}]}"#,
            "error converting fieldPath: field label not supported: metadata.nam"
        ),
        (
            #"{"ports":[{"containerPort":70000}]}"#,
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000"
        ),
        (#"{"ports":[{"containerPort":0}]}"#, "spec.containers[0].ports[0].containerPort: Required value"),
        (
            #"{"ports":[{"containerPort":1,"protocol":"X"}]}"#,
            "Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\""
        ),
        (
            #"{"volumeMounts":[{"name":"v","mountPath":"/v"}]}"#,
            "spec.containers[0].volumeMounts[0].name: Not found: \"v\""
        ),
        (
            #"{"livenessProbe":{"exec":{"command":["x"]},"successThreshold":2}}"#,
            "successThreshold: Invalid value: 2: must be 1"
        ),
        (
            #"{"livenessProbe":{"exec":{},"httpGet":{"port":80}}}"#,
            "httpGet: Forbidden: may not specify more than 1 handler type"
        ),
        (#"{"resources":{"requests":{"foo":"1"}}}"#, "must be a standard resource type or fully qualified"),
        (
            #"{"resources":{"requests":{"cpu":"-1"}}}"#,
            "requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0"
        ),
        (
            #"{"resources":{"requests":{"a.b/gpu":"1"}}}"#,
            "Limit must be set for non overcommitable resources"
        ),
        (
            #"{"securityContext":{"runAsUser":-1}}"#,
            "runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"
        ),
        (
            #"{"securityContext":{"privileged":true,"allowPrivilegeEscalation":false}}"#,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        ),
        (#"{"imagePullPolicy":"Sometimes"}"#, "supported values: \"Always\", \"IfNotPresent\", \"Never\""),
        (#"{"image":" i"}"#, "must not have leading or trailing whitespace"),
    ])
    func containers(_ extra: String, _ words: String) throws {
        let found = said(try Self.container(extra))
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test(arguments: [
        (#"{"volumes":[{"name":"v","configMap":{}}]}"#, "spec.volumes[0].configMap.name: Required value"),
        (#"{"volumes":[{"name":"v","hostPath":{"path":"/a/../b"}}]}"#, "must not contain '..'"),
        (#"{"volumes":[{"name":"v"},{"name":"v"}]}"#, "spec.volumes[1].name: Duplicate value: \"v\""),
        (
            #"{"volumes":[{"name":"v","emptyDir":{},"nfs":{"server":"s","path":"/"}}]}"#,
            "spec.volumes[0].nfs: Forbidden: may not specify more than 1 volume type"
        ),
        (#"{"tolerations":[{"operator":"Equal"}]}"#, "operator must be Exists when `key` is empty"),
        (
            #"{"tolerations":[{"key":"a","effect":"NoSchedule","tolerationSeconds":1}]}"#,
            "effect must be 'NoExecute' when `tolerationSeconds` is set"
        ),
        (
            #"{"topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"}]}"#,
            "maxSkew: Invalid value: 0: must be greater than zero"
        ),
        (
            #"{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}}}"#,
            "must have at least one node selector term"
        ),
        (
            #"{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{}}]}}}"#,
            "topologyKey: Required value: can not be empty"
        ),
        (
            #"{"dnsPolicy":"None"}"#,
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"
        ),
        (#"{"activeDeadlineSeconds":0}"#, "must be between 1 and 2147483647, inclusive"),
        (
            #"{"nodeName":"n","schedulingGates":[{"name":"a/b"}]}"#,
            "cannot be set until all schedulingGates have been cleared"
        ),
        (
            #"{"initContainers":[{"name":"c","image":"i"}]}"#,
            "spec.initContainers[0].name: Duplicate value: \"c\""
        ),
        (
            #"{"initContainers":[{"name":"d","image":"i","livenessProbe":{"exec":{"command":["x"]}}}]}"#,
            "may not be set for init containers without restartPolicy=Always"
        ),
        (
            #"{"ephemeralContainers":[{"name":"e","image":"i"}]}"#,
            "spec.ephemeralContainers: Forbidden: cannot be set on create"
        ),
        (#"{"os":{"name":"plan9"}}"#, "supported values: \"linux\", \"windows\""),
        (
            #"{"hostNetwork":true,"containers":[{"name":"c","image":"i","ports":[{"containerPort":1,"hostPort":2}]}]}"#,
            "must match `containerPort` when `hostNetwork` is true"
        ),
    ])
    func specs(_ extra: String, _ words: String) throws {
        let found = said(try Self.spec(extra))
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func podUpdates() throws {
        let old = try Self.pod()
        var image = old
        image.change("spec") { $0.changeItems("containers") { $0["image"] = "i:2" } }
        #expect(PodStrategies.pod.validateUpdate(image, old).isEmpty)
        let named = try Self.spec(#"{"hostname":"h"}"#)
        let words = PodStrategies.pod.validateUpdate(named, old).map(\.description)
        #expect(words.count == 1)
        #expect(
            words[0].hasPrefix(
                "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"))
        let two = try Self.spec(#"{"containers":[{"name":"c","image":"i:1"},{"name":"d","image":"i"}]}"#)
        #expect(
            PodStrategies.pod.validateUpdate(two, old).map(\.description) == [
                "spec.containers: Forbidden: pod updates may not add or remove containers"
            ])
        let tolerant = try Self.spec(#"{"tolerations":[{"key":"a","operator":"Exists"}]}"#)
        #expect(PodStrategies.pod.validateUpdate(tolerant, old).isEmpty)
        #expect(PodStrategies.pod.validateUpdate(old, tolerant).count == 1)
    }

    @Test func qualityOfService() throws {
        #expect(PodResources.qualityOfService(try Self.pod()["spec"] ?? .null) == "BestEffort")
        let half = try Self.container(#"{"resources":{"limits":{"cpu":"1"}}}"#)
        #expect(PodResources.qualityOfService(half["spec"] ?? .null) == "Burstable")
        let full = try Self.container(#"{"resources":{"limits":{"cpu":"1","memory":"1Gi"}}}"#)
        #expect(PodResources.qualityOfService(full["spec"] ?? .null) == "Guaranteed")
    }

    @Test(arguments: [
        ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1", "IfNotPresent"),
        ("r:5000/a/nginx", "Always"),
        ("r:5000/a/nginx:1", "IfNotPresent"), ("nginx@sha256:abc", "IfNotPresent"),
    ])
    func pullPolicies(_ image: String, _ policy: String) {
        #expect(PodSpecRules.pullPolicy(for: image) == policy)
    }

    @Test func services() throws {
        let strategy = ServiceStrategies.service
        var old = try JSONParser.parse(
            #"{"metadata":{"name":"s"},"spec":{"type":"NodePort","clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"#
                + #""ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80,"nodePort":30001}]}}"#
        )
        strategy.setDefaults(&old)
        #expect(strategy.validate(old).isEmpty)
        // What was allocated is kept by a client that does not know of it.
        var sparse = try JSONParser.parse(
            #"{"metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}"#)
        strategy.setDefaults(&sparse)
        strategy.prepareForUpdate(&sparse, old)
        #expect(sparse.at("spec", "clusterIP") == "10.0.0.1")
        #expect(sparse["spec"]?["ports"]?[0]?["nodePort"] == 30001)
        // And given back when the type no longer has it.
        var plain = old
        plain.set("ClusterIP", at: "spec", "type")
        strategy.setDefaults(&plain)
        strategy.prepareForUpdate(&plain, old)
        #expect(plain["spec"]?["ports"]?[0]?["nodePort"] == nil)
        #expect(plain.at("spec", "externalTrafficPolicy") == nil)
        #expect(strategy.validateUpdate(plain, old).isEmpty)
        var moved = old
        moved.set("10.0.0.2", at: "spec", "clusterIP")
        moved.set(["10.0.0.2"], at: "spec", "clusterIPs")
        #expect(
            strategy.validateUpdate(moved, old).map(\.description) == [
                "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"
            ])
    }

    @Test func headlessWithoutSelectorIsDualStack() throws {
        var service = try JSONParser.parse(
            #"{"spec":{"clusterIP":"None","clusterIPs":["None"],"type":"ClusterIP"}}"#)
        #expect(ServiceAllocation.initFamilies(&service, old: nil, available: ["IPv4"]).isEmpty)
        #expect(service.at("spec", "ipFamilyPolicy") == "RequireDualStack")
        #expect(service.at("spec", "ipFamilies") == ["IPv4", "IPv6"])
        #expect(ServiceAllocation.addressRequests(service).isEmpty)
    }

    @Test func immutableData() throws {
        let old = try JSONParser.parse(#"{"data":{"a":"1"},"immutable":true}"#)
        let new = try JSONParser.parse(#"{"data":{"a":"2"},"immutable":true}"#)
        #expect(
            ConfigStrategies.configMap.validateUpdate(new, old).map(\.description) == [
                "data: Forbidden: field is immutable when `immutable` is set"
            ])
    }

    @Test func limits() throws {
        var range = try JSONParser.parse(
            #"{"spec":{"limits":[{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"2"}}]}}"#)
        QuotaStrategies.limitRange.setDefaults(&range)
        #expect(range["spec"]?["limits"]?[0]?.at("default", "cpu") == "1")
        let words = QuotaStrategies.limitRange.validate(range).map(\.description)
        #expect(words.contains { $0.contains("min value 2 is greater than max value 1") })
    }
}
