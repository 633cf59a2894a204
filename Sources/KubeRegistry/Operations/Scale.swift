import KubeAPI
import KubeJSON
import KubeStore

extension Registry {
    public func getScale(_ request: RegistryRequest, _ paths: ScalePaths? = nil) throws(APIStatus) -> JSON {
        let object = try get(request)
        return (paths ?? .builtin).scale(
            of: try fromStorage(object.value, storage(of: request.resource), request.resource))
    }

    /// Writes the replicas of a Scale to its object. `change` makes the new Scale from the present one.
    public func changeScale(
        _ request: inout RegistryRequest, _ paths: ScalePaths? = nil,
        _ makeScale: (JSON) throws(APIStatus) -> JSON
    ) throws(APIStatus) -> (scale: JSON, written: WrittenObject) {
        let paths = paths ?? .builtin
        request.isRepeatable = true
        let written = try change(&request) { live, request throws(APIStatus) in
            let before = paths.scale(of: live)
            let scale = try makeScale(before)
            try self.validate(scale, before: before, request)
            var object = live
            object.set(.integer(scale["spec"]?["replicas"]?.integer ?? 0), at: paths.specReplicas[...])
            let version = scale.resourceVersion
            object.setMetadata("resourceVersion", version.isEmpty ? nil : .string(version))
            return self.withManagedFields(live: live, new: object, request)
        }
        return (paths.scale(of: written.value), written)
    }

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
