import KubeAPI
import KubeJSON
import KubeStore

/// What a delete led to.
public enum DeleteOutcome: Sendable {
    /// The object is gone; answered by a Status, or by the object for kinds that upstream returns.
    case deleted(WrittenObject)
    /// The object waits for its grace period or its finalizers.
    case pending(WrittenObject)
}

extension Registry {
    /// Deletes an object, or marks it when it has a grace period or finalizers
    /// (k8s.io/apiserver/pkg/registry/generic/registry/store.go, rest/delete.go).
    public func delete(
        _ request: inout RegistryRequest, _ options: DeleteOptions
    ) throws(APIStatus) -> DeleteOutcome {
        let resource = request.resource
        let location = storage(of: resource)
        let key = key(of: request)
        try waitForConversion(request)
        for _ in 0..<16 {
            guard let current = store.get(location.collection, key: key, isDeferred: request.isDeferred)
            else {
                throw .notFound(request.groupResource, request.name)
            }
            let live = try fromStorage(current.value, location, resource, request)
            try check(options, live, request)
            var attributes = request.attributes(.delete, name: request.name, old: live)
            for (key, value) in options.members { attributes.options[key] = value }
            var gone: JSON = live
            do {
                defer { request.take(attributes.notes) }
                try admission.admit(&gone, attributes, in: self)
                try admission.validate(live, attributes, in: self)
            }
            do {
                return try delete(live, current, location, key, request, options)
            } catch {
                guard error.reason == "Conflict", options.preconditionResourceVersion == nil else {
                    throw error
                }
            }
        }
        throw .staleConflict(request.groupResource, request.name)
    }

    private func check(
        _ options: DeleteOptions, _ live: JSON, _ request: RegistryRequest
    ) throws(APIStatus) {
        let subject = GroupResource(request.resource.group, request.resource.kind)
        if let uid = options.preconditionUID, uid != live.uid {
            throw .conflict(
                subject, request.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(live.uid)). The object might have been deleted and then recreated"
            )
        }
        if let version = options.preconditionResourceVersion, version != live.resourceVersion {
            throw .conflict(
                subject, request.name,
                "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record (\(live.resourceVersion)). The object might have been modified"
            )
        }
    }

    private func delete(
        _ live: JSON, _ current: StoredObject, _ location: StorageLocation, _ key: String,
        _ request: RegistryRequest, _ options: DeleteOptions
    ) throws(APIStatus) -> DeleteOutcome {
        let resource = request.resource
        let strategy = strategy(for: resource)
        var object = live
        var finalizers = Self.finalizers(of: live, options, resource)
        if resource.groupKind == CustomResourceDefinition.groupKind {
            markTerminating(&object, &finalizers)
        }
        object.setMetadata("finalizers", finalizers.isEmpty ? nil : .array(finalizers.map { .string($0) }))

        let isNamespace = resource.groupKind == GroupKind("", "Namespace")
        var isGraceful = false
        if let standard = strategy.defaultGracePeriod(live) {
            let asked = standard == 0 ? 0 : max(options.gracePeriodSeconds ?? standard, 0)
            isGraceful = asked > 0
            if live.deletionTimestamp != nil {
                let running = live.metadata["deletionGracePeriodSeconds"]?.int ?? 0
                // A second delete may only shorten the wait.
                if options.gracePeriodSeconds == nil || asked >= running && running > 0 {
                    if running > 0 { return .pending(shown(live, current, request)) }
                }
            }
            markDeleted(&object, live: live, grace: asked)
        } else if !finalizers.isEmpty || isNamespace {
            markDeleted(&object, live: live, grace: 0)
        }
        if isNamespace { object.set("Terminating", at: "status", "phase") }

        if isGraceful || !finalizers.isEmpty || !canFinishDeletion(object, resource) {
            if object == live { return .pending(shown(live, current, request)) }
            return .pending(
                try write(
                    .update(expected: current.revision), object, key: key, location: location,
                    resource: resource, request: request))
        }
        let claim = allocators.claim(endOf: live, resource: resource)
        let written = try write(
            .delete(expected: current.revision), object, key: key, location: location, resource: resource,
            request: request, charges: try companions(of: claim, live).map(\.write))
        if !request.dryRun { claim?.settle() }
        settleAggregates(live, nil, request)
        return .deleted(written)
    }

    private func markDeleted(_ object: inout JSON, live: JSON, grace: Int) {
        let now = environment.now().seconds
        if live.deletionTimestamp == nil, live.generation > 0 {
            object.setMetadata("generation", .integer(live.generation + 1))
        }
        if live.deletionTimestamp == nil || grace < (live.metadata["deletionGracePeriodSeconds"]?.int ?? 0) {
            object.setMetadata("deletionTimestamp", .string(Timestamp(seconds: now + Int64(grace)).rfc3339))
            object.setMetadata("deletionGracePeriodSeconds", .integer(Int64(grace)))
        }
    }

    /// The finalizers after the propagation policy had its say.
    private static func finalizers(
        of live: JSON, _ options: DeleteOptions, _ resource: ResourceInfo
    ) -> [String] {
        let orphan = "orphan"
        let foreground = "foregroundDeletion"
        var list = live.finalizers
        guard let policy = options.propagationPolicy else {
            // Without a word from the client, finalizers that an earlier delete set stay as they are.
            return list
        }
        list.removeAll { $0 == orphan || $0 == foreground }
        switch policy {
        case "Orphan": list.append(orphan)
        case "Foreground": list.append(foreground)
        default: break
        }
        return list
    }
}
