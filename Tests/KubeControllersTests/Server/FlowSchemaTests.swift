import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct FlowSchemaTests {
    @Test func itSaysWhetherItsLevelIsThere() throws {
        let cluster = try VirtualCluster(seed: 1, controllers: [FlowSchemaController()])
        let version = "flowcontrol.apiserver.k8s.io/v1"
        func condition() throws -> JSON? {
            try cluster.get(version, "flowschemas", "s")?["status"]?["conditions"]?[0]
        }
        try cluster.create(
            version, "flowschemas",
            [
                "metadata": ["name": "s"],
                "spec": ["matchingPrecedence": 5, "priorityLevelConfiguration": ["name": "l"]],
            ])
        cluster.run(for: 0)
        #expect(try condition() == nil)
        cluster.run(for: 2)
        #expect(try condition()?["type"] == "Dangling")
        #expect(try condition()?["status"] == "True")
        #expect(try condition()?["reason"] == "NotFound")
        #expect(
            try condition()?["message"]
                == "This FlowSchema references the PriorityLevelConfiguration object named \"l\" but there is no such object"
        )
        try cluster.create(
            version, "prioritylevelconfigurations",
            [
                "metadata": ["name": "l"],
                "spec": ["type": "Limited", "limited": ["limitResponse": ["type": "Reject"]]],
            ])
        cluster.run(for: 1)
        #expect(try condition()?["status"] == "False")
        #expect(try condition()?["reason"] == "Found")
        try cluster.delete(version, "prioritylevelconfigurations", "l")
        cluster.run(for: 1)
        #expect(try condition()?["status"] == "True")
        // What is said already is not said again.
        let revision = try cluster.get(version, "flowschemas", "s")?.resourceVersion
        try cluster.patch(version, "flowschemas", "s", ["metadata": ["labels": ["a": "b"]]])
        var writes = 0
        cluster.run(for: 10) { writes += $0.writes.count }
        #expect(writes == 0)
        #expect(try cluster.get(version, "flowschemas", "s")?.resourceVersion != revision)
    }
}
