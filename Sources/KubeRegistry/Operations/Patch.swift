import KubeAPI
import KubeJSON
import KubeStore

/// The body of a PATCH request, read by its content type.
public enum PatchBody: Sendable {
    case json(JSONPatch)
    case merge(JSON)
    case strategic(JSON)
    /// Server-side apply: the applied configuration.
    case apply(JSON, force: Bool)
}

extension Registry {
    public func patch(
        _ request: inout RegistryRequest, _ patch: PatchBody
    ) throws(APIStatus) -> WrittenObject {
        request.isRepeatable = true
        let resource = request.resource
        let strategy = strategy(for: resource)
        let exists = exists(request)
        if case .apply(let configuration, let force) = patch {
            if !exists {
                guard request.subresource.isEmpty else {
                    throw .notFound(request.groupResource, request.name)
                }
                return try createByApply(&request, configuration, strategy)
            }
            return try change(&request) { live, request throws(APIStatus) in
                try self.applied(live: live, configuration, force: force, &request, strategy)
            }
        }
        return try change(&request) { live, request throws(APIStatus) in
            let patched = try self.patched(live, patch, schema: resource.schema)
            let object = try self.decodePatched(patched, patch, &request)
            var defaulted = object
            strategy.setDefaults(&defaulted)
            return self.withManagedFields(live: live, new: defaulted, request)
        }
    }

    /// The object after a patch that is not an apply, as plain JSON.
    public func patched(_ live: JSON, _ patch: PatchBody, schema: Schema) throws(APIStatus) -> JSON {
        switch patch {
        case .json(let patch):
            do { return try patch.apply(to: live) } catch {
                throw Self.status(of: error)
            }
        case .merge(let patch):
            return MergePatch.apply(patch, to: live)
        case .strategic(let patch):
            do { return try StrategicMergePatch.apply(patch, to: live, schema: schema) } catch {
                throw Self.status(of: error)
            }
        case .apply:
            return live
        }
    }

    public static func status(of error: PatchError) -> APIStatus {
        switch error.kind {
        case .malformed: .badRequest(error.message)
        case .unprocessable:
            APIStatus(
                code: 422, reason: "Invalid",
                message: "the server rejected our request due to an error in our request", details: [:])
        case .tooLarge: .requestEntityTooLarge(error.message)
        case .failed: .unclassified(error.message)
        }
    }

    private func decodePatched(
        _ patched: JSON, _ patch: PatchBody, _ request: inout RegistryRequest
    ) throws(APIStatus) -> JSON {
        let resource = request.resource
        do {
            return try decode(
                patched, as: resource.groupVersionKind, schema: resource.schema,
                isCustom: resource.isCustom, request: &request)
        } catch {
            let marker = "strict decoding error"
            guard error.code == 400, let range = error.message.range(of: marker) else { throw error }
            // A strict patch names the patch as the invalid value.
            let text: JSON
            switch patch {
            case .merge(let value), .strategic(let value): text = .string(JSONWriter.string(value))
            default: text = ""
            }
            throw .invalid(
                GroupKind("", ""), "",
                [.invalid(FieldPath("patch"), text, String(error.message[range.lowerBound...]))])
        }
    }

    // MARK: Server-side apply

    private func applied(
        live: JSON, _ configuration: JSON, force: Bool, _ request: inout RegistryRequest,
        _ strategy: Strategy
    ) throws(APIStatus) -> JSON {
        let resource = request.resource
        let applied = try checkConfiguration(configuration, &request)
        let merged: JSON
        do {
            merged = try fieldManager(resource, request.subresource).apply(
                live: live, patch: applied, manager: request.manager, force: force, now: timestamp())
        } catch {
            throw Self.status(of: error)
        }
        var object = try decode(
            merged, as: resource.groupVersionKind, schema: resource.schema, isCustom: resource.isCustom,
            request: &request)
        strategy.setDefaults(&object)
        return dropEmptyLists(object, request)
    }

    private func createByApply(
        _ request: inout RegistryRequest, _ configuration: JSON, _ strategy: Strategy
    ) throws(APIStatus) -> WrittenObject {
        let resource = request.resource
        let applied = try checkConfiguration(configuration, &request)
        if !applied.uid.isEmpty {
            throw .conflict(
                request.groupResource, request.name,
                "uid mismatch: the provided object specified uid \(applied.uid), and no existing object was found"
            )
        }
        let merged: JSON
        do {
            merged = try fieldManager(resource, "").apply(
                live: nil, patch: applied, manager: request.manager, force: true, now: timestamp())
        } catch {
            throw Self.status(of: error)
        }
        var object = try decode(
            merged, as: resource.groupVersionKind, schema: resource.schema,
            isCustom: resource.isCustom, request: &request)
        try placeInNamespace(&object, request)
        strategy.setDefaults(&object)
        return try create(&request, decoded: dropEmptyLists(object, request), strategy)
    }

    /// What an applied configuration must be, whatever is in it.
    private func checkConfiguration(
        _ configuration: JSON, _ request: inout RegistryRequest
    ) throws(APIStatus) -> JSON {
        let resource = request.resource
        if configuration["metadata"]?["managedFields"] != nil {
            throw .badRequest("metadata.managedFields must be nil")
        }
        var object = configuration
        guard object.object != nil else {
            throw .badRequest("error decoding patch: the applied configuration is not an object")
        }
        let kind = object["kind"]?.string ?? ""
        let apiVersion = object["apiVersion"]?.string ?? ""
        guard kind == resource.kind, apiVersion == resource.apiVersion else {
            if kind.isEmpty {
                throw .badRequest("Object 'Kind' is missing in '\(JSONWriter.string(object))'")
            }
            throw .badRequest(
                "incorrect type specified for patch object: expected \(resource.apiVersion), Kind=\(resource.kind), got \(apiVersion), Kind=\(kind)"
            )
        }
        let name = object.name
        if name.isEmpty {
            object.setMetadata("name", .string(request.name))
        } else if name != request.name {
            throw .badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(request.name))")
        }
        // The namespace of the request is not written into the configuration: it would count as applied.
        var placed = object
        try placeInNamespace(&placed, request)
        return object
    }

    static func status(of error: ApplyError) -> APIStatus {
        switch error {
        case .conflict(let conflict):
            let causes = conflict.causes.map { cause -> JSON in
                [
                    "reason": .string(ApplyConflict.reason), "message": .string(cause.message),
                    "field": .string(cause.field),
                ]
            }
            return APIStatus(
                code: 409, reason: "Conflict", message: conflict.message, details: ["causes": .array(causes)])
        case .badRequest(let message): return .badRequest(message)
        case .failed(let message): return .unclassified(message)
        }
    }
}
