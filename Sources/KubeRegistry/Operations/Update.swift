import KubeAPI
import KubeJSON
import KubeStore

extension Registry {
    /// What a write makes of the stored object. It runs again when another write came between.
    typealias Change = (_ live: JSON, _ request: inout RegistryRequest) throws(APIStatus) -> JSON

    /// Replaces an object (PUT), or its status.
    public func update(
        _ request: inout RegistryRequest, body: JSON
    ) throws(APIStatus) -> WrittenObject {
        let resource = request.resource
        if let named = try withStatusDecoded(body, &request) {
            return try change(&request) { live, request throws(APIStatus) in
                self.withManagedFields(live: live, new: named, request)
            }
        }
        let object = try decode(
            body, as: resource.groupVersionKind, schema: resource.schema, isCustom: resource.isCustom,
            request: &request)
        var named = object
        try placeInNamespace(&named, request)
        if named.name.isEmpty {
            throw .badRequest("name must be provided")
        } else if named.name != request.name {
            throw .badRequest(
                "the name of the object (\(named.name)) does not match the name on the URL (\(request.name))")
        }
        let strategy = strategy(for: resource)
        strategy.setDefaults(&named)
        let exists = store.get(storage(of: resource).collection, key: key(of: request)) != nil
        if !exists {
            guard strategy.allowsCreateOnUpdate, request.subresource.isEmpty else {
                throw .notFound(request.groupResource, request.name)
            }
            named = fieldManager(resource, "").update(
                live: nil, new: named, manager: request.manager, now: timestamp())
            return try create(&request, decoded: dropEmptyLists(named, request), strategy)
        }
        return try change(&request) { live, request throws(APIStatus) in
            self.withManagedFields(live: live, new: named, request)
        }
    }

    /// A pod whose status somebody writes and of which all else is as it is stored: then only the status is
    /// to be decoded and defaulted, and what the two share is not compared later on. Node agents write so,
    /// and they write most.
    /// - Returns: nil when it is not such a pod.
    private func withStatusDecoded(
        _ body: JSON, _ request: inout RegistryRequest
    ) throws(APIStatus) -> JSON? {
        let resource = request.resource
        guard request.subresource == "status", resource.plural == "pods", resource.group.isEmpty,
            request.duplicateKeys.isEmpty, let given = body.object, let status = given["status"],
            let live = store.get(storage(of: resource).collection, key: key(of: request))?.value.object,
            live.contains("status"), given.count == live.count
        else { return nil }
        for (key, value) in live where key != "status" {
            guard given[key] == value else { return nil }
        }
        var bare = try decode(
            ["kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion), "status": status],
            as: resource.groupVersionKind, schema: resource.schema, request: &request)
        strategy(for: resource).setDefaults(&bare)
        guard let decoded = bare["status"] else { return nil }
        var object = live
        object["status"] = decoded
        return .object(object)
    }

    func key(of request: RegistryRequest) -> String {
        Self.key(request.resource, request.namespace, request.name)
    }

    func withManagedFields(live: JSON, new: JSON, _ request: RegistryRequest) -> JSON {
        let managed = fieldManager(request.resource, request.subresource).update(
            live: live, new: new, manager: request.manager, now: timestamp())
        return dropEmptyLists(managed, request)
    }

    /// Reads, changes and writes an object, trying again when somebody else wrote in between and the change
    /// named no version of its own.
    func change(_ request: inout RegistryRequest, _ change: Change) throws(APIStatus) -> WrittenObject {
        let location = storage(of: request.resource)
        let key = key(of: request)
        try waitForConversion(request)
        for attempt in 1... {
            guard
                let current = store.get(location.collection, key: key, isDeferred: request.isDeferred)
            else {
                throw .notFound(request.groupResource, request.name)
            }
            let live = try fromStorage(current.value, location, request.resource, request)
            let proposed = try change(live, &request)
            let expectsVersion = !proposed.resourceVersion.isEmpty && proposed.resourceVersion != "0"
            do {
                return try applyUpdate(proposed, live: live, current: current, location, key, &request)
            } catch {
                // A conflict that the client's own version did not cause is a race: read again.
                let lostRace =
                    error.reason == "Conflict"
                    && store.get(location.collection, key: key, isDeferred: request.isDeferred)?.revision
                        != current.revision
                let mayRetry =
                    !expectsVersion
                    || proposed.resourceVersion == live.resourceVersion && request.isRepeatable
                guard lostRace, mayRetry, attempt < 16 else { throw error }
            }
        }
        throw .staleConflict(request.groupResource, request.name)
    }

    private func applyUpdate(
        _ proposed: JSON, live: JSON, current: StoredObject, _ location: StorageLocation, _ key: String,
        _ request: inout RegistryRequest
    ) throws(APIStatus) -> WrittenObject {
        let resource = request.resource
        let strategy = strategy(for: resource)
        var object = proposed
        let version = object.resourceVersion
        if version.isEmpty || version == "0" {
            if !strategy.allowsUnconditionalUpdate, request.subresource.isEmpty {
                throw .invalid(
                    resource.groupKind, request.name,
                    [.invalid(FieldPath("metadata", "resourceVersion"), 0, "must be specified for an update")]
                )
            }
        } else if version != live.resourceVersion {
            throw .staleConflict(request.groupResource, request.name)
        }
        if !object.uid.isEmpty, object.uid != live.uid {
            throw .conflict(
                request.groupResource, request.name,
                "Precondition failed: UID in precondition: \(object.uid), UID in object meta: \(live.uid)")
        }
        var attributes = request.attributes(.update, name: request.name, old: live)
        if request.subresource == "scale" { attributes.scale = resource.scalePaths ?? .builtin }
        defer { request.take(attributes.notes) }
        try admission.admit(&object, attributes, in: self)
        try prepareUpdate(&object, live: live, strategy, request)
        for warning in strategy.warnings(object, live) { request.warn(warning) }
        try admission.validate(object, attributes, in: self)

        if Self.isSame(object, live) { return shown(live, current, request) }
        let isLast =
            object.deletionTimestamp != nil && object.finalizers.isEmpty
            && (object.metadata["deletionGracePeriodSeconds"]?.integer ?? 0) == 0
            && canFinishDeletion(object, resource)
        let claim =
            isLast
            ? allocators.claim(endOf: live, resource: resource)
            : try allocators.claim(
                &object, old: live, resource: resource, space: addressSpace, random: environment.random)
        let filled = object
        do {
            let written = try chargedWrite(
                isLast ? .delete(expected: current.revision) : .update(expected: current.revision), filled,
                old: live, key: key, location: location, request: request,
                companions: { () throws(APIStatus) in try self.companions(of: claim, filled) })
            if request.dryRun { claim?.release() } else { claim?.settle() }
            settleAggregates(live, written.value, request)
            return written
        } catch {
            claim?.release()
            throw error
        }
    }

    private func prepareUpdate(
        _ object: inout JSON, live: JSON, _ strategy: Strategy, _ request: RegistryRequest
    ) throws(APIStatus) {
        keepSystemMetadata(&object, live)
        switch request.subresource {
        case "": strategy.prepareForUpdate(&object, live)
        case "status": strategy.prepareForStatusUpdate(&object, live)
        default:
            SubresourceRules.confine(
                &object, live: live, subresource: request.subresource, kind: request.resource.groupKind)
        }
        strategy.stampTimes(&object, live, timestamp())
        if strategy.hasGeneration {
            let isSame =
                object.hasSameContent(as: live)
                && (!strategy.generationCountsAnnotations || request.subresource == "status"
                    || object["metadata"]?["annotations"] == live["metadata"]?["annotations"])
                && (!strategy.generationCountsStatus || object["status"] == live["status"])
            let generation = live.generation + (isSame ? 0 : 1)
            object.setMetadata("generation", generation == 0 ? nil : .integer(generation))
        }
        var errors = ObjectMetaValidation.validateUpdate(object, old: live)
        switch request.subresource {
        case "status": errors += strategy.validateStatusUpdate(object, live)
        case "": errors += strategy.validateUpdate(object, live)
        default: errors += strategy.validateSubresourceUpdate(object, live, request.subresource)
        }
        if !errors.isEmpty { throw .invalid(request.resource.groupKind, request.name, errors) }
    }

    /// What no client changes by an update.
    private func keepSystemMetadata(_ object: inout JSON, _ live: JSON) {
        var metadata = object.metadata
        let old = live.metadata
        for key in [
            "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
            "resourceVersion",
        ] { metadata[key] = old[key] }
        metadata["selfLink"] = nil
        object.metadata = metadata
    }

    /// Objects with a list of finalizers of their own outside metadata (namespaces) are deleted only when
    /// that is empty too.
    func canFinishDeletion(_ object: JSON, _ resource: ResourceInfo) -> Bool {
        guard resource.groupKind == GroupKind("", "Namespace") else { return true }
        return object["spec"]?["finalizers"]?.array?.isEmpty ?? true
    }

    /// Whether nothing is to be written: two objects are the same when they differ in nothing but when managers set
    /// their fields. An apply of `1000m` where `1` is stored is such a one.
    private static func isSame(_ object: JSON, _ live: JSON) -> Bool {
        if object == live { return true }
        guard let after = object["metadata"]?["managedFields"]?.array,
            let before = live["metadata"]?["managedFields"]?.array, after.count == before.count
        else { return false }
        for (new, old) in zip(after, before) {
            var timed = new
            if let time = old["time"] { timed.set(time, at: "time") }
            guard timed == old else { return false }
        }
        var timed = object
        timed.setMetadata("managedFields", .array(before))
        return timed == live
    }
}
