import Testing

@testable import KubeJSON

@Suite struct ScaleFieldsTests {
    static let deployments = ScaleFields(
        parentVersion: "apps/v1", replicas: ["apps/v1": ["spec", "replicas"], "apps/v1beta1": []])

    static func entry(
        _ manager: String, _ operation: String, _ version: String, _ fields: String, subresource: String = ""
    ) throws -> JSON {
        var entry: JSON = [
            "manager": .string(manager), "operation": .string(operation), "apiVersion": .string(version),
            "time": .string(ApplyTests.t0), "fieldsType": "FieldsV1", "fieldsV1": try json(fields),
        ]
        if !subresource.isEmpty { entry["subresource"] = .string(subresource) }
        return entry
    }

    @Test func onlyOwnersOfReplicasAreSeenInTheScale() throws {
        let parent: JSON = [
            try Self.entry("a", "Apply", "apps/v1", #"{"f:spec":{"f:replicas":{},"f:selector":{}}}"#),
            try Self.entry("b", "Update", "apps/v1", #"{"f:spec":{"f:selector":{}}}"#),
            try Self.entry("c", "Update", "apps/v0", #"{"f:spec":{"f:replicas":{}}}"#),
        ]
        #expect(
            Self.deployments.entriesOfScale(parent: parent)
                == [try Self.entry("a", "Apply", "autoscaling/v1", #"{"f:spec":{"f:replicas":{}}}"#)])
        #expect(Self.deployments.entriesOfScale(parent: nil) == nil)
    }

    @Test func replicasChangeHandsThroughTheScale() throws {
        let owner = try Self.entry("a", "Update", "apps/v1", #"{"f:spec":{"f:replicas":{},"f:selector":{}}}"#)
        let scaler = try Self.entry(
            "scale", "Update", "autoscaling/v1", #"{"f:spec":{"f:replicas":{}}}"#, subresource: "scale")
        var expected = try Self.entry(
            "scale", "Update", "apps/v1", #"{"f:spec":{"f:replicas":{}}}"#, subresource: "scale")
        expected["time"] = nil as JSON?
        #expect(
            Self.deployments.entriesOfParent(parent: [owner], scale: [scaler])
                == [expected, try Self.entry("a", "Update", "apps/v1", #"{"f:spec":{"f:selector":{}}}"#)])
    }

    @Test func appliersThatKeepTheReplicasKeepTheirEntry() throws {
        let parent: JSON = [
            try Self.entry("a", "Apply", "apps/v1", #"{"f:spec":{"f:replicas":{},"f:selector":{}}}"#)
        ]
        let scale = Self.deployments.entriesOfScale(parent: parent)
        #expect(Self.deployments.entriesOfParent(parent: parent, scale: scale) == parent)
    }
}
