import Foundation
import Testing

/// `aegis serve` and the real kubectl; run where `scripts/test` has said where both are.
@Suite(.clients, .serialized)
struct CascadeTests {
    @Test func namespaceGoesWithAllItHas() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("create", "namespace", "short")
        try cluster.kubectl("-n", "short", "create", "configmap", "a", "--from-literal=x=y")
        try cluster.kubectl("-n", "short", "create", "deployment", "d", "--image=i")
        try cluster.kubectl("-n", "short", "run", "p", "--image=i", "--restart=Never")
        #expect(try cluster.kubectl("-n", "short", "get", "sa", "-o", "name") == "serviceaccount/default\n")
        // kubectl waits until the namespace is gone.
        try cluster.kubectl("delete", "namespace", "short", "--timeout=60s")
        #expect(try cluster.kubectl("get", "namespaces", "-o", "name").contains("short") == false)
    }

    @Test(arguments: [("background", 0), ("foreground", 0), ("orphan", 1)])
    func cascade(_ policy: String, _ left: Int) async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("create", "deployment", "web", "--image=i", "--replicas=0")
        let uid = try cluster.kubectl("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}")
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: owned
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: Deployment, name: web, uid: \(uid), blockOwnerDeletion: true}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: owned}}
                  template:
                    metadata: {labels: {app: owned}}
                    spec: {containers: [{name: c, image: i}]}
                """)
        try cluster.kubectl("delete", "deployment", "web", "--cascade=\(policy)", "--timeout=60s")
        var owned = ""
        for _ in 0..<50 {
            owned = try cluster.kubectl("get", "replicasets", "owned", "--ignore-not-found", "-o", "name")
            if owned.isEmpty == (left == 0) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(owned.isEmpty == (left == 0))
        #expect(
            try cluster.kubectl(
                "get", "replicasets", "-o", "jsonpath={.items[*].metadata.ownerReferences}") == "")
    }
}
