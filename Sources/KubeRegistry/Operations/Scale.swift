import KubeAPI
import KubeJSON
import KubeStore

/// How a Scale is to be changed.
public enum ScaleChange: Sendable {
    case replace(JSON)
    case patch(PatchBody)
}

extension Registry {
    public func getScale(_ request: RegistryRequest, _ paths: ScalePaths? = nil) throws(APIStatus) -> JSON {
        let object = try get(request)
        return (paths ?? .builtin).scale(
            of: try fromStorage(object.value, storage(of: request.resource), request.resource, request))
    }

    /// Writes the replicas of a Scale to its object: a whole Scale (PUT), or a patch of the present one.
    public func changeScale(
        _ request: inout RegistryRequest, _ paths: ScalePaths? = nil, _ change: ScaleChange
    ) throws(APIStatus) -> (scale: JSON, written: WrittenObject) {
        let paths = paths ?? .builtin
        let resource = request.resource
        request.isRepeatable = true
        let ownership = ScaleFields(
            parentVersion: resource.apiVersion, replicas: [resource.apiVersion: paths.specReplicas])
        let written = try self.change(&request) { live, request throws(APIStatus) in
            var before = paths.scale(of: live)
            let fields = live["metadata"]?["managedFields"]
            before.setMetadata("managedFields", ownership.entriesOfScale(parent: fields))
            let scale = try self.changed(before, change, request)
            try self.validate(scale, before: before, request)
            var object = live
            object.set(.integer(scale["spec"]?["replicas"]?.integer ?? 0), at: paths.specReplicas[...])
            let version = scale.resourceVersion
            object.setMetadata("resourceVersion", version.isEmpty ? nil : .string(version))
            object.setMetadata(
                "managedFields",
                ownership.entriesOfParent(parent: fields, scale: scale["metadata"]?["managedFields"]))
            return object
        }
        return (paths.scale(of: written.value), written)
    }

    private func changed(
        _ before: JSON, _ change: ScaleChange, _ request: RegistryRequest
    ) throws(APIStatus) -> JSON {
        let manager = Self.scaleFields
        let now = timestamp()
        switch change {
        case .replace(let scale):
            return manager.update(live: before, new: scale, manager: request.manager, now: now)
        case .patch(.apply(let configuration, let force)):
            do {
                return try manager.apply(
                    live: before, patch: configuration, manager: request.manager, force: force, now: now)
            } catch {
                throw Self.status(of: error)
            }
        case .patch(let patch):
            return manager.update(
                live: before, new: try patched(before, patch, schema: manager.schema),
                manager: request.manager, now: now)
        }
    }

    private static let scaleFields = FieldManager(
        schema: Catalogue.builtin.schema(for: GroupVersionKind("autoscaling", "v1", "Scale")) ?? .any,
        apiVersion: "autoscaling/v1", kind: "Scale", subresource: "scale",
        resetFields: FieldSet(fields: [["status"]]))

    private func validate(_ scale: JSON, before: JSON, _ request: RegistryRequest) throws(APIStatus) {
        let kind = GroupKind("autoscaling", "Scale")
        if scale["kind"]?.string ?? "Scale" != "Scale" {
            throw .badRequest("wrong object passed to Scale update: \(scale["kind"]?.string ?? "")")
        }
        let name = scale.name
        if !name.isEmpty, name != request.name {
            throw .badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(request.name))")
        }
        let replicas = scale["spec"]?["replicas"]
        if let replicas, replicas.integer == nil, !replicas.isNull {
            throw .badRequest(
                "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal \(replicas.typeName) into Go struct field ScaleSpec.spec.replicas of type int32"
            )
        }
        if let count = replicas?.integer, count < 0 {
            throw .invalid(
                kind, request.name,
                [
                    .invalid(
                        FieldPath("spec", "replicas"), .integer(count), "must be greater than or equal to 0")
                ])
        }
    }
}
