import Foundation
import Testing

/// An operator on kopf, as people write them: it watches a kind of its own, and the cluster does the rest.
@Suite(.clients, .serialized)
struct OperatorTests {
    private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    private func greeter(_ spec: String) -> String {
        "apiVersion: example.com/v1\nkind: Greeter\nmetadata: {name: ann}\nspec: \(spec)\n"
    }

    @Test(.timeLimit(.minutes(3))) func kopfHandlesAnObjectFromItsCreationToItsEnd() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("apply", "-f", fixtures.appendingPathComponent("greeter.yaml").path)
        try cluster.kubectl(
            "wait", "crd/greeters.example.com", "--for=condition=Established", "--timeout=60s")
        let kopf = try Background(
            cluster.programs.tools + "/kopf",
            ["run", "--standalone", "-n", "default", fixtures.appendingPathComponent("greeter.py").path],
            environment: ["KUBECONFIG": cluster.kubeconfig, "PYTHONDONTWRITEBYTECODE": "1"],
            in: cluster.directory)
        defer { kopf.stop() }
        func wait(_ path: String) throws {
            do {
                try cluster.kubectl("wait", "greeter/ann", "--for=jsonpath=\(path)", "--timeout=60s")
            } catch { throw Failed(description: "\(error)\n\(kopf.text)") }
        }

        try cluster.kubectl("apply", "-f", "-", input: greeter("{times: 2}"))
        try wait("{.status.phase}=Ready")
        #expect(
            try cluster.kubectl("get", "gr", "ann", "-o", "jsonpath={.status.create.said}") == "hello hello")
        #expect(try cluster.kubectl("get", "greeters").contains("Ready"))
        let child = try cluster.kubectl(
            "get", "configmap", "ann-words", "-o",
            "jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name} {.data.words}")
        #expect(child == "Greeter/ann hello hello")
        // kopf keeps what it handled last in an annotation, and the object with a finalizer.
        let kept = try cluster.kubectl("get", "gr", "ann", "-o", "jsonpath={.metadata}")
        #expect(kept.contains("kopf.zalando.org/last-handled-configuration"))
        #expect(kept.contains("kopf.zalando.org/KopfFinalizerMarker"))

        try cluster.kubectl("apply", "-f", "-", input: greeter("{greeting: ahoy, times: 3}"))
        try cluster.kubectl(
            "wait", "configmap/ann-words", "--for=jsonpath={.data.words}=ahoy ahoy ahoy", "--timeout=60s")
        try wait("{.status.changes}")
        let events = try poll("the event of the update", within: 60) {
            let text = try cluster.kubectl("events", "--for", "greeter/ann")
            return text.contains("It has other words now.") ? text : nil
        } or: {
            kopf.text
        }
        #expect(events.contains("Normal") && events.contains("Changed") && events.contains("Greeter/ann"))

        try cluster.kubectl("delete", "greeter", "ann", "--timeout=60s")
        try cluster.kubectl("get", "configmap", "ann-gone")
        try cluster.kubectl("wait", "configmap/ann-words", "--for=delete", "--timeout=60s")
        #expect(kopf.text.contains("farewell, ann"))
        #expect(!kopf.text.contains("Traceback"), "\(kopf.text)")
        #expect(kopf.isRunning)
        #expect(kopf.stop() == 0, "\(kopf.text)")
    }

    @Test func explainShowsWhatTheDefinitionSays() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("apply", "-f", fixtures.appendingPathComponent("greeter.yaml").path)
        try cluster.kubectl(
            "wait", "crd/greeters.example.com", "--for=condition=Established", "--timeout=60s")
        let kind = try poll("the definition's words") {
            let text = try cluster.kubectl("explain", "greeters")
            return text.contains("Somebody who greets.") ? text : nil
        }
        #expect(kind.contains("GROUP:      example.com"))
        let spec = try cluster.kubectl("explain", "greeters.spec")
        #expect(spec.contains("How it greets."))
        #expect(spec.contains("The word that it says."))
        let times = try cluster.kubectl("explain", "gr.spec.times")
        #expect(times.contains("FIELD: times <integer>"))
        #expect(times.contains("How often it says it."))
        #expect(try cluster.kubectl("explain", "gr.metadata.labels").contains("Names and values by which"))
    }
}
