import Foundation
import Testing

/// `kubectl explain`: types and words of built-in resources. Those of a custom one: OperatorTests.
@Suite(.clients)
struct ExplainTests {
    @Test func tellsOfFieldsWhatTheyAreFor() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        func explain(_ arguments: String...) throws -> String {
            // kubectl breaks lines at a width of its own.
            try cluster.tool("kubectl", ["--kubeconfig", cluster.kubeconfig, "explain"] + arguments)
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let strategy = try explain("deployment.spec.strategy")
        #expect(
            strategy.contains("GROUP: apps KIND: Deployment VERSION: v1 FIELD: strategy <DeploymentStrategy>")
        )
        #expect(strategy.contains("DESCRIPTION: How old pods are replaced by new ones."))
        #expect(strategy.contains("type <string> RollingUpdate (the default): step by step."))
        #expect(strategy.contains("rollingUpdate <RollingUpdateDeployment> Settings of the type"))

        let namespaces = try explain("namespaces")
        #expect(namespaces.contains("DESCRIPTION: A space for names:"))
        #expect(namespaces.contains("metadata <ObjectMeta> Name, labels and annotations."))
        #expect(
            try explain("pods.spec.containers.resources").contains("FIELD: resources <ResourceRequirements>"))
        #expect(try explain("pods.spec.containers.livenessProbe.httpGet.port").contains("Number or name"))
        #expect(try explain("pods.spec.volumes.emptyDir.medium").contains("Memory for main memory"))
        #expect(try explain("sts.spec.volumeClaimTemplates").contains("<[]PersistentVolumeClaim>"))
        #expect(try explain("hpa.spec.metrics").contains("The metric that asks for most pods counts."))
        #expect(try explain("rolebinding.subjects.kind").contains("User, Group or ServiceAccount."))
        #expect(try explain("netpol.spec.ingress.from.ipBlock.cidr").contains("such as 10.0.0.0/8"))
        #expect(try explain("crd.spec.scope").contains("Cluster for objects outside of namespaces"))
        #expect(try explain("configmap", "--recursive").contains("binaryData <map[string]string>"))
        #expect(try explain("deploy.spec").contains("selector <LabelSelector> -required-"))
        // This form asks for OpenAPI v2.
        let text = try explain("deployment.spec.replicas", "--output", "plaintext-openapiv2")
        #expect(text.contains("Number of pods; 1 by default."))
        #expect(try cluster.refusal("explain", "deployment.spec.nothing").contains("nothing"))
    }
}
