import KubeAPI
import KubeJSON
import KubeStore

extension Registry {
    /// Has those rules judge and change an object that is sent to a subresource which take any: webhooks and
    /// policies.
    public func admit(
        _ object: inout JSON, _ subresource: String, as operation: AdmissionOperation = .create,
        _ request: inout RegistryRequest
    ) throws(APIStatus) {
        guard hasOwnRules.load(ordering: .relaxed) else { return }
        var attributes = request.attributes(operation, name: request.name)
        attributes.subresource = subresource
        defer { request.take(attributes.notes) }
        try admission.admitAny(&object, attributes, in: self)
    }

    /// Gives a pod to a node: the scheduler's write (pods/binding).
    public func bind(_ request: inout RegistryRequest, binding: JSON) throws(APIStatus) -> WrittenObject {
        let target = binding["target"]?["name"]?.string ?? ""
        var errors: [FieldError] = []
        if let kind = binding["target"]?["kind"]?.string, !kind.isEmpty, kind != "Node", kind != "Minion" {
            errors.append(.notSupported(FieldPath("target", "kind"), .string(kind), ["Node", "<empty>"]))
        }
        if target.isEmpty { errors.append(.required(FieldPath("target", "name"))) }
        if !errors.isEmpty { throw .invalid(GroupKind("", "Binding"), request.name, errors) }
        var binding = binding
        try admit(&binding, "binding", &request)
        // Upstream writes the pod directly as well: no update strategy, no admission of an update.
        let location = storage(of: request.resource)
        let key = key(of: request)
        for attempt in 1... {
            guard let current = store.get(location.collection, key: key, isDeferred: request.isDeferred)
            else {
                throw .notFound(request.groupResource, request.name)
            }
            let pod = try bound(current.value, to: target, binding, request)
            do {
                return try write(
                    .update(expected: current.revision), pod, key: key, location: location,
                    resource: request.resource, request: request)
            } catch {
                guard error.reason == "Conflict", attempt < 16 else { throw error }
            }
        }
        throw .staleConflict(request.groupResource, request.name)
    }

    private func bound(
        _ live: JSON, to target: String, _ binding: JSON, _ request: RegistryRequest
    ) throws(APIStatus) -> JSON {
        func refuse(_ why: String) -> APIStatus {
            .conflict(GroupResource("", "pods/binding"), request.name, why)
        }
        if !binding.uid.isEmpty, binding.uid != live.uid {
            throw .conflict(
                request.groupResource, request.name,
                "Precondition failed: UID in precondition: \(binding.uid), UID in object meta: \(live.uid)")
        }
        if live.deletionTimestamp != nil {
            throw refuse("pod \(request.name) is being deleted, cannot be assigned to a host")
        }
        if let node = live["spec"]?["nodeName"]?.string, !node.isEmpty {
            throw refuse("pod \(request.name) is already assigned to node \"\(node)\"")
        }
        if !(live["spec"]?["schedulingGates"]?.array?.isEmpty ?? true) {
            throw refuse("pod \(request.name) has non-empty .spec.schedulingGates")
        }
        var pod = live
        pod["spec"]?["nodeName"] = .string(target)
        for (key, value) in binding["metadata"]?["annotations"]?.object ?? [:] {
            pod.set(value, at: "metadata", "annotations", key)
        }
        var condition: JSON = [
            "type": "PodScheduled", "status": "True", "lastProbeTime": .null,
            "lastTransitionTime": .string(timestamp()),
        ]
        if live.generation > 0 { condition["observedGeneration"] = .integer(live.generation) }
        pod.setCondition(condition)
        pod["status"]?["nominatedNodeName"] = nil
        return pod
    }

    /// Deletes a pod if its disruption budget allows (pods/eviction).
    public func evict(_ request: inout RegistryRequest, eviction: JSON) throws(APIStatus) -> WrittenObject? {
        var options = DeleteOptions()
        let given = eviction["deleteOptions"]
        options.gracePeriodSeconds = given?["gracePeriodSeconds"]?.int
        options.propagationPolicy = given?["propagationPolicy"]?.string
        options.preconditionUID = given?["preconditions"]?["uid"]?.string
        options.preconditionResourceVersion = given?["preconditions"]?["resourceVersion"]?.string
        if let dryRun = given?["dryRun"]?.array, !dryRun.isEmpty { request.dryRun = true }
        if !eviction.name.isEmpty, eviction.name != request.name {
            throw .badRequest("name in URL does not match name in Eviction object")
        }
        var eviction = eviction
        try admit(&eviction, "eviction", &request)
        let pod = try get(request).value
        let passes = needsBudget(pod) ? try spendBudget(pod, request) : Self.mayBecomeReady(pod)
        let isUnbound = options.preconditionResourceVersion == nil
        // What was let through for being unready must not have become ready meanwhile.
        if passes, isUnbound { options.preconditionResourceVersion = pod.resourceVersion }
        if !request.dryRun, try markDisrupted(pod, request, options),
            options.preconditionResourceVersion != nil
        {
            options.preconditionResourceVersion = try get(request).value.resourceVersion
        }
        // The eviction was admitted; upstream deletes without asking again.
        request.skipsWebhooks = true
        switch try delete(&request, options) {
        case .deleted(let object), .pending(let object): return object
        }
    }

    private static func mayBecomeReady(_ pod: JSON) -> Bool {
        pod["status"]?["phase"]?.string == "Pending" && pod.deletionTimestamp == nil
    }

    /// Says on the pod why it goes.
    /// - Returns: whether that was news.
    private func markDisrupted(
        _ pod: JSON, _ request: RegistryRequest, _ options: DeleteOptions
    ) throws(APIStatus) -> Bool {
        var change = RegistryRequest(
            resource: request.resource, namespace: request.namespace, name: request.name,
            subresource: "status", user: request.user, manager: request.manager)
        change.isRepeatable = true
        change.skipsWebhooks = true
        let now = timestamp()
        let resource = request.groupResource
        let written = try self.change(&change) { live, change throws(APIStatus) in
            if let uid = options.preconditionUID, uid != live.uid {
                throw .conflict(
                    resource, change.name,
                    "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live.uid)")
            }
            if let version = options.preconditionResourceVersion, version != live.resourceVersion {
                throw .conflict(
                    resource, change.name,
                    "Precondition failed: ResourceVersion in precondition: \(version), "
                        + "ResourceVersion in object meta: \(live.resourceVersion)")
            }
            var next = live
            var mark: JSON = [
                "type": "DisruptionTarget", "status": "True", "lastProbeTime": .null,
                "lastTransitionTime": .string(now), "reason": "EvictionByEvictionAPI",
                "message": "Eviction API: evicting",
            ]
            if live.generation > 0 { mark["observedGeneration"] = .integer(live.generation) }
            next.setCondition(mark)
            return self.withManagedFields(live: live, new: next, change)
        }
        return written.value.resourceVersion != pod.resourceVersion
    }

    private func needsBudget(_ pod: JSON) -> Bool {
        // Pods that never ran or have finished disturb nothing.
        let phase = pod["status"]?["phase"]?.string
        return
            !(phase == "Succeeded" || phase == "Failed" || phase == "Pending" || pod.deletionTimestamp != nil)
    }

    /// - Returns: whether the pod goes without being counted, for it is not ready.
    private func spendBudget(_ pod: JSON, _ request: RegistryRequest) throws(APIStatus) -> Bool {
        let budgets = objects("policy", "poddisruptionbudgets", in: request.namespace).filter { budget in
            guard let selector = budget["spec"]?["selector"],
                let compiled = try? LabelSelector(object: selector)
            else { return false }
            return compiled.matches(pod)
        }
        guard let budget = budgets.first else { return false }
        if budgets.count > 1 {
            throw .unclassified(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            )
        }
        let isReady =
            pod["status"]?["conditions"]?.array?.contains {
                $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
            } ?? false
        let healthy = budget["status"]?["currentHealthy"]?.integer ?? 0
        let desired = budget["status"]?["desiredHealthy"]?.integer ?? 0
        if !isReady {
            let policy = budget["spec"]?["unhealthyPodEvictionPolicy"]?.string ?? "IfHealthyBudget"
            // An unready pod counts for nothing in its budget.
            if policy == "AlwaysAllow" || (healthy >= desired && desired > 0) { return true }
        }
        guard
            let resource = resources.resource(group: "policy", version: "v1", plural: "poddisruptionbudgets")
        else { return false }
        var change = RegistryRequest(
            resource: resource, namespace: request.namespace, name: budget.name, subresource: "status",
            user: request.user, manager: request.manager)
        change.dryRun = request.dryRun
        change.mayWait = request.mayWait
        change.isRepeatable = true
        let now = timestamp()
        let podName = request.name
        _ = try self.change(&change) { live, change throws(APIStatus) in
            if (live["status"]?["observedGeneration"]?.integer ?? 0) < live.generation {
                throw Self.refusal(
                    "The disruption budget \(live.name) is still being processed by the server.",
                    retryAfter: 10)
            }
            let allowed = live["status"]?["disruptionsAllowed"]?.integer ?? 0
            let budgets = GroupResource("policy", "poddisruptionbudget")
            if allowed < 0 {
                throw .forbidden(budgets, live.name, "pdb disruptions allowed is negative")
            }
            if live["status"]?["disruptedPods"]?.object?.count ?? 0 > 2_000 {
                throw .forbidden(
                    budgets, live.name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
            }
            guard allowed > 0 else {
                let desired = live["status"]?["desiredHealthy"]?.integer ?? 0
                let healthy = live["status"]?["currentHealthy"]?.integer ?? 0
                throw Self.refusal(
                    "The disruption budget \(live.name) needs \(desired) healthy pods and has \(healthy) currently",
                    retryAfter: 0)
            }
            var next = live
            next["status"]?["disruptionsAllowed"] = .integer(allowed - 1)
            if allowed == 1 {
                next.setCondition([
                    "type": "DisruptionAllowed", "status": "False",
                    "observedGeneration": live["status"]?["observedGeneration"] ?? 0,
                    "lastTransitionTime": .string(now), "reason": "InsufficientPods", "message": "",
                ])
            }
            next.set(.string(now), at: "status", "disruptedPods", podName)
            return self.withManagedFields(live: live, new: next, change)
        }
        return false
    }

    private static func refusal(_ detail: String, retryAfter: Int) -> APIStatus {
        .tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", retryAfter: retryAfter,
            causes: [["reason": "DisruptionBudget", "message": .string(detail)]])
    }
}
