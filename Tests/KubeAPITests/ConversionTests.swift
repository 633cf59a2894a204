import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct ConversionTests {
    private static let v1 = GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler")
    private static let v2 = GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler")

    private static func parse(_ text: String) throws -> JSON { try JSONParser.parse([UInt8](text.utf8)) }

    /// Everything that v2 can say survives the way through v1.
    @Test func autoscalersSurviveTheFirstVersion() throws {
        let autoscaler = try Self.parse(
            """
            {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
             "metadata": {"name": "a", "annotations": {"kept": "yes"}},
             "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "a", "apiVersion": "apps/v1"},
              "minReplicas": 2, "maxReplicas": 9,
              "metrics": [
               {"type": "Pods", "pods": {"metric": {"name": "rate", "selector": {"matchLabels": {"a": "b"}}},
                "target": {"type": "AverageValue", "averageValue": "10"}}},
               {"type": "Object", "object": {"describedObject": {"kind": "Ingress", "name": "i"},
                "target": {"type": "Value", "value": "1k"}, "metric": {"name": "hits"}}},
               {"type": "External", "external": {"metric": {"name": "queue"},
                "target": {"type": "AverageValue", "averageValue": "30"}}},
               {"type": "ContainerResource", "containerResource": {"name": "cpu", "container": "c",
                "target": {"type": "Utilization", "averageUtilization": 60}}},
               {"type": "Resource", "resource": {"name": "cpu",
                "target": {"type": "Utilization", "averageUtilization": 70}}}],
              "behavior": {"scaleUp": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max",
                "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}], "tolerance": "100m"},
               "scaleDown": {"selectPolicy": "Disabled"}}},
             "status": {"desiredReplicas": 3, "currentReplicas": 2,
              "currentMetrics": [{"type": "Resource", "resource": {"name": "cpu",
                "current": {"averageValue": "250m", "averageUtilization": 50}}}],
              "conditions": [{"type": "AbleToScale", "status": "True",
                "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """)
        let first = VersionConversion.convert(autoscaler, to: Self.v1)
        #expect(first.text("apiVersion") == "autoscaling/v1")
        #expect(first.at("spec", "targetCPUUtilizationPercentage") == 70)
        #expect(first.at("status", "currentCPUUtilizationPercentage") == 50)
        #expect(first.at("spec", "metrics") == nil)
        #expect(first.at("spec", "behavior") == nil)
        #expect(first.at("status", "conditions") == nil)
        #expect(first.at("metadata", "annotations")?.object?.count == 5)
        let behavior = first.at(
            "metadata", "annotations", "autoscaling.alpha.kubernetes.io/behavior")?.string
        #expect(behavior?.hasPrefix("{\"ScaleUp\":{\"StabilizationWindowSeconds\":0,") == true)
        #expect(VersionConversion.convert(first, to: Self.v2) == autoscaler)
    }

    @Test func anAutoscalerWithoutMetricsAimsAtEightyPercent() throws {
        let first = try Self.parse(
            """
            {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a",
             "annotations": {"autoscaling.alpha.kubernetes.io/metrics": "no json"}},
             "spec": {"maxReplicas": 2}}
            """)
        let second = VersionConversion.convert(first, to: Self.v2)
        #expect(
            second.at("spec", "metrics")?[0]?.at("resource", "target", "averageUtilization") == 80)
        #expect(second.at("metadata", "annotations") == nil)
        let back = VersionConversion.convert(second, to: Self.v1)
        #expect(back.at("spec", "targetCPUUtilizationPercentage") == 80)
    }

    @Test func eventsChangeTheirNames() throws {
        let core = try Self.parse(
            """
            {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"}, "message": "m", "count": 2,
             "involvedObject": {"kind": "Pod"}, "source": {"component": "c"}, "reportingComponent": "",
             "reportingInstance": "", "firstTimestamp": null, "lastTimestamp": null, "eventTime": null,
             "type": "Normal", "reason": "r"}
            """)
        let group = GroupVersionKind("events.k8s.io", "v1", "Event")
        let event = VersionConversion.convert(core, to: group)
        #expect(event["note"] == "m")
        #expect(event["deprecatedCount"] == 2)
        #expect(event.at("regarding", "kind") == "Pod")
        #expect(event.at("deprecatedSource", "component") == "c")
        #expect(event["reportingController"] == nil)
        #expect(event["message"] == nil)
        let back = VersionConversion.convert(event, to: GroupVersionKind("", "v1", "Event"))
        #expect(FieldRules.same(back["message"], "m"))
        for (key, value) in core.object ?? [:] { #expect(back[key] == value, "\(key)") }
    }

    @Test func otherKindsKeepTheirFields() {
        let object: JSON = ["apiVersion": "resource.k8s.io/v1beta1", "kind": "ResourceClaim", "spec": [:]]
        let kind = GroupVersionKind("resource.k8s.io", "v1", "ResourceClaim")
        let result = VersionConversion.convert(object, to: kind)
        #expect(result == ["apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaim", "spec": [:]])
    }
}
