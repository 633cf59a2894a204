import Foundation
import Testing

/// kubectl 1.37 as a new user drives it.
@Suite(.clients, .serialized)
struct KubectlTests {
    @Test func aDayWithADeployment() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("create", "deployment", "web", "--image=nginx:1", "--replicas=2", "--port=80")
        #expect(try cluster.kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}") == "2")
        for output in [
            "wide", "yaml", "json", "name", "custom-columns=N:.metadata.name", "go-template={{.kind}}",
        ] {
            #expect(!(try cluster.kubectl("get", "deployments", "web", "-o", output)).isEmpty)
        }
        try cluster.kubectl("scale", "deployment", "web", "--replicas=5")
        try cluster.kubectl("set", "image", "deployment/web", "nginx=nginx:2")
        try cluster.kubectl("label", "deployment", "web", "tier=front")
        try cluster.kubectl("annotate", "deployment", "web", "note=x")
        for (kind, patch) in [
            (
                "strategic",
                #"{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"nginx:3"}]}}}}"#
            ),
            ("merge", #"{"metadata":{"labels":{"tier":null}}}"#),
            ("json", #"[{"op":"replace","path":"/spec/replicas","value":3}]"#),
        ] { try cluster.kubectl("patch", "deployment", "web", "--type", kind, "-p", patch) }
        #expect(
            try cluster.kubectl(
                "get", "deploy", "web", "-o",
                "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image} {.metadata.labels.tier}")
                == "3 nginx:3 ")
        #expect(try cluster.kubectl("describe", "deployment", "web").contains("nginx:3"))
        try cluster.kubectl("expose", "deployment", "web", "--port=80")
        try cluster.kubectl("autoscale", "deployment", "web", "--min=1", "--max=4")
        try cluster.kubectl("delete", "deployment", "web", "--timeout=60s")
        #expect(try cluster.refusal("get", "deployment", "web").contains("\"web\" not found"))
    }

    @Test func applyFromBothSides() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        func manifest(_ value: String) -> String {
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \(value)}\n"
        }
        #expect(try cluster.kubectl("apply", "-f", "-", input: manifest("one")).contains("created"))
        #expect(try cluster.kubectl("apply", "-f", "-", input: manifest("one")).contains("unchanged"))
        #expect(try cluster.kubectl("apply", "-f", "-", input: manifest("two")).contains("configured"))
        #expect(
            try run(
                cluster.programs.tools + "/kubectl",
                ["--kubeconfig", cluster.kubeconfig, "diff", "-f", "-"], input: manifest("three")
            ).output.contains("+  a: three"))
        #expect(
            try cluster.kubectl("apply", "--server-side", "-f", "-", input: manifest("two")).contains(
                "serverside-applied"))
        try cluster.kubectl("create", "configmap", "mine", "--from-literal=a=b")
        #expect(
            try cluster.refusal(
                "apply", "--server-side", "--field-manager=other", "-f", "-",
                input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndata: {a: c}\n"
            ).contains("Apply failed with 1 conflict"))
    }

    @Test func asksAboutTheClusterAndOneself() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        #expect(
            try cluster.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
                == "kubernetes-admin")
        #expect(try cluster.kubectl("auth", "can-i", "create", "pods") == "yes\n")
        #expect(
            try cluster.refusal(
                "auth", "can-i", "list", "secrets", "--as", "system:serviceaccount:default:default"
            )
            .isEmpty)
        #expect(try cluster.kubectl("api-resources").contains("deployments"))
        #expect(try cluster.kubectl("api-versions").contains("autoscaling/v2"))
        #expect(try cluster.kubectl("explain", "pods.spec.containers").contains("terminationMessagePath"))
        #expect(try cluster.kubectl("explain", "deployment", "--recursive").contains("maxSurge"))
        #expect(try cluster.kubectl("cluster-info").contains("is running at"))
        let token = try cluster.kubectl("create", "token", "default").trimmingCharacters(
            in: .whitespacesAndNewlines)
        #expect(
            try cluster.kubectl(
                "auth", "whoami", "--token", token, "-o", "jsonpath={.status.userInfo.username}")
                == "kubernetes-admin", "a client certificate goes before a token, as upstream")
        #expect(
            try cluster.refusal(
                "create", "-f", "-", input: "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n"
            )
            .contains("spec.containers: Required value"))
    }

    @Test func customResources() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
                    additionalPrinterColumns:
                    - {name: Size, type: integer, jsonPath: .spec.size}
                    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            required: [size]
                            properties:
                              size: {type: integer, minimum: 1}
                              color: {type: string, default: red}
                          status:
                            type: object
                            x-kubernetes-preserve-unknown-fields: true
                """)
        try cluster.kubectl("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=60s")
        let widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n"
        try cluster.kubectl("apply", "-f", "-", input: widget)
        #expect(try cluster.kubectl("get", "wd", "w", "-o", "jsonpath={.spec.color}") == "red")
        try cluster.kubectl(
            "patch", "widget", "w", "--subresource=status", "--type=merge", "-p",
            #"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#)
        let table = try cluster.kubectl("get", "widgets").split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(table == [["NAME", "SIZE", "READY"], ["w", "3", "True"]])
        try cluster.kubectl("scale", "widget", "w", "--replicas=7")
        #expect(try cluster.kubectl("get", "widget", "w", "-o", "jsonpath={.spec.size}") == "7")
        #expect(
            try cluster.refusal(
                "apply", "-f", "-", input: widget.replacingOccurrences(of: "size: 3", with: "size: 0")
            )
            .contains("should be greater than or equal to 1"))
        try cluster.kubectl("delete", "crd", "widgets.example.com", "--timeout=60s")
        #expect(!(try cluster.refusal("get", "widgets")).isEmpty)
    }
}
