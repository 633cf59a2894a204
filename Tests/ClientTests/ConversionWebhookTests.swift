import Foundation
import Testing

/// Custom resources of two versions, between which a real HTTPS server converts.
@Suite(.clients)
struct ConversionWebhookTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/conversion-webhook.py")

    @Test func versionsAreConvertedByAWebhook() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let webhook = try SecureServer(cluster, "conversion", script: Self.script)
        defer { webhook.stop() }
        try define(cluster, webhook)
        func seat(_ name: String, _ version: String, _ path: String) throws -> String {
            try cluster.kubectl("get", "seats.\(version).house.aegis.dev", name, "-o", "jsonpath=\(path)")
        }

        // Written in one version, read in the other; only labels and annotations may be changed.
        try cluster.kubectl("apply", "-f", "-", input: Self.first("one", "alpha:80"))
        #expect(try seat("one", "v2", "{.spec}") == #"{"host":"alpha","port":"80"}"#)
        #expect(try seat("one", "v2", "{.metadata.labels.shown}") == "v2")
        #expect(try seat("one", "v2", "{.metadata.finalizers}").isEmpty)
        let (uid, version) = (
            try seat("one", "v1", "{.metadata.uid}"), try seat("one", "v1", "{.metadata.resourceVersion}")
        )
        #expect(try seat("one", "v2", "{.metadata.uid} {.metadata.resourceVersion}") == "\(uid) \(version)")
        let question = try #require(
            try JSONSerialization.jsonObject(with: Data(webhook.text("convert.json").utf8)) as? [String: Any])
        #expect(question["apiVersion"] as? String == "apiextensions.k8s.io/v1")
        #expect(
            (question["request"] as? [String: Any])?["desiredAPIVersion"] as? String == "house.aegis.dev/v2")
        #expect(try webhook.text("convert.query") == "timeout=30s")

        // Written in the version that is not stored, by create, both applies, patches and subresources.
        try cluster.kubectl("create", "-f", "-", input: Self.second("two", "beta", "81"))
        #expect(try seat("two", "v1", "{.spec.hostPort}") == "beta:81")
        try cluster.kubectl("apply", "--server-side", "-f", "-", input: Self.second("three", "gamma", "82"))
        try cluster.kubectl("apply", "--server-side", "-f", "-", input: Self.second("three", "gamma", "83"))
        #expect(try seat("three", "v1", "{.spec.hostPort}") == "gamma:83")
        try cluster.kubectl(
            "patch", "seats.v2.house.aegis.dev", "two", "--type=merge", "-p", #"{"spec":{"port":"91"}}"#)
        #expect(try seat("two", "v1", "{.spec.hostPort}") == "beta:91")
        try cluster.kubectl(
            "patch", "seats.v2.house.aegis.dev", "two", "--type=json", "-p",
            #"[{"op":"replace","path":"/spec/host","value":"delta"}]"#)
        #expect(try seat("two", "v1", "{.spec.hostPort}") == "delta:91")
        try cluster.kubectl(
            "patch", "seats.v2.house.aegis.dev", "two", "--subresource=status", "--type=merge", "-p",
            #"{"status":{"taken":3}}"#)
        #expect(try seat("two", "v1", "{.status.taken}") == "3")
        try cluster.kubectl("scale", "seats.v2.house.aegis.dev", "two", "--replicas=4")
        #expect(try seat("two", "v1", "{.spec.replicas} {.spec.hostPort}") == "4 delta:91")
        let dry = try cluster.kubectl(
            "create", "--dry-run=server", "-o", "jsonpath={.spec.host}", "-f", "-",
            input: Self.second("four", "eta", "1"))
        #expect(dry == "eta")

        // Lists: one question for all; fields and labels are those of the version.
        let before = try webhook.text("convert.log").split(separator: "\n").count
        let names = "jsonpath={.items[*].metadata.name}"
        let hosts = try cluster.kubectl(
            "get", "seats.v2.house.aegis.dev", "-o", "jsonpath={.items[*].spec.host}")
        #expect(hosts == "alpha gamma delta")
        #expect(try webhook.text("convert.log").split(separator: "\n").count == before + 1)
        #expect(try webhook.text("convert.log").hasSuffix("v2 from v1,v1,v1\n"))
        #expect(
            try cluster.kubectl(
                "get", "seats.v2.house.aegis.dev", "--field-selector=spec.host=gamma", "-o", names)
                == "three")
        #expect(
            try cluster.kubectl("get", "seats.v2.house.aegis.dev", "-l", "shown=v1", "-o", names).isEmpty)
        #expect(try cluster.kubectl("get", "seats.v2.house.aegis.dev").contains("gamma"))

        try watches(cluster)
        try storageMoves(cluster, webhook)
        try failures(cluster, webhook)

        // A definition goes although nobody converts any more.
        webhook.stop()
        try cluster.kubectl("delete", "crd", "seats.house.aegis.dev", "--timeout=60s")
    }

    private func watches(_ cluster: Cluster) throws {
        let watch = try Background(
            cluster.programs.tools + "/kubectl",
            [
                "--kubeconfig", cluster.kubeconfig, "get", "seats.v2.house.aegis.dev", "--watch",
                "--output-watch-events", "-o",
                "jsonpath={.type} {.object.metadata.name} {.object.spec.host}\n",
            ], in: cluster.directory)
        defer { watch.stop() }
        func wait(_ line: String) throws {
            _ = try poll("'\(line)' in \(watch.text)", within: 20) { watch.text.contains(line) ? true : nil }
        }
        try wait("ADDED one alpha")
        try cluster.kubectl("apply", "-f", "-", input: Self.first("watched", "theta:1"))
        try wait("ADDED watched theta")
        try cluster.kubectl("apply", "-f", "-", input: Self.first("watched", "iota:1"))
        try wait("MODIFIED watched iota")
        try cluster.kubectl("delete", "seats.v2.house.aegis.dev", "watched")
        try wait("DELETED watched iota")
    }

    private func storageMoves(_ cluster: Cluster, _ webhook: SecureServer) throws {
        try define(cluster, webhook, stored: "v2")
        func stored() throws -> String {
            try cluster.kubectl(
                "get", "crd", "seats.house.aegis.dev", "-o", "jsonpath={.status.storedVersions}")
        }
        #expect(try stored() == #"["v1","v2"]"#)
        try cluster.kubectl("apply", "-f", "-", input: Self.first("five", "kappa:5"))
        // Objects that were stored in either version, as either.
        let first = try cluster.kubectl(
            "get", "seats.v1.house.aegis.dev", "-o", "jsonpath={.items[*].spec.hostPort}")
        #expect(first == "kappa:5 alpha:80 gamma:83 delta:91")
        let second = try cluster.kubectl(
            "get", "seats.v2.house.aegis.dev", "-o", "jsonpath={.items[*].spec.host}")
        #expect(second == "kappa alpha gamma delta")
        // A version that objects may be stored in does not go.
        let refusal = try cluster.refusal(
            "patch", "crd", "seats.house.aegis.dev", "--type=json", "-p",
            #"[{"op":"remove","path":"/spec/versions/0"}]"#)
        #expect(refusal.contains("v1 was previously a storage version"), "\(refusal)")
    }

    private func failures(_ cluster: Cluster, _ webhook: SecureServer) throws {
        let kind = "conversion webhook for house.aegis.dev/v2, Kind=Seat"
        for (path, words) in [
            (
                "/broken",
                "\(kind) failed: an error on the server (\"it broke\") has prevented the request from succeeding"
            ),
            ("/refusing", "\(kind) failed: no such seat"),
            ("/silent", "\(kind) failed: response.result.status was 'Failed', not 'Success'"),
            ("/fewer", "\(kind) returned 0 objects, expected 1"),
            ("/uid", "\(kind) failed: expected response.uid="),
            (
                "/kind",
                "\(kind) failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1, Kind=AdmissionReview"
            ),
            ("/name", "\(kind) returned invalid object: must have the same name: five != another"),
            (
                "/version",
                "\(kind) returned invalid object at index 0: invalid groupVersion (expected house.aegis.dev/v1, received house.aegis.dev/v3)"
            ),
            (
                "/type",
                "\(kind) returned invalid object at index 0: invalid kind (expected Seat, received Table)"
            ),
            (
                "/label",
                "\(kind) returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object"
            ),
            (
                "/value",
                "\(kind) returned invalid metadata: metadata.labels: Invalid value: \"no such value\""
            ),
        ] {
            try define(cluster, webhook, stored: "v2", path: path)
            let refusal = try cluster.refusal("get", "seats.v1.house.aegis.dev", "five")
            #expect(refusal.contains(words), "\(path): \(refusal)")
            // What is stored as it is asked for needs no webhook.
            try cluster.kubectl("get", "seats.v2.house.aegis.dev", "five")
        }
        // Nothing is written where nobody converts.
        let refusal = try cluster.refusal("create", "-f", "-", input: Self.first("six", "lambda:6"))
        #expect(refusal.contains("conversion webhook for house.aegis.dev/v1, Kind=Seat returned"))
        #expect(try cluster.refusal("get", "seats.v2.house.aegis.dev", "six").contains("not found"))
        try define(cluster, webhook, stored: "v2", authority: false)
        #expect(
            try cluster.refusal("get", "seats.v1.house.aegis.dev", "five")
                .contains("tls: failed to verify certificate"))
    }

    private static func first(_ name: String, _ place: String) -> String {
        """
        {"apiVersion": "house.aegis.dev/v1", "kind": "Seat", "metadata": {"name": "\(name)"},
         "spec": {"hostPort": "\(place)"}}
        """
    }

    private static func second(_ name: String, _ host: String, _ port: String) -> String {
        """
        {"apiVersion": "house.aegis.dev/v2", "kind": "Seat", "metadata": {"name": "\(name)"},
         "spec": {"host": "\(host)", "port": "\(port)"}}
        """
    }

    private func define(
        _ cluster: Cluster, _ webhook: SecureServer, stored: String = "v1", path: String = "/convert",
        authority: Bool = true
    ) throws {
        func version(_ name: String, _ fields: String, _ more: String) -> String {
            """
              - name: \(name)
                served: true
                storage: \(name == stored)
                \(more)
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.taken}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties: {\(fields), replicas: {type: integer}}
                      status: {type: object, properties: {taken: {type: integer}}}
            """
        }
        let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: seats.house.aegis.dev}
            spec:
              group: house.aegis.dev
              names: {plural: seats, kind: Seat}
              scope: Namespaced
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v1, v1beta1]
                  clientConfig:
                    url: https://localhost:\(webhook.port)\(path)
                    \(authority ? "caBundle: \(webhook.certificate)" : "")
              versions:

            """
        try cluster.kubectl(
            "apply", "-f", "-",
            input: definition + version("v1", "hostPort: {type: string}", "") + "\n"
                + version(
                    "v2", "host: {type: string}, port: {type: string}",
                    "selectableFields: [{jsonPath: .spec.host}]\n    additionalPrinterColumns: [{name: Host, type: string, jsonPath: .spec.host}]"
                ))
        try cluster.kubectl("wait", "--for=condition=Established", "crd/seats.house.aegis.dev")
    }
}
