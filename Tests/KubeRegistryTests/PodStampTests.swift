import KubeAPI
import KubeJSON
import KubeStore
import Testing

@testable import KubeRegistry

/// A pod from a stamp is the pod that the whole way would have made.
@Suite struct PodStampTests {
    private static let image: JSON = ["name": "c", "image": "nginx", "ports": [["containerPort": 80]]]
    private static let bodies: [JSON] = [
        ["metadata": ["generateName": "web-", "labels": ["app": "web"]], "spec": ["containers": [image]]],
        ["metadata": ["name": "?"], "spec": ["containers": [image], "restartPolicy": "Never"]],
        // The name is also an image, a label and an argument: only the name may change.
        [
            "metadata": ["name": "?", "annotations": ["note": "nginx"]],
            "spec": [
                "containers": [["name": "nginx", "image": "nginx", "args": ["nginx"]]],
                "initContainers": [["name": "first", "image": "nginx"]], "nodeSelector": ["a": "b"],
            ],
        ],
        [
            "metadata": ["name": "?"],
            "spec": [
                "automountServiceAccountToken": false,
                "containers": [["name": "c", "image": "a/b:1", "env": [["name": "A", "value": "1"]]]],
                "schedulingGates": [["name": "wait.example.com/it"]],
            ],
        ],
    ]

    /// Without what is a pod's own.
    private func common(_ pod: JSON) -> JSON {
        var pod = pod
        let spec = JSONWriter.string(pod["spec"] ?? .null)
        var text = spec
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            if let name = volume["name"]?.string, name.hasPrefix(PodStamp.tokenVolume) {
                text = text.replacing(name, with: "token")
            }
        }
        pod["spec"] = .string(text)
        for own in ["name", "uid", "resourceVersion"] { pod.setMetadata(own, nil) }
        return pod
    }

    private func commonText(_ pod: StoredObject) -> String {
        var text = String(decoding: pod.bytes, as: UTF8.self)
            .replacing(pod.value.uid, with: "uid").replacing("\"\(pod.revision)\"", with: "revision")
            .replacing("\"name\":\"\(pod.name)\"", with: "name")
        for volume in pod.value["spec"]?["volumes"]?.array ?? [] {
            text = text.replacing(volume["name"]?.string ?? "-", with: "token")
        }
        return text
    }

    @Test(arguments: bodies.indices) func stampedPodsAreAsTheOthers(_ index: Int) throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("n")
        var pods: [JSON] = []
        for number in 0..<5 {
            var body = Self.bodies[index]
            if body["metadata"]?["name"] != nil {
                body.set(.string("nginx-\(number)"), at: "metadata", "name")
            }
            pods.append(try cluster.create("pods", in: "n", body).object)
        }
        let stamps = cluster.registry.podStamps.withLock { $0.entries }
        #expect(stamps.count == 1 && stamps[0].stamp != nil)
        var texts: [String] = []
        for (number, pod) in pods.enumerated() {
            #expect(common(pod) == common(pods[0]))
            #expect(pod.uid != pods[0].uid || number == 0)
            let stored = try #require(
                cluster.store.get(.init(group: "", resource: "pods"), key: "n/\(pod.name)"))
            // What was stored as text and what was stored as a tree are one thing.
            #expect(try JSONParser.parse(stored.bytes) == stored.value)
            texts.append(commonText(stored))
            #expect(stored.value.resourceVersion == String(stored.revision))
        }
        #expect(Set(texts).count == 1)
        let tokens = pods.compactMap { pod in
            pod["spec"]?["volumes"]?.array?.compactMap { $0["name"]?.string }.first {
                $0.hasPrefix(PodStamp.tokenVolume)
            }
        }
        #expect(Set(tokens).count == tokens.count && tokens.count == (index == 3 ? 0 : 5))
    }

    @Test func whatAPodDependsOnIsNoticed() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("n")
        @discardableResult func pod(_ name: String) throws -> JSON {
            try cluster.create(
                "pods", in: "n", ["metadata": ["name": .string(name)], "spec": ["containers": [Self.image]]]
            ).object
        }
        for number in 0..<3 { try pod("a\(number)") }
        #expect(cluster.refusal { _ = try pod("a0") }?.reason == "AlreadyExists")
        #expect(cluster.refusal { _ = try pod("A_b") }?.reason == "Invalid")
        try cluster.create(
            "limitranges", in: "n",
            [
                "metadata": ["name": "l"],
                "spec": ["limits": [["type": "Container", "default": ["cpu": "1"]]]],
            ])
        for number in 3..<6 {
            let made = try pod("a\(number)")
            #expect(
                made.at("spec", "containers")?[0]?["resources"]?["limits"]?["cpu"]?.string == "1", "\(number)"
            )
        }
        try cluster.merge(
            "namespaces", name: "n",
            ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "restricted"]]])
        #expect(cluster.refusal { _ = try pod("a7") }?.code == 403)
        try cluster.merge(
            "namespaces", name: "n", ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": .null]]])
        try cluster.create(
            "resourcequotas", in: "n", ["metadata": ["name": "q"], "spec": ["hard": ["pods": "8"]]])
        try cluster.merge(
            "resourcequotas", in: "n", name: "q", subresource: "status",
            ["status": ["hard": ["pods": "8"], "used": ["pods": "6"]]])
        try pod("b1")
        try pod("b2")
        #expect(cluster.refusal { _ = try pod("b3") }?.message.contains("exceeded quota") == true)
    }
}
