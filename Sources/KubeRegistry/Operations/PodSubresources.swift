import KubeAPI
import KubeJSON
import KubeStore

extension Registry {
    /// Gives a pod to a node: the scheduler's write (pods/binding).
    public func bind(_ request: inout RegistryRequest, binding: JSON) throws(APIStatus) -> WrittenObject {
        let target = binding["target"]?["name"]?.string ?? ""
        var errors: [FieldError] = []
        if let kind = binding["target"]?["kind"]?.string, !kind.isEmpty, kind != "Node", kind != "Minion" {
            errors.append(.notSupported(FieldPath("target", "kind"), .string(kind), ["Node", "<empty>"]))
        }
        if target.isEmpty { errors.append(.required(FieldPath("target", "name"))) }
        if !errors.isEmpty { throw .invalid(GroupKind("", "Binding"), request.name, errors) }
        // Upstream writes the pod directly as well: no update strategy, no admission of an update.
        let location = storage(of: request.resource)
        let key = key(of: request)
        for attempt in 1... {
            guard let current = store.get(location.collection, key: key) else {
                throw .notFound(request.groupResource, request.name)
            }
            let pod = try bound(current.value, to: target, binding, request)
            do {
                return try write(
                    .update(expected: current.revision), pod, key: key, location: location,
                    resource: request.resource, dryRun: request.dryRun)
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
        let pod = try get(request).value
        if needsBudget(pod) { try spendBudget(pod, request) }
        let outcome = try delete(&request, options)
        switch outcome {
        case .deleted(let object), .pending(let object): return object
        }
    }

    private func needsBudget(_ pod: JSON) -> Bool {
        // Pods that never ran or have finished disturb nothing.
        let phase = pod["status"]?["phase"]?.string
        return
            !(phase == "Succeeded" || phase == "Failed" || phase == "Pending" || pod.deletionTimestamp != nil)
    }

    private func spendBudget(_ pod: JSON, _ request: RegistryRequest) throws(APIStatus) {
        let budgets = objects("policy", "poddisruptionbudgets", in: request.namespace).filter { budget in
            guard let selector = budget["spec"]?["selector"],
                let compiled = try? LabelSelector(object: selector)
            else { return false }
            return compiled.matches(pod)
        }
        guard let budget = budgets.first else { return }
        if budgets.count > 1 {
            throw .internalError(
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
            if policy == "AlwaysAllow" || (healthy >= desired && desired > 0) { return }
        }
        guard
            let resource = resources.resource(group: "policy", version: "v1", plural: "poddisruptionbudgets")
        else { return }
        var change = RegistryRequest(
            resource: resource, namespace: request.namespace, name: budget.name, subresource: "status",
            user: request.user, manager: request.manager)
        change.dryRun = request.dryRun
        change.isRepeatable = true
        let now = timestamp()
        let podName = request.name
        _ = try self.change(&change) { live, change throws(APIStatus) in
            if (live["status"]?["observedGeneration"]?.integer ?? 0) < live.generation {
                throw Self.refusal(
                    "The disruption budget \(live.name) is still being processed by the server.", live.name)
            }
            let allowed = live["status"]?["disruptionsAllowed"]?.integer ?? 0
            guard allowed > 0 else {
                throw Self.refusal(
                    "The disruption budget \(live.name) needs \(desired) healthy pods and has \(healthy) currently",
                    live.name)
            }
            var next = live
            next["status"]?["disruptionsAllowed"] = .integer(allowed - 1)
            next.set(.string(now), at: "status", "disruptedPods", podName)
            return self.withManagedFields(live: live, new: next, change)
        }
    }

    private static func refusal(_ detail: String, _ budget: String) -> APIStatus {
        .tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", retryAfter: 0,
            causes: [["reason": "DisruptionBudget", "message": .string(detail)]])
    }
}
